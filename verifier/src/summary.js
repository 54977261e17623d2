// Check 18: what the verification found, as plain data; the marks, the colour, the level (section 11).
(function (g) {
  "use strict";

  const timeOf = g.grammar.timeOf;
  const WEAK = { L: "指定期号的彩票开奖", N: "现场摇号" };

  function strengthOf(params) {
    const last = params.seed[params.seed.length - 1];
    if (last.type === "drand") return g.has(g.drand.NAMES, last.chain) ? "D" : "P";
    return last.type === "lottery" ? "L" : "N";
  }

  function stratumOf(draw, { id, size, n, reserve, num, den, weight }) {
    const rows = draw.selected.filter((row) => row[0] === id);
    const last = rows[rows.length - 1];
    return {
      id, size, n, reserve, num, den, weight, selected: rows.length,
      available: draw.ranked.get(id).length, replaced: draw.samples.get(id).nReplaced,
      cutoff: last === undefined ? null : { ticket: last[3], object: last[2] },
    };
  }

  const stateOf = (gone) => (gone === null ? "live" : gone.afterSeed ? "withdrawn_after_seed" : "withdrawn");

  function drawOf(state, draw) {
    const { params, universe, excluded, frame } = draw;
    const { gone } = state.commits.find(({ entry }) => entry === draw.commit);
    return {
      state: stateOf(gone),
      draw: params.draw, seq: params.seq, plan: params.plan, authority: params.authority,
      supersedes: params.supersedes, parent: params.parent, commitment: draw.commitment,
      committed_at: timeOf(draw.commit.checkpoint.cosignedAt), lead_s: params.lead_s,
      sealed: params.frame.sealed, ticket_scope: params.ticket_scope, ticket_key: params.ticket_key,
      universe: universe.size, rejected: universe.rejected.count, registry: universe.registry,
      scope: universe.scope, snapshot_at: universe.snapshot_at,
      excluded: excluded.length, excluded_by: params.excluded.by_reason, frame: frame.length,
      root: params.frame.root, prefix: draw.prefix, exclude_selected_of: params.exclude_selected_of,
      selected: draw.selected.length, strata: params.strata.map((stratum) => stratumOf(draw, stratum)),
      has_matching: params.matching !== null, contacts: params.contacts, disclosed_after: params.disclosure.after,
    };
  }

  function beaconOf(state) {
    const { params } = state.draws[0];
    const source = params.seed[params.seed.length - 1];
    const moment = g.commit.beaconMoment(state, state.draws[0]);
    return {
      type: source.type, chain: source.chain || null, chain_name: g.drand.NAMES[source.chain] || null, round: source.round || null, game: source.game || null,
      issue: source.issue || null, value: state.values[state.values.length - 1], at: timeOf(moment),
    };
  }

  function sourcesOf(state) {
    return state.draws[0].params.seed.map((source, i) => ({
      type: source.type, party: source.party || null, value: state.values[i],
    }));
  }

  function loadsOf(match) {
    const loads = [...match.inspectors.values()].map((one) => one.load);
    return { inspectors: loads.length, least: Math.min(...loads), most: Math.max(...loads) };
  }

  function matchOf(state) {
    if (!state.match) return null;
    const slots = [...state.match.tasks.values()].flatMap((task) => task.slots);
    return Object.assign(loadsOf(state.match), {
      tasks: state.slotCounts.length, slots: state.slotCounts.reduce((sum, n) => sum + n, 0),
      repaired: slots.filter((slot) => slot.kind === "repair").length, unfilled: state.match.nUnfilled,
      substituted: state.substitutionRows ? state.substitutionRows.length : 0,
    });
  }

  function witnessesOf(state) {
    return state.horizon.cosigned.map(({ name, time }) => ({ name, at: timeOf(time) }));
  }

  // What else was committed by those whose chains are here: plans that look alike are for the reader to judge.
  function otherCommits(state) {
    const ours = new Set(state.draws.map(({ commit }) => commit));
    return state.commits.filter(({ entry }) => !ours.has(entry)).map(({ entry: { index, value }, gone }) => {
      const { campaign, draw, plan, mode } = value.body;
      return { index, authority: value.authority, campaign, draw, plan, mode, state: stateOf(gone) };
    });
  }

  function summaryOf(state) {
    return {
      campaign: state.campaign, mode: state.draws[0].params.mode, suite: state.draws[0].params.suite,
      seed: state.seed, sources: sourcesOf(state), beacon: beaconOf(state),
      closed_at: timeOf(state.close.checkpoint.cosignedAt), draws: state.draws.map((draw) => drawOf(state, draw)),
      match: matchOf(state), witnesses: witnessesOf(state), horizon: state.horizon.size,
      entries: state.ownEntries.length,
      other_commits: otherCommits(state),
      withdrawals: state.withdrawals.map((one) => Object.assign({ title: titleOf(state, one.reason) }, one)),
      software: state.draws.map(({ params }) => params.software),
    };
  }

  function replacedMarks(state) {
    return state.draws.flatMap((draw) => [...draw.samples].filter(([, { n, nReplaced }]) => nReplaced * 50 > n)
      .map(([stratum, { n, nReplaced }]) =>
        ({ code: "replaced_many", facts: { draw: draw.params.draw, stratum, replaced: nReplaced, n } })));
  }

  function substitutedMarks(rows) {
    if (rows.length === 0) return [];
    const twice = g.substitute.again(rows).map((facts) => ({ code: "substituted_again", facts }));
    return [{ code: "substituted", colour: "grey", facts: { count: rows.length } }, ...twice];
  }

  // Whom it concerned stays sealed, and with it how many were dealt; how often somebody asked does not.
  function sealedMarks(state) {
    const count = g.logcheck.find(state, "substitute").length;
    const asked = count > 0 ? [{ code: "substitution_asked", colour: "grey", facts: { count } }] : [];
    return [{ code: "match_sealed", facts: {} }, ...asked];
  }

  function unloggedMarks({ substitutionRows, eventReadings }) {
    const count = substitutionRows.filter(([event]) => !eventReadings.has(event)).length;
    return count > 0 ? [{ code: "event_reading_unlogged", facts: { count } }] : [];
  }

  // They wait for a value that is not in the bundle yet; since when is for the reader to judge.
  function openMarks(requests) {
    if (requests.length === 0) return [];
    return [{ code: "substitution_open", facts: { count: requests.length, since: requests[0].value.time } }];
  }

  function matchMarks(state) {
    if (!state.hasMatching) return [];
    if (!state.isMatchPublished) return sealedMarks(state);
    const thin = state.leastPeople.filter((n) => n < 2).length;
    const marks = thin > 0 ? [{ code: "fewer_than_two", facts: { tasks: thin } }] : [];
    const sum = (counts) => counts.reduce((all, n) => all + n, 0);
    const teams = sum(state.leastPeople) - sum(state.slotCounts);
    if (teams > 0) marks.push({ code: "standing_teams", colour: "grey", facts: { count: teams } });
    const { inspectors } = state.draws.find(({ params }) => params.matching !== null).params.replacement;
    const isLoose = state.substitutionRows && state.substitutionRows.length > 0 && inspectors.type !== "drand";
    if (isLoose) marks.push({ code: "substitution_source", facts: { n: state.substitutionRows.length } }, ...unloggedMarks(state));
    marks.push(...openMarks(state.openRequests || []));
    if (state.nVoid > 0) marks.push({ code: "substitution_void", facts: { count: state.nVoid } });
    marks.push(...substitutedMarks(state.substitutionRows || []));
    if (state.nOpenSlots > 0) marks.push({ code: "slots_open", facts: { count: state.nOpenSlots } });
    const n = state.match.nUnfilled;
    if (n > 0) marks.push({ code: "unfilled", colour: "grey", facts: { n } });
    return marks;
  }

  // How objects are grouped decides who is drawn; only the real list can tell whether they belong together.
  function unitMarks(state) {
    const draws = state.draws.filter(({ params }) => params.ticket_key === "unit").map(({ params }) => params.draw);
    return draws.length === 0 || state.isOpened ? [] : [{ code: "by_unit", facts: { draws: draws.join("、") } }];
  }

  // Dice can be thrown until they please: a value given up is seen, and so is a last source that nobody logged.
  function readingMarks(state) {
    const { seed } = state.draws[0].params;
    return seed.flatMap(({ type }, i) => {
      const source = i + 1, count = state.readings.has(source) ? state.readings.get(source).values.size : 0;
      if (count > 1) return [{ code: "reading_changed", facts: { source, count } }];
      const isRead = source === seed.length && ["digits", "lottery"].includes(type);
      return isRead && count === 0 ? [{ code: "reading_unlogged", facts: { source } }] : [];
    });
  }

  // The same of a request, which is in the log even where the match is sealed.
  function eventReadingMarks({ eventReadings }) {
    const changed = [...eventReadings].filter(([, { values }]) => values.size > 1);
    return changed.map(([event, { values }]) => ({ code: "event_reading_changed", facts: { event, count: values.size } }));
  }

  function missingMarks(state) {
    const missing = sourcesOf(state).filter(({ type, value }) => type === "cr" && value === "missing");
    return missing.map(({ party }) => ({ code: "reveal_missing", facts: { party } }));
  }

  function trustMarks(state, strength) {
    const open = [{ code: "authorities_open", facts: {} }];
    if (state.trust !== null) return g.trust.namesAuthorities(state.trust) ? [] : open;
    const own = strength === "P" ? [{ code: "private_chain", facts: {} }] : [];
    return [{ code: "self_attested", facts: {} }, ...own];
  }

  // A withdrawn draw may have had another list of reasons; then its code must do.
  function titleOf(state, reason) {
    const lists = state.draws.map(({ reasons }) => reasons.withdraw);
    const list = lists.find((one) => g.has(one, reason));
    return list === undefined ? reason : list[reason];
  }

  function withdrawalMarks(state) {
    const late = { code: "others_withdrawn_after_seed", colour: "grey", facts: { count: state.nOthersLate } };
    return (state.nOthersLate > 0 ? [late] : []).concat(state.withdrawals.map(({ draw, time, reason, afterSeed }) => ({
      code: afterSeed ? "withdrawn_after_seed" : "withdrawn", colour: afterSeed ? "red" : "grey",
      facts: { draw, time, reason, title: titleOf(state, reason) },
    })));
  }

  function marksOf(state) {
    const strength = strengthOf(state.draws[0].params);
    const marks = trustMarks(state, strength);
    if (state.draws[0].params.mode === "test") marks.push({ code: "test_mode", facts: {} });
    if (["L", "N"].includes(strength)) marks.push({ code: "strength", facts: { strength, name: WEAK[strength] } });
    marks.push(...missingMarks(state), ...readingMarks(state), ...eventReadingMarks(state));
    marks.push(...replacedMarks(state), ...unitMarks(state), ...matchMarks(state));
    return [...marks.map((mark) => Object.assign({ colour: "amber" }, mark)), ...withdrawalMarks(state)];
  }

  function levelOf(state) {
    const isSealed = state.draws.some(({ params }) => params.frame.sealed);
    if (isSealed && !state.isOpened) return "L1";
    return state.hasMatching && !state.isMatchPublished ? "L1" : "L2";
  }

  function software(state) {
    const { name, version, source_sha256: digest } = state.draws[0].params.software;
    return { name, version, digest: digest === null ? "-" : digest };
  }

  function check(state) {
    state.draws.forEach((draw) => {
      draw.prefix = g.seed.objectPrefix(draw.params, state.seed);
    });
    Object.assign(state, {
      summary: summaryOf(state), marks: marksOf(state), level: levelOf(state),
      strength: strengthOf(state.draws[0].params),
    });
    return { level: state.level, strength: state.strength };
  }

  g.summary = { check, software };
})(gongchou);
