// The summary: the campaign, its times and witnesses, and what was drawn in each stratum.
(function (g) {
  "use strict";

  const { el, svg, number, percent, beijing, code } = g.dom;
  const FIRST_ROWS = 24; // the rest of a long table is folded away
  const STATES = { live: "有效", withdrawn: "种子产生之前已撤回", withdrawn_after_seed: "种子可知之后才撤回" };

  function list(pairs) {
    const shown = pairs.filter(([, value]) => value !== null);
    return el("dl", { class: "summary" }, shown.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }

  function beaconText({ type, round, chain, chain_name: name, game, issue, value, at }) {
    const which = name === null ? "自建随机信标" : "公共随机信标 drand（" + name + "）";
    if (type === "drand") return [which + "第 " + number(round) + " 轮，" + beijing(at), el("br"), code(chain)];
    if (type === "lottery") return "彩票 " + game + " 第 " + issue + " 期：" + value;
    return "现场摇号：" + value;
  }

  function witnessText(witnesses) {
    return el("ul", { class: "plain" }, witnesses.map(({ name, at }) => el("li", {}, el("span", { class: "whole" }, name + "　"), el("span", { class: "whole" }, beijing(at)))));
  }

  function withdrawalText(withdrawals) {
    if (withdrawals.length === 0) return "没有";
    return el("ul", { class: "plain" }, withdrawals.map(({ draw, time, title, afterSeed, plan }) =>
      el("li", { class: afterSeed ? "bad" : "" }, (afterSeed ? "种子可知之后撤回：" : "种子产生之前撤回：")
        + draw + "（" + plan + "），" + beijing(time) + "，理由：" + title)));
  }

  function matchText(match) {
    if (match === null) return null;
    return number(match.tasks) + " 户，" + number(match.slots) + " 个席位，" + number(match.inspectors) + " 名检查人员，每人 "
      + match.least + " 至 " + match.most + " 户；未派出 " + match.unfilled + " 个席位";
  }

  function general(summary, report) {
    const software = summary.software.map(({ name, version }) => name + " " + version);
    return list([
      ["批次", summary.campaign + (summary.mode === "test" ? "（演练）" : "")],
      ["核验级别", report.level + "，" + g.viewChecks.LEVELS[report.level]],
      ["来源强度", report.strength + "：" + g.viewChecks.STRENGTHS[report.strength]],
      ["随机来源", beaconText(summary.beacon)],
      ["种子", code(summary.seed)],
      ["截止存证", beijing(summary.closed_at)],
      ["匹配", matchText(summary.match)],
      ["见证人", witnessText(summary.witnesses)],
      ["撤回", withdrawalText(summary.withdrawals)],
      ["日志", "见到第 " + number(summary.horizon) + " 条为止，其中组织单位的共 " + number(summary.entries) + " 条"],
      ["所用软件", [...new Set(software)].join("、") + "（组织者自报，不作依据）"],
    ]);
  }

  function bar(part, whole, most) {
    const width = most === 0 ? 0 : (100 * part) / whole / most;
    return svg("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { class: "bar-back", x: 0, y: 0, width: 100, height: 10 }),
      svg("rect", { class: "bar-part", x: 0, y: 0, width: width.toFixed(2), height: 10 }));
  }

  // Columns that would say nothing are left out.
  function columnsFor(strata) {
    const isShort = strata.some(({ selected, n }) => selected !== n);
    const isChanged = strata.some(({ replaced }) => replaced > 0);
    return [
      ["名单", ({ size }) => number(size)],
      isShort ? ["应抽", ({ n }) => number(n)] : null,
      ["抽中", ({ selected }) => number(selected)],
      isChanged ? ["替换", ({ replaced }) => number(replaced)] : null,
      ["抽中率", ({ selected, size }) => percent(selected, size)],
    ].filter((column) => column !== null);
  }

  function row(stratum, columns, most) {
    const cells = columns.map(([, valueOf]) => el("td", {}, valueOf(stratum)));
    const picture = el("td", { class: "bar-cell" }, bar(stratum.selected, stratum.size, most));
    return el("tr", {}, el("th", { scope: "row" }, g.sentences.stratum(stratum.id)), cells, picture);
  }

  function table(strata, most, caption) {
    const columns = columnsFor(strata);
    const heads = ["层", ...columns.map(([name]) => name)].map((name) => el("th", { scope: "col" }, name));
    heads.push(el("td", { "aria-hidden": "true" }));
    return el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, heads)),
      el("tbody", {}, strata.map((stratum) => row(stratum, columns, most))));
  }

  function strataTables(draw) {
    const most = Math.max(...draw.strata.map(({ selected, size }) => selected / size));
    const first = table(draw.strata.slice(0, FIRST_ROWS), most, "各层抽取情况");
    const rest = draw.strata.slice(FIRST_ROWS);
    if (rest.length === 0) return [first];
    return [first, el("details", {}, el("summary", {}, "其余 " + rest.length + " 层"), table(rest, most, "其余各层"))];
  }

  function sizes(draw) {
    return number(draw.universe) + " 户，排除 " + number(draw.excluded) + " 户，进入名单 " + number(draw.frame) + " 户";
  }

  function oneDraw(draw) {
    return el("section", { class: "draw" },
      el("h3", {}, "抽取 " + draw.draw + "：" + draw.plan),
      draw.state === "live" ? [] : el("p", { class: "bad" }, "这次抽取" + STATES[draw.state] + "，结果不作数。"),
      list([
        ["组织单位", draw.authority], ["范围", draw.scope],
        ["名册", sizes(draw)],
        ["抽中", number(draw.selected) + " 户，占名单的 " + percent(draw.selected, draw.frame)],
        ["登记存证", beijing(draw.committed_at)],
        ["参数指纹", code(draw.commitment)],
        ["取代", draw.supersedes === null ? null : "取代已撤回的抽取 " + draw.supersedes],
        ["联系方式", draw.contacts.length > 0 ? draw.contacts.join("、") : null],
      ]), strataTables(draw));
  }

  function commitRow({ index, authority, campaign, draw, plan, mode, state }) {
    const who = ["机关 " + authority + "，", "批次 " + campaign + "，", "抽取 " + draw];
    const words = [el("div", {}, plan + (mode === "test" ? "（演练）" : "")),
      el("div", { class: "note" }, who.map((text) => el("span", { class: "whole" }, text)))];
    return el("tr", {}, el("th", { scope: "row" }, String(index)), el("td", {}, words),
      el("td", { class: state === "withdrawn_after_seed" ? "bad" : "" }, STATES[state]));
  }

  function commitTable(commits, caption) {
    const heads = ["编号", "计划", "状态"].map((name) => el("th", { scope: "col" }, name));
    return el("table", { class: "words" }, el("caption", {}, caption), el("thead", {}, el("tr", {}, heads)),
      el("tbody", {}, commits.map(commitRow)));
  }

  // No program can tell whether two plans with different names are one in truth.
  function otherCommits(commits) {
    if (commits.length === 0) return [];
    const rest = commits.slice(FIRST_ROWS);
    return [el("section", { class: "others" }, el("h3", {}, "同一机关的其他抽取承诺"),
      el("p", {}, "证据包所带的日志里，这些机关还登记过下列抽取。名称相近的计划其实是不是同一项，程序判断不了，请您自己看。"),
      commitTable(commits.slice(0, FIRST_ROWS), "按日志先后排列，编号即日志位置"),
      rest.length === 0 ? [] : el("details", {}, el("summary", {}, "其余 " + rest.length + " 次"), commitTable(rest, "其余各次")))];
  }

  function render(report) {
    const { summary } = report;
    return [general(summary, report), el("p", { class: "note" }, "时间均为北京时间。"), ...summary.draws.map(oneDraw),
      ...otherCommits(summary.other_commits)];
  }

  g.viewSummary = { render };
})(gongchou);
