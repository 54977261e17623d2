// The wall: asks once a second where the batch stands, counts down by the server's clock, and lets what is known appear
// bit by bit. It decides nothing: all it shows was computed and published before.
"use strict";
{
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const DIGIT_MS = 60, ROW_MS = isCalm ? 20 : 350, ALL_ROWS_MS = 60000, ASK_MS = 1000, DRAWN_MS = 15000, LOST = 3;
  const HERE_MS = 8 * 3600 * 1000; // 北京时间
  const find = (name) => document.querySelector(`[data-${name}]`);
  const element = (tag, text = "", className = "") => Object.assign(document.createElement(tag), { textContent: text, className });
  const grouped = (n) => n.toLocaleString("en-US");
  let told = null, results = null, offset = 0, shownSeed = "", rows = [], step = 1, isBuilt = false, nFailed = 0;

  const clock = (ms) => {
    const s = Math.max(0, Math.ceil(ms / 1000));
    const parts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  };
  const say = (name, text) => {
    if (find(name).textContent !== text) find(name).textContent = text;
  };
  const tick = () => {
    if (!told) return;
    const now = Date.now() + offset;
    say("clock", new Date(now + HERE_MS).toISOString().slice(0, 19).replace("T", " "));
    say("count", told.until ? clock(Date.parse(told.until) - now)
      : told.work ? told.work.stage || "等待后台处理" : results?.n_visits ? `${grouped(results.n_visits)} 户` : "");
    say("note", nFailed < LOST ? told.note : "暂时收不到服务器的消息，正在重试。久不恢复的，请重新登录。");
  };
  const typeSeed = () => {
    if (!told?.seed || shownSeed.length === told.seed.length) return;
    shownSeed = isCalm ? told.seed : told.seed.slice(0, shownSeed.length + 1);
    say("seed", shownSeed);
  };
  const head = (draw) => {
    const place = element("div");
    const sizes = draw.size ? `：${grouped(draw.size)} 户中抽 ${grouped(draw.n)} 户` : ""; // none before the freeze
    place.append(element("h3", draw.name + sizes));
    if (draw.is_withdrawn) place.append(element("p", "本次抽取已撤回", "test"));
    if (draw.commitment) place.append(element("code", `承诺值 ${draw.commitment}`));
    return place;
  };
  const rowOf = (one) => {
    const row = element("li", "", one.mark === "已替换" ? "is-gone" : "");
    row.append(element("span", one.rank, "rank"), element("span", one.mark ? `${one.who}（${one.mark}）` : one.who, "who"));
    row.append(element("code", `${one.ticket}…`));
    return row;
  };
  const partOf = (part) => {
    const place = element("div", "", "part"), list = element("ul");
    const more = part.n_drawn > part.rows.length ? `，列出前 ${part.rows.length} 户` : "";
    place.append(element("h4", `${part.label}：${grouped(part.size)} 户中抽中 ${grouped(part.n_drawn)} 户${more}`), list);
    for (const one of part.rows) rows.push(() => list.appendChild(rowOf(one)));
    return place;
  };
  const build = () => {
    rows = [];
    find("results").replaceChildren(...results.draws.flatMap((draw) => [head(draw), ...draw.strata.map(partOf)]));
    if (results.is_cut) find("results").prepend(element("p", "这里放不下全部，完整名单请扫码查看。", "cut"));
    step = Math.max(1, Math.ceil((rows.length * ROW_MS) / ALL_ROWS_MS));
    isBuilt = true;
  };
  const follow = (row) => { // where the list scrolls by itself, what has just come is in sight; at the end, its beginning
    const place = find("results");
    place.scrollTop = rows.length ? row.offsetTop - 0.7 * place.clientHeight : 0;
  };
  const showRows = () => {
    if (!told?.seed || shownSeed.length !== told.seed.length || !rows.length) return;
    const shown = rows.splice(0, step).map((show) => show());
    follow(shown[shown.length - 1]);
  };
  const takeResults = () => {
    const wasBuilt = isBuilt;
    if (!wasBuilt && !results.draws.some((draw) => draw.strata.some((part) => part.rows.length))) {
      find("results").replaceChildren(...results.draws.map(head));
      return;
    }
    build();
    if (wasBuilt) rows.splice(0).forEach((show) => show()); // replaced or withdrawn meanwhile: shown at once
  };
  const take = (answer) => {
    told = answer;
    offset = Date.parse(told.now) - Date.now();
    say("what", told.words);
    say("strength", told.strength);
    if (!told.seed) say("seed", told.is_over ? "没有产生" : "尚未产生");
    find("code").hidden = !told.is_public;
    find("sources").replaceChildren(...told.sources.map((text) => element("li", text)));
    find("times").replaceChildren(...told.times.map(([name, at]) => {
      const place = element("div");
      place.append(element("dt", name), element("dd", at));
      return place;
    }));
    say("witnesses", told.witnesses.length ? `在场：${told.witnesses.join("、")}` : "");
    if (told.results) {
      results = told.results;
      takeResults();
    }
  };
  const ask = async () => {
    try {
      const known = results ? `?known=${told.version}` : "";
      const answer = await fetch(document.body.dataset.state + known, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      take(await answer.json());
      nFailed = 0;
    } catch {
      nFailed += 1; // the wall goes on counting; the next second asks again
    }
    setTimeout(ask, isBuilt ? DRAWN_MS : ASK_MS);
  };
  ask();
  setInterval(tick, 250);
  setInterval(typeSeed, DIGIT_MS);
  setInterval(showRows, ROW_MS);
}
