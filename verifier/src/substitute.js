// Check 15: inspectors who were replaced after the match, each by a random value of its own (section 10).
(function (g) {
  "use strict";

  const FILE = "substitutions.tsv";
  const CODE = "substitution_invalid";

  function eventsOf(state) {
    const substitutes = g.logcheck.find(state, "substitute");
    const replaces = state.draws.filter(({ params }) => params.matching !== null).flatMap((draw) =>
      draw.replaceEntries.map((entry) => Object.assign({ draw }, entry)));
    return [...substitutes, ...replaces].sort((a, b) => a.index - b.index);
  }

  // The source of an event repeats what the parameters promised; a lottery adds its issue.
  function checkSource(params, { place, value: { body } }) {
    const promised = params.replacement.inspectors;
    g.demand(promised !== null, CODE, place, { why: "not permitted" });
    const named = Object.assign({}, body.source);
    delete named.issue;
    g.demandEqual(g.json.write(named), g.json.write(promised), CODE, place, { field: "source" });
  }

  const LEAD_S = 60;

  // The round follows from the entry's own time, so that nobody can wait for one that suits.
  const roundFor = (clock, entry) => g.drand.roundAt(clock, g.grammar.unix(entry.value.time) + LEAD_S);

  // Who is seen to ask only when the round could be known has asked in vain.
  function isVoid(state, entry) {
    const { type, chain } = entry.value.body.source;
    if (type !== "drand") return false;
    const clock = g.drand.clockOf(chain, [...state.beacons.values()]);
    g.demand(clock !== undefined, CODE, entry.place, { why: "no clock of this chain", chain });
    return entry.checkpoint.cosignedAt >= g.drand.timeOfRound(clock, roundFor(clock, entry));
  }

  function beaconValue(state, entry, path) {
    const beacon = state.beacons.get(path);
    const { chain } = entry.value.body.source;
    const round = roundFor(beacon.chain, entry);
    try {
      g.drand.check(beacon, { chain, round }, state.trust, path);
    } catch (error) {
      g.refuse(CODE, path, Object.assign({ why: error.code }, error.facts));
    }
    return beacon.signature;
  }

  function valueOf(state, params, entry) {
    const path = g.layout.eventPath(params, entry.index);
    g.demand(state.files.has(path), CODE, path, { why: "missing" });
    if (entry.value.body.source.type === "drand") return beaconValue(state, entry, path);
    const text = g.bytes.text(state.files.get(path)) || "";
    const value = text.slice(0, -1);
    const isRight = text.endsWith("\n") && g.seed.isValue(entry.value.body.source, value);
    g.demand(isRight, CODE, path, { found: text });
    checkRead(state, entry, value);
    return value;
  }

  // What two people are logged to have read for the request, where anybody logged it.
  function checkRead(state, { index }, value) {
    if (!state.eventReadings.has(index)) return;
    const { latest } = state.eventReadings.get(index);
    g.demandEqual(value, latest.value.body.value, CODE, latest.place, { field: "reading" });
    g.demand(g.seedcheck.isSeenByTwo(latest), CODE, latest.place, { why: "read by one" });
  }

  function deckOf(params, seed, event, value) {
    const eventSeed = g.seed.prefix(params, "event", event, seed, value);
    return g.suiteHash(params.suite).prefixed(g.seed.prefix(params, "inspector", eventSeed));
  }

  // The entry holds only the digest of what was asked for, as the match may be sealed; the row tells it.
  function checkRequest({ place, value: { body } }, { object, slot, out, nonce }) {
    const digest = g.sha256.hexOfText(["vdp1 request", nonce, object, slot, out, ""].join("\n"));
    g.demandEqual(body.request, digest, CODE, place, { field: "request" });
  }

  function reopen(state, { place }, request) {
    const task = state.match.tasks.get(request.object);
    const slot = task && task.slots[Number(request.slot) - 1];
    g.demand(slot, CODE, place, { object: request.object, slot: request.slot });
    const holder = slot.inspector === null ? "-" : slot.inspector.id;
    g.demandEqual(request.out, holder, CODE, place, { field: "out" });
    const out = slot.inspector;
    if (out !== null) {
      out.held.delete(slot);
      out.load -= 1;
      slot.inspector = null;
    }
    return { slot, out };
  }

  function choose(match, { slot, out }, deck) {
    const team = slot.task.slots.map((other) => other.inspector);
    const free = match.mayServe(slot).filter((one) => one !== out && one.load < one.cap && !team.includes(one));
    const ranked = free.map((one) => ({ one, load: one.load, deck: deck(one.load + ":" + one.id) }));
    ranked.sort((a, b) => a.load - b.load || (a.deck === b.deck ? (a.one.id < b.one.id ? -1 : 1) : a.deck < b.deck ? -1 : 1));
    return ranked[0];
  }

  // What the log alone says of a request: who asked, why, and what was to decide.
  function checkAsked(state, params, entry) {
    const { body } = entry.value;
    checkSource(params, entry);
    const matched = state.draws.filter((draw) => draw.params.matching !== null);
    const isOurs = matched.some((draw) => draw.params.authority === entry.value.authority);
    g.demand(isOurs, CODE, entry.place, { field: "authority" });
    const isListed = matched.some(({ reasons }) => g.has(reasons.substitute, body.reason));
    g.demand(isListed, CODE, entry.place, { why: "reason " + body.reason });
  }

  function substitute(state, params, entry, request) {
    checkAsked(state, params, entry);
    checkRequest(entry, request);
    const { object, slot, out, nonce } = request;
    const row = [entry.index, object, slot, out];
    const isLate = isVoid(state, entry);
    g.demandEqual(request.isVoid, isLate, CODE, entry.place, { field: "void" });
    if (isLate) return [...row, "void", "-", "-", nonce];
    const reopened = reopen(state, entry, request);
    const deck = deckOf(params, state.seed, entry.index, valueOf(state, params, entry));
    const found = choose(state.match, reopened, deck);
    if (found === undefined) return [...row, "-", "-", "-", nonce];
    reopened.slot.inspector = found.one;
    found.one.held.add(reopened.slot);
    found.one.load += 1;
    return [...row, found.one.id, found.load, found.deck, nonce];
  }

  // An object that came in becomes a task; the slots it does not have yet are open.
  function comeIn(state, { draw, value: { body } }) {
    const { tasks } = state.match;
    if (!tasks.has(body.in)) {
      const pool = draw.frame.find((row) => row[1] === body.in)[2];
      tasks.set(body.in, g.match.taskOf(body.in, pool, ""));
    }
    g.match.addSlots(tasks.get(body.in), draw.params.matching.slots);
  }

  // What was asked for in each event, by its index as it is written in the table.
  function requestsOf(state) {
    const rows = state.matchTables.substitutions || [];
    return new Map(rows.map(([event, object, slot, out, into, , , nonce]) =>
      [event, { object, slot, out, isVoid: into === "void", nonce }]));
  }

  // Requests are dealt in their order: those that have no row yet are the last, and no outcome can be left out.
  function checkRows(state, entries) {
    const rows = state.matchTables.substitutions || [];
    const events = rows.map(([event]) => event).sort().join(" ");
    const first = entries.slice(0, rows.length).map(({ index }) => String(index)).sort().join(" ");
    g.demandEqual(events, first, CODE, FILE, { field: "events" });
    g.demandEqual(state.files.has(FILE), rows.length > 0, CODE, FILE, { field: "events" });
    state.openRequests = entries.slice(rows.length);
  }

  async function replay(state) {
    const { params } = state.draws.find((draw) => draw.params.matching !== null);
    const requests = requestsOf(state);
    const rows = [];
    for (const entry of eventsOf(state)) {
      if (entry.value.type === "replace") comeIn(state, entry);
      else if (!requests.has(String(entry.index))) checkAsked(state, params, entry);
      else rows.push(substitute(state, params, entry, requests.get(String(entry.index))));
      await g.breathe();
    }
    return rows;
  }

  // The slots that nobody holds at the end, of objects that came in by replacement.
  function openSlots(state) {
    const cameIn = new Set(eventsOf(state).filter(({ value }) => value.type === "replace").map(({ value }) => value.body.in));
    const slots = [...cameIn].flatMap((object) => state.match.tasks.get(object).slots);
    return slots.filter((slot) => slot.inspector === null).length;
  }

  async function settle(state) {
    if (!state.match) return [];
    const rows = await replay(state);
    state.nOpenSlots = openSlots(state);
    return rows;
  }

  // Each slot that has more than one row, once.
  function again(rows) {
    const numbers = new Map();
    for (const [, object, slot] of rows) {
      const key = object + ":" + slot;
      numbers.set(key, { object, slot, n: numbers.has(key) ? numbers.get(key).n + 1 : 1 });
    }
    return [...numbers.values()].filter(({ n }) => n > 1).map(({ object, slot }) => ({ object, slot }));
  }

  async function check(state) {
    const entries = g.logcheck.find(state, "substitute");
    const isThere = state.matchTables.substitutions !== null;
    if (state.hasMatching && !state.isMatchPublished) return { status: "not_checked", variant: "sealed" };
    if (entries.length === 0 && !isThere) {
      await settle(state);
      return { status: "skipped" };
    }
    g.demand(state.hasMatching, CODE, FILE, { why: "no match" });
    checkRows(state, entries);
    const rows = await settle(state);
    if (isThere) g.table.demandSame(state.files.get(FILE), g.table.text(rows), CODE, FILE);
    state.substitutionRows = rows.filter((row) => row[4] !== "void");
    state.nVoid = rows.length - state.substitutionRows.length;
    const open = state.openRequests.length;
    const isTimed = entries.every((entry) => entry.value.body.source.type === "drand");
    const n = state.substitutionRows.length;
    const variant = rows.length === 0 ? "all_open" : n === 0 ? "all_void" : isTimed ? "timed" : "untimed";
    return { variant, n, void: state.nVoid, open };
  }

  g.substitute = { check, again };
})(gongchou);
