// Checks 4 and 5: the commitment, and that everything happened in time (section 9.5).
(function (g) {
  "use strict";

  const unix = g.grammar.unix;
  const timeOf = g.grammar.timeOf;

  function checkCommit(state, draw) {
    const { directory, params, commit } = draw;
    const place = directory + "params.json";
    draw.commitment = g.suiteHash(params.suite).hex(state.files.get(place));
    const { body } = commit.value;
    g.demandEqual(draw.commitment, body.commitment, "commitment_mismatch", place);
    for (const field of ["beacon_time", "mode", "plan", "supersedes"]) {
      g.demandEqual(body[field], params[field], "commit_fields", commit.place, { field });
    }
    const isAllowed = params.mode === "official" || state.options.allowTest;
    g.demand(isAllowed, "mode_test", place, { mode: params.mode });
  }

  function check(state) {
    state.draws.forEach((draw) => checkCommit(state, draw));
    return { commitment: state.draws[0].commitment, mode: state.draws[0].params.mode };
  }

  // The beacon's moment: the time of the round, or for another beacon the time that was announced.
  function beaconMoment(state, { params }) {
    const last = params.seed[params.seed.length - 1];
    if (last.type !== "drand") return unix(params.beacon_time);
    return g.drand.timeOfRound(state.beacons.get("sources/drand.json").chain, last.round);
  }

  function checkCommitTime({ params, commit }) {
    const latest = unix(params.beacon_time) - params.lead_s;
    const found = commit.checkpoint.cosignedAt;
    const facts = { expected: timeOf(latest), found: timeOf(found) };
    g.demand(found <= latest, "commit_late", commit.place, facts);
  }

  function checkCloseTime(state, draw) {
    const { place, value, checkpoint } = state.close;
    const early = { expected: draw.params.closes_at, found: value.time };
    g.demand(unix(value.time) >= unix(draw.params.closes_at), "close_early", place, early);
    const moment = beaconMoment(state, draw);
    const late = { expected: timeOf(moment), found: timeOf(checkpoint.cosignedAt) };
    g.demand(checkpoint.cosignedAt < moment, "close_late", place, late);
  }

  function checkNotBefore(state, { params, commit }) {
    if (params.not_before === null) return;
    const { chain } = state.beacons.get("sources/not-before.json");
    const moment = g.drand.timeOfRound(chain, params.not_before.round);
    const facts = { expected: timeOf(moment), found: commit.value.time };
    g.demand(moment <= unix(commit.value.time), "not_before_late", commit.place, facts);
  }

  function checkTimes(state) {
    for (const draw of state.draws) {
      checkCommitTime(draw);
      checkCloseTime(state, draw);
      checkNotBefore(state, draw);
    }
    const [first] = state.draws;
    return {
      commit: timeOf(first.commit.checkpoint.cosignedAt), close: timeOf(state.close.checkpoint.cosignedAt),
      beacon: timeOf(beaconMoment(state, first)),
    };
  }

  g.commit = { check, checkTimes, beaconMoment };
})(gongchou);
