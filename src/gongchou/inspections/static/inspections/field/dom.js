// Elements made by code: what is typed anywhere stays text and can never become markup.

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/** An element with attributes (`onclick` and its like take a function) and children; empty children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false && one !== ""));
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  return element;
}

export const button = (words, onclick, className = "", more = {}) =>
  h("button", { type: "button", class: className, onclick, ...more }, words);

export const fact = (name, ...value) => h("div", {}, h("dt", {}, name), h("dd", {}, ...value));

let nLabels = 0;

/** A labelled control; `note` stands below it and is read out with it. */
export function labelled(words, control, note = "") {
  control.id = control.id || `c${++nLabels}`;
  const below = note && h("p", { class: "note", id: `${control.id}-note` }, note);
  if (below) control.setAttribute("aria-describedby", below.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, words), control, below);
}

/** A group of ticks or of one choice: `options` are pairs of code and words, `chosen` the codes that are on. */
export function ticks(legend, options, chosen, onchange, { type = "checkbox", disabled = false } = {}) {
  const name = `g${++nLabels}`;
  const boxes = options.map(([code, words]) => {
    const box = h("input", { type, name, value: code, checked: chosen.includes(code), disabled });
    box.addEventListener("change", () => onchange(code, box.checked));
    return h("label", { class: "tick" }, box, h("span", {}, words));
  });
  return h("fieldset", { class: "field" }, h("legend", {}, legend), ...boxes);
}

/** Ask before something that cannot be taken back. Resolves to the code of the button; empty when it was closed. */
export function choose(title, text, buttons) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
    const end = (code) => {
      dialog.remove();
      resolve(code);
    };
    dialog.append(
      h("h2", { id: "dialog-title" }, title),
      ...[text].flat().map((one) => h("p", {}, one)),
      h("div", { class: "stacked" }, ...buttons.map(([code, words, look = ""]) => button(words, () => end(code), look))),
    );
    dialog.addEventListener("cancel", () => end(""));
    document.body.append(dialog);
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
  });
}

export const tell = (title, text) => choose(title, text, [["ok", "知道了", "primary"]]);

/** Give a file to whoever holds the phone. */
export function handOut(name, type, parts) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
