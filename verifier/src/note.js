// Signed notes, keys and cosignatures (section 9.1).
(function (g) {
  "use strict";

  const ED25519 = 1;
  const COSIGNATURE = 4;
  const MAX_SIGNATURES = 64;
  const NAME = /^[!-*,-~]{1,200}$/;

  // A vkey is NAME+KEYID+BASE64(type, public key); the base64 may hold a + of its own.
  function parseKey(text, type, place) {
    const parts = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(text);
    g.demand(parts !== null && NAME.test(parts[1]), "key_invalid", place, { found: text });
    const typed = g.bytes.fromBase64(parts[3]);
    g.demand(typed !== null && typed.length === 33 && typed[0] === type, "key_invalid", place, { found: text });
    g.demandEqual(parts[2], keyId(parts[1], typed), "key_invalid", place);
    g.demand(isGoodPoint(typed.subarray(1)), "key_invalid", place, { found: text });
    return { text, name: parts[1], id: parts[2], type, publicKey: typed.subarray(1) };
  }

  function keyId(name, typed) {
    return g.sha256.hex(g.bytes.concat(g.bytes.utf8(name + "\n"), typed)).slice(0, 8);
  }

  function isGoodPoint(publicKey) {
    try {
      const point = gongchouCurves.ed25519.Point.fromBytes(publicKey);
      return !point.is0() && point.isTorsionFree();
    } catch (error) {
      return false;
    }
  }

  // Strict and cofactorless: canonical encodings, s below the order. The library's equation allows for
  // the cofactor; where key and R lie in the prime-order subgroup, that makes no difference.
  function isSignedBy(key, message, signature) {
    if (signature.length !== 64) return false;
    try {
      const { Point, verify } = gongchouCurves.ed25519;
      const isPlain = Point.fromBytes(signature.subarray(0, 32)).isTorsionFree();
      return isPlain && verify(signature, message, key.publicKey, { zip215: false });
    } catch (error) {
      return false;
    }
  }

  function parseSignature(line) {
    const parts = /^\u2014 (\S+) (\S+)$/.exec(line);
    const blob = parts === null || !NAME.test(parts[1]) ? null : g.bytes.fromBase64(parts[2]);
    if (blob === null || blob.length < 5) return null;
    return { name: parts[1], id: g.bytes.hex(blob.subarray(0, 4)), blob: blob.subarray(4) };
  }

  // The text keeps its final LF; the empty line before the signatures is the last one of the note.
  function parse(note, code, place) {
    const cut = note === null ? -1 : note.lastIndexOf("\n\n");
    g.demand(cut > 0 && note.endsWith("\n"), code, place, { why: "not a signed note" });
    const lines = note.slice(cut + 2, -1).split("\n");
    g.demand(lines.length <= MAX_SIGNATURES, code, place, { why: "more than 64 signature lines" });
    const signatures = lines.map(parseSignature);
    g.demand(!signatures.includes(null), code, place, { why: "signature line" });
    return { text: note.slice(0, cut + 1), signatures };
  }

  function linesOf(note, key) {
    return note.signatures.filter((line) => line.name === key.name && line.id === key.id);
  }

  function isSigned(note, key) {
    const message = g.bytes.utf8(note.text);
    return linesOf(note, key).some((line) => isSignedBy(key, message, line.blob));
  }

  function cosignedAt(note, key, line) {
    if (line.blob.length !== 72) return null;
    const view = new DataView(line.blob.buffer, line.blob.byteOffset, 8);
    const time = Number(view.getBigUint64(0));
    if (time > g.grammar.LAST_SECOND) return null;
    const message = g.bytes.utf8("cosignature/v1\ntime " + time + "\n" + note.text);
    return isSignedBy(key, message, line.blob.subarray(8)) ? time : null;
  }

  // One time per public key: who cosigned twice has seen the checkpoint at the earlier of the two.
  async function cosignatures(note, witnesses) {
    const earliest = new Map();
    for (const key of witnesses) {
      for (const line of linesOf(note, key)) {
        const time = cosignedAt(note, key, line);
        const who = g.bytes.hex(key.publicKey);
        const before = earliest.get(who);
        if (time !== null && (!before || time < before.time)) earliest.set(who, { name: key.name, time });
        await g.breathe();
      }
    }
    return [...earliest.values()].sort((a, b) => a.time - b.time);
  }

  // A note that must say exactly this one text, signed by this one key.
  function demandNote(bytes, text, key, code, place) {
    const note = parse(g.bytes.text(bytes), code, place);
    g.demandEqual(note.text, text, code, place);
    g.demand(isSigned(note, key), code, place, { key: key.name });
  }

  g.note = { ED25519, COSIGNATURE, parseKey, parse, isSigned, cosignatures, demandNote };
})(gongchou);
