// 签名: the result is told to the party, who says what it thinks, and then everybody signs what was told.

import { button, fact, h, labelled } from "../dom.js";
import { iso, moment } from "../bytes.js";
import { isInspected, isProblem, ownTeam, signedDigest } from "../record.js";
import { sign } from "../pad.js";
import { picture } from "./attachments.js";

const DECLARATIONS = {
  inspector: "本人参加了本次检查，记录与现场情况一致。",
  party: "检查人员已出示证件、告知检查结果和权利，记录内容已阅。",
  witness: "本人见证了当事人拒绝签名的情况。",
};

export async function signing(ctx) {
  const place = h("div", {});
  const paint = async () => {
    const signed = await signedDigest(ctx.data());
    place.replaceChildren(...parts(ctx, signed, paint).filter(Boolean));
  };
  await paint();
  return [place];
}

function parts(ctx, signed, paint) {
  const here = isInspected(ctx.data());
  return [here && notice(ctx, paint), here && opinion(ctx), inspectors(ctx, signed, paint), here && party(ctx, signed, paint)];
}

// 告知 ----------------------------------------------------------------------------------------------

const wordsOf = (pairs, codes) => codes.map((code) => (pairs.find(([one]) => one === code) || ["", code])[1]).join("；");

/** The result in words, as it is shown to the party before it signs. */
export function told({ draft }) {
  const { visit, codes } = draft.begun;
  const lines = draft.data.results.map((one) => {
    const { name } = visit.items.find(({ id }) => id === one.item) || { name: "" };
    if (!one.is_checked) return fact(name, "未检查");
    const what = isProblem(one) ? h("span", { class: "block" }, `问题：${one.problem || "（未写）"}　处置：${one.handling || "（未写）"}`) : "";
    return fact(name, wordsOf(codes.results, one.codes) || "（未选结果）", what, h("span", { class: "note block" }, wordsOf(codes.follow_ups, one.follow_ups)));
  });
  return h("dl", { class: "facts wide" }, ...lines);
}

function notice(ctx, paint) {
  const { draft } = ctx;
  const { visit } = draft.begun;
  const say = (how) => () => {
    draft.change({ told: { at: iso(), how } });
    paint();
  };
  const done = draft.data.told;
  return h(
    "section",
    { class: "paper" },
    h("h2", {}, "检查结果告知"),
    h("p", {}, `${visit.subject.name}：${visit.department.name}于 ${moment(draft.data.entry ? draft.data.entry.at : draft.record.begun_at)} 起对你单位检查，结果如下。`),
    told(ctx),
    h("p", {}, "对结果有异议的，可以当场陈述、申辩，也可以在结果公示后提出异议。"),
    done && h("p", { class: "good" }, `${moment(done.at)} ${done.how === "on_site" ? "已当场告知" : "以书面告知"}`),
    !ctx.isReadOnly && h("div", { class: "row" }, button("已当场告知", say("on_site"), done ? "" : "primary"), button("改为书面告知", say("written"))),
  );
}

function opinion(ctx) {
  const area = h("textarea", { rows: "3", maxlength: "2000", value: ctx.data().opinion, disabled: ctx.isReadOnly });
  area.addEventListener("input", () => ctx.draft.change({ opinion: area.value }));
  return labelled("当事人意见（没有的可不填）", area);
}

// 签名 ----------------------------------------------------------------------------------------------

const of = (ctx, role) => ctx.data().signatures.filter((one) => one.role === role);

function drop(ctx, one) {
  ctx.draft.change({ signatures: ctx.data().signatures.filter((other) => other !== one) });
  if (!ctx.data().signatures.some(({ attachment }) => attachment === one.attachment)) ctx.draft.detach(one.attachment);
}

async function take(ctx, { role, name, certificate = "" }, signed, paint) {
  const attachment = await sign(name, DECLARATIONS[role]);
  if (!attachment) return;
  try {
    await ctx.draft.attach({ ...attachment, caption: name });
    const own = { role, name, certificate, attachment: attachment.sha256, at: iso(), of: signed };
    const rest = ctx.data().signatures.filter((one) => one.role !== role || (role === "inspector" && one.name !== name));
    ctx.draft.change({ signatures: [...rest, own] });
    await paint();
  } catch (error) {
    await ctx.room(error);
  }
}

