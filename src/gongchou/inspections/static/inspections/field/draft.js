// A record that is open in front of somebody: held by a lock, saved as she goes.

import { fileId } from "./package.js";
import { beginRecord, makeBody } from "./record.js";
import { hold } from "./locks.js";
import { iso } from "./bytes.js";

const REST_MS = 300; // a pause in typing; whatever she does is on the phone within a second
const LONGEST_MS = 800;

/** Begin a record of a visit, with all it needs later kept beside it: the sheet that it began with is the one it ends with. */
export async function beginDraft(vault, pkg, visit) {
  const record = beginRecord(visit, iso());
  const known = await vault.get("records", record.id);
  if (known) return known; // begun in another window: what is there is never begun anew
  const { codes, user } = pkg;
  await vault.write([
    ["records", record.id, record],
    ["begun", record.id, { visit, codes, user, sheet: pkg.sheets[visit.sheet] || null }],
  ]);
  return record;
}

/** Now; where the clock was put back since they came, the moment they came. */
export function leftAt({ entry }) {
  const now = iso();
  return entry && Date.parse(entry.at) > Date.parse(now) ? entry.at : now;
}

export class Draft {
  /** Open a record; without the lock, or once it was submitted, it can only be read. Gives null where there is none. */
  static async open(vault, id, onTrouble) {
    const letGo = await hold(vault.db, `draft/${id}`);
    const [record, begun] = await Promise.all([vault.get("records", id), vault.get("begun", id)]);
    if (record && begun && record.state === "draft") return new Draft(vault, record, begun, letGo, onTrouble);
    if (letGo) letGo(); // what was submitted is only looked at, and must be free to go
    return record && begun ? new Draft(vault, record, begun, null, onTrouble) : null;
  }

  constructor(vault, record, begun, letGo, onTrouble) {
    Object.assign(this, { vault, record, begun, letGo, onTrouble, loose: new Map(), work: Promise.resolve() });
    Object.assign(this, { timer: 0, changedAt: 0, isFailing: false });
  }

  get isElsewhere() {
    return !this.letGo && this.record.state === "draft";
  }

  get isReadOnly() {
    return !this.letGo || this.record.state !== "draft";
  }

  get data() {
    return this.record.draft;
  }

  /** Take over changes of the draft; they are saved soon. */
  change(changes) {
    if (this.isReadOnly) return;
    this.record = { ...this.record, changed_at: iso(), draft: { ...this.record.draft, ...changes } };
    this.changedAt = this.changedAt || Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(0, Math.min(REST_MS, this.changedAt + LONGEST_MS - Date.now())));
  }

  /** Save now what is not saved; resolves when it lies on the phone. One save after another, never two at once. */
  flush() {
    clearTimeout(this.timer);
    this.work = this.work.then(() => this._save());
    return this.work;
  }

  async _save() {
    if (!this.changedAt || !this.letGo) return;
    if (!(await this.letGo.isHeld())) {
      this.letGo = null;
      this._trouble(new Error("另一个窗口接着填写了这份记录"));
      return;
    }
    const since = this.changedAt;
    this.changedAt = 0;
    const files = [...this.loose];
    try {
      await this.vault.write([
        ["records", this.record.id, this.record],
        ...files.map(([digest, row]) => ["files", fileId(this.vault, digest), row]),
      ]);
      files.forEach(([digest]) => this.loose.delete(digest));
      this._trouble(null);
    } catch (error) {
      this.changedAt = since; // still to be saved: with the next change, or when there is room again
      this._trouble(error);
    }
  }

  _trouble(error) {
    if (error || this.isFailing) this.onTrouble(error);
    this.isFailing = Boolean(error);
  }

  /** Add a file; it is held in memory until it lies on the phone together with the record that speaks of it. */
  async attach({ bytes, type, ...attachment }) {
    if (!this.data.attachments.some(({ sha256 }) => sha256 === attachment.sha256)) {
      this.loose.set(attachment.sha256, { bytes, type });
      this.change({ attachments: [...this.data.attachments, attachment] });
    }
    await this.flush();
    return attachment.sha256;
  }

  detach(digest) {
    this.loose.delete(digest);
    this.change({ attachments: this.data.attachments.filter(({ sha256 }) => sha256 !== digest) });
  }

  async file(digest) {
    return this.loose.get(digest) || this.vault.get("files", fileId(this.vault, digest));
  }

  /** 提交: the body is made here and never again. Gives false where it could not be kept on the phone. */
  async submit(device) {
    if (!this.data.left_at) this.change({ left_at: leftAt(this.data) });
    await this.flush();
    if (this.changedAt) return false;
    const made = await makeBody(this.record, device);
    const waiting = { ...this.record, ...made, state: "waiting", is_tried: false, fault: null, n_tries: 0, next_try_at: 0 };
    await this.vault.write([["records", waiting.id, waiting]]);
    this.record = waiting;
    return true;
  }

  /** Save what is left and let others have it. */
  async close() {
    await this.flush();
    if (this.letGo) this.letGo();
    this.letGo = null;
  }
}

/** Whether a record may be taken back to be changed: never while nobody knows whether the platform has it. */
export const canEdit = ({ state, is_tried }) => state === "received" || state === "stuck" || (state === "waiting" && !is_tried);

/** Open a record again. What the platform has is not touched: the next body is a revision of it. */
export async function editAgain(vault, record, base) {
  const { body, digest, receipt, fault, ...rest } = record;
  const attachments = rest.draft.attachments.map(({ fault: gone, ...one }) => one);
  const again = {
    ...rest,
    base,
    state: "draft",
    is_tried: false,
    former: receipt || rest.former || null,
    draft: { ...rest.draft, attachments },
  };
  await vault.write([["records", record.id, again]]);
}

/** The revision that a changed record builds on: what its receipt says, or what the platform said when it refused. */
export function baseOf({ receipt, fault, base }) {
  if (receipt) return receipt.revision;
  const { held, number } = (fault && fault.facts) || {};
  return held ? held.revision : number || base;
}
