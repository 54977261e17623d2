// The wall: asks once a second where the batch stands, counts down by the server's clock, and lets what is known appear
// bit by bit. It decides nothing: all it shows was computed and published before.
"use strict";
{
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const DIGIT_MS = 60, ROW_MS = isCalm ? 20 : 350, ASK_MS = 1000, DRAWN_MS = 15000;
  const find = (name) => document.querySelector(`[data-${name}]`);
  const element = (tag, text = "") => Object.assign(document.createElement(tag), { textContent: text });
  let told = null, offset = 0, shownSeed = "", rows = [], isBuilt = false, shape = "";

  const clock = (ms) => {
    const s = Math.max(0, Math.ceil(ms / 1000));
    const parts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  };
  const words = {
    draft: "准备中", frozen: "名单已冻结，等待第二人复核公开",
    closed: "来源已封存，距信标产生", seeded: "种子已产生，正在抽取", drawn: "抽取完成", locked: "抽取完成，结果已锁定",
    dispatched: "抽取完成，已派发", withdrawn: "已撤回", dropped: "已放弃",
  };
  const tick = () => {
    if (!told) return;
    const now = Date.now() + offset, toClose = Date.parse(told.closes_at) - now, toBeacon = Date.parse(told.beacon_at) - now;
    const isCommitted = told.state === "committed";
    find("what").textContent = isCommitted ? (toClose > 0 ? "已向公众承诺，距来源封存" : "等待封存来源") : words[told.state];
    const left = isCommitted ? toClose : toBeacon;
    find("count").textContent = ["committed", "closed"].includes(told.state) && left > 0 ? clock(left)
      : told.work ? told.work.stage || "等待后台处理" : told.n_visits ? `${told.n_visits} 户` : "";
  };
  const typeSeed = () => {
    if (!told?.seed || shownSeed.length === told.seed.length) return;
    shownSeed = isCalm ? told.seed : told.seed.slice(0, shownSeed.length + 1);
    find("seed").textContent = shownSeed;
  };
  const head = (draw) => {
    const place = element("div");
    place.append(element("h3", `${draw.name}：${draw.size} 户中抽 ${draw.n} 户`));
    if (draw.is_withdrawn) place.append(Object.assign(element("p", "本次抽取已撤回"), { className: "test" }));
    if (draw.commitment) place.append(element("code", `承诺值 ${draw.commitment}`));
    return place;
  };
  const tableOf = (part) => {
    const table = element("table"), line = table.createTHead().insertRow();
    for (const name of ["位次", part.label, "号码"]) line.append(Object.assign(element("th", name), { scope: "col" }));
    const body = table.createTBody();
    for (const one of part.selected) rows.push(() => {
      const row = body.insertRow();
      row.insertCell().textContent = one.rank;
      row.insertCell().textContent = one.mark ? `${one.who}（${one.mark}）` : one.who;
      row.classList.toggle("is-gone", one.mark === "已替换");
      row.insertCell().append(element("code", `${one.ticket}…`));
    });
    return table;
  };
  const build = () => {
    const place = find("results");
    place.replaceChildren(...told.draws.flatMap((draw) => [head(draw), ...draw.strata.map(tableOf)]));
    isBuilt = true;
    shape = JSON.stringify(told.draws);
  };
  const showRow = () => {
    if (told?.seed && shownSeed.length === told.seed.length && rows.length) rows.shift()();
  };
  const take = (answer) => {
    told = answer;
    offset = Date.parse(told.now) - Date.now();
    find("sources").replaceChildren(...told.sources.map((text) => element("li", text)));
    find("witnesses").textContent = told.witnesses.length ? `在场：${told.witnesses.join("、")}` : "";
    const isDrawn = told.draws.some((draw) => draw.strata.some((part) => part.selected.length));
    if (isDrawn && !isBuilt) build();
    else if (isBuilt && shape !== JSON.stringify(told.draws)) {  // replaced or withdrawn meanwhile: shown at once
      rows = [];
      build();
      rows.splice(0).forEach((show) => show());
    }
    if (!isDrawn && !isBuilt) find("results").replaceChildren(...told.draws.map(head));
  };
  const ask = async () => {
    try {
      const answer = await fetch(document.body.dataset.state, { headers: { Accept: "application/json" } });
      if (answer.ok) take(await answer.json());
    } catch { /* the wall goes on counting; the next second asks again */ }
    setTimeout(ask, isBuilt ? DRAWN_MS : ASK_MS);
  };
  ask();
  setInterval(tick, 250);
  setInterval(typeSeed, DIGIT_MS);
  setInterval(showRow, ROW_MS);
}
