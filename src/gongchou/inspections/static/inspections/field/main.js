// 现场检查: the page that inspectors have on the phone. This file starts it, shows one screen at a time and keeps in touch.

import { button, choose, h } from "./dom.js";
import { iso, moment } from "./bytes.js";
import { findVault, openDatabase, readPlain, writePlain } from "./vault.js";
import { takePackage } from "./package.js";
import { isDue, sendAll } from "./queue.js";
import { hold, isAnyHeld } from "./locks.js";
import { isPending } from "./record.js";
import { Fault, isSignedOut } from "./wire.js";
import { watchForUpdates } from "./updates.js";
import { home } from "./screens/home.js";
import { badge, visit } from "./screens/visit.js";
import { record } from "./screens/record.js";
import { queue } from "./screens/queue.js";
import { me } from "./screens/me.js";

const SCREENS = { "": home, visit, badge, record, queue, me };
const EVERY_MS = 20000;
const CLOCK_MS = 5 * 60 * 1000;
const SLOW_MS = 3000;
const LONGEST_MS = 15 * 60 * 1000;
const STALE_MS = 10 * 60 * 1000; // each taking of the package is a line in the log
const app = {
  db: null, vault: null, pkg: null, screen: null, draft: null,
  fault: null, lastSync: "", isBusy: false, isSignedOut: false, update: null,
  nFailed: 0, waitUntil: 0,
};

app.met = new Promise((resolve) => {
  app.meet = () => {
    app.isMet = true;
    resolve();
  };
});

// Showing ----------------------------------------------------------------------------------------

const where = () => location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);

app.go = (path) => {
  if (location.hash === path) show();
  else location.hash = path;
};

let nShown = 0;

// Whoever opened the page may be somebody else than was here last: nothing is shown until the platform has said who it
// is, or there is no platform to ask. Where the network is so slow that nobody knows, she says so herself.
async function meetFirst() {
  if (!app.vault || !app.pkg) return app.meet();
  const { name } = app.pkg.user;
  const own = button(`网络不好，我是${name}，先用本机内容`, () => app.meet(), "wide");
  const text = h("p", { role: "status" }, "正在核对登录身份……");
  document.getElementById("main").replaceChildren(h("h1", {}, "现场检查"), text);
  setTimeout(() => text.after(own), SLOW_MS);
  return app.met;
}

/** Show the screen of the address; `isQuiet`: the same screen anew, without taking the focus anywhere. */
async function show(isQuiet = false) {
  const mine = ++nShown;
  const [name, ...rest] = where();
  const draft = app.draft;
  if (draft && !(name === "record" && rest[0] === draft.record.id)) {
    app.draft = null;
    await draft.close();
  }
  const screen = await (SCREENS[name] || home)(app, ...rest);
  if (mine !== nShown) return; // somebody went on meanwhile
  app.screen = screen;
  const scroll = window.scrollY;
  const heading = h("h1", { tabindex: "-1" }, screen.title);
  const main = document.getElementById("main");
  const focused = buttonsOf(main).indexOf(document.activeElement);
  main.replaceChildren(screen.back ? h("a", { class: "back", href: screen.back }, "‹ 返回") : "", heading, ...screen.body.filter(Boolean));
  document.title = `${screen.title} · 现场检查`;
  if (isQuiet) {
    window.scrollTo(0, scroll);
    giveBackFocus(main, focused);
  } else {
    window.scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  }
  await showFrame();
  if (app.update) app.update();
}

app.show = () => show(true);

const buttonsOf = (main) => [...main.querySelectorAll("button, a, input, textarea, summary")];

// A screen that was drawn anew leaves the focus where it was, as near as can be.
function giveBackFocus(main, at) {
  const again = at < 0 ? null : buttonsOf(main)[at];
  if (again) again.focus({ preventScroll: true });
}

