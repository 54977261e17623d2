// The wall: asks once a second where the batch stands, counts down by the server's clock, and lets what is known appear
// bit by bit. It decides nothing: all it shows was computed and published before.
"use strict";
{
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const isWall = matchMedia("(min-width: 1100px) and (min-height: 600px)"); // nobody scrolls it; as in screen.css
  const DIGIT_MS = 60, ROW_MS = 350, ALL_ROWS_MS = 60000, PAGE_MS = 12000, TURN_MS = 3000, ASK_MS = 1000, DRAWN_MS = 15000, LOST = 3;
  const HERE_MS = 8 * 3600 * 1000; // 北京时间
  const find = (name) => document.querySelector(`[data-${name}]`);
  const element = (tag, text = "", className = "") => Object.assign(document.createElement(tag), { textContent: text, className });
  const grouped = (n) => n.toLocaleString("en-US");
  let told = null, results = null, offset = 0, shownSeed = "", waiting = [], step = 1, isBuilt = false, nFailed = 0;
  let pages = [], page = 0, turnedAt = 0, isPaused = isCalm;

  const clock = (ms) => {
    const s = Math.max(0, Math.ceil(ms / 1000));
    const parts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  };
  const say = (name, text) => {
    if (find(name).textContent !== text) find(name).textContent = text;
  };
  const isSeedComing = () => Boolean(told.seed) && shownSeed.length < told.seed.length;
  const count = (now) => {
    if (told.until) return clock(Date.parse(told.until) - now);
    if (told.work) return told.work.stage || "等待后台处理";
    return results?.n_visits && !isSeedComing() ? `${grouped(results.n_visits)} 户` : "";
  };
  const tick = () => {
    if (!told) return;
    const now = Date.now() + offset;
    say("clock", new Date(now + HERE_MS).toISOString().slice(0, 19).replace("T", " "));
    say("what", isSeedComing() ? "种子已产生" : told.words); // no result before what it was made from
    say("count", count(now));
    const note = isSeedComing() ? "" : told.note;
    say("note", nFailed < LOST ? note : "暂时收不到服务器的消息，正在重试。久不恢复的，请重新登录。");
  };

  // What comes digit by digit: the sources as they are read, then the seed.
  const type = (place, text) => {
    const shown = place.textContent;
    if (shown !== text) place.textContent = isCalm || !text.startsWith(shown) ? text : text.slice(0, shown.length + 1);
  };
  const typeDigits = () => {
    if (!told) return;
    told.sources.forEach((source, at) => type(find("sources").children[at].lastChild, source.value));
    if (!isSeedComing()) return;
    shownSeed = isCalm ? told.seed : told.seed.slice(0, shownSeed.length + 1);
    say("seed", shownSeed);
  };
  const showSources = () => {
    const list = find("sources");
    while (list.children.length < told.sources.length) {
      list.append(element("li"));
      list.lastChild.append(element("span"), element("code"));
    }
    told.sources.forEach(({ words, note, value }, at) => {
      list.children[at].firstChild.textContent = value ? `${words}${note && `（${note}）`}：` : words;
    });
  };

  // What came out: a list of blocks, each a heading or a row, that is cut into pages where it does not fit.
  const head = (draw) => {
    const place = element("div", "", "draw");
    const sizes = draw.size ? `：${grouped(draw.size)} 户中抽 ${grouped(draw.n)} 户` : ""; // none before the freeze
    place.append(element("h3", draw.name + sizes));
    if (draw.is_withdrawn) place.append(element("p", "本次抽取已撤回", "gone"));
    if (draw.commitment) place.append(element("code", `承诺值 ${draw.commitment}`));
    return place;
  };
  const rowOf = (one) => {
    const row = element("li", "", one.is_gone ? "is-gone" : "");
    row.append(element("span", one.rank, "rank"), element("span", one.mark ? `${one.who}（${one.mark}）` : one.who, "who"));
    row.append(element("code", `${one.ticket}…`));
    return row;
  };
  const partOf = (part, isWithdrawn) => {
    const place = element("div", "", isWithdrawn ? "part is-withdrawn" : "part"), list = element("ul");
    const more = part.n_drawn > part.n_listed ? `，列出 ${grouped(part.n_listed)} 户` : "";
    list.append(...part.rows.map(rowOf));
    place.append(element("h4", `${part.label}：${grouped(part.size)} 户中抽中 ${grouped(part.n_drawn)} 户${more}`), list);
    return place;
  };
  const build = () => {
    find("results").replaceChildren(...results.draws.flatMap((draw) => [head(draw), ...draw.strata.map((part) => partOf(part, draw.is_withdrawn))]));
    if (results.is_cut) find("results").prepend(element("p", "这里放不下全部，完整名单请扫码查看。", "cut"));
    waiting = isCalm || isBuilt || told.is_over ? [] : [...document.querySelectorAll(".results li")]; // of a change, all at once
    waiting.forEach((row) => row.classList.add("is-coming"));
    step = Math.max(1, Math.ceil((waiting.length * ROW_MS) / ALL_ROWS_MS));
    isBuilt = true;
  };
  const linesOf = (place) => { // blocks that stand beside one another are one line
    const lines = [];
    for (const block of place.querySelectorAll(".cut, .draw, h4, li")) {
      const last = lines[lines.length - 1], part = block.closest(".part");
      if (block.tagName === "LI" && last.top === block.offsetTop) last.blocks.push(block);
      else lines.push({ blocks: [block], top: block.offsetTop, height: block.offsetHeight, isHead: block.tagName !== "LI", part });
      const line = lines[lines.length - 1];
      line.height = Math.max(line.height, block.offsetHeight);
    }
    return lines;
  };
  const paged = (lines, room) => {
    const found = [];
    let left = -1;
    lines.forEach((line, at) => {
      let needed = line.height; // a heading goes with what it is over
      for (let next = at; lines[next]?.isHead && lines[next + 1]; next += 1) needed += lines[next + 1].height;
      if (needed > left && (left < room || line.isHead || !found.length)) {
        const above = line.isHead ? [] : lines.filter((other) => other.isHead && other.part === line.part);
        found.push(new Set(above.flatMap((other) => other.blocks)));
        left = room - above.reduce((sum, other) => sum + other.height, 0);
      }
      line.blocks.forEach((block) => found[found.length - 1].add(block));
      left -= line.height;
    });
    return found;
  };
  const show = (number) => {
    page = (number + pages.length) % pages.length;
    turnedAt = Date.now();
    for (const block of find("results").querySelectorAll(".cut, .draw, h4, li")) block.hidden = !pages[page].has(block);
    find("pager").hidden = pages.length < 2;
    say("page", `${page + 1}/${pages.length}`);
    say("pause", isPaused ? "自动翻页" : "暂停翻页");
  };
  const lay = () => { // anew, where the room has changed
    const place = find("results");
    place.querySelectorAll("[hidden]").forEach((block) => { block.hidden = false; });
    const isFree = !isWall.matches || !document.body.classList.contains("is-out");
    const lines = linesOf(place);
    pages = isFree ? [new Set(lines.flatMap((line) => line.blocks))] : paged(lines, place.clientHeight);
    show(Math.min(page, pages.length - 1));
  };
  const isOut = () => isBuilt && !isSeedComing();
  const come = () => { // rows in their order; a page that is full is left to be read before the next begins
    if (!told?.seed || !isOut() || !waiting.length || isPaused) return;
    const at = pages.findIndex((blocks) => blocks.has(waiting[0]));
    if (at !== page && Date.now() - turnedAt < TURN_MS) return;
    if (at !== page) show(at);
    waiting.splice(0, step).forEach((row) => row.classList.remove("is-coming"));
    turnedAt = Date.now();
  };
  const turn = () => {
    if (pages.length > 1 && !isPaused && !waiting.length && Date.now() - turnedAt >= PAGE_MS) show(page + 1);
  };
  const collapse = () => { // the result has the wall: what led to it is one line
    const isDone = Boolean(told?.seed) && isOut();
    if (document.body.classList.contains("is-out") === isDone) return;
    document.body.classList.toggle("is-out", isDone);
    lay();
  };
  const pause = () => {
    isPaused = !isPaused;
    show(page);
  };
  const leaf = (by) => {
    waiting.splice(0).forEach((row) => row.classList.remove("is-coming"));
    show(page + by);
  };

  const takeResults = () => {
    if (!isBuilt && !results.draws.some((draw) => draw.strata.some((part) => part.rows.length))) {
      find("results").replaceChildren(...results.draws.map(head));
      return;
    }
    build();
    lay();
  };
  const take = (answer) => {
    told = answer;
    offset = Date.parse(told.now) - Date.now();
    say("strength", told.strength);
    document.body.classList.toggle("is-withdrawn", told.state === "withdrawn");
    if (told.is_over) shownSeed = told.seed; // long known, and worth nothing any more: nobody is to wait for it
    if (!told.seed || told.is_over) say("seed", told.seed || (told.is_over ? "没有产生" : "尚未产生"));
    find("code").hidden = !told.is_public;
    showSources();
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
    tick();
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
  document.addEventListener("keydown", (event) => {
    if (pages.length < 2 || event.target.closest("a, button")) return; // a button has its own space
    const does = { " ": pause, ArrowLeft: () => leaf(-1), ArrowRight: () => leaf(1) }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
  find("pause").addEventListener("click", pause);
  document.querySelectorAll("[data-turn]").forEach((button) => button.addEventListener("click", () => leaf(Number(button.dataset.turn))));
  addEventListener("resize", () => isBuilt && lay());
  ask();
  setInterval(tick, 250);
  setInterval(typeDigits, DIGIT_MS);
  setInterval(come, ROW_MS);
  setInterval(() => { collapse(); turn(); }, 250);
}
