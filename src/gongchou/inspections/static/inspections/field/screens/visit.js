// One visit: whom, what, with whom, what happened before; and the inspector's code page (亮码).

import { button, fact, h } from "../dom.js";
import { moment, toBase64, utf8 } from "../bytes.js";
import { beginDraft } from "../draft.js";
import { basisWords, stateWords } from "../record.js";

const findVisit = (app, id) => app.pkg && app.pkg.visits.find((one) => one.id === id);

const missing = { title: "没有这项检查", back: "#/", body: [h("p", {}, "它已不在本机的清单上，可能已经办结或改派。")] };

export async function visit(app, id) {
  const one = app.vault && findVisit(app, id);
  if (!one) return missing;
  const records = (await app.vault.all("records")).filter((record) => record.visit === id);
  return {
    title: one.subject.name,
    back: "#/",
    isLive: true,
    body: [...warnings(one), doing(app, one, records), subject(one), items(one), team(one), history(one)],
  };
}

function warnings({ warnings: told, is_test: isTest, held }) {
  return [
    isTest && h("p", { class: "banner" }, "演练：结果不作为正式检查。"),
    held && held.sentence && h("p", { class: "banner warn" }, `平台：${held.sentence}`),
    told.length > 0 && h("section", { class: "banner warn" }, h("h2", {}, "注意"), h("ul", {}, ...told.map((text) => h("li", {}, text)))),
  ];
}

function doing(app, one, records) {
  const begin = async () => {
    const words = "平台上已有本部门对该对象的记录，本机没有它的内容。继续将从空白填起，提交后成为新的一版；原来的一版保留。";
    if (one.held && !(await app.confirm("更正平台上的记录", words, "从空白填起"))) return;
    const record = await beginDraft(app.vault, app.pkg, one);
    app.go(`#/record/${record.id}/entry`);
  };
  const open = records.map((record) =>
    h("a", { class: "button primary wide", href: `#/record/${record.id}` }, record.state === "draft" ? "继续填写" : `查看记录：${stateWords(record)}`),
  );
  const words = one.held ? "更正平台上的记录" : "开始检查";
  return h(
    "div",
    { class: "stacked" },
    ...open,
    !records.length && button(words, begin, "primary wide"),
    h("a", { class: "button wide", href: `#/badge/${one.id}` }, "亮码（出示执法身份）"),
  );
}

const section = (title, ...body) => h("section", {}, h("h2", {}, title), ...body);

function subject({ subject: who, visit_on: on, due_on: due, notice, batch }) {
  const told = notice ? `${notice.number}，${moment(notice.issued_at)} 发出` : "没有发出通知书";
  return section(
    "检查对象",
    h(
      "dl",
      { class: "facts" },
      fact("统一社会信用代码", who.code || who.number || "—"),
      fact("地址", who.address || "—"),
      fact("法定代表人（负责人）", who.legal_person || "—"),
      fact("检查日期", on || "尚未定"),
      fact("结果录入期限", due || "—"),
      fact("通知书", told),
      fact("批次", batch),
    ),
  );
}

function items({ items: own, others, department, is_lead: isLead }) {
  return section(
    "检查事项",
    h("h3", {}, `${department.name}（本部门${isLead ? "，牵头" : ""}）`),
    h("ul", {}, ...own.map(({ name, basis }) => h("li", {}, name, h("span", { class: "note block" }, basisWords(basis))))),
    ...others.map((other) => [
      h("h3", {}, `${other.department}（${other.team.join("、") || "人员未定"}）`),
      h("ul", {}, ...other.items.map((name) => h("li", {}, name))),
    ]).flat(),
  );
}

const team = ({ team: people }) =>
  section("检查人员", h("ul", {}, ...people.map(({ name, certificates }) => h("li", {}, `${name}　${certificates.join("、") || "证号未录"}`))));

function history({ history: told }) {
  if (!told.length) return section("检查历史", h("p", { class: "note" }, "没有以往的检查结果。"));
  const lines = told.map(({ on, department, item, result }) => h("li", {}, `${on} ${department}：${item}，${result}`));
  return section("检查历史", h("ul", {}, ...lines));
}

/** 亮码: who they are, for what, with a code that the enterprise scans to make sure. */
export async function badge(app, id) {
  const one = app.vault && findVisit(app, id);
  if (!one) return missing;
  // As a picture, never as markup: whatever it holds, nothing in it runs.
  const code = one.badge
    ? [h("img", { class: "code", alt: "核验二维码", src: `data:image/svg+xml;base64,${toBase64(utf8(one.badge))}` }), h("p", {}, "请扫码核验检查人员、检查任务和通知书")]
    : h("p", { class: "note" }, "离线包中没有核验码，请出示执法证件，并在有网络时重新下载离线包。");
  return {
    title: "亮码",
    back: `#/visit/${id}`,
    body: [
      h("div", { class: "badge" }, h("p", { class: "big" }, one.department.name), ...[code].flat()),
      team(one),
      h("dl", { class: "facts" }, fact("检查对象", one.subject.name), fact("通知书", one.notice ? one.notice.number : "—"), fact("批次", one.batch)),
      h("section", {}, h("h2", {}, "检查事项"), h("ul", {}, ...one.items.map(({ name }) => h("li", {}, name)))),
      h("p", { class: "note" }, "您有权要求检查人员出示执法证件、申请回避、陈述和申辩。"),
    ],
  };
}
