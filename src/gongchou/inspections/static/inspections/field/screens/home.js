// 今日检查: what is in hand, by day; one button takes everything for where there is no network.

import { button, h, labelled } from "../dom.js";
import { day, moment } from "../bytes.js";
import { findPlace, metresBetween } from "../camera.js";
import { stateWords } from "../record.js";

const WEEK = "日一二三四五六";

export async function home(app) {
  if (!app.vault || !app.pkg) return { title: "今日检查", isLive: true, body: nobody(app) };
  const records = await app.vault.all("records");
  const list = h("div", { id: "visits" });
  const fill = () => list.replaceChildren(...groups(app, records));
  const search = h("input", { type: "search", value: app.search || "", autocomplete: "off", enterkeyhint: "search" });
  search.addEventListener("input", () => {
    app.search = search.value;
    fill();
  });
  fill();
  return { title: "今日检查", isLive: true, body: [taken(app), labelled("查找（名称、地址、代码）", search), near(app, fill), list] };
}

const nobody = (app) => [
  h("p", {}, app.isBusy ? "正在取得检查资料……" : "本机还没有检查资料。请连接网络，登录后下载。"),
  button("下载离线包", () => app.sync(true), "primary wide", { disabled: app.isBusy }),
  !app.isBusy && app.fault && h("p", { class: "fault", role: "status" }, app.fault.sentence),
];

function taken(app) {
  const { visits, taken_at } = app.pkg;
  return h(
    "div",
    { class: "taken" },
    h("p", {}, `离线包：${moment(taken_at)} 取得，${visits.length} 户。`, readiness()),
    button(app.isBusy ? "正在下载……" : "下载离线包", () => app.sync(true), "", { disabled: app.isBusy }),
  );
}

// What is promised is true: the page opens without a network once the worker has all of it, not before.
function readiness() {
  if (!("serviceWorker" in navigator)) return "没有网络时请不要关闭本页。";
  const told = h("span", {}, "正在准备离线打开……");
  navigator.serviceWorker.ready.then(() => (told.textContent = "没有网络也能打开和填写。"));
  return told;
}

// Only asked for where it would tell something: not every platform knows where its objects are.
function near(app, fill) {
  if (app.place || !app.pkg.visits.some(({ subject }) => subject.lat !== undefined && subject.lat !== null)) return "";
  const own = button("按距离排列", async () => {
    app.place = await findPlace();
    own.remove();
    fill();
  });
  return own;
}

function metresTo({ subject }, place) {
  if (!place || place.lat === undefined || subject.lat === undefined || subject.lat === null) return null;
  return metresBetween(place, subject);
}

const fits = (visit, words) => {
  const { subject } = visit;
  const text = [subject.name, subject.address, subject.code, subject.number].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
};

function groups(app, records) {
  const words = (app.search || "").toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...app.pkg.visits, ...gone(app, records)].filter((visit) => fits(visit, words));
  if (!found.length) return [h("p", { class: "note" }, words.length ? "没有符合的检查。" : "目前没有分派给您的检查。")];
  const days = [...new Set(found.map(({ visit_on }) => visit_on || ""))].sort((a, b) => (a || "9999").localeCompare(b || "9999"));
  return days.map((one) => group(app, one, found.filter(({ visit_on }) => (visit_on || "") === one), records));
}

// Visits that are no longer in the package, but of which something lies here that has not been sent.
const gone = (app, records) =>
  records
    .filter(({ visit }) => !app.pkg.visits.some(({ id }) => id === visit))
    .map(({ visit, name }) => ({ id: visit, isGone: true, subject: { name, address: "已不在您的清单上，本机还有记录" }, visit_on: "" }));

function group(app, on, visits, records) {
  const near = visits.map((visit) => [metresTo(visit, app.place), visit]);
  near.sort((a, b) => (a[0] === null ? 1 : b[0] === null ? -1 : a[0] - b[0]));
  return h("section", {}, h("h2", {}, dayWords(on)), h("ul", { class: "cards" }, ...near.map((one) => card(...one, records))));
}

function dayWords(on) {
  if (!on) return "尚未定日期";
  const at = new Date(`${on}T00:00`);
  const today = on === day(new Date()) ? "今天 " : "";
  return `${today}${at.getMonth() + 1}月${at.getDate()}日（周${WEEK[at.getDay()]}）`;
}

function card(metres, visit, records) {
  const { subject } = visit;
  const record = records.find((one) => one.visit === visit.id);
  const far = metres === null ? "" : metres < 1000 ? `${Math.round(metres)} 米` : `${(metres / 1000).toFixed(1)} 公里`;
  const href = visit.isGone ? `#/record/${record.id}` : `#/visit/${visit.id}`;
  return h(
    "li",
    {},
    h(
      "a",
      { href, class: "card" },
      h("strong", {}, subject.name),
      h("span", { class: "note" }, [subject.address, far].filter(Boolean).join(" · ")),
      h("span", { class: "marks" }, ...marks(visit, record)),
    ),
  );
}

const mark = (words, look = "") => h("span", { class: `mark ${look}` }, words);

function* marksOf(visit, record) {
  if (visit.is_test) yield mark("演练");
  if (record) yield mark(stateWords(record), record.state === "stuck" ? "bad" : record.state === "received" ? "good" : "open");
  if (visit.held && visit.held.state === "returned") yield mark("已退回", "bad");
  else if (!record && visit.held) yield mark("平台已有记录", "good");
  if (visit.items) yield mark(`${visit.items.length} 项`);
  if (visit.others && visit.others.length) yield mark(`联合 ${visit.others.length + 1} 家`);
  if (visit.warnings && visit.warnings.length) yield mark("有提示", "open");
  if (visit.due_on) yield mark(`${visit.due_on.slice(5)} 前`);
}

const marks = (visit, record) => [...marksOf(visit, record)];
