// One record, from the first touch to the body that is sent: what it holds, what is missing, how it is put together.

import { newId, sha256, utf8 } from "./bytes.js";

export const APP = "field/1";
export const NO_PROBLEM = "NO_PROBLEM";
const NO_FOLLOW_UP = "none";
// Whoever says one of these says nothing else.
const ALONE = [NO_PROBLEM, "NO_RELATED_ACTIVITY"];
// These are told in words, and something follows.
const WITH_PROBLEM = ["NOT_DISCLOSED", "FALSE_DISCLOSURE", "CORRECTED", "NON_COOPERATION", "PENDING"];

/** A new draft of a visit. What the platform already has of it is continued: its instance, with its revision as base. */
export function beginRecord(visit, now) {
  const { instance = newId(), revision = 0 } = visit.held || {};
  return {
    id: instance,
    visit: visit.id,
    department: visit.department.id,
    name: visit.subject.name,
    sheet: visit.sheet,
    base: revision,
    state: "draft", // then waiting, received; or stuck, until somebody decides
    begun_at: now,
    changed_at: now,
    draft: {
      outcome: "inspected",
      outcome_note: "",
      answers: {}, // what counts, as it is sent
      typed: {}, // everything that was typed, also what is hidden now
      results: visit.items.map(({ id }) => ({
        item: id, is_checked: null, codes: [], problem: "", handling: "", follow_ups: [],
      })),
      methods: [],
      entry: null,
      left_at: "",
      told: null,
      opinion: "",
      signatures: [],
      refusal: null,
      attachments: [],
    },
  };
}

export const isInspected = ({ outcome }) => outcome === "inspected";
const HERE_MS = 8 * 3600 * 1000; // 北京时间, wherever the phone thinks it is

/** The day of the visit, which the sheet takes for today. */
export const dayOf = ({ begun_at: begun, draft: { entry } }) =>
  new Date(Date.parse(entry ? entry.at : begun) + HERE_MS).toISOString().slice(0, 10);

export const isProblem = ({ codes }) => codes.some((code) => WITH_PROBLEM.includes(code));

/** A result after one of its codes was switched: 未发现问题 stands alone, and nothing follows from it. */
export function withCode(result, code, isOn) {
  const codes = isOn ? addCode(result.codes, code) : result.codes.filter((one) => one !== code);
  const wasNothing = result.follow_ups.join() === NO_FOLLOW_UP || !result.follow_ups.length;
  const isNothing = codes.some((one) => ALONE.includes(one));
  if (!wasNothing && !isNothing) return { ...result, codes };
  return { ...result, codes, follow_ups: isNothing ? [NO_FOLLOW_UP] : [] };
}

const addCode = (codes, code) =>
  ALONE.includes(code) ? [code] : [...codes.filter((one) => !ALONE.includes(one) && one !== code), code];

/** How an item was answered: fine, other (something was found, or it is neither), no (not checked), empty so far. */
export function kindOf({ is_checked: isChecked, codes }) {
  if (isChecked === null) return "";
  if (!isChecked) return "no";
  return codes[0] === NO_PROBLEM ? "fine" : "other";
}

export function asKind(result, kind) {
  if (kind === "fine") return asNothingFound(result);
  const codes = result.codes.filter((code) => code !== NO_PROBLEM);
  const follow_ups = result.codes.length === codes.length ? result.follow_ups : [];
  return { ...result, is_checked: kind === "other", codes, follow_ups };
}

export const asNothingFound = (result) => withCode({ ...result, is_checked: true }, NO_PROBLEM, true);

/** What the parties put their names to; a signature counts only while this has not changed. */
export function signedDigest({ outcome, outcome_note, answers, results, methods }) {
  return sha256(utf8(JSON.stringify([outcome, outcome_note, answers, results, methods])));
}

/** What an item rests on, in words. */
export const basisWords = (basis) =>
  Array.isArray(basis) ? basis.map(({ law, article }) => `《${law.replace(/[《》]/g, "")}》${article}`).join("、") : basis || "";

/** Those of the team who go for her own department. */
export function ownTeam({ team, others }) {
  const theirs = new Set(others.flatMap((one) => one.team));
  return team.filter(({ name }) => !theirs.has(name));
}

const of = (draft, role) => draft.signatures.filter((one) => one.role === role);

