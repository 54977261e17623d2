// Tables (section 1, rule 2): lines of fields, strictly ascending, no header, no quoting.
(function (g) {
  "use strict";

  const MAX_LINE_BYTES = 65535; // without its LF

  // Three bytes are the most that one UTF-16 unit can become, so most lines need not be spelled out.
  function isShort(line) {
    return line.length * 3 <= MAX_LINE_BYTES || g.bytes.utf8(line).length <= MAX_LINE_BYTES;
  }

  function lines(bytes, place) {
    const text = g.bytes.text(bytes);
    g.demand(text !== null, "table_invalid", place, { why: "not UTF-8" });
    if (text === "") return [];
    g.demand(text.endsWith("\n"), "table_invalid", place, { why: "no LF at the end" });
    g.demand(!text.includes("\r"), "table_invalid", place, { why: "CR" });
    const found = text.slice(0, -1).split("\n");
    const long = found.findIndex((line) => !isShort(line));
    g.demand(long < 0, "table_invalid", place + ":" + (long + 1), { why: "longer than 65,535 bytes" });
    return found;
  }

  // UTF-16 and UTF-8 sort alike for ASCII; only names of witnesses may be something else.
  function isBefore(a, b) {
    return g.bytes.compare(g.bytes.utf8(a), g.bytes.utf8(b)) < 0;
  }

  function fieldsOf(line, columns, place) {
    const fields = line.split("\t");
    g.demandEqual(fields.length, columns.length, "table_invalid", place, { why: "number of fields" });
    for (let i = 0; i < columns.length; i++) {
      if (!columns[i](fields[i], fields)) g.refuse("table_invalid", place, { found: fields[i], field: i + 1 });
    }
    return fields;
  }

  // `columns` holds one test per field; what a field may be can hang on those before it. An ASCII row that passes them is compared as it stands.
  async function parse(bytes, place, columns) {
    const rows = [];
    let before = "";
    for (const line of lines(bytes, place)) {
      const here = place + ":" + (rows.length + 1);
      rows.push(fieldsOf(line, columns, here));
      if (rows.length > 1 && !(before < line)) g.refuse("table_order", here, { found: line, before });
      before = line;
      if (rows.length % 1000 === 0) await g.breathe();
    }
    return rows;
  }

  function text(rows) {
    return rows.map((row) => row.join("\t") + "\n").sort().join("");
  }

  // Names the first line in which two texts differ.
  function firstDifference(found, expected) {
    const foundLines = found.split("\n");
    const expectedLines = expected.split("\n");
    const at = expectedLines.findIndex((line, i) => line !== foundLines[i]);
    const line = at < 0 ? expectedLines.length - 1 : at;
    return { line: line + 1, expected: expectedLines[line] || "-", found: foundLines[line] || "-" };
  }

  function demandSame(bytes, expected, code, place) {
    const found = g.bytes.text(bytes) || "";
    if (found === expected) return;
    const facts = firstDifference(found, expected);
    g.refuse(code, place + ":" + facts.line, { expected: facts.expected, found: facts.found });
  }

  g.table = { lines, isBefore, parse, text, demandSame };
})(gongchou);
