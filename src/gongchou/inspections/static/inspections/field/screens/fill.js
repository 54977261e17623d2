// 检查: the sheet of the visit, drawn by the form renderer; what it leaves to us stands in widgets.js.

import { h } from "../dom.js";
import { dayOf } from "../record.js";
import { fill as fillIn, formOf } from "../../../checklists/answers.js";
import { mount } from "../../../checklists/form.js";
import { general } from "./attachments.js";
import { widgets } from "./widgets.js";

const isAsking = (sheet) => Boolean(sheet && sheet.survey && sheet.survey.length);

export async function fill(ctx, more) {
  const { draft } = ctx;
  const { sheet } = draft.begun;
  const place = h("section", {});
  if (!isAsking(sheet)) place.append(h("p", { class: "note" }, "本次检查没有检查表，请拍照并填写结果。"));
  else {
    const form = mount(place, sheet, draft.data.typed, {
      onChange: (one) => draft.change({ answers: one.answers(), typed: one.draft() }),
      widgets: widgets(ctx),
      readOnly: ctx.isReadOnly,
      today: dayOf(draft.record),
    });
    if (more === "first") setTimeout(() => form.focusFirstProblem());
  }
  return [place, general(ctx, "现场照片和录音")];
}

/** What the sheet itself still asks for, as sentences. */
export function problemsOfSheet({ begun: { sheet }, data, record }) {
  if (!isAsking(sheet)) return [];
  const { problems } = fillIn(formOf(sheet), data.typed, dayOf(record));
  return problems.map(({ path }) => `“${labelOf(sheet, path)}”需要填写或改正。`);
}

function labelOf({ survey }, path) {
  const name = path.split("/").pop();
  return (survey.find((row) => row.name === name) || {}).label || name;
}
