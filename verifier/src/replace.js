// Check 13: objects that were replaced after the draw (section 10).
(function (g) {
  "use strict";

  const FILE = "replacements.tsv";

  function entriesOf(state, draw) {
    return g.logcheck.find(state, "replace", draw.params.draw);
  }

  function lineOf({ index, value: { body } }) {
    return [index, body.stratum, body.out, body.in, body.rank, body.reason, body.evidence];
  }

  function checkTable(state, draw, entries) {
    const path = draw.directory + FILE;
    const isThere = draw.replacements !== null;
    g.demandEqual(isThere, entries.length > 0, "replacement_invalid", path, { field: "events" });
    if (isThere) g.table.demandSame(state.files.get(path), g.table.text(entries.map(lineOf)), "replacement_invalid", path);
  }

  function checkEntry(draw, { place, value: { authority, body } }) {
    const refuse = (why) => g.refuse("replacement_invalid", place, { object: body.out, why });
    if (!draw.params.replacement.objects) refuse("not permitted");
    if (authority !== draw.params.authority) refuse("another authority");
    if (!g.has(draw.reasons.replace, body.reason)) refuse("reason " + body.reason);
    if (body.evidence === null) refuse("no evidence");
    if (body.second === null || body.second === authority) refuse("no second person");
  }

  // The sample of each stratum as it changes from event to event.
  function startSamples(draw) {
    const samples = new Map(draw.params.strata.map(({ id, n }) => [id, { n, objects: new Set(), nReplaced: 0 }]));
    draw.selected.forEach(([stratum, , object]) => samples.get(stratum).objects.add(object));
    return samples;
  }

  function nextReserve(draw, stratum, rank) {
    const row = draw.reserve.find((one) => one[0] === stratum && one[1] === rank);
    return row === undefined ? "-" : row[2];
  }

  function apply(draw, samples, { place, value: { body } }) {
    const sample = samples.get(body.stratum);
    const facts = { object: body.out };
    g.demand(sample !== undefined && sample.objects.has(body.out), "replacement_invalid", place, facts);
    const rank = sample.n + sample.nReplaced + 1;
    g.demandEqual(body.rank, rank, "replacement_invalid", place, { field: "rank" });
    g.demandEqual(body.in, nextReserve(draw, body.stratum, rank), "replacement_invalid", place, { field: "in" });
    sample.objects.delete(body.out);
    sample.objects.add(body.in);
    sample.nReplaced += 1;
  }

  function checkDraw(state, draw) {
    const entries = entriesOf(state, draw);
    checkTable(state, draw, entries);
    draw.samples = startSamples(draw);
    entries.forEach((entry) => checkEntry(draw, entry));
    entries.forEach((entry) => apply(draw, draw.samples, entry));
    draw.replaceEntries = entries;
    return entries.length;
  }

  function check(state) {
    const n = state.draws.reduce((sum, draw) => sum + checkDraw(state, draw), 0);
    return n === 0 ? { status: "skipped" } : { n };
  }

  g.replace = { check };
})(gongchou);
