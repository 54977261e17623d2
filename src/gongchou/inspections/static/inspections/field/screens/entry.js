// 进场: how the visit began, and whether there was anything to inspect at all.

import { button, fact, h, labelled, tell, ticks } from "../dom.js";
import { iso, moment } from "../bytes.js";
import { canScan, codesOn, findPlace, placeWords } from "../camera.js";
import { isInspected } from "../record.js";
import { general } from "./attachments.js";

const CODE = /[0-9A-HJ-NPQRTUWXY]{18}/;
const HOW = { scan: "扫描执照", typed: "核对代码", emergency: "紧急情况" };

export async function entry(ctx) {
  const { draft } = ctx;
  const place = h("div", {});
  const paint = () => place.replaceChildren(...arrival(ctx, paint));
  paint();
  const outcomes = ticks("检查情况", draft.begun.codes.outcomes, [draft.data.outcome], (code) => {
    draft.change({ outcome: code });
    ctx.again();
  }, { type: "radio", disabled: ctx.isReadOnly });
  return [place, outcomes, ...(isInspected(draft.data) ? [] : notInspected(ctx))];
}

function notInspected(ctx) {
  const note = h("textarea", { rows: "4", value: ctx.data().outcome_note, maxlength: "2000", disabled: ctx.isReadOnly });
  note.addEventListener("input", () => ctx.draft.change({ outcome_note: note.value }));
  const below = "写明何时、以何种方式、见到什么、问过谁。";
  return [labelled("情况说明（必填）", note, below), general(ctx, "现场证据（至少一张照片）")];
}

function arrival(ctx, paint) {
  const { entry: told } = ctx.data();
  if (told) return [summary(ctx, told, paint)];
  if (ctx.isReadOnly) return [h("p", {}, "没有登记进场。")];
  return isInspected(ctx.data()) ? ways(ctx, paint) : [elsewhere(ctx, paint)];
}

const arrive = async (ctx, paint, told) => {
  // At once, and where it was as soon as the phone knows: nobody waits at a door for the sky.
  const at = iso();
  ctx.draft.change({ entry: { at, licence: "", reason: "", ...told } });
  paint();
  const place = await findPlace();
  const { entry: now } = ctx.data();
  if (now && now.at === at) {
    ctx.draft.change({ entry: { ...now, ...place } });
    paint();
  }
};

function summary(ctx, told, paint) {
  const again = () => {
    ctx.draft.change({ entry: null });
    paint();
  };
  return h(
    "section",
    {},
    h("h2", {}, "已登记进场"),
    h("dl", { class: "facts" }, fact("时间", moment(told.at)), fact("方式", HOW[told.how]), fact("位置", placeWords(told)),
      told.licence && fact("执照代码", told.licence), told.reason && fact("原因", told.reason)),
    !ctx.isReadOnly && button("重新登记", again, "small"),
  );
}

function ways(ctx, paint) {
  return [h("h2", {}, "登记进场"), canScan() ? scan(ctx, paint) : "", typed(ctx, paint), emergency(ctx, paint)].filter(Boolean);
}

const known = ({ draft }) => (draft.begun.visit.subject.code || draft.begun.visit.subject.number || "").toUpperCase();

function scan(ctx, paint) {
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden", tabindex: "-1", "aria-hidden": "true" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const found = (await codesOn(file)).map((text) => text.toUpperCase());
      if (!found.length) return await tell("没有读到二维码", "请对准营业执照上的二维码再拍一次，或改为输入统一社会信用代码。");
      const code = found.find((text) => text.includes(known(ctx)));
      if (code) return await arrive(ctx, paint, { how: "scan", licence: known(ctx) });
      const other = (CODE.exec(found[0]) || [found[0].slice(0, 60)])[0];
      await tell("执照不符", `扫到的是 ${other}，与检查对象的代码 ${known(ctx)} 不一致。请确认地点；对象确已变更的，用“紧急情况”写明原因。`);
    } catch (error) {
      await ctx.room(error);
    }
  });
  return h("div", { class: "field" }, button("扫描营业执照", () => input.click(), "primary wide"), input);
}

function typed(ctx, paint) {
  const code = h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", maxlength: "18", inputmode: "text" });
  const why = h("input", { type: "text", maxlength: "200", value: canScan() ? "二维码不能识别" : "本机不能扫码" });
  const wrong = h("p", { class: "fault", role: "alert" });
  const check = async () => {
    const told = code.value.trim().toUpperCase();
    if (told !== known(ctx)) {
      wrong.textContent = told ? `与检查对象的代码 ${known(ctx)} 不一致，请核对执照。` : "请输入执照上的统一社会信用代码。";
      return code.focus();
    }
    await arrive(ctx, paint, { how: "typed", licence: told, reason: why.value.trim() || "未能扫码" });
  };
  return h("details", { open: !canScan() }, h("summary", {}, "输入执照代码"),
    labelled("统一社会信用代码", code), labelled("没有扫码的原因", why), wrong, button("核对并进场", check, "primary"));
}

function emergency(ctx, paint) {
  const why = h("input", { type: "text", maxlength: "200" });
  const wrong = h("p", { class: "fault", role: "alert" });
  const enter = async () => {
    if (why.value.trim()) return arrive(ctx, paint, { how: "emergency", reason: why.value.trim() });
    wrong.textContent = "请写明原因，例如：执照灭失、现场有紧急危险。";
    return why.focus();
  };
  return h("details", {}, h("summary", {}, "紧急情况，不能核对执照"), labelled("原因（科室会逐条核查）", why), wrong, button("登记进场", enter));
}

function elsewhere(ctx, paint) {
  const words = (ctx.draft.begun.codes.outcomes.find(([code]) => code === ctx.data().outcome) || ["", ""])[1];
  return h("div", { class: "field" }, h("h2", {}, "登记到场"),
    button("登记到场时间和位置", () => arrive(ctx, paint, { how: "emergency", reason: `未能检查：${words}` }), "primary wide"));
}
