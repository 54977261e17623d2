// The queue. Each record goes for itself: what is wrong with one holds up no other. The record goes first, so that the
// office has it while photos are still on their way; nothing is let go of before its receipt lies on the phone.

import { sha256, utf8, iso } from "./bytes.js";
import { hold } from "./locks.js";
import { fileId } from "./package.js";
import { leftOf } from "./record.js";
import { Fault, ask, isSignedOut } from "./wire.js";

const PIECE = 256 * 1024;
const FIRST_MS = 5000;
const LONGEST_MS = 15 * 60 * 1000;
// Answers after which sending the same again would change nothing: somebody has to decide.
const FINAL = [400, 404, 409, 413, 422];

export const isInQueue = (record) => record.state === "waiting" || (record.state === "received" && leftOf(record).some((one) => !one.fault));
export const isDue = (record, now) => isInQueue(record) && (record.next_try_at || 0) <= now;

/** What a record looks like after a failed try, with the time of the next. */
export function afterFault(record, fault, now, chance = Math.random()) {
  const n_tries = (record.n_tries || 0) + 1;
  const wait = Math.min(FIRST_MS * 2 ** (n_tries - 1), LONGEST_MS);
  const isFinal = FINAL.includes(fault.status) && record.state === "waiting";
  return {
    ...record,
    state: isFinal ? "stuck" : record.state,
    n_tries,
    next_try_at: isFinal ? 0 : now + wait * (0.75 + chance / 2),
    fault: { status: fault.status, code: fault.code, sentence: fault.sentence, facts: fault.facts, at: iso() },
  };
}

/** Send all that is due; `isAsked`: somebody pressed the button and no waiting time counts. Gives the first fault. */
export async function sendAll(vault, { isAsked = false, onStep = () => {} } = {}) {
  let first = null;
  const waiting = (await vault.all("records")).filter((one) => (isAsked ? isInQueue(one) : isDue(one, Date.now())));
  for (const { id } of waiting.sort((a, b) => a.changed_at.localeCompare(b.changed_at))) {
    try {
      await sendOne(vault, id);
    } catch (error) {
      if (isSignedOut(error)) throw error; // true of all that follow
      const fault = error instanceof Fault ? error : new Fault(0, "phone", `本机出错：${error.message}`);
      first = first || fault;
      await noteFault(vault, id, fault);
    }
    onStep();
  }
  return first;
}

async function noteFault(vault, id, fault) {
  const record = await vault.get("records", id);
  if (record) await vault.write([["records", id, afterFault(record, fault, Date.now())]]);
}

// While a record is on its way nobody else writes its row, and while somebody has it open it does not go.
async function sendOne(vault, id) {
  const letGo = await hold(vault.db, `draft/${id}`);
  if (!letGo) return;
  try {
    const record = await vault.get("records", id); // as it is now: another tab may have sent it
    if (!record || !isInQueue(record)) return;
    const received = record.state === "waiting" ? await sendRecord(vault, record) : record;
    await sendAttachments(vault, received);
  } finally {
    letGo();
  }
}

async function sendRecord(vault, record) {
  // Before the first byte leaves: from now on nobody may change the record until the platform has said yes or no.
  if (!record.is_tried) await vault.write([["records", record.id, { ...record, is_tried: true }]]);
  const { text, json } = await ask(`/field/instances/${record.id}/`, {
    method: "POST",
    body: utf8(record.body),
    headers: { "Content-Type": "application/json", "X-Device-Now": iso(), "X-Field-User": vault.user },
  });
  if (json.digest !== record.digest) {
    throw new Fault(0, "receipt", "平台的回执与本机的记录对不上，记录留在本机，稍后会再试。请告诉系统管理员。");
  }
  const received = { ...record, state: "received", is_tried: true, receipt: json, fault: null, n_tries: 0, next_try_at: 0 };
  await vault.write([
    ["receipts", `${json.instance}/${json.revision}`, { ...receiptRow(record, json), text }],
    ["records", record.id, received],
  ]);
  return received;
}

const receiptRow = (record, receipt) => ({ receipt, name: record.name, visit: record.visit });

async function sendAttachments(vault, record) {
  let now = record;
  let first = null;
  for (const { sha256: digest, fault } of leftOf(record)) {
    if (fault) continue;
    try {
      await sendFile(vault, digest);
      now = marked(now, digest, { is_sent: true });
    } catch (error) {
      if (!(error instanceof Fault) || !FINAL.includes(error.status)) {
        await vault.write([["records", now.id, now]]);
        throw error;
      }
      now = marked(now, digest, { fault: error.sentence });
      first = first || error;
    }
    await vault.write([["records", now.id, { ...now, fault: null, n_tries: 0, next_try_at: 0 }]]);
  }
  if (first) await noteFault(vault, now.id, first);
}

const marked = (record, digest, mark) => ({
  ...record,
  draft: {
    ...record.draft,
    attachments: record.draft.attachments.map((one) => (one.sha256 === digest ? { ...one, ...mark } : one)),
  },
});

async function sendFile(vault, digest) {
  const row = await vault.get("files", fileId(vault, digest));
  if (!row || (await sha256(row.bytes)) !== digest) throw new Fault(422, "phone.file", "附件在本机已经损坏或丢失。");
  const path = `/field/attachments/${digest}/`;
  let { json: held } = await ask(path);
  let nResets = 0;
  while (!held.is_complete) {
    const piece = row.bytes.subarray(held.have, held.have + PIECE);
    if (!piece.length) throw new Fault(0, "answer", "平台收到了全部内容，但没有确认，稍后会再试。");
    try {
      held = await putPiece(vault, `${path}?offset=${held.have}&size=${row.bytes.length}`, piece);
    } catch (error) {
      // The platform knows better how much it has: a piece came whose answer did not.
      if (error.code !== "inspections.offset" || ++nResets > 5) throw error;
      held = { have: error.facts.have, is_complete: false };
    }
  }
}

async function putPiece(vault, path, piece) {
  const headers = { "Content-Type": "application/octet-stream", "X-Field-User": vault.user };
  const { json } = await ask(path, { method: "POST", body: piece, headers });
  return json;
}
