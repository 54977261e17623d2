// Check 3: one live draw per plan item (section 9.6).
(function (g) {
  "use strict";

  const DAY_S = 86400;
  const ofType = (state, type) => state.entries.filter((entry) => entry.value.type === type);

  // Draw ids are unique within a campaign, so the two together name a commit.
  const nameOf = ({ campaign, draw }) => campaign + " " + draw;

  function commitsByName(state) {
    const found = new Map();
    for (const entry of ofType(state, "commit")) {
      const { body } = entry.value;
      g.demand(!found.has(nameOf(body)), "draw_committed_twice", entry.place, { draw: body.draw });
      found.set(nameOf(body), entry);
    }
    return found;
  }

  function isAfterSeed(state, entry) {
    const { campaign } = entry.value.body;
    const close = ofType(state, "close").find((other) => other.value.body.campaign === campaign);
    return close !== undefined && entry.index > close.index;
  }

  // The closed list of reasons is known only for plans of this bundle.
  function isReasonListed(state, plan, reason) {
    const ours = state.draws.filter(({ params }) => params.plan === plan);
    return ours.length === 0 || ours.some(({ reasons }) => g.has(reasons.withdraw, reason));
  }

  function checkWithdrawal(state, entry, commit) {
    const { draw, campaign, reason, second } = entry.value.body;
    const refuse = (why) => g.refuse("withdrawal_invalid", entry.place, { draw, why });
    if (commit === undefined) refuse("no such commit");
    const { plan, mode } = commit.value.body;
    if (commit.index > entry.index) refuse("before its commit");
    if (commit.value.authority !== entry.value.authority) refuse("another authority");
    if (!isReasonListed(state, plan, reason)) refuse("reason " + reason);
    const afterSeed = isAfterSeed(state, entry);
    if (afterSeed && (second === null || second === entry.value.authority)) refuse("no second person");
    return { draw, campaign, reason, second, afterSeed, time: entry.value.time, index: entry.index, plan, mode };
  }

  function withdrawalsByName(state, commits) {
    const found = new Map();
    for (const entry of ofType(state, "withdraw")) {
      const name = nameOf(entry.value.body);
      const { draw } = entry.value.body;
      g.demand(!found.has(name), "withdrawal_invalid", entry.place, { draw, why: "withdrawn twice" });
      found.set(name, checkWithdrawal(state, entry, commits.get(name)));
    }
    return found;
  }

  // The withdrawal of the draw that this commit supersedes: same plan and mode, committed and withdrawn before.
  function supersededBy(entry, withdrawn) {
    const { supersedes, plan, mode } = entry.value.body;
    return [...withdrawn.values()].find((gone) =>
      gone.draw === supersedes && gone.plan === plan && gone.mode === mode && gone.index < entry.index);
  }

  function checkSupersedes(commits, withdrawn) {
    for (const entry of commits.values()) {
      const { supersedes } = entry.value.body;
      if (supersedes === null) continue;
      g.demand(supersededBy(entry, withdrawn), "supersedes_invalid", entry.place, { draw: supersedes });
    }
  }

  // After a withdrawal that came after the seed, a day must pass before the next beacon.
  function checkPause({ params, commit }, withdrawn) {
    const gone = supersededBy(commit, withdrawn);
    if (gone === undefined || !gone.afterSeed) return;
    const earliest = g.grammar.unix(gone.time) + DAY_S;
    const isLate = g.grammar.unix(params.beacon_time) >= earliest;
    const facts = { expected: g.grammar.timeOf(earliest), found: params.beacon_time };
    g.demand(isLate, "supersedes_invalid", commit.place, facts);
  }

  function liveOf({ plan, mode }, commits, withdrawn) {
    return [...commits].filter(([name, { value: { body } }]) =>
      body.plan === plan && body.mode === mode && !withdrawn.has(name)).map(([, entry]) => entry);
  }

  // The one live draw is this one; or its successor, when this one was withdrawn after the close.
  function checkLive({ commit }, commits, withdrawn) {
    const { body } = commit.value;
    const live = liveOf(body, commits, withdrawn);
    const gone = withdrawn.get(nameOf(body));
    if (gone !== undefined) g.demand(gone.afterSeed, "draw_withdrawn", commit.place, { draw: body.draw });
    const isSuccessor = (entry) => entry.value.body.supersedes === body.draw;
    const isRight = gone === undefined ? live.length === 1 : live.length <= 1 && live.every(isSuccessor);
    const draws = live.map((entry) => entry.value.body.draw).join("、") || "无";
    g.demand(isRight, "plan_two_live", commit.place, { plan: body.plan, draws });
  }

  function checkSome(state, withdrawn) {
    const gone = state.draws.filter(({ commit }) => withdrawn.has(nameOf(commit.value.body)));
    const [first] = gone;
    const isLeft = gone.length < state.draws.length;
    g.demand(isLeft, "draw_withdrawn", first ? first.commit.place : "-", { draw: first && first.params.draw });
  }

  function check(state) {
    const commits = commitsByName(state);
    const withdrawn = withdrawalsByName(state, commits);
    checkSupersedes(commits, withdrawn);
    checkSome(state, withdrawn);
    for (const draw of state.draws) {
      checkLive(draw, commits, withdrawn);
      checkPause(draw, withdrawn);
    }
    state.commits = [...commits.values()];
    state.withdrawals = [...withdrawn.values()];
    return { plans: state.draws.length, withdrawals: state.withdrawals.length };
  }

  g.live = { check };
})(gongchou);
