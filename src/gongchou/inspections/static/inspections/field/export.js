// A record as a file, with all its attachments: the way out when nothing else works.

import { handOut } from "./dom.js";
import { iso, toBase64 } from "./bytes.js";
import { fileId } from "./package.js";

/** Hand out one record; `loose` holds files that did not get onto the phone. */
export async function exportRecord(vault, record, loose = new Map()) {
  // In parts, because a record with forty photos is larger than some phones let a text be.
  const { draft, ...rest } = record;
  const parts = [`{"format":"gongchou-field-record","v":1,"exported_at":"${iso()}","user":"${vault.user}","record":`];
  parts.push(JSON.stringify({ ...rest, draft }), ',"files":[');
  let isFirst = true;
  for (const { sha256 } of draft.attachments) {
    const row = loose.get(sha256) || (await vault.get("files", fileId(vault, sha256)));
    if (!row) continue;
    parts.push(isFirst ? "" : ",", JSON.stringify({ sha256, type: row.type, base64: toBase64(row.bytes) }));
    isFirst = false;
  }
  parts.push("]}");
  handOut(`检查记录-${record.name}-${record.id.slice(0, 8)}.json`, "application/json", parts);
}

/** Hand out all receipts, as the platform wrote them. */
export async function exportReceipts(vault) {
  const rows = await vault.all("receipts");
  const told = { format: "gongchou-field-receipts", v: 1, exported_at: iso(), user: vault.user, receipts: rows };
  handOut(`检查回执-${iso().slice(0, 10)}.json`, "application/json", [JSON.stringify(told, null, 1)]);
}
