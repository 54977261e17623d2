// A form to be tried out; nothing is kept.
import { mount } from "./form.js";

const told = document.getElementById("told");
const sheet = JSON.parse(document.getElementById("sheet-data").textContent);
const form = mount(document.getElementById("sheet"), sheet, {}, { onChange: () => (told.textContent = "") });

document.getElementById("check").addEventListener("click", () => {
  const first = form.focusFirstProblem();
  const n = form.problems().length;
  told.textContent = first === null ? "没有发现问题，必填的题目都已填写。" : `还有${n}处需要填写或改正，已转到第一处。`;
});
