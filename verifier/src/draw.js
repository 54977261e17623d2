// Checks 8, 12 and 14: the draw and the match, done again from the published inputs.
(function (g) {
  "use strict";

  function checkSizes(state) {
    state.draws.forEach(({ params, directory }) => g.allocate.check(params, directory + "params.json"));
    const strata = state.draws.flatMap(({ params }) => params.strata);
    return { strata: strata.length, n: strata.reduce((sum, stratum) => sum + stratum.n, 0) };
  }

  async function checkSelection(state) {
    const parts = state.draws.map(({ params, frame }) => ({ params, rows: frame }));
    const results = await g.select.campaign(parts, state.seed);
    for (const draw of state.draws) {
      Object.assign(draw, results.get(draw.params.draw));
      for (const [name, rows] of [["selected.tsv", draw.selected], ["reserve.tsv", draw.reserve]]) {
        const path = draw.directory + name;
        g.table.demandSame(state.files.get(path), g.table.text(rows), "selection_mismatch", path);
      }
    }
    const count = (name) => state.draws.reduce((sum, draw) => sum + draw[name].length, 0);
    return { selected: count("selected"), reserve: count("reserve") };
  }

  // `draws` are {params, rows, selected} in the order of `seq`.
  function startMatch(draws, seed, inspectorRows, avoidRows) {
    const matched = draws.filter(({ params }) => params.matching !== null);
    const { params } = matched[0];
    const hash = g.suiteHash(params.suite);
    const parts = matched.map((draw) => ({
      groups: draw.params.matching.slots, objects: draw.selected.map((row) => row[2]), poolOf: poolOf(draw.rows),
    }));
    return {
      inspectors: g.match.inspectors(inspectorRows, avoidRows),
      tasks: g.match.tasks(parts, hash.prefixed(g.seed.prefix(params, "task", seed))),
      crossHome: params.matching.cross_home,
      deckOf: hash.prefixed(g.seed.prefix(params, "inspector", seed)),
    };
  }

  function poolOf(rows) {
    const pools = new Map(rows.map((row) => [row[1], row[2]]));
    return (object) => pools.get(object);
  }

  function checkInputs({ inspectors, avoid }) {
    const known = new Set(inspectors.map(([id]) => id));
    avoid.forEach(([id], i) => g.demand(known.has(id), "matching_input", "avoid.tsv:" + (i + 1), { inspector: id }));
  }

  async function checkMatching(state) {
    if (!state.hasMatching) return { status: "skipped", variant: "none" };
    if (!state.isMatchPublished) return { status: "not_checked", variant: "sealed" };
    const { inspectors, avoid } = state.matchTables;
    checkInputs(state.matchTables);
    const draws = state.draws.map((draw) => Object.assign({ rows: draw.frame }, draw));
    const match = await g.match.run(startMatch(draws, state.seed, inspectors, avoid));
    for (const [path, text] of [["assignment.tsv", match.assignment()], ["unfilled.tsv", match.unfilledTable()]]) {
      g.table.demandSame(state.files.get(path), text, "matching_mismatch", path);
    }
    state.match = match;
    state.slotCounts = [...match.tasks.values()].map((task) => task.slots.length);
    const isOfTeam = ({ group }) => group.skills.includes("team");
    state.leastPeople = [...match.tasks.values()].map(({ slots }) => slots.length + slots.filter(isOfTeam).length);
    const filled = [...match.tasks.values()].flatMap((task) => task.slots).filter((slot) => slot.inspector !== null);
    const unfilled = match.nUnfilled;
    return { variant: unfilled === 0 ? "all_filled" : "some_open", tasks: match.tasks.size, filled: filled.length, unfilled };
  }

  g.draw = { checkSizes, checkSelection, startMatch, checkMatching };
})(gongchou);