function* resultProblems({ results }, names) {
  for (const one of results) {
    const name = names[one.item];
    if (one.is_checked === null) yield ["results", `“${name}”没有说明是否检查。`];
    if (!one.is_checked) continue;
    if (!one.codes.length) yield ["results", `“${name}”没有选检查结果。`];
    if (!one.follow_ups.length) yield ["results", `“${name}”没有选后续处置措施；没有问题的选“无需后续处置”。`];
    if (!isProblem(one)) continue;
    if (!one.problem.trim()) yield ["results", `“${name}”发现了问题，请写明问题情况。`];
    if (!one.handling.trim()) yield ["results", `“${name}”发现了问题，请写明处置情况。`];
  }
  if (!results.some((one) => one.is_checked)) yield ["results", "没有一个事项是已检查的；未能检查的，请在“进场”一步选原因。"];
}

function* signatureProblems(draft, signed) {
  if (new Set(of(draft, "inspector").map(({ name }) => name)).size < 2) yield ["signing", "需要两名检查人员签名。"];
  if (!isInspected(draft)) return;
  if (!draft.told) yield ["signing", "还没有把检查结果告知当事人。"];
  const { refusal } = draft;
  if (!of(draft, "party").length && !refusal) yield ["signing", "当事人没有签名；拒绝签名的，请写明原因和见证人。"];
  if (refusal && !refusal.reason.trim()) yield ["signing", "请写明当事人拒绝签名的原因。"];
  if (refusal && !refusal.witness.trim()) yield ["signing", "请写明拒绝签名的见证人。"];
  if (draft.signatures.some((one) => one.of !== signed)) yield ["signing", "签名以后内容有改动，标出的签名需要重签。"];
}

function* notInspectedProblems(draft) {
  if (!draft.outcome_note.trim()) yield ["entry", "请写明未能检查的情况。"];
  if (!draft.attachments.some(({ kind }) => kind === "photo")) yield ["entry", "未能检查的，至少拍一张照片作为证据。"];
}

function* problems(draft, { names, sheet, signed }) {
  const { entry, left_at: left } = draft;
  if (!entry) yield ["entry", "还没有登记进场。"];
  else if (left && Date.parse(left) < Date.parse(entry.at)) yield ["finish", "离场时间早于进场时间，请重新登记离场时间。"];
  if (isInspected(draft)) {
    for (const one of sheet) yield ["fill", one];
    yield* resultProblems(draft, names);
    if (!draft.methods.length) yield ["results", "没有选核查方式。"];
  } else yield* notInspectedProblems(draft);
  yield* signatureProblems(draft, signed);
}

/** What is missing before the record may go, as pairs of the step where it is mended and a sentence. */
export const problemsOf = (draft, known) => [...problems(draft, known)];

const KEPT = ["sha256", "size", "kind", "question", "caption", "taken_at", "lat", "lon", "accuracy_m", "original"];
const pick = (from, names) => Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));

/** The body, made once: from here on these bytes are what is sent, however often. */
export async function makeBody(record, device) {
  const { typed, ...draft } = record.draft;
  const isHere = isInspected(draft);
  const body = JSON.stringify({
    v: 1,
    visit: record.visit,
    department: record.department,
    sheet: record.sheet,
    base: record.base,
    ...draft,
    answers: isHere ? draft.answers : {},
    results: draft.results.map((one) => (isHere && one.is_checked ? one : emptied(one))),
    signatures: draft.signatures.map((one) => pick(one, ["role", "name", "certificate", "attachment", "at"])),
    attachments: usedAttachments(draft).map((one) => pick(one, KEPT)),
    device,
  });
  return { body, digest: await sha256(utf8(body)) };
}

const emptied = ({ item }) => ({ item, is_checked: false, codes: [], problem: "", handling: "", follow_ups: [] });

/** Attachments that the record still speaks of: those of a form that was not filled in the end stay behind. */
export const usedAttachments = (draft) =>
  draft.attachments.filter(({ kind, sha256: digest }) =>
    kind !== "signature" || draft.signatures.some((one) => one.attachment === digest) || isInAnswers(draft, digest));

const isInAnswers = (draft, digest) => isInspected(draft) && JSON.stringify(draft.answers).includes(digest);

/** What is still to be sent of a record that has its receipt. */
export const leftOf = (record) => usedAttachments(record.draft).filter((one) => !one.is_sent);

export const isDone = (record) => record.state === "received" && !leftOf(record).length;
export const isUnsent = (record) => !isDone(record);
/** Submitted, and not wholly with the platform. */
export const isPending = (record) => isUnsent(record) && record.state !== "draft";

const WORDS = { draft: "填写中", waiting: "待同步", stuck: "需要处理" };

/** The state of a record in words. */
export function stateWords(record) {
  if (record.state !== "received") return WORDS[record.state];
  const n = leftOf(record).length;
  if (n) return `已收到，附件待传 ${n} 个`;
  return { beside: "已收到（另有一份在先，由科室选定）", quarantined: "已收到（名单已变动，待科室确认）" }[record.receipt.state] || "已收到";
}
