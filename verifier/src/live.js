// Check 3: one live draw per plan item (section 9.6).
(function (g) {
  "use strict";

  const DAY_S = 86400;

  // Draw ids are unique within a campaign, so the two together name a commit.
  const nameOf = ({ campaign, draw }) => campaign + " " + draw;
  const itemOf = ({ value: { authority, body } }) => [authority, body.mode, body.plan].join(" ");

  // What the log says up to some index: all commits by name, of each plan item the latest, and the closed campaigns.
  const newHistory = () => ({ byName: new Map(), latest: new Map(), closed: new Set() });

  // Who gave up a draw after its beacon waits a day before the next.
  function checkPause({ place, value: { body } }, { gone }) {
    if (gone === null || !gone.afterSeed) return;
    const earliest = gone.cosignedAt + DAY_S;
    const facts = { expected: g.grammar.timeOf(earliest), found: body.beacon_time };
    g.demand(g.grammar.unix(body.beacon_time) >= earliest, "supersedes_invalid", place, facts);
  }

  function addCommit(history, entry) {
    const { place, value: { body } } = entry;
    const { draw, plan, supersedes } = body;
    g.demand(!history.byName.has(nameOf(body)), "draw_committed_twice", place, { draw });
    const before = history.latest.get(itemOf(entry)) || null;
    const earlier = before === null ? null : before.entry.value.body.draw;
    const isFree = before === null || before.gone !== null;
    g.demand(isFree, "plan_two_live", place, { plan, draw, earlier });
    g.demandEqual(supersedes, earlier, "supersedes_invalid", place, { field: "supersedes" });
    if (before !== null) checkPause(entry, before);
    const commit = { entry, gone: null };
    history.byName.set(nameOf(body), commit);
    history.latest.set(itemOf(entry), commit);
  }

  // What a withdrawal must say is asked only where the plan is one of this bundle: its list of reasons is known, and
  // a slip elsewhere must not spoil all the evidence of an office.
  function checkSaid(state, plan, { reason, second }, authority, afterSeed, refuse) {
    const ours = state.draws.filter(({ params }) => params.plan === plan);
    if (ours.length === 0) return;
    if (!ours.some(({ reasons }) => g.has(reasons.withdraw, reason))) refuse("reason " + reason);
    if (afterSeed && (second === null || second === authority)) refuse("no second person");
  }

  function addWithdrawal(state, history, { index, place, checkpoint, value: { authority, body } }) {
    const { draw, reason } = body;
    const refuse = (why) => g.refuse("withdrawal_invalid", place, { draw, why });
    const commit = history.byName.get(nameOf(body));
    if (commit === undefined) refuse("no such commit before");
    const { value } = commit.entry;
    if (value.authority !== authority) refuse("another authority");
    if (commit.gone !== null) refuse("withdrawn already");
    const { cosignedAt } = checkpoint;
    const isClosed = history.closed.has(value.body.campaign);
    const afterSeed = isClosed || cosignedAt >= g.grammar.unix(value.body.beacon_time);
    checkSaid(state, value.body.plan, body, authority, afterSeed, refuse);
    commit.gone = { index, reason, cosignedAt, afterSeed };
  }

  // Commits, closes and withdrawals, one by one as they stand in the log.
  function readHistory(state) {
    const history = newHistory();
    for (const entry of state.ownEntries) {
      if (entry.value.type === "commit") addCommit(history, entry);
      if (entry.value.type === "close") history.closed.add(entry.value.body.campaign);
      if (entry.value.type === "withdraw") addWithdrawal(state, history, entry);
    }
    return [...history.byName.values()];
  }

  // A draw given up before the close is not drawn; after it, it stays, but something must be left to publish.
  function checkDraws(state) {
    const goneOf = new Map(state.commits.map(({ entry, gone }) => [entry, gone]));
    const gone = state.draws.filter(({ commit }) => goneOf.get(commit) !== null);
    const early = gone.find(({ commit }) => goneOf.get(commit).index < state.close.index);
    const wrong = gone.length === state.draws.length ? gone[0] : early;
    if (wrong) g.refuse("draw_withdrawn", wrong.commit.place, { draw: wrong.params.draw });
  }

  function withdrawalOf({ entry: { value: { body } }, gone }) {
    const { reason, cosignedAt, afterSeed } = gone;
    return { draw: body.draw, plan: body.plan, reason, time: g.grammar.timeOf(cosignedAt), afterSeed };
  }

  // Of what was withdrawn, that of this campaign or of these plan items; the rest is told as a number.
  function ownOrOther(state) {
    const items = new Set(state.draws.map(({ commit }) => itemOf(commit)));
    const isOwn = ({ entry }) => entry.value.body.campaign === state.campaign || items.has(itemOf(entry));
    const gone = state.commits.filter((commit) => commit.gone !== null);
    return { own: gone.filter(isOwn), others: gone.filter((commit) => !isOwn(commit)) };
  }

  function check(state) {
    state.commits = readHistory(state);
    checkDraws(state);
    const { own, others } = ownOrOther(state);
    state.withdrawals = own.map(withdrawalOf);
    state.nOthersLate = others.filter(({ gone }) => gone.afterSeed).length;
    return { plans: state.draws.length, withdrawals: own.length + others.length };
  }

  g.live = { check };
})(gongchou);
