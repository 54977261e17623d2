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

  // An auditor's files hold real ids, one a line, of one or more universes; what follows a TAB (the
  // pseudonym) is not relied on.
  function idsOf(texts) {
    return texts.flatMap((text) => text.split(/\r?\n/)).map((line) => line.split("\t")[0]).filter((id) => id !== "");
  }

  async function openers(key, ids) {
    const found = new Map();
    for (let i = 0; i < ids.length; i++) {
      found.set(pid(key, ids[i]), ids[i]);
      if (i % 200 === 0) await g.breathe();
    }
    return found;
  }

  // Every pseudonym opens, and what they open to is the whole id list.
  async function checkPids({ directory, universe, frame, excluded }, byPid) {
    const real = [];
    for (const [name, column, rows] of [["frame.tsv", 1, frame], ["excluded.tsv", 0, excluded]]) {
      rows.forEach((row, i) => {
        const object = row[column];
        g.demand(byPid.has(object), "pid_mismatch", directory + name + ":" + (i + 1), { object });
        real.push(byPid.get(object));
      });
    }
    await g.frame.checkIdList(universe, real.sort().map((id) => id + "\n").join(""), directory + "universe.json");
  }

  function wanted({ sealKey, realIds }) {
    const texts = realIds === undefined || realIds === null ? [] : [].concat(realIds);
    return { key: sealKey || null, ids: idsOf(texts) };
  }

  async function check(state) {
    const sealed = state.draws.filter(({ params }) => params.frame.sealed);
    if (sealed.length === 0) return { status: "skipped", variant: "open" };
    const { key, ids } = wanted(state.options);
    if (key === null) return { status: "not_checked", variant: ids.length > 0 ? "list_only" : "no_key" };
    g.demand(g.grammar.isHash(key), "key_commitment", "seal key", { why: "64 hex digits" });
    sealed.forEach((draw) => checkKey(draw, key));
    if (ids.length === 0) return { variant: "key_only" };
    const byPid = await openers(key, ids);
    for (const draw of sealed) await checkPids(draw, byPid);
    state.isOpened = true;
    return { variant: "both" };
  }

  g.unseal = { keyCommitment, saltOf, pidWithSalt, pid, check };
})(gongchou);