async function showFrame() {
  const records = app.vault ? await app.vault.all("records") : [];
  const n = records.filter(isPending).length;
  const here = where()[0];
  for (const link of document.querySelectorAll("[data-tab]")) {
    const isHere = link.dataset.tab === (here === "queue" || here === "me" ? here : "");
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const count = document.getElementById("count");
  count.textContent = n ? `同步（${n}）` : "同步";
  app.records = records;
  showBanners(records);
}

function banner(look, ...children) {
  return h("div", { class: `banner ${look}`, role: "status" }, ...children);
}

function* bannersOf(records) {
  if (app.isSignedOut) {
    const words = app.vault ? "登录已过期，请重新登录。本机的内容都还在，登录后继续同步。" : "请先登录。";
    yield banner("warn", words, " ", h("a", { href: "/account/login/?next=/field/" }, app.vault ? "重新登录" : "登录"));
  }
  if (!("serviceWorker" in navigator)) {
    yield banner("warn", "当前应用不支持离线打开，请在浏览器中打开本页。已填写的内容照常保存在本机，关闭前请先同步。");
  }
  if (app.unsaved) {
    const why = app.unsaved.name === "QuotaExceededError" ? "手机存储空间已满" : `本机不能保存（${app.unsaved.message}）`;
    yield banner("fault", `${why}，最近的改动还没有存下。请不要关闭本页：先清理空间，或在“提交”一步导出本记录。`);
  }
  const minutes = app.pkg ? Math.round(app.pkg.offset_ms / 60000) : 0;
  if (Math.abs(minutes) * 60000 > CLOCK_MS) {
    const words = minutes > 0 ? "慢" : "快";
    yield banner("warn", `手机时间比平台${words}约 ${agreed(Math.abs(minutes))}，请校准。记录以平台时间为准。`);
  }
  if (app.vault && app.vault.nUnreadable) yield banner("warn", "有记录不能用现在的密钥打开，仍保留在本机。请告诉系统管理员。");
  if (app.vault && records.some(({ state }) => state === "stuck") && where()[0] !== "queue") {
    yield banner("warn", "有记录没有被平台接收，", h("a", { href: "#/queue" }, "去处理"));
  }
}

const agreed = (minutes) => {
  if (minutes < 120) return `${minutes} 分钟`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} 小时` : `${Math.round(minutes / 1440)} 天`;
};

let shownBanners = "";

function showBanners(records) {
  const made = [...bannersOf(records)];
  const text = made.map((one) => one.textContent).join("\n");
  if (text === shownBanners) return; // what is read out is read out once
  shownBanners = text;
  document.getElementById("banners").replaceChildren(...made);
}

app.showBanners = () => showBanners(app.records || []);

// Keeping in touch -------------------------------------------------------------------------------

function noteFault(error) {
  const fault = error instanceof Fault ? error : new Fault(0, "phone", `本机出错：${error.message}`);
  app.fault = fault;
  app.nFailed += 1;
  app.waitUntil = Date.now() + Math.min(EVERY_MS * 2 ** app.nFailed, LONGEST_MS);
  if (isSignedOut(fault)) app.isSignedOut = true;
}

/** Take the package; whoever is signed in now is whose phone this is. */
async function refresh() {
  const before = app.vault && app.vault.user;
  const { vault, pkg } = await takePackage(app.db, app.vault);
  Object.assign(app, { vault, pkg, isSignedOut: false, fault: null, nFailed: 0, waitUntil: 0 });
  if (before && before !== vault.user) {
    if (app.draft && app.draft.letGo) app.draft.letGo();
    app.draft = null; // what was open was somebody else's
    app.lastSync = (await readPlain(app.db, `synced/${vault.user}`)) || "";
    location.hash = "#/";
  }
}

// A package that the platform cannot put together holds up no record, where it was said before who she is.
async function refreshFirst() {
  try {
    await refresh();
    app.known = app.vault.user;
  } catch (error) {
    if (!(error.status >= 500 && app.vault && app.known === app.vault.user)) throw error;
  }
}

/** Take and send. `isAsked`: somebody pressed the button; then no waiting time counts. Never two at once, in any tab. */
app.sync = async (isAsked = false) => {
  if (app.isBusy) return;
  app.isBusy = true;
  repaint();
  const letGo = await hold(app.db, "sync");
  try {
    // First of all: who is signed in? Nobody's record goes under another's name.
    if (app.draft) await app.draft.flush();
    await refreshFirst();
    app.meet();
    if (letGo) app.fault = await sendAll(app.vault, { isAsked, onStep: repaint });
    app.lastSync = iso();
    await writePlain(app.db, `synced/${app.vault.user}`, app.lastSync);
  } catch (error) {
    noteFault(error);
  } finally {
    if (letGo) letGo();
    app.isBusy = false;
    app.meet();
    repaint();
  }
};

function repaint() {
  if (!app.isMet) return;
  const isTyping = document.activeElement && document.activeElement.matches("main input, main textarea, main select");
  if (app.screen && app.screen.isLive && !isTyping) show(true);
  else showFrame();
}

app.statusWords = () => {
  const count = (is) => (app.records || []).filter(is).length;
  const nDrafts = count(({ state }) => state === "draft");
  const parts = [`待同步 ${count(isPending)} 条${nDrafts ? `，填写中 ${nDrafts} 条` : ""}`, app.lastSync ? `上次同步 ${moment(app.lastSync)}` : "还没有同步过"];
  if (app.fault) parts.push(`失败原因：${app.fault.sentence}`);
  return parts;
};

const isAnyDue = async () => app.vault && (await app.vault.all("records")).some((one) => isDue(one, Date.now()));

/** By the clock: send what is due, less and less often where the platform does not answer. */
async function syncByClock() {
  if (document.visibilityState === "hidden" || app.isSignedOut || Date.now() < app.waitUntil) return;
  if (await isAnyDue()) await app.sync();
}

/** Something happened (a network came, somebody looks): send what is due, and take the package anew where it is old. */
async function syncNow() {
  const age = app.pkg ? Date.now() - Date.parse(app.pkg.taken_at) : Infinity;
  if (age > STALE_MS || app.nFailed || (await isAnyDue())) await app.sync();
}

function keepInTouch() {
  window.addEventListener("online", syncNow);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") syncNow();
    else if (app.draft) app.draft.flush();
  });
  window.addEventListener("pagehide", () => app.draft && app.draft.flush());
  setInterval(syncByClock, EVERY_MS);
}

// Starting ---------------------------------------------------------------------------------------

const cannot = (text) => document.getElementById("main").replaceChildren(h("h1", {}, "不能使用"), h("p", {}, text));

async function start() {
  if (!window.isSecureContext || !window.indexedDB || !(window.crypto && crypto.subtle)) {
    return cannot("此页面需要通过 HTTPS 打开，并使用较新的浏览器（如 Chrome 90 以上）。请联系系统管理员。");
  }
  app.db = await openDatabase(() => cannot("页面已更新，请关闭本窗口后重新打开。"));
  app.vault = await findVault(app.db);
  if (app.vault) {
    app.pkg = await app.vault.get("packages", app.vault.user);
    app.lastSync = (await readPlain(app.db, `synced/${app.vault.user}`)) || "";
  }
  app.update = watchForUpdates(() => isAnyHeld(app.db, "draft/"));
  app.sync();
  await meetFirst();
  window.addEventListener("hashchange", () => show());
  await show();
  keepInTouch();
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
}

app.confirm = (title, text, words) => choose(title, text, [["yes", words, "danger"], ["", "取消"]]).then((code) => code === "yes");
app.button = button;

start().catch((error) => cannot(`页面没有启动：${error.message}。请关闭其他窗口后重新打开。`));
