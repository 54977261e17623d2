// Photos, notes of voice and signatures as they are shown, taken and thrown away.

import { button, choose, h, tell } from "../dom.js";
import { moment, size } from "../bytes.js";
import { findPlace, freeRoom, isLow, takePhoto } from "../camera.js";
import { ownTeam } from "../record.js";
import { canRecord, record } from "../voice.js";

const KINDS = { photo: "照片", audio: "录音", signature: "签名", file: "文件" };

/** What is burned into a photo, above its moment and place. */
function linesOf({ draft }) {
  const { visit, user } = draft.begun;
  const own = ownTeam(visit).map(({ name }) => name).join("、") || user.name;
  const task = visit.items.map(({ task: number }) => number).find(Boolean) || visit.batch;
  return [`${visit.department.name} · ${visit.subject.name}`, `检查人员：${own}`, `任务：${task}`];
}

async function mayTake() {
  const free = await freeRoom();
  if (!isLow(free)) return true;
  const said = `本机可用空间只剩 ${size(Math.max(0, free))}，照片可能存不下。建议先同步或清理手机。`;
  return (await choose("存储空间不足", said, [["go", "仍要拍照"], ["", "取消", "primary"]])) === "go";
}

/** A button that takes photos for a question, or for the whole record; `then` is told the digest of each. */
export function photoButton(ctx, words, question, then) {
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden", tabindex: "-1", "aria-hidden": "true" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    own.disabled = true;
    try {
      const photo = await takePhoto(file, linesOf(ctx), await findPlace());
      then(await ctx.draft.attach({ ...photo, question }));
      if (ctx.draft.isFailing) await ctx.room(new DOMException("", "QuotaExceededError"));
    } catch (error) {
      await ctx.room(error);
    }
    own.disabled = false;
  });
  const own = button(words, async () => (await mayTake()) && input.click());
  return h("span", {}, own, input);
}

/** A picture of the phone's store. The address is let go as soon as it is shown. */
export function picture(ctx, digest, alt) {
  const image = h("img", { class: "thumb", alt });
  ctx.draft.file(digest).then((row) => {
    if (!row) return image.replaceWith(h("span", { class: "note" }, "附件不在本机"));
    const url = URL.createObjectURL(new Blob([row.bytes], { type: row.type }));
    image.onload = () => URL.revokeObjectURL(url);
    image.src = url;
  });
  return image;
}

function sound(ctx, digest) {
  const player = h("audio", { controls: true });
  ctx.draft.file(digest).then((row) => row && (player.src = URL.createObjectURL(new Blob([row.bytes], { type: row.type }))));
  return player;
}

const words = ({ kind, taken_at: at, size: n }) => `${KINDS[kind]} ${moment(at)}，${size(n)}`;

/** One attachment with its caption and the button that takes it away. */
export function shown(ctx, one, onGone) {
  const { draft } = ctx;
  const caption = h("input", { type: "text", value: one.caption, maxlength: "100", placeholder: "说明（可不填）", "aria-label": `${words(one)} 的说明`, disabled: ctx.isReadOnly });
  caption.addEventListener("input", () =>
    draft.change({ attachments: draft.data.attachments.map((other) => (other.sha256 === one.sha256 ? { ...other, caption: caption.value } : other)) }),
  );
  const remove = async () => {
    if (!(await ctx.app.confirm("删除", `删除这个附件（${words(one)}）？`, "删除"))) return;
    draft.detach(one.sha256);
    onGone(one.sha256);
  };
  return h(
    "li",
    { class: "attachment" },
    one.kind === "audio" ? sound(ctx, one.sha256) : picture(ctx, one.sha256, words(one)),
    h("div", {}, h("p", { class: "note" }, words(one)), one.fault && h("p", { class: "fault" }, one.fault), caption,
      !ctx.isReadOnly && button("删除", remove, "small", { "aria-label": `删除${words(one)}` })),
  );
}

/** Photos and voice notes of the record as a whole. */
export function general(ctx, title) {
  const list = h("ul", { class: "plain" });
  const paint = () =>
    list.replaceChildren(...ctx.data().attachments.filter((one) => !one.question && one.kind !== "signature").map((one) => shown(ctx, one, paint)));
  paint();
  const buttons = ctx.isReadOnly ? [] : [photoButton(ctx, "拍照", "", paint), canRecord() && voiceButton(ctx, paint)];
  return h("section", { "aria-label": title }, h("h2", {}, title), h("div", { class: "row" }, ...buttons), list);
}

function voiceButton(ctx, then) {
  let running = null;
  const own = button("录音", async () => {
    if (running) return running.stop();
    try {
      running = await record();
      own.textContent = "停止录音";
      await ctx.draft.attach(await running.ended);
      then();
    } catch (error) {
      await (error.name === "NotAllowedError" ? tell("不能录音", "没有使用麦克风的权限，请在浏览器设置中允许。") : ctx.room(error));
    }
    running = null;
    own.textContent = "录音";
  });
  return own;
}
