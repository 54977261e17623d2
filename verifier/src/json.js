// Canonical JSON (section 1, rule 7): read, write again, compare the bytes.
(function (g) {
  "use strict";

  const MAX_DEPTH = 16;
  const MAX_BYTES = 16 * 1024 * 1024;
  const KEY = /^[a-z0-9_]+$/;
  const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

  function spellText(text) {
    if (LONE_SURROGATE.test(text)) throw new Error("lone surrogate");
    return JSON.stringify(text);
  }

  function spellObject(object, depth) {
    const members = Object.keys(object).sort().map((key) => {
      if (!KEY.test(key)) throw new Error("key " + key);
      return '"' + key + '":' + spell(object[key], depth);
    });
    return "{" + members.join(",") + "}";
  }

  function spellContainer(value, depth) {
    if (depth > MAX_DEPTH) throw new Error("nested deeper than " + MAX_DEPTH);
    if (!Array.isArray(value)) return spellObject(value, depth);
    return "[" + value.map((item) => spell(item, depth)).join(",") + "]";
  }

  function spell(value, depth) {
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "string") return spellText(value);
    if (typeof value === "object") return spellContainer(value, depth + 1);
    if (!Number.isSafeInteger(value)) throw new Error("number " + value);
    return String(value); // -0 becomes 0 here, and so fails the comparison
  }

  // A key that stands twice is lost in parsing, so the bytes written again differ.
  function parse(bytes, place) {
    g.demand(bytes.length <= MAX_BYTES, "json_invalid", place, { why: "longer than 16 MiB" });
    const text = g.bytes.text(bytes);
    try {
      const value = JSON.parse(text === null ? "" : text);
      if (write(value) !== text) throw new Error("not in canonical form");
      return value;
    } catch (error) {
      return g.refuse("json_invalid", place, { why: text === null ? "not UTF-8" : error.message });
    }
  }

  function write(value) {
    return spell(value, 0);
  }

  g.json = { parse, write };
})(gongchou);
