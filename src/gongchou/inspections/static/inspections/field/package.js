// What the inspector has in hand: taken while there is a network, kept for when there is none.

import { enterVault } from "./vault.js";
import { ask, useToken } from "./wire.js";
import { isDone } from "./record.js";
import { iso } from "./bytes.js";

/** Take the package. Gives `{vault, pkg}`; the vault is that of whoever is signed in. Raises Fault. */
export async function takePackage(db, vault) {
  const before = Date.now();
  const { json } = await ask("/field/package/");
  const offset_ms = Math.round(Date.parse(json.now) - (before + Date.now()) / 2);
  const { key, csrf, ...rest } = json; // the key is put where it cannot be read, never into a row
  useToken(csrf);
  const own = vault && vault.user === json.user.id ? vault : await enterVault(db, json.user.id, key);
  const pkg = { ...rest, taken_at: iso(), offset_ms };
  await own.write([["packages", own.user, pkg]]);
  await putAway(own, pkg);
  return { vault: own, pkg };
}

/** Records that are done and whose visit is over need no longer lie on the phone; their receipts stay. */
async function putAway(vault, pkg) {
  const open = new Set(pkg.visits.map(({ id }) => id));
  for (const record of await vault.all("records")) {
    if (isDone(record) && !open.has(record.visit)) await removeRecord(vault, record);
  }
}

/** Take a record off the phone with all that is only its own. */
export async function removeRecord(vault, record) {
  const others = (await vault.all("records")).filter(({ id }) => id !== record.id);
  const used = new Set(others.flatMap(({ draft }) => draft.attachments.map(({ sha256 }) => sha256)));
  const own = record.draft.attachments.filter(({ sha256 }) => !used.has(sha256));
  await vault.write([
    ["records", record.id, null],
    ["begun", record.id, null],
    ...own.map(({ sha256 }) => ["files", fileId(vault, sha256), null]),
  ]);
}

export const fileId = (vault, digest) => `${vault.user}/${digest}`;
