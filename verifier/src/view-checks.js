// The list of the eighteen checks, and the verdict above it.
(function (g) {
  "use strict";

  const { el, byId, put } = g.dom;
  const SIGN = { passed: "✓", failed: "✗", skipped: "—", not_checked: "—" };
  const STATUS = { passed: "成立", failed: "不成立", skipped: "不适用", not_checked: "未核对" };

  const VERDICT = {
    green: ["✓", "全部成立", "按公布的材料重算一遍，结果与公布的完全相同。"],
    amber: ["!", "成立，但有保留", "结果重算相同；但下面几点您应当知道："],
    red: ["✗", "不成立", "材料里有一处对不上："],
  };

  function item(id, i) {
    return el("li", { id: "check-" + (i + 1), class: "check waiting" },
      el("span", { class: "sign", "aria-hidden": "true" }, ""),
      el("span", { class: "number" }, String(i + 1)),
      el("span", { class: "name" }, g.sentences.checkName("zh", id)),
      el("span", { class: "says" }, ""));
  }

  function reset() {
    byId("checks").replaceChildren(...g.checkIds.map(item));
    byId("progress").value = 0;
    byId("running").hidden = false;
    byId("verdict").hidden = true;
    byId("outcome").hidden = true;
    byId("jump").hidden = true;
    byId("results").hidden = false;
  }

  function start(number) {
    byId("check-" + number).classList.add("active");
    byId("now").textContent = "正在核对第 " + number + " 项，共 18 项：" + g.sentences.checkName("zh", g.checkIds[number - 1]);
  }

  // Within one check: large frames and long logs take their time.
  function within(done, total) {
    byId("within").textContent = "　" + Math.floor((100 * done) / total) + "%";
  }

  function show(check) {
    byId("within").textContent = "";
    const node = byId("check-" + check.number);
    node.className = "check " + check.status;
    node.querySelector(".sign").textContent = SIGN[check.status];
    const status = el("span", { class: "hidden-text" }, STATUS[check.status] + "。");
    node.querySelector(".says").replaceChildren(status, check.sentence);
    byId("progress").value = check.number;
  }

  // Long values are shown in full: the reader may want to compare them.
  function difference({ number, code, place, facts }) {
    const lines = [["第几项", number + "　" + g.sentences.checkName("zh", g.checkIds[number - 1])], ["代码", code], ["位置", place]];
    const names = { expected: "应为", found: "实际", why: "说明", field: "字段" };
    for (const [key, name] of Object.entries(names)) if (g.has(facts, key)) lines.push([name, String(facts[key])]);
    return el("dl", { class: "facts" }, lines.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }

  function advice({ code }) {
    if (code === "zip_invalid") return "如果这个压缩包是您自己压的，请解压后直接拖入文件夹。";
    if (code === "mode_test") return "如果您正要核验一次演练，请在“更多选项”里勾选“这是演练”，再核验一次。";
    return null;
  }

  function failureBody(failure) {
    const hint = advice(failure);
    return [el("p", { class: "strong" }, failure.sentence), hint === null ? null : el("p", {}, hint), difference(failure),
      el("p", { class: "note" }, "后面的各项没有再核对。")];
  }

  function marksList(marks) {
    return el("ul", { class: "marks" }, marks.map((mark) => el("li", { class: "mark " + mark.colour }, mark.sentence)));
  }

  function bodyOf(report) {
    if (report.failure) return failureBody(report.failure);
    const shown = report.marks.length > 0 ? [marksList(report.marks)] : [];
    return [...shown, el("p", { class: "note" }, levelText(report))];
  }

  const LEVELS = {
    L1: "抽取已用化名重算一遍，或匹配没有公开",
    L2: "连同真实名单，从头到尾重算一遍",
  };
  const STRENGTHS = {
    D: "公共随机信标（最强）。到点以前谁也不知道这个数，谁也改不了",
    P: "自建随机信标网络。到点以前谁也不知道这个数，前提是运行它的单位没有串通：凑够家数就能提前算出，只有一家的全凭它",
    L: "指定期号的彩票开奖。主办单位左右不了；防不住的是彩票机构自己，可能的结果也比信标少",
    N: "现场摇号（最弱）。防得住主办单位事先挑选结果，防不住在场的人串通报假数",
  };

  function levelText({ level, strength }) {
    return "核验到 " + level + " 级：" + LEVELS[level] + "。来源强度 " + strength + "：" + STRENGTHS[strength] + "。";
  }

  function verdict(report) {
    const [sign, words, lead] = VERDICT[report.colour];
    byId("running").hidden = true;
    put("verdict",
      el("div", { class: "verdict-sign", "aria-hidden": "true" }, sign),
      el("div", { class: "verdict-body" }, el("h2", { id: "verdict-title", tabindex: "-1" }, words), el("p", {}, lead), bodyOf(report)));
    byId("verdict").className = "verdict " + report.colour;
    byId("verdict-title").focus();
  }

  g.viewChecks = { reset, start, within, show, verdict, LEVELS, STRENGTHS };
})(gongchou);
