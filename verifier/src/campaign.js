// Check 16: what the draws of a campaign must share, and how they stand to one another.
(function (g) {
  "use strict";

  const SHARED = ["suite", "mode", "campaign", "seed", "closes_at", "beacon_time", "not_before", "witness_k"];
  const SHARED_SEAL = { "frame.sealed": ({ frame }) => frame.sealed, "frame.key_commitment": ({ frame }) => frame.key_commitment };
  const SHARED_MATCH = {
    inspectors: (params) => params.inspectors,
    avoid: (params) => params.avoid,
    cross_home: (params) => params.matching.cross_home,
    "replacement.inspectors": (params) => params.replacement.inspectors,
  };

  function demandShared(draws, field, valueOf) {
    const [first, ...others] = draws;
    for (const { params, directory } of others) {
      const [expected, found] = [first.params, params].map((one) => g.json.write(valueOf(one)));
      g.demandEqual(found, expected, "campaign_mixed", directory + "params.json", { field });
    }
  }

  function checkShared(state) {
    SHARED.forEach((field) => demandShared(state.draws, field, (params) => params[field]));
    Object.keys(SHARED_SEAL).forEach((field) => demandShared(state.draws, field, SHARED_SEAL[field]));
    const matched = state.draws.filter(({ params }) => params.matching !== null);
    Object.keys(SHARED_MATCH).forEach((field) => demandShared(matched, field, SHARED_MATCH[field]));
  }

  // Each draw that must be kept apart from another comes after it.
  function checkOrder(state) {
    const seqOf = new Map(state.draws.map(({ params }) => [params.draw, params.seq]));
    const seqs = new Set(seqOf.values());
    g.demandEqual(seqs.size, state.draws.length, "campaign_order", "params.json", { field: "seq" });
    for (const { params, directory } of state.draws) {
      for (const earlier of params.exclude_selected_of) {
        const isEarlier = seqOf.has(earlier) && seqOf.get(earlier) < params.seq;
        g.demand(isEarlier, "campaign_order", directory + "params.json", { draw: earlier });
      }
    }
  }

  // The close document names the campaign's live commits, and each of them is in the bundle.
  function checkCommits(state) {
    const { index } = state.close;
    const own = state.commits.filter(({ entry }) => entry.value.body.campaign === state.campaign);
    const live = own.filter(({ entry, gone }) => entry.index < index && (gone === null || gone.index > index));
    const spell = (pairs) => pairs.map((pair) => pair.join(" ")).sort().join("、");
    const expected = spell(live.map(({ entry: { value: { body } } }) => [body.draw, body.commitment]));
    g.demandEqual(spell(state.commitLines), expected, "campaign_incomplete", "close.txt");
    const here = spell(state.draws.map(({ params, commitment }) => [params.draw, commitment]));
    g.demandEqual(here, expected, "campaign_incomplete", "params.json");
  }

  // Where an object belongs must not depend on the draw that asks.
  function checkPools(state) {
    const poolOf = new Map();
    for (const draw of state.draws) {
      if (draw.params.matching === null) continue;
      const pools = new Map(draw.frame.map((row) => [row[1], row[2]]));
      for (const [, , object] of draw.selectedRows) {
        const pool = pools.get(object);
        if (pool === undefined) continue; // not in the frame at all: check 12 will say so
        const before = poolOf.has(object) ? poolOf.get(object) : pool;
        g.demandEqual(pool, before, "pool_conflict", draw.directory + "frame.tsv", { object });
        poolOf.set(object, pool);
      }
    }
  }

  function check(state) {
    checkShared(state);
    checkOrder(state);
    checkCommits(state);
    checkPools(state);
    return state.draws.length === 1 ? { variant: "alone" } : { draws: state.draws.length };
  }

  g.campaign = { check };
})(gongchou);
