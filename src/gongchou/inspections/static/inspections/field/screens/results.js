// 结果: for each item whether it was checked, what was found, what was done and what follows.

import { button, h, labelled, ticks } from "../dom.js";
import { NO_PROBLEM, asKind, asNothingFound, basisWords, isProblem, kindOf, withCode } from "../record.js";

const NO_PROBLEM_WORDS = "全部“未发现问题”";
const KINDS = [["fine", "未发现问题"], ["other", "发现问题或其他情形"], ["no", "未检查此项"]];

export async function results(ctx) {
  const { draft } = ctx;
  const list = h("div", {});
  const paint = () => list.replaceChildren(...draft.data.results.map((one) => item(ctx, one.item)));
  paint();
  const all = async () => {
    const isAny = draft.data.results.some((one) => one.codes.length);
    if (isAny && !(await ctx.app.confirm("全部未发现问题", "已选的结果会被替换。", "替换"))) return;
    draft.change({ results: draft.data.results.map(asNothingFound) });
    paint();
  };
  return [!ctx.isReadOnly && button(NO_PROBLEM_WORDS, all), list, methods(ctx)];
}

function methods(ctx) {
  const change = (code, isOn) => {
    const rest = ctx.data().methods.filter((one) => one !== code);
    ctx.draft.change({ methods: isOn ? [...rest, code] : rest });
  };
  return ticks("核查方式（可多选）", ctx.draft.begun.codes.methods, ctx.data().methods, change, { disabled: ctx.isReadOnly });
}

const find = (ctx, id) => ctx.data().results.find((one) => one.item === id);

function item(ctx, id) {
  const { name, basis } = ctx.draft.begun.visit.items.find((one) => one.id === id) || { name: id };
  const title = `r-${id}`;
  const place = h("div", { class: "item", role: "group", "aria-labelledby": title }); // of eleven, none is a landmark
  const set = (changes, isRepaint = true) => {
    const next = ctx.data().results.map((one) => (one.item === id ? { ...one, ...changes } : one));
    ctx.draft.change({ results: next });
    if (isRepaint) paint();
  };
  const paint = () => {
    const focus = document.activeElement && place.contains(document.activeElement) ? [document.activeElement.name, document.activeElement.value] : null;
    place.replaceChildren(h("h2", { id: title }, name), h("p", { class: "note" }, basisWords(basis)), ...parts(ctx, find(ctx, id), set));
    if (focus) giveBack(place, focus[1]);
  };
  paint();
  return place;
}

// A tick that changed what stands below it keeps the focus.
function giveBack(place, value) {
  const again = [...place.querySelectorAll("input")].find((one) => one.value === value);
  if (again) again.focus({ preventScroll: true });
}

function parts(ctx, one, set) {
  const { codes } = ctx.draft.begun;
  const frozen = { disabled: ctx.isReadOnly };
  const kind = kindOf(one);
  const kinds = ticks("检查结论", KINDS, [kind], (code) => set(asKind(one, code)), { type: "radio", ...frozen });
  if (kind !== "other") return [kinds];
  const follow = (code, isOn) => set({ follow_ups: isOn ? [...one.follow_ups, code] : one.follow_ups.filter((other) => other !== code) });
  return [
    kinds,
    ticks("检查结果（可多选）", codes.results.filter(([code]) => code !== NO_PROBLEM), one.codes, (code, isOn) => set(withCode(one, code, isOn)), frozen),
    ...(isProblem(one) ? [text("发现问题情况", "problem"), text("处置情况", "handling")] : []),
    ticks("后续处置措施（可多选）", codes.follow_ups, one.follow_ups, follow, frozen),
  ];

  function text(label, name) {
    const area = h("textarea", { rows: "3", maxlength: "2000", value: one[name], ...frozen });
    area.addEventListener("input", () => set({ [name]: area.value }, false));
    return labelled(label, area);
  }
}
