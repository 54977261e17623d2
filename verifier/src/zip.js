// Bundles in one zip file (section 2.1). Nothing is ever inflated: what is read is written again in
// the one permitted form and must give the same bytes, so no second reading of the file can exist.
(function (g) {
  "use strict";

  const LOCAL = 0x04034b50;
  const CENTRAL = 0x02014b50;
  const END = 0x06054b50;
  const MAX_ENTRIES = 65000;

  const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n;
  });

  function crc32(bytes) {
    let crc = -1;
    for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
    return ~crc >>> 0;
  }

  // Each pair is a width in bytes and a value; zip is little-endian.
  function record(...pairs) {
    const out = [];
    for (const [width, value] of pairs) {
      for (let i = 0; i < width; i++) out.push(Math.floor(value / 2 ** (8 * i)) & 0xff);
    }
    return Uint8Array.from(out);
  }

  // Version 10, flags 0, method 0, time 0, date 1980-01-01, CRC, both sizes, length of the name, no extra.
  function common(name, data, crc) {
    return [[2, 10], [2, 0], [2, 0], [2, 0], [2, 0x21], [4, crc], [4, data.length], [4, data.length], [2, name.length], [2, 0]];
  }

  function write(entries) {
    const locals = [];
    const centrals = [];
    let offset = 0;
    for (const { path, data } of entries) {
      const name = g.bytes.utf8(path);
      const head = common(name, data, crc32(data));
      locals.push(record([4, LOCAL], ...head), name, data);
      centrals.push(record([4, CENTRAL], [2, 10], ...head, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), name);
      offset += 30 + name.length + data.length;
    }
    const directory = g.bytes.concat(...centrals);
    const n = entries.length;
    const end = record([4, END], [2, 0], [2, 0], [2, n], [2, n], [4, directory.length], [4, offset], [2, 0]);
    return g.bytes.concat(...locals, directory, end);
  }

  const bad = (why, at) => g.refuse("zip_invalid", "zip:" + at, { why });

  function readLocal(zip, view, at) {
    if (at + 30 > zip.length || view.getUint32(at, true) !== LOCAL) bad("no local header", at);
    if (view.getUint16(at + 8, true) !== 0) bad("compressed", at);
    const size = view.getUint32(at + 22, true);
    const dataAt = at + 30 + view.getUint16(at + 26, true);
    if (dataAt + size > zip.length) bad("entry reaches beyond the end", at);
    const path = g.bytes.text(zip.subarray(at + 30, dataAt));
    g.demand(g.grammar.isPath(path), "path_invalid", path || "zip:" + at);
    return { path, data: zip.subarray(dataAt, dataAt + size), end: dataAt + size };
  }

  function countEntries(zip, view) {
    const end = zip.length - 22;
    if (end < 0 || view.getUint32(end, true) !== END) bad("no end record", Math.max(0, end));
    const count = view.getUint16(end + 10, true);
    if (count > MAX_ENTRIES) bad("more than 65000 entries", end);
    return count;
  }

  function read(zip) {
    const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
    const entries = [];
    for (let left = countEntries(zip, view), at = 0; left > 0; left--) {
      const entry = readLocal(zip, view, at);
      if (entries.length > 0 && entries[entries.length - 1].path >= entry.path) bad("entries out of order", at);
      entries.push(entry);
      at = entry.end;
    }
    if (!g.bytes.equal(write(entries), zip)) bad("not in the permitted form", 0);
    return new Map(entries.map(({ path, data }) => [path, data]));
  }

  g.zip = { read, write };
})(gongchou);
