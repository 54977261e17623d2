// 检查: the sheet of the visit, drawn by the form renderer; photos, signatures, places and codes inside it are ours.

import { button, h, labelled, tell } from "../dom.js";
import { canScan, codesOn, findPlace, placeWords } from "../camera.js";
import { sign } from "../pad.js";
import { mount } from "../../../checklists/form.js";
import { general, photoButton, picture, shown } from "./attachments.js";

export async function fill(ctx) {
  const { draft } = ctx;
  const { sheet } = draft.begun;
  const place = h("div", { class: "sheet" });
  if (sheet) {
    mount(place, sheet, draft.data.answers, {
      onChange: (answers) => draft.change({ answers }),
      widgets: widgets(ctx),
      readOnly: ctx.isReadOnly,
    });
  } else place.append(h("p", { class: "note" }, "本次检查没有检查表，请拍照并填写结果。"));
  return [place, general(ctx, "现场照片和录音")];
}

/** What the sheet itself still asks for, as sentences. */
export async function problemsOfSheet({ begun, data }) {
  if (!begun.sheet) return [];
  const form = mount(h("div"), begun.sheet, data.answers, { readOnly: true, onChange: () => {}, widgets: {} });
  return form.problems().map((one) => one.sentence || one);
}

export const widgets = () => ({ button, labelled, tell, canScan, codesOn, findPlace, placeWords, sign, photoButton, picture, shown });
