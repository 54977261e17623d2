// Checks 9, 10 and 11: the close and seed documents, the beacon, the seed in the log.
(function (g) {
  "use strict";

  const CLOSE = "close.txt";
  const SEED = "seed-input.txt";
  const BEACON = "sources/drand.json";
  const NOT_BEFORE = "sources/not-before.json";

  function linesOf(state, path) {
    const text = g.bytes.text(state.files.get(path));
    g.demand(text !== null && text.endsWith("\n"), "close_text", path, { why: "no LF" });
    return text.slice(0, -1).split("\n");
  }

  // The commit lines of the close document: pairs of draw and C, ascending by draw.
  function readCommits(lines) {
    const found = lines.filter((line) => line.startsWith("commit "));
    return found.map((line) => {
      const [, draw, c, ...more] = line.split(" ");
      const isRight = g.grammar.isId(draw) && g.grammar.isHash(c || "") && more.length === 0;
      g.demand(isRight, "close_text", CLOSE, { found: line });
      return [draw, c];
    });
  }

  function readValue(source, k, line, path) {
    const stem = g.seed.stem(source, k);
    g.demand(line !== undefined && line.startsWith(stem), "close_text", path, { expected: stem, found: line || "-" });
    const value = line.slice(stem.length);
    g.demand(g.seed.isValue(source, value), "value_invalid", path, { source: k, found: value });
    return value;
  }

  // Reads the values, then writes the whole document again from the parameters and compares.
  function checkDocument(state, { params, commitment }, path, sources) {
    const lines = linesOf(state, path);
    const commits = readCommits(lines);
    const values = sources.map((source, i) => readValue(source, i + 1, lines[2 + commits.length + i], path));
    const draws = commits.map(([draw]) => draw);
    g.demand(g.grammar.isAscending(draws), "close_text", path, { why: "order of the commit lines" });
    const ours = commits.find(([draw]) => draw === params.draw) || [params.draw, "-"];
    g.demandEqual(ours[1], commitment, "close_text", path, { draw: params.draw });
    const expected = g.seed.write(params, commits, values);
    g.table.demandSame(state.files.get(path), expected, "close_text", path);
    return { commits, values };
  }

  function revealsBeforeClose(state, party) {
    return g.logcheck.find(state, "reveal").filter(({ index, value }) =>
      value.body.party === party && index < state.close.index);
  }

  // `missing` is honest only when no secret that fits was revealed in time.
  function checkReveal(state, source, value) {
    const fits = (secret) => g.seed.commitment(state.campaign, source.party, secret) === source.commitment;
    const revealed = revealsBeforeClose(state, source.party);
    if (value === "missing") {
      const inTime = revealed.find((entry) => fits(entry.value.body.secret));
      g.demand(inTime === undefined, "reveal_missing", inTime ? inTime.place : CLOSE, { party: source.party });
      return;
    }
    const entry = revealed.find((one) => one.value.body.secret === value);
    g.demand(entry !== undefined, "reveal_missing", CLOSE, { party: source.party });
    g.demand(fits(value), "reveal_mismatch", entry.place, { party: source.party });
  }

  // The last source is read between close and seed, one before it between the commits and the close.
  function isInTime(state, { index, value }) {
    const { seed } = state.draws[0].params, k = value.body.source;
    if (k > seed.length || !["digits", "lottery"].includes(seed[k - 1].type)) return false;
    if (k === seed.length) return state.close.index < index && index < state.seedEntry.index;
    return state.draws.every(({ commit }) => commit.index < index) && index < state.close.index;
  }

  // A request of the campaign that a reading decides, once it stands in the log.
  function isBehindRequest(requests, { index, value }) {
    const request = requests.get(value.body.event);
    return request !== undefined && request.index < index && request.value.body.source.type !== "drand";
  }

  function keep(readings, key, entry) {
    const one = readings.get(key) || { values: new Set() };
    one.values.add(entry.value.body.value);
    readings.set(key, Object.assign(one, { latest: entry }));
  }

  const isSeenByTwo = ({ value: { body } }) => body.second !== null && body.second !== body.reader;

  // What the log says dice or a drawing showed, where it does; only departments of the campaign can say it.
  function checkReadings(state) {
    const requests = new Map(g.logcheck.find(state, "substitute").map((entry) => [entry.index, entry]));
    Object.assign(state, { readings: new Map(), eventReadings: new Map() });
    for (const entry of g.logcheck.find(state, "reading")) {
      const { source, event } = entry.value.body;
      const isOfEvent = event !== undefined;
      const isRight = isOfEvent ? isBehindRequest(requests, entry) : isInTime(state, entry);
      g.demand(isRight, "reading_late", entry.place, isOfEvent ? { event } : { source });
      keep(isOfEvent ? state.eventReadings : state.readings, isOfEvent ? event : source, entry);
    }
    for (const [source, { latest }] of state.readings) {
      const isUsed = latest.value.body.value === state.values[source - 1];
      g.demand(isUsed, "reading_mismatch", latest.place, { source });
      g.demand(isSeenByTwo(latest), "reading_alone", latest.place, { source });
    }
  }

  function check(state) {
    for (const draw of state.draws) {
      const sources = draw.params.seed;
      const close = checkDocument(state, draw, CLOSE, sources.slice(0, -1));
      const whole = checkDocument(state, draw, SEED, sources);
      const start = state.files.get(SEED).subarray(0, state.files.get(CLOSE).length);
      g.demand(g.bytes.equal(start, state.files.get(CLOSE)), "close_text", SEED, { why: "begins otherwise" });
      sources.forEach((source, i) => source.type === "cr" && checkReveal(state, source, close.values[i]));
      Object.assign(state, { commitLines: close.commits, values: whole.values });
    }
    checkReadings(state);
    return { sources: state.values.length, missing: state.values.filter((value) => value === "missing").length };
  }

  function checkBeacon(state) {
    for (const { params, directory } of state.draws) {
      const source = params.seed[params.seed.length - 1];
      const signature = state.values[state.values.length - 1];
      const beacon = state.beacons.get(BEACON);
      g.drand.check(beacon, { chain: source.chain, round: source.round, signature }, state.trust, BEACON);
      const due = g.drand.roundAt(beacon.chain, g.grammar.unix(params.beacon_time));
      g.demandEqual(source.round, due, "beacon_round", directory + "params.json");
    }
  }

  function checkNotBefore(state) {
    const quoted = state.draws.filter(({ params }) => params.not_before !== null);
    for (const { params } of quoted) {
      g.drand.check(state.beacons.get(NOT_BEFORE), params.not_before, state.trust, NOT_BEFORE);
    }
  }

  async function checkBeacons(state) {
    const { seed } = state.draws[0].params;
    const source = seed[seed.length - 1];
    await g.breathe();
    checkNotBefore(state);
    if (source.type !== "drand") return { status: "skipped", variant: source.type };
    checkBeacon(state);
    return { round: source.round, chain: source.chain };
  }

  function checkSeed(state) {
    state.seed = g.seed.digest(state.draws[0].params.suite, state.files.get(SEED));
    g.demandEqual(state.seedEntry.value.body.seed, state.seed, "seed_mismatch", state.seedEntry.place);
    return { seed: state.seed };
  }

  g.seedcheck = { check, checkBeacons, checkSeed, isSeenByTwo };
})(gongchou);
