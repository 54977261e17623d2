// 提交: what is still missing, when they left, and the button after which nothing changes any more.

import { button, fact, h } from "../dom.js";
import { moment, newId, size } from "../bytes.js";
import { readPlain, writePlain } from "../vault.js";
import { APP, isInspected, problemsOf, signedDigest, stateWords, usedAttachments } from "../record.js";
import { problemsOfSheet } from "./fill.js";
import { canEdit, leftAt } from "../draft.js";
import { exportRecord } from "../export.js";
import { edit } from "./queue.js";

const STEP_WORDS = { entry: "进场", fill: "检查", results: "结果", signing: "签名", finish: "提交" };

export async function finish(ctx) {
  const { draft } = ctx;
  if (draft.record.state !== "draft") return sent(ctx);
  const { visit } = draft.begun;
  const found = problemsOf(draft.data, {
    names: Object.fromEntries(visit.items.map(({ id, name }) => [id, name])),
    sheet: isInspected(draft.data) ? problemsOfSheet(draft) : [],
    signed: await signedDigest(draft.data),
  });
  return [summary(ctx), left(ctx), problems(draft, found), !ctx.isReadOnly && submitButton(ctx, found), takeAway(ctx)];
}

const sent = (ctx) => [
  summary(ctx),
  h("p", { class: "big" }, stateWords(ctx.draft.record)),
  h("a", { class: "button primary wide", href: "#/queue" }, "到“同步”页查看"),
  canEdit(ctx.draft.record) && button("更正（提交新的一版）", () => edit(ctx.app, ctx.draft.record), "wide"),
];

function summary({ draft }) {
  const { data } = draft;
  const files = usedAttachments(data);
  const outcome = (draft.begun.codes.outcomes.find(([code]) => code === data.outcome) || ["", data.outcome])[1];
  const nPhotos = files.filter(({ kind }) => kind === "photo").length;
  const total = files.reduce((sum, one) => sum + one.size, 0);
  return h("dl", { class: "facts" }, fact("检查情况", outcome), fact("进场", data.entry ? moment(data.entry.at) : "—"),
    fact("离场", data.left_at ? moment(data.left_at) : "—"), fact("附件", `${files.length} 个（照片 ${nPhotos} 张），共 ${size(total)}`),
    fact("最近改动", moment(draft.record.changed_at)));
}

function left(ctx) {
  if (ctx.isReadOnly) return null;
  const leave = () => {
    ctx.draft.change({ left_at: leftAt(ctx.data()) });
    ctx.again();
  };
  return h("div", { class: "field" }, button(ctx.data().left_at ? "重新登记离场时间" : "登记离场时间", leave), h("p", { class: "note" }, "不登记的，以提交的时间为离场时间。"));
}

function problems(draft, found) {
  if (!found.length) return h("p", { class: "good", role: "status" }, "内容齐全，可以提交。");
  const line = ([step, text]) => h("li", {}, h("a", { href: `#/record/${draft.record.id}/${step}${step === "fill" ? "/first" : ""}` }, `${STEP_WORDS[step]}：${text}`));
  return h("section", { class: "banner warn" }, h("h2", {}, `还有 ${found.length} 处要补充`), h("ul", {}, ...found.map(line)));
}

async function deviceOf(db) {
  const known = await readPlain(db, "device");
  if (known) return known;
  const id = newId();
  await writePlain(db, "device", id);
  return id;
}

function submitButton(ctx, found) {
  const { app, draft } = ctx;
  const go = async () => {
    const words = "提交后内容不再改动；没有网络时留在本机，有网络时自动送出。";
    if (!(await app.confirm("提交记录", words, "提交"))) return;
    try {
      if (!(await draft.submit({ id: await deviceOf(app.db), app: APP }))) return;
    } catch (error) {
      await ctx.room(error);
      return;
    }
    app.draft = null;
    await draft.close();
    app.go("#/queue");
    app.sync();
  };
  return button("提交", go, "primary wide", { disabled: found.length > 0 });
}

const takeAway = ({ app, draft }) => button("导出本记录（含附件）", () => exportRecord(app.vault, draft.record, draft.loose), "small");
