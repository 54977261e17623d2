// Draws a form, or a merged sheet, into a page and keeps what is typed (spec/forms.md section 3).
//
//   const form = mount(element, sheet, answers, { onChange, widgets, readOnly, today });
//   form.answers()             what counts, as it is sent: clean, with what was computed, without what is not asked
//   form.draft()               everything typed, also what is hidden now: to go on with later
//   form.problems()            [{ path, code, facts }], in the order of the form
//   form.progress()            { done, total } of the questions that are asked now
//   form.focusFirstProblem()   shows all problems, goes to the first, and gives its path, or null
//
// widgets: { image, signature, geopoint, barcode }, each called with a slot { row, path, value, readOnly, element, label,
// set(value) } to fill `element` in; it may return a function that is told the value after each change from outside.
// onChange(form, path) is called after each change. today: YYYY-MM-DD, the day of the visit.
import { fill, formOf } from "./answers.js";
import { stripped } from "./expressions.js";

const SLOTS = ["image", "signature", "geopoint", "barcode"];
const NOT_ASKED = ["note", "calculate", "begin_group", "begin_repeat"];
const SLOT_WORDS = { image: "照片", signature: "签名", geopoint: "定位", barcode: "扫码" };
const MISSING = {
  select_one: "请选择一项。", select_multiple: "请至少选择一项。", image: "请至少拍一张照片。", signature: "请签名。",
  geopoint: "请记录位置。", barcode: "请扫码或输入号码。", begin_repeat: "请至少填写一项。",
};
const TYPES = {
  integer: "请填写整数，例如 12。", decimal: "请填写数，例如 12.5，小数最多6位。", date: "请填写完整的日期。",
  time: "请填写完整的时间。", geopoint: "位置不完整，请重新定位。",
};
const SENTENCES = {
  missing: ({ kind }) => MISSING[kind] || "这一题必须填写。",
  type: ({ kind }) => TYPES[kind] || "填写的内容不能识别，请重新填写。",
  choice: () => "原来选的一项已不在表上，请重新选择。",
  long: (entry, { most }) => `超过${most}字，请缩短。`,
  many: (entry, { most }) => `最多${most}项，请删去多余的。`,
  constraint: (entry, { message }) => message || "填写的内容不符合要求，请核对。",
};

let n_mounted = 0;

// Elements: words only ever become text

function make(tag, attributes, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name in made && name !== "role") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== ""));
  return made;
}

const button = (words, className, onclick) => make("button", { type: "button", className, onclick }, words);

const two = (number) => String(number).padStart(2, "0");

