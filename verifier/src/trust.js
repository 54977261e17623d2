// The trust file (section 9.4): which keys and private chains the reader accepts.
(function (g) {
  "use strict";

  const PLACE = "trust";
  const TYPE = { operator: 1, registry: 1, log: 1, witness: 4 };

  function addLine(trust, line, number) {
    const parts = /^([a-z]+) +(\S+)$/.exec(line);
    const place = PLACE + ":" + number;
    g.demand(parts !== null, "key_invalid", place, { found: line });
    const [, role, value] = parts;
    g.demand(role === "drand" || g.has(TYPE, role), "key_invalid", place, { found: role });
    if (role === "drand") g.demand(g.grammar.isHash(value), "key_invalid", place, { found: value });
    else g.note.parseKey(value, TYPE[role], place);
    trust[role].add(value);
  }

  // Null without a trust file: then nothing is refused, and the result is self-attested.
  function parse(text) {
    if (text === undefined || text === null || text.trim() === "") return null;
    const trust = { operator: new Set(), registry: new Set(), log: new Set(), witness: new Set(), drand: new Set() };
    text.split(/\r?\n/).forEach((raw, i) => {
      const line = raw.replace(/(^|\s)#.*$/, "").trim();
      if (line !== "") addLine(trust, line, i + 1);
    });
    return trust;
  }

  function demandKey(trust, role, key, place) {
    if (trust === null) return;
    g.demand(trust[role].has(key.text), "key_untrusted", place, { role, key: key.name });
  }

  function witnesses(trust, keys) {
    return trust === null ? keys : keys.filter((key) => trust.witness.has(key.text));
  }

  g.trust = { parse, demandKey, witnesses };
})(gongchou);
