// The trust file (section 9.4): which keys, private chains and authorities the reader accepts.
(function (g) {
  "use strict";

  const PLACE = "trust";
  const NAMED = { drand: g.grammar.isHash, authority: g.grammar.isId };
  const TYPE = { operator: 1, registry: 1, log: 1, witness: 4 };

  function addLine(trust, line, number) {
    const parts = /^([a-z]+)[ \t]+([^ \t]+)$/.exec(line);
    const place = PLACE + ":" + number;
    g.demand(parts !== null, "key_invalid", place, { found: line });
    const [, role, value] = parts;
    g.demand(g.has(NAMED, role) || g.has(TYPE, role), "key_invalid", place, { found: role });
    if (g.has(NAMED, role)) g.demand(NAMED[role](value), "key_invalid", place, { found: value });
    else g.note.parseKey(value, TYPE[role], place);
    trust[role].add(value);
  }

  // Null without a trust file: then nothing is refused, and the result is self-attested. An empty one names nothing.
  // Only blanks and TABs separate; any other white space stands in a line as a letter does, and spoils it.
  function parse(text) {
    if (text === undefined || text === null) return null;
    const roles = [...Object.keys(TYPE), ...Object.keys(NAMED)];
    const trust = Object.fromEntries(roles.map((role) => [role, new Set()]));
    g.bytes.editedLines(text).forEach((raw, i) => {
      const line = raw.replace(/(^|[ \t])#.*$/s, "").replace(/^[ \t]+|[ \t]+$/g, "");
      if (line !== "") addLine(trust, line, i + 1);
    });
    return trust;
  }

  function demandKey(trust, role, key, place) {
    if (trust === null) return;
    g.demand(trust[role].has(key.text), "key_untrusted", place, { role, key: key.name });
  }

  // Who names no authority takes all of them, and is told so (mark `authorities_open`).
  const namesAuthorities = (trust) => trust !== null && trust.authority.size > 0;

  function demandAuthority(trust, id, place) {
    if (!namesAuthorities(trust)) return;
    g.demand(trust.authority.has(id), "authority_untrusted", place, { authority: id });
  }

  function witnesses(trust, keys) {
    return trust === null ? keys : keys.filter((key) => trust.witness.has(key.text));
  }

  g.trust = { parse, demandKey, demandAuthority, namesAuthorities, witnesses };
})(gongchou);