function signature(ctx, one, signed, paint) {
  const remove = () => {
    drop(ctx, one);
    paint();
  };
  return h(
    "div",
    { class: "signature" },
    picture(ctx, one.attachment, `${one.name}的签名`),
    h("div", {}, h("strong", {}, one.name), h("p", { class: "note" }, [one.certificate, moment(one.at)].filter(Boolean).join("　")),
      one.of !== signed && h("p", { class: "fault" }, "签名以后内容有改动，请重签。"),
      !ctx.isReadOnly && button("重签", remove, "small", { "aria-label": `${one.name} 重签` })),
  );
}

function inspectors(ctx, signed, paint) {
  const { visit, user } = ctx.draft.begun;
  const done = of(ctx, "inspector");
  const own = ownTeam(visit);
  const team = own.length ? own : [{ name: user.name, certificates: [] }];
  const left = team.filter(({ name }) => !done.some((one) => one.name === name));
  const toSign = ({ name, certificates }) =>
    button(`${name} 签名`, () => take(ctx, { role: "inspector", name, certificate: certificates[0] || "" }, signed, paint), "wide");
  return h("section", { "aria-label": "检查人员" }, h("h2", {}, "检查人员（至少两名）"), ...done.map((one) => signature(ctx, one, signed, paint)),
    !ctx.isReadOnly && h("div", { class: "stacked" }, ...left.map(toSign)));
}

function party(ctx, signed, paint) {
  const [done] = of(ctx, "party");
  const { refusal } = ctx.data();
  if (done) return h("section", {}, h("h2", {}, "当事人"), signature(ctx, done, signed, paint));
  if (ctx.isReadOnly && !refusal) return h("section", {}, h("h2", {}, "当事人"), h("p", {}, "没有签名。"));
  return h("section", {}, h("h2", {}, "当事人"), ...(refusal ? refused(ctx, refusal, signed, paint) : asked(ctx, signed, paint)));
}

function asked(ctx, signed, paint) {
  const { subject } = ctx.draft.begun.visit;
  const name = h("input", { type: "text", maxlength: "60", value: subject.legal_person || "", autocomplete: "off" });
  const wrong = h("p", { class: "fault", role: "alert" });
  const go = () => {
    if (!ctx.data().told) wrong.textContent = "请先把检查结果告知当事人。";
    else if (!name.value.trim()) wrong.textContent = "请填写签名人的姓名。";
    else take(ctx, { role: "party", name: name.value.trim() }, signed, paint);
  };
  const refuse = () => {
    ctx.draft.change({ refusal: { reason: "", witness: "" } });
    paint();
  };
  return [labelled("签名人（负责人或在场人员）", name), wrong, h("div", { class: "row" }, button("当事人签名", go, "primary"), button("拒绝签名", refuse))];
}

function refused(ctx, refusal, signed, paint) {
  const field = (label, name, tag) => {
    const control = h(tag, { maxlength: "200", value: refusal[name], disabled: ctx.isReadOnly });
    control.addEventListener("input", () => ctx.draft.change({ refusal: { ...ctx.data().refusal, [name]: control.value } }));
    return labelled(label, control);
  };
  const back = () => {
    of(ctx, "witness").forEach((one) => drop(ctx, one));
    ctx.draft.change({ refusal: null });
    paint();
  };
  const [done] = of(ctx, "witness");
  const witness = () => take(ctx, { role: "witness", name: ctx.data().refusal.witness.trim() || "见证人" }, signed, paint);
  return [
    field("拒绝签名的原因（必填）", "reason", "textarea"),
    field("见证人姓名、身份（必填）", "witness", "input"),
    done && signature(ctx, done, signed, paint),
    !ctx.isReadOnly && h("div", { class: "row" }, !done && button("见证人签名（可不签）", witness), button("当事人愿意签名了", back)),
  ].filter(Boolean);
}
