// 同步: what waits, what was taken, what was not and why. Nothing here happens by itself that cannot be seen.

import { button, choose, fact, h, tell } from "../dom.js";
import { moment } from "../bytes.js";
import { baseOf, canEdit, editAgain } from "../draft.js";
import { exportReceipts, exportRecord } from "../export.js";
import { hold } from "../locks.js";
import { removeRecord } from "../package.js";
import { isDone, isUnsent, stateWords } from "../record.js";
import { ask } from "../wire.js";

const STANDING = { held: "有效", beside: "与另一份并存，由科室选定", quarantined: "名单已变动，待科室确认", passed_over: "未被选用" };

export async function queue(app) {
  if (!app.vault) return { title: "同步", body: [h("p", {}, "请先联网登录，取得检查资料。")] };
  const records = await app.vault.all("records");
  app.records = records;
  records.sort((a, b) => isDone(a) - isDone(b) || b.changed_at.localeCompare(a.changed_at));
  return {
    title: "同步",
    isLive: true,
    body: [
      h("div", { class: "taken", role: "status" }, ...app.statusWords().map((text) => h("p", { class: text.startsWith("失败") ? "fault" : "" }, text))),
      button(app.isBusy ? "正在同步……" : "同步", () => app.sync(true), "primary wide tall", { disabled: app.isBusy }),
      records.length ? h("ul", { class: "cards" }, ...records.map((one) => line(app, one))) : h("p", { class: "note" }, "本机没有记录。"),
      await receipts(app),
    ],
  };
}

function line(app, record) {
  const look = record.state === "stuck" ? "bad" : record.state === "received" ? "good" : "open";
  return h(
    "li",
    { class: "card" },
    h("strong", {}, record.name),
    h("span", { class: "marks" }, h("span", { class: `mark ${look}` }, stateWords(record)), record.n_tries > 0 && h("span", { class: "mark" }, `已试 ${record.n_tries} 次`)),
    ...trouble(record),
    h("div", { class: "row" }, ...buttons(app, record).filter(Boolean)),
  );
}

function trouble(record) {
  const { fault } = record;
  const files = record.draft.attachments.filter((one) => one.fault).map((one) => h("p", { class: "fault" }, `附件：${one.fault}`));
  if (!fault) return files;
  const found = (fault.facts && fault.facts.problems) || [];
  return [
    h("p", { class: "fault" }, `${fault.sentence}（${moment(fault.at)}）`),
    found.length ? h("ul", {}, ...found.map(({ sentence }) => h("li", {}, sentence))) : "",
    record.state === "stuck" ? h("p", { class: "note" }, advice(fault)) : "",
    ...files,
  ].filter(Boolean);
}

function advice({ status, code }) {
  if (code === "inspections.base_old" || code === "inspections.other_body") {
    return "平台上已有同一记录的另一版，没有被改动。可以修改后作为新的一版提交，或导出后交科室核对，或舍弃本机这一份。";
  }
  if (status === 404) return "可以导出后交科室；科室收到后再舍弃本机这一份。";
  return "可以修改后重新提交，或导出后交科室，或舍弃。";
}

function buttons(app, record) {
  const again = () => app.show();
  return [
    h("a", { class: "button small", href: `#/record/${record.id}` }, record.state === "draft" ? "继续填写" : "查看"),
    canEdit(record) && button(record.state === "received" ? "更正" : "修改", () => edit(app, record), "small"),
    button("导出", () => exportRecord(app.vault, record), "small"),
    isUnsent(record) && button("舍弃", () => discard(app, record).then(again), "small danger"),
  ];
}

async function latestRevision(record) {
  if (!record.fault || record.fault.code !== "inspections.other_body") return baseOf(record);
  const { json } = await ask("/field/receipts/");
  return Math.max(baseOf(record), ...json.receipts.filter(({ instance }) => instance === record.id).map(({ revision }) => revision));
}

/** Take a record back to be changed; what the platform has of it stays as it is. */
export async function edit(app, record) {
  const words = record.state === "received" ? "平台上的记录不变；改完提交后成为新的一版，重新审核。" : "记录回到填写中，改完后重新提交。";
  if (!(await app.confirm("修改记录", words, "修改"))) return;
  const letGo = await hold(app.db, `draft/${record.id}`);
  if (!letGo) return tell("不能修改", "这份记录正在另一个窗口打开或正在同步，请稍后再试。");
  try {
    const now = await app.vault.get("records", record.id);
    if (!now || !canEdit(now)) return app.show();
    await editAgain(app.vault, now, await latestRevision(now));
  } catch (error) {
    return tell("不能修改", error.message);
  } finally {
    letGo();
  }
  app.draft = null; // what is open of it shows what it was before
  return app.go(`#/record/${record.id}/entry`);
}

/** Throw away what the platform does not have; asked twice where it may be the only one. */
async function discard(app, record) {
  const text = [`“${record.name}”的这份记录没有被平台完整接收，舍弃后不能恢复。`, "建议先导出。"];
  const said = await choose("舍弃记录", text, [["export", "先导出"], ["gone", "舍弃，不再保留", "danger"], ["", "取消"]]);
  if (said === "export") {
    await exportRecord(app.vault, record);
    return discard(app, record);
  }
  if (said !== "gone") return null;
  const letGo = await hold(app.db, `draft/${record.id}`);
  if (!letGo) return tell("不能舍弃", "这份记录正在另一个窗口打开或正在同步，请稍后再试。");
  await removeRecord(app.vault, record);
  return letGo();
}

async function receipts(app) {
  const rows = await app.vault.all("receipts");
  rows.sort((a, b) => b.receipt.received_at.localeCompare(a.receipt.received_at));
  const own = rows.map(({ receipt, name }) =>
    h("details", {}, h("summary", {}, `${name}　${moment(receipt.received_at)}`),
      h("dl", { class: "facts" }, fact("版次", String(receipt.revision)), fact("状态", STANDING[receipt.state] || receipt.state),
        fact("记录编号", receipt.instance), fact("内容摘要", receipt.digest))),
  );
  return h(
    "section",
    {},
    h("h2", {}, `回执（${rows.length}）`),
    ...own,
    h("div", { class: "row" }, rows.length > 0 && button("导出全部回执", () => exportReceipts(app.vault), "small"), button("从平台找回回执", () => fetchReceipts(app), "small")),
  );
}

async function fetchReceipts(app) {
  try {
    const { json } = await ask("/field/receipts/");
    const known = new Set(await app.vault.ids("receipts"));
    const fresh = json.receipts.filter((one) => !known.has(`${one.instance}/${one.revision}`));
    const row = (receipt) => ({ receipt, name: "平台上的记录", visit: "", text: JSON.stringify(receipt) });
    if (fresh.length) await app.vault.write(fresh.map((one) => ["receipts", `${one.instance}/${one.revision}`, row(one)]));
    await tell("回执", fresh.length ? `找回 ${fresh.length} 份。` : "平台上没有本机缺少的回执。");
    app.show();
  } catch (error) {
    await tell("没有找回", error.message);
  }
}
