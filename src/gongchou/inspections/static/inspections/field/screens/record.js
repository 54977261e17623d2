// One record, step by step. The record stays open (and locked) from the first step to the last.

import { button, choose, h, tell } from "../dom.js";
import { Draft } from "../draft.js";
import { exportRecord } from "../export.js";
import { isInspected } from "../record.js";
import { entry } from "./entry.js";
import { fill } from "./fill.js";
import { results } from "./results.js";
import { signing } from "./signing.js";
import { finish } from "./finish.js";

const STEPS = { entry: ["进场", entry], fill: ["检查", fill], results: ["结果", results], signing: ["签名", signing], finish: ["提交", finish] };

export async function record(app, id, step = "", more = "") {
  const draft = app.draft && app.draft.record.id === id ? app.draft : await open(app, id);
  if (!draft) return { title: "没有这份记录", back: "#/", body: [h("p", {}, "它不在本机，或属于另一位检查人员。")] };
  app.draft = draft;
  const name = STEPS[step] ? step : draft.record.state === "draft" ? "entry" : "finish";
  const body = h("div", { class: "step" });
  const ctx = { app, draft, data: () => draft.data, isReadOnly: draft.isReadOnly, again: () => app.show(), room: (error) => full(app, draft, error) };
  body.append(...(await STEPS[name][1](ctx, more)).filter(Boolean));
  return {
    title: draft.record.name,
    back: draft.begun.visit ? `#/visit/${draft.record.visit}` : "#/",
    body: [steps(draft, name), state(app, draft), body, name !== "finish" && next(draft, name)],
  };
}

const open = (app, id) => app.vault && Draft.open(app.vault, id, (error) => trouble(app, error));

// A change that did not get onto the phone is said at once, and again until it did.
function trouble(app, error) {
  app.unsaved = error;
  app.showBanners();
}

async function full(app, draft, error) {
  const title = error.name === "QuotaExceededError" ? "手机存储空间已满" : "没有完成";
  if (error.name !== "QuotaExceededError") return tell(title, error.message);
  const said = await choose(title, "这项内容没有存下。可先导出本记录（含附件），再清理手机空间。", [["export", "导出本记录", "primary"], ["", "关闭"]]);
  if (said === "export") await exportRecord(app.vault, draft.record, draft.loose);
}

const isNeeded = (draft, name) => isInspected(draft.data) || !["fill", "results"].includes(name);
const stepsOf = (draft) => Object.entries(STEPS).filter(([name]) => isNeeded(draft, name));

function steps(draft, here) {
  const links = stepsOf(draft).map(([name, [words]]) =>
    h("li", {}, h("a", { href: `#/record/${draft.record.id}/${name}`, "aria-current": name === here ? "step" : null }, words)),
  );
  return h("nav", { "aria-label": "步骤", class: "steps" }, h("ol", {}, ...links));
}

function state(app, draft) {
  if (draft.isElsewhere) {
    const again = async () => {
      await draft.close();
      app.draft = null;
      app.show();
    };
    return h("div", { class: "banner warn" }, h("p", {}, "这份记录正在另一个窗口填写（或正在同步），这里只能查看。"), button("重新打开", again));
  }
  if (draft.isReadOnly) return h("p", { class: "banner" }, "记录已提交，只能查看。要改动的，请到“同步”页办理。");
  return null;
}

function next(draft, here) {
  const names = stepsOf(draft).map(([name]) => name);
  const to = names[names.indexOf(here) + 1];
  return h("a", { class: "button primary wide", href: `#/record/${draft.record.id}/${to}` }, `下一步：${STEPS[to][0]}`);
}
