// Check 7: pseudonyms, opened with the campaign's key and the real list (section 3, "Sealed").
(function (g) {
  "use strict";

  function keyCommitment(key) {
    return g.sha256.hexOfText("vdp1 key\n" + key + "\n");
  }

  function saltOf(key, id) {
    return g.bytes.hex(g.hmacSha256(g.bytes.fromHex(key), g.bytes.utf8(id)));
  }

  function pidWithSalt(salt, id) {
    return g.bytes.base32(g.sha256.digest(g.bytes.utf8("vdp1 pid\n" + salt + "\n" + id + "\n")));
  }

  const pid = (key, id) => pidWithSalt(saltOf(key, id), id);

  function checkKey(draw, key) {
    const place = draw.directory + "params.json";
    g.demandEqual(keyCommitment(key), draw.params.frame.key_commitment, "key_commitment", place);
  }

  // An auditor's files hold one object a line, of one or more universes: its real id, its pseudonym, and where
  // there are units its real unit. The pseudonym is not relied on; an object has one unit.
  function unitsById(texts) {
    const found = new Map();
    for (const line of texts.flatMap(g.bytes.editedLines)) {
      if (line === "") continue;
      const [id, , unit, ...more] = line.split("\t");
      g.demand(g.grammar.isId(id) && more.length === 0, "pid_mismatch", "real list", { object: line, why: "not a line of a list" });
      const isNew = !found.has(id) || found.get(id) === (unit || null);
      g.demand(isNew, "pid_mismatch", "real list", { object: id, why: "two units" });
      found.set(id, unit || null);
    }
    return found;
  }

  // By pseudonym: the real id, and the pseudonym of its unit.
  async function openers(key, units) {
    const unitPid = new Map();
    const sealUnit = (unit) => unitPid.get(unit) || unitPid.set(unit, pid(key, unit)).get(unit);
    const found = new Map();
    for (const [id, unit] of units) {
      found.set(pid(key, id), { id, unit: unit === null ? null : sealUnit(unit) });
      if (found.size % 200 === 0) await g.breathe();
    }
    return found;
  }

  // The real ids behind the pseudonyms of frame and excluded.
  function openAll({ directory, frame, excluded }, byPid) {
    const real = [];
    for (const [name, column, rows] of [["frame.tsv", 1, frame], ["excluded.tsv", 0, excluded]]) {
      rows.forEach((row, i) => {
        const object = row[column];
        g.demand(byPid.has(object), "pid_mismatch", directory + name + ":" + (i + 1), { object });
        real.push(byPid.get(object).id);
      });
    }
    return real;
  }

  // Who gathers objects under another unit's name gives them another ticket.
  function checkUnits({ directory, params, frame }, byPid) {
    if (params.ticket_key !== "unit") return;
    frame.forEach(([, object, , unit], i) => {
      const isRight = byPid.get(object).unit === unit;
      g.demand(isRight, "pid_mismatch", directory + "frame.tsv:" + (i + 1), { object, field: "unit", found: unit });
    });
  }

  // Every pseudonym opens, and what they open to is the whole id list.
  async function checkPids(draw, byPid) {
    const real = openAll(draw, byPid);
    checkUnits(draw, byPid);
    const list = real.sort().map((id) => id + "\n").join("");
    await g.frame.checkIdList(draw.universe, list, draw.directory + "universe.json");
  }

  function wanted({ sealKey, realIds }) {
    const texts = realIds === undefined || realIds === null ? [] : [].concat(realIds);
    return { key: sealKey || null, units: unitsById(texts) };
  }

  async function check(state) {
    const sealed = state.draws.filter(({ params }) => params.frame.sealed);
    if (sealed.length === 0) return { status: "skipped", variant: "open" };
    const { key, units } = wanted(state.options);
    if (key === null) return { status: "not_checked", variant: units.size > 0 ? "list_only" : "no_key" };
    g.demand(g.grammar.isHash(key), "key_commitment", "seal key", { why: "64 hex digits" });
    sealed.forEach((draw) => checkKey(draw, key));
    if (units.size === 0) return { variant: "key_only" };
    const byPid = await openers(key, units);
    for (const draw of sealed) await checkPids(draw, byPid);
    state.isOpened = true;
    return { variant: "both" };
  }

  g.unseal = { keyCommitment, saltOf, pidWithSalt, pid, check };
})(gongchou);