function localToday() {
  const now = new Date();
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// A number as people type it, full width and with idle zeros, as it is kept; what is no number stays as it is.
export function asNumber(text) {
  const plain = stripped(text.normalize("NFKC"));
  const found = /^([+-]?)0*([0-9]+)(?:\.([0-9]*))?$/.exec(plain);
  if (!found) return plain;
  const part = (found[3] || "").replace(/0+$/, "");
  const sign = found[1] === "-" && (found[2] !== "0" || part) ? "-" : "";
  return sign + found[2] + (part && "." + part);
}

class Sheet {
  constructor(element, sheet, answers, options) {
    this.form = formOf(sheet);
    this.forms = sheet.forms || [];
    this.options = options;
    this.typed = JSON.parse(JSON.stringify(answers || {}));
    this.today = options.today || localToday();
    this.prefix = `sheet-${(n_mounted += 1)}-`;
    this.n_ids = 0;
    this.views = new Map();
    this.touched = new Set();
    this.sections = [];
    this.isRevealed = false;
    this.bar = make("progress", { "aria-label": "填写进度" });
    this.count = make("span");
    const head = make("div", { className: "sheet-progress" }, this.bar, this.count);
    this.root = make("div", { className: "sheet" }, head, ...this.inside("", "", this.typed, 2));
    element.replaceChildren(this.root);
    this.refresh();
    for (const view of this.views.values()) if (view.shown && !view.element.hidden) view.shown();
  }

  id() {
    this.n_ids += 1;
    return this.prefix + this.n_ids;
  }

  // Drawing

  inside(around, path, holder, level) {
    const entries = Array.from(this.form.entries.values()).filter((one) => one.around === around);
    return entries.map((entry) => this.draw(entry, path, holder, level)).filter(Boolean);
  }

  draw(entry, path, holder, level) {
    const view = { entry, path: path + entry.name, holder, value: () => holder[entry.name] };
    const drawing = { begin_group: "group", begin_repeat: "repeat", note: "note", calculate: "computed" };
    view.element = this[drawing[entry.kind] || "question"](view, path, level);
    if (!view.element) return null;
    this.views.set(view.path, view);
    return view.element;
  }

  group(view, path, level) {
    const id = this.id();
    const { row } = view.entry;
    const told = make("span", { className: "sheet-count" });
    const head = make(`h${Math.min(level, 6)}`, { id }, row.label || "", " ", told);
    if (level === 2) this.sections.push({ view, told });
    const inside = this.inside(view.entry.name, path, view.holder, level + 1);
    const hint = row.hint ? make("p", { className: "sheet-hint" }, row.hint) : null;
    return make("section", { className: "sheet-group", "aria-labelledby": id }, head, hint, ...inside);
  }

  note({ entry }) {
    const hint = entry.row.hint ? make("span", { className: "sheet-hint" }, entry.row.hint) : "";
    return make("p", { className: "sheet-note" }, entry.row.label || "", hint);
  }

  computed(view) {
    if (!view.entry.row.label) return null;
    const output = make("output", { className: "sheet-output" });
    view.update = (value) => {
      output.textContent = value || "—";
    };
    return make("p", { className: "sheet-note" }, `${view.entry.row.label}：`, output);
  }

  question(view) {
    const { row, kind } = view.entry;
    const isChoice = kind.startsWith("select_");
    const isSlot = SLOTS.includes(kind);
    Object.assign(view, { controlId: this.id(), labelId: this.id(), problemId: this.id(), hintId: row.hint ? this.id() : "" });
    view.describedBy = `${view.hintId} ${view.problemId}`.trim();
    const must = row.required ? make("span", { className: "sheet-must" }, "必填") : null;
    const words = [row.label || "", must];
    const told = [row.hint ? make("p", { className: "sheet-hint", id: view.hintId }, row.hint) : null];
    view.problem = make("p", { className: "sheet-problem", id: view.problemId, role: "alert" });
    const body = isChoice ? this.choices(view) : isSlot ? this.slot(view) : this.control(view);
    const rest = [...told, body, view.problem, this.basis(row)];
    if (isChoice || isSlot) {
      const legend = make("legend", { id: view.labelId }, ...words);
      return make("fieldset", { className: "sheet-question", "aria-describedby": view.describedBy }, legend, ...rest);
    }
    const label = make("label", { htmlFor: view.controlId, id: view.labelId }, ...words);
    return make("div", { className: "sheet-question" }, label, ...rest);
  }

  basis(row) {
    const names = (row.serves || []).map((one) => this.forms[one.form - 1]).filter(Boolean).map((one) => one.name);
    const shared = names.length > 1 ? make("p", {}, `同时用于：${Array.from(new Set(names)).join("、")}`) : null;
    if (!row.basis && !row.severity && !shared) return null;
    const head = make("summary", {}, row.basis ? "检查依据" : "说明", row.severity ? ` · ${row.severity}` : "");
    return make("details", { className: "sheet-basis" }, head, row.basis ? make("p", {}, row.basis) : null, shared);
  }

  control(view) {
    const { kind, row } = view.entry;
    const { readOnly } = this.options;
    const isNumber = kind === "integer" || kind === "decimal";
    const more = kind === "text" ? { rows: row.appearance === "multiline" ? 4 : 1 } : { type: isNumber ? "text" : kind };
    if (isNumber) more.inputMode = kind === "integer" ? "numeric" : "decimal";
    const value = view.value();
    const made = make(kind === "text" ? "textarea" : "input", {
      ...more, id: view.controlId, value: typeof value === "string" ? value : "", readOnly: Boolean(readOnly),
      "aria-describedby": view.describedBy, autocomplete: "off",
    });
    if (row.required) made.setAttribute("aria-required", "true");
    const read = () => (isNumber ? asNumber(made.value) : kind === "time" ? made.value.slice(0, 5) : made.value);
    const fit = () => {
      if (kind !== "text") return;
      made.style.height = "auto";
      made.style.height = `${made.scrollHeight + 2}px`;
    };
    made.addEventListener("input", () => {
      this.put(view, read(), true);
      fit();
    });
    made.addEventListener("change", () => {
      if (isNumber) made.value = read();
      this.put(view, read());
    });
    view.mark = (isWrong) => made.setAttribute("aria-invalid", String(isWrong));
    view.shown = fit;
    return made;
  }

  choices(view) {
    const { entry } = view;
    const isOne = entry.kind === "select_one";
    const had = [].concat(view.value() || []);
    const boxes = entry.choices.map((one) =>
      make("input", {
        type: isOne ? "radio" : "checkbox", name: view.controlId, value: one.name, id: this.id(),
        checked: had.includes(one.name), disabled: Boolean(this.options.readOnly),
      })
    );
    const read = () => boxes.filter((one) => one.checked).map((one) => one.value);
    const put = () => this.put(view, isOne ? read()[0] || "" : read());
    const clear = button("清除选择", "sheet-clear", () => {
      boxes.forEach((one) => (one.checked = false));
      put();
      boxes[0].focus();
    });
    clear.setAttribute("aria-label", `清除选择：${entry.row.label}`);
    view.update = () => (clear.hidden = !isOne || Boolean(this.options.readOnly) || !read().length);
    const labels = boxes.map((box, at) =>
      make("label", { className: "sheet-option", htmlFor: box.id }, box, make("span", {}, entry.choices[at].label))
    );
    const place = make("div", { className: "sheet-options" }, ...labels);
    place.addEventListener("change", put);
    return make("div", {}, place, clear);
  }

  slot(view) {
    const { kind, row } = view.entry;
    const element = make("div", { className: "sheet-slot" });
    const widget = (this.options.widgets || {})[kind];
    if (!widget) {
      element.append(`${SLOT_WORDS[kind]}在现场填写时使用。`);
      return element;
    }
    const set = (value) => this.put(view, value);
    const { path } = view;
    const given = { row, path, element, set, label: row.label, value: view.value(), readOnly: Boolean(this.options.readOnly) };
    view.update = widget(given) || undefined;
    return element;
  }

  repeat(view, path, level) {
    const { entry, holder } = view;
    const id = this.id();
    view.problem = make("p", { className: "sheet-problem", role: "alert" });
    view.rounds = make("div");
    const add = button(`再加一项：${entry.row.label}`, "sheet-add", () => {
      const rounds = Array.isArray(holder[entry.name]) ? holder[entry.name] : (holder[entry.name] = []);
      rounds.push({});
      this.touched.add(view.path);
      this.redraw(view, level);
      this.focusIn(view.rounds.lastElementChild);
      this.changed(view.path);
    });
    this.redraw(view, level);
    const head = make(`h${Math.min(level, 6)}`, { id }, entry.row.label || "");
    const hint = entry.row.hint ? make("p", { className: "sheet-hint" }, entry.row.hint) : null;
    const more = this.options.readOnly ? null : add;
    const inside = [head, hint, view.rounds, more, view.problem].filter(Boolean);
    return make("section", { className: "sheet-group", "aria-labelledby": id }, ...inside);
  }

  redraw(view, level) {
    for (const path of Array.from(this.views.keys())) if (path.startsWith(`${view.path}/`)) this.views.delete(path);
    const rounds = Array.isArray(view.value()) ? view.value() : [];
    view.rounds.replaceChildren(...rounds.map((round, at) => this.round(view, rounds, at, level)));
  }

  round(view, rounds, at, level) {
    const { entry } = view;
    const name = `${entry.row.label || ""} ${at + 1}`;
    const remove = button(`删除${name}`, "sheet-remove", () => {
      if (Object.keys(rounds[at]).length && !window.confirm(`删除“${name}”和其中填写的内容？`)) return;
      rounds.splice(at, 1);
      this.redraw(view, level);
      view.element.querySelector(".sheet-add").focus();
      this.changed(view.path);
    });
    const inside = this.inside(entry.name, `${view.path}/${at}/`, rounds[at], level + 1);
    const more = this.options.readOnly ? null : remove;
    return make("fieldset", { className: "sheet-round" }, make("legend", {}, name), ...inside, more);
  }

  // Keeping

  put(view, value, isQuiet = false) {
    if (value === undefined || value === null || value.length === 0) delete view.holder[view.entry.name];
    else view.holder[view.entry.name] = value;
    if (!isQuiet) this.touched.add(view.path);
    this.changed(view.path);
  }

  changed(path) {
    this.refresh();
    if (this.options.onChange) this.options.onChange(this, path);
  }

  refresh() {
    this.filled = fill(this.form, this.typed, this.today);
    const problems = new Map(this.filled.problems.map((one) => [one.path, one]));
    for (const view of this.views.values()) {
      const wasHidden = view.element.hidden;
      view.element.hidden = !this.filled.relevant.has(view.path);
      if (view.update) view.update(this.kept(view.path));
      if (view.shown && wasHidden && !view.element.hidden) view.shown();
      this.tell(view, problems.get(view.path));
    }
    this.tellProgress();
  }

  kept(path) {
    return path.split("/").reduce((found, name) => (found === undefined ? undefined : found[name]), this.filled.answers);
  }

  tell(view, problem) {
    if (!view.problem) return;
    const isTold = Boolean(problem) && (this.isRevealed || this.touched.has(view.path));
    const words = isTold ? SENTENCES[problem.code](view.entry, problem.facts) : "";
    if (view.problem.textContent !== words) view.problem.textContent = words;
    view.element.classList.toggle("is-wrong", isTold);
    if (view.mark) view.mark(isTold);
  }

  progress(within = this.root) {
    const asked = Array.from(this.views.values()).filter(
      (one) => !NOT_ASKED.includes(one.entry.kind) && this.filled.relevant.has(one.path) && within.contains(one.element)
    );
    return { done: asked.filter((one) => this.kept(one.path) !== undefined).length, total: asked.length };
  }

  tellProgress() {
    const { done, total } = this.progress();
    Object.assign(this.bar, { max: Math.max(1, total), value: done });
    this.count.textContent = `已填 ${done}/${total} 题`;
    for (const { view, told } of this.sections) {
      const own = this.progress(view.element);
      told.textContent = `${own.done}/${own.total}`;
    }
  }

  // For the host page

  answers() {
    return JSON.parse(JSON.stringify(this.filled.answers));
  }

  draft() {
    return JSON.parse(JSON.stringify(this.typed));
  }

  problems() {
    return this.filled.problems.slice();
  }

  focusIn(element) {
    const found = element.querySelector("input, textarea, button, [tabindex], summary");
    if (!found) return;
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "center", behavior: "instant" });
  }

  focusFirstProblem() {
    this.isRevealed = true;
    this.refresh();
    const first = this.filled.problems.find((one) => this.views.has(one.path));
    if (!first) return null;
    this.focusIn(this.views.get(first.path).element);
    return first.path;
  }
}

export function mount(element, sheet, answers = {}, options = {}) {
  return new Sheet(element, sheet, answers, options);
}
