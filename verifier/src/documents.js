// The shape of every JSON document of a bundle.
(function (g) {
  "use strict";

  const s = g.schema;
  const count = s.integer(0);
  const version = s.oneOf("vdp1");
  const table = s.object({ root: s.hash, sha256: s.hash, size: count });
  const sealing = { key_commitment: s.orNull(s.hash), sealed: s.bool };
  const signature = s.hexOf(96, 192);
  const round = s.integer(1, 1e10);

  const manifest = s.object({
    files: s.array(s.object({ path: s.string, sha256: s.hash, size: count })),
    v: version,
  });

  const universe = s.object({
    key_commitment: s.orNull(s.hash), read: count, registry: s.id,
    rejected: s.object({ count, sha256: s.hash }),
    root: s.hash, scope: s.text(), sealed: s.bool, sha256: s.hash, size: count,
    snapshot_at: s.time, source_sha256: s.orNull(s.hash), v: version,
  });

  const titles = s.map(g.grammar.isCode, s.text());
  const reasons = s.object({ exclude: titles, replace: titles, substitute: titles, withdraw: titles, v: version });

  function strataRule(value, path) {
    return s.anyObject(value, path) || version(value.v, "v");
  }

  const stratum = s.object({
    den: s.orNull(count), id: s.id, max: s.orNull(count), min: s.orNull(count), n: count,
    num: s.orNull(count), reserve: count, round: s.orNull(s.oneOf("ceil", "floor")),
    size: s.integer(1), weight: s.orNull(count),
  });

  const slotGroup = s.object({
    count: s.integer(1, 20), department: s.orNull(s.id), skills: s.ascending(s.skill),
  });
  const matching = s.object({
    algo: s.oneOf("deal1"), cross_home: s.bool, load_rule: s.text(), slots: s.array(slotGroup, 1, 40),
  });

  const numbers = s.both(
    s.object({ count: s.integer(1, 99), max: s.integer(0, 99), min: count, rule: s.oneOf("ascending", "ordered") }),
    s.when(({ min, max }) => min <= max),
  );
  const groups = s.array(numbers, 1, 10);
  const kind = (name) => s.oneOf(name);
  const nDigits = s.integer(1, 200);
  const issue = s.when((value) => /^[0-9]{1,20}$/.test(value) && typeof value === "string");

  const source = s.byType({
    cr: s.object({ commitment: s.hash, party: s.id, type: kind("cr") }),
    digits: s.object({ n: nDigits, type: kind("digits") }),
    lottery: s.object({ game: s.id, groups, issue, type: kind("lottery") }),
    drand: s.object({ chain: s.hash, round, type: kind("drand") }),
  });
  // What substitutions will use; the round and the issue are not known yet.
  const laterSource = s.byType({
    drand: s.object({ chain: s.hash, type: kind("drand") }),
    lottery: s.object({ game: s.id, groups, type: kind("lottery") }),
    digits: s.object({ n: nDigits, type: kind("digits") }),
  });
  const eventSource = s.byType({
    drand: s.object({ chain: s.hash, type: kind("drand") }),
    lottery: s.object({ game: s.id, groups, issue, type: kind("lottery") }),
    digits: s.object({ n: nDigits, type: kind("digits") }),
  });

  const openness = s.oneOf("open", "sealed");
  const params = s.object({
    v: version, suite: s.oneOf("sha256", "sm3"), mode: s.oneOf("official", "test"),
    campaign: s.id, draw: s.id, authority: s.id, seq: s.integer(1), plan: s.plan,
    supersedes: s.orNull(s.id), parent: s.orNull(s.id), universe: table,
    frame: s.object(Object.assign({ root: s.hash, sha256: s.hash, size: count }, sealing)),
    excluded: s.object({
      by_reason: s.map(g.grammar.isCode, s.integer(1)), root: s.hash, sha256: s.hash, size: count,
    }),
    strata: s.ascending(stratum, (one) => one.id),
    hamilton: s.orNull(s.object({ total: count })),
    rules: s.object({ reason_codes_sha256: s.hash, strata_rule_sha256: s.hash }),
    inspectors: s.orNull(table), avoid: s.orNull(table), matching: s.orNull(matching),
    seed: s.array(source, 1, 40), closes_at: s.time, beacon_time: s.time, lead_s: s.integer(600),
    not_before: s.orNull(s.object({ chain: s.hash, round, signature })),
    ticket_scope: s.oneOf("campaign", "draw"), ticket_key: s.oneOf("object", "unit"),
    exclude_selected_of: s.ascending(s.id),
    replacement: s.object({
      inspectors: s.orNull(laterSource), objects: s.bool, reserve_den: count, reserve_num: count,
    }),
    witness_k: s.integer(2, 20),
    disclosure: s.object({ after: s.orNull(s.time), frame: openness, inspectors: openness, selected: openness }),
    contacts: s.array(s.text()),
    software: s.object({ name: s.text(), source_sha256: s.orNull(s.hash), version: s.text() }),
  });

  const beacon = s.object({
    chain: s.object({
      beacon_id: s.when(g.grammar.isBeaconId), genesis_time: s.integer(1, g.grammar.LAST_SECOND),
      group_hash: s.hash, period: s.integer(1, 86400),
      public_key: signature,
      scheme: s.oneOf("bls-unchained-g1-rfc9380", "pedersen-bls-unchained", "pedersen-bls-chained"),
    }),
    previous_signature: s.orNull(s.hexOf(64, 192)), round, signature,
  });

  const documents = {
    manifest, universe, reasons, strataRule, stratum, params, beacon, eventSource, groups, table, version,
  };
  g.documents = documents;
})(gongchou);
