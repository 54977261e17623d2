// Checks 6 and 7: universe, frame and exclusions (section 3); with the key, the pseudonyms.
(function (g) {
  "use strict";

  function checkNumbers(stated, found, place) {
    g.demandEqual(found.size, stated.size, "size_mismatch", place);
    g.demandEqual(found.sha256, stated.sha256, "digest_mismatch", place);
    g.demandEqual(found.root, stated.root, "root_mismatch", place);
  }

  async function checkTable(state, path, rows, stated) {
    const root = await g.merkle.rootOfTable(state.files.get(path));
    checkNumbers(stated, { sha256: state.digests.get(path), size: rows.length, root }, path);
  }

  function checkUniverse(state, { directory, params, universe }) {
    const place = directory + "universe.json";
    const sha256 = state.digests.get(place);
    checkNumbers(params.universe, { sha256, size: universe.size, root: universe.root }, place);
    const text = "vdp1 universe\n" + sha256 + "\n";
    const note = directory + "universe.note";
    g.note.demandNote(state.files.get(note), text, state.keys.registry, "universe_signature", note);
    g.demandEqual(universe.read, universe.size + universe.rejected.count, "universe_counts", place, { field: "read" });
    const rejected = directory + "rejected.csv";
    if (!state.files.has(rejected)) return;
    g.demandEqual(state.digests.get(rejected), universe.rejected.sha256, "rejected_digest", rejected);
  }

  function checkSeal({ directory, params, universe }) {
    const place = directory + "params.json";
    g.demandEqual(universe.sealed, params.frame.sealed, "seal_mismatch", place, { field: "sealed" });
    const [ours, theirs] = [params.frame.key_commitment, universe.key_commitment];
    g.demandEqual(ours, theirs, "seal_mismatch", place, { field: "key_commitment" });
    g.demandEqual(ours !== null, params.frame.sealed, "seal_mismatch", place, { field: "key_commitment" });
  }

  function checkRules(state, { directory, params }) {
    for (const [name, stated] of [
      ["reasons.json", params.rules.reason_codes_sha256], ["strata-rule.json", params.rules.strata_rule_sha256],
    ]) {
      g.demandEqual(state.digests.get(directory + name), stated, "digest_mismatch", directory + name);
    }
  }

  function count(rows, column) {
    const found = new Map();
    rows.forEach((row) => found.set(row[column], (found.get(row[column]) || 0) + 1));
    return found;
  }

  function checkStrata({ directory, params, frame }) {
    const found = count(frame, 0);
    const place = directory + "frame.tsv";
    const stated = new Map(params.strata.map(({ id, size }) => [id, size]));
    for (const id of found.keys()) g.demand(stated.has(id), "stratum_unknown", place, { stratum: id });
    for (const [id, size] of stated) {
      g.demand(found.has(id), "stratum_unknown", place, { stratum: id });
      g.demandEqual(found.get(id), size, "stratum_size", place, { stratum: id });
    }
  }

  function checkReasons({ directory, params, excluded, reasons }) {
    const found = count(excluded, 1);
    const place = directory + "excluded.tsv";
    for (const reason of found.keys()) {
      g.demand(g.has(reasons.exclude, reason), "reason_unknown", place, { reason });
    }
    const stated = params.excluded.by_reason;
    const codes = new Set([...found.keys(), ...Object.keys(stated)]);
    for (const reason of codes) {
      const number = g.has(stated, reason) ? stated[reason] : 0;
      g.demandEqual(found.get(reason) || 0, number, "reason_counts", place, { reason });
    }
  }

  // An object is excluded once, and not drawn from.
  function checkApart({ directory, frame, excluded }) {
    const seen = new Set(frame.map((row) => row[1]));
    excluded.forEach(([object], i) => {
      const place = directory + "excluded.tsv:" + (i + 1);
      g.demand(!seen.has(object), "frame_excluded_overlap", place, { object });
      seen.add(object);
    });
  }

  const idList = (ids) => ids.map((id) => id + "\n").join("");

  async function checkIdList(universe, text, place) {
    const bytes = g.bytes.utf8(text);
    g.demandEqual(g.sha256.hex(bytes), universe.sha256, "universe_list", place, { field: "sha256" });
    g.demandEqual(await g.merkle.rootOfTable(bytes), universe.root, "universe_list", place, { field: "root" });
  }

  async function checkComplete({ directory, params, universe, frame, excluded }) {
    const place = directory + "universe.json";
    g.demandEqual(frame.length + excluded.length, universe.size, "universe_list", place, { field: "size" });
    if (params.frame.sealed) return;
    const ids = frame.map((row) => row[1]).concat(excluded.map((row) => row[0])).sort();
    await checkIdList(universe, idList(ids), place);
  }

  async function checkMatchTables(state) {
    if (!state.isMatchPublished) return;
    for (const { params } of state.draws) {
      if (params.matching === null) continue;
      for (const name of ["inspectors", "avoid"]) {
        await checkTable(state, name + ".tsv", state.matchTables[name], params[name]);
      }
    }
  }

  async function checkDraw(state, draw) {
    const { directory, params } = draw;
    checkUniverse(state, draw);
    await checkTable(state, directory + "frame.tsv", draw.frame, params.frame);
    await checkTable(state, directory + "excluded.tsv", draw.excluded, params.excluded);
    checkRules(state, draw);
    checkSeal(draw);
    checkStrata(draw);
    checkReasons(draw);
    checkApart(draw);
    await checkComplete(draw);
  }

  async function check(state) {
    for (const draw of state.draws) await checkDraw(state, draw);
    await checkMatchTables(state);
    const total = (name) => state.draws.reduce((sum, draw) => sum + draw[name].length, 0);
    return { frame: total("frame"), excluded: total("excluded") };
  }

  g.frame = { check, checkIdList };
})(gongchou);
