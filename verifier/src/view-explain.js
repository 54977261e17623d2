// The two sections for citizens, and the receipt.
(function (g) {
  "use strict";

  const { el, byId, put, percent, number, code } = g.dom;

  function how(report, state) {
    const steps = g.explain.steps(report.summary, state).map(({ title, paragraphs }) =>
      el("li", {}, el("h3", {}, title), paragraphs.map((text) => el("p", {}, text))));
    const recipe = g.explain.recipe(report.summary, state);
    const halves = report.summary.draws[0].ticket_key === "unit" ? "（两行各是一半，接起来就是）" : "";
    const own = recipe === null ? [] : [
      el("h3", {}, "您也可以自己算"),
      el("p", {}, "在任何一台装有 sha256sum 的电脑上输入下面这一行，就得到第一户的票号" + halves + "；换成别的" + g.explain.nameOf(report.summary.draws[0]) + "，就得到别户的票号。"),
      el("pre", { tabindex: "0", "aria-label": "可以自己输入的命令" }, recipe)];
    put("how", el("ol", { class: "steps" }, steps), own);
  }

  function marker(name, fraction, text) {
    const node = el("div", { class: "marker " + name }, el("span", {}, text));
    node.style.left = (100 * fraction).toFixed(3) + "%";
    // Near the right end the words stand to the left of their line.
    if (fraction > 0.6) node.classList.add("to-left");
    return node;
  }

  // All possible tickets on one line: the selected part on the left, and where this ticket fell.
  function numberLine({ position, edge, kind }) {
    const won = el("div", { class: "won" });
    won.style.width = (100 * edge).toFixed(3) + "%";
    const words = "票号从小到大排成一条线：末位票号在 " + percent(Math.round(edge * 1e6), 1e6) + " 处，这一户在 "
      + percent(Math.round(position * 1e6), 1e6) + " 处。";
    return el("figure", { class: "line-figure" },
      el("div", { class: "line " + kind, role: "img", "aria-label": words },
        won, marker("edge", edge, "末位票号 " + percent(Math.round(edge * 1e6), 1e6)),
        marker("mine", position, "这一户 " + percent(Math.round(position * 1e6), 1e6))),
      el("figcaption", {}, "票号最小的在左，最大的在右；落在绿色一段里的抽中。"));
  }

  function teamText(team) {
    if (team === null) return null;
    return team.map((id, i) => "第 " + (i + 1) + " 岗 " + (id === null ? "未派出" : id)).join("，");
  }

  function details(answer) {
    const pairs = [
      ["票号", code(answer.ticket)], ["末位票号", answer.cutoff === null ? "—" : code(answer.cutoff)],
      ["位次", number(answer.rank) + " / " + number(answer.available)],
      ["票号按主体算", answer.unit],
      ["检查人员", teamText(answer.team)],
      ["空缺缘由", answer.empty.length === 0 ? null : answer.empty.map((text) => el("div", {}, text))],
    ].filter(([, value]) => value !== null);
    return el("dl", { class: "summary" }, pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }

  function pictures(found) {
    return found.position === undefined ? [] : [numberLine(found), details(found)];
  }

  function answer(state, question) {
    const all = g.why.findAll(state, question);
    if (all.length === 1) {
      const [{ answer: found, words }] = all;
      return put("why-answer", el("p", { class: "answer " + found.kind }, words), pictures(found));
    }
    const kind = g.why.isIn(all) ? "selected" : "not_selected";
    const each = all.flatMap(({ draw, plan, words, answer: found }) => [
      el("h3", {}, "抽取 " + draw + "：" + plan), el("p", { class: "one-draw" }, words), ...pictures(found)]);
    return put("why-answer", el("p", { class: "answer " + kind }, g.why.headline(all, question)), each);
  }

  function prepareWhy(state) {
    byId("why-secret-row").hidden = !state.draws.some(({ params }) => params.frame.sealed);
    byId("why-answer").hidden = true;
  }

  const UNCHECKED = {
    frame: "位次、抽取数只是回执自己所写，没有核对，须对照证据包。",
    excluded: "名单树根是否就是公布的那一个，没有核对，须对照证据包。",
  };

  function receipt(result, hasBundle) {
    const refused = result.receipt === null ? "这不是一张合乎规范的回执" + (result.why && result.why.field ? "（" + result.why.field + "）" : "") + "。" : "";
    const words = result.ok ? "回执成立。" : "回执不成立。";
    const unchecked = result.ok && !hasBundle ? UNCHECKED[result.receipt.table] : "";
    const steps = result.steps.map(({ ok, sentence }) => el("li", { class: ok ? "passed" : "failed" },
      el("span", { class: "sign", "aria-hidden": "true" }, ok ? "✓" : "✗"), el("span", { class: "hidden-text" }, ok ? "成立：" : "不成立："), sentence));
    put("receipt-answer", el("p", { class: "answer " + (result.ok ? "selected" : "failed") }, words + refused + about(result.receipt) + unchecked),
      el("ul", { class: "plain receipt-steps" }, steps),
      result.ok && !hasBundle ? el("p", { class: "note" }, "这是 L0 级核验：只核对了回执本身。请把下面的树根与公告上的比较，或者在上面放入证据包一起核对。") : [],
      result.receipt === null ? [] : el("dl", { class: "summary" }, el("dt", {}, "名单树根"), el("dd", {}, code(result.receipt.root))));
  }

  function about(one) {
    if (one === null) return "";
    if (one.table === "excluded") return one.id + " 在抽取 " + one.draw + " 之前被排除，理由代码 " + one.reason + "。";
    const fate = one.selected ? "被抽中了" : "没有被抽中";
    const rank = one.rank === null ? "" : "，在" + g.sentences.layer(one.stratum) + "排第 " + number(one.rank) + " 位，前 " + number(one.n) + " 位抽中";
    return one.id + " 在抽取 " + one.draw + " 中" + fate + rank + "。";
  }

  g.viewExplain = { how, answer, prepareWhy, receipt };
})(gongchou);
