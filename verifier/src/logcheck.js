// Check 2: the log as a whole, the chains of the authorities, the entries that must exist, their files.
(function (g) {
  "use strict";

  const ZERO = "0".repeat(64);
  const WITH_SECOND = ["replace", "substitute", "withdraw"];
  const CONSISTENCY = "log/consistency.tsv";

  async function openLog(state) {
    g.trust.demandKey(state.trust, "log", state.keys.log, "keys/log.vkey");
    const log = new g.log.Log({
      logKey: state.keys.log,
      witnesses: g.trust.witnesses(state.trust, state.keys.witnesses),
      witnessK: state.draws[0].params.witness_k, // the lead's
    });
    const horizon = await log.checkpoint(g.bytes.text(state.files.get("log/checkpoint")), "log/checkpoint");
    for (const [i, entry] of state.entries.entries()) {
      entry.value = g.entries.read(entry.bytes, entry.place);
      await log.include(entry, state.files.get(entry.proofPath), entry.proofPath);
      await g.breathe(i, state.entries.length);
    }
    log.checkConsistency(state.files.get(CONSISTENCY), horizon, CONSISTENCY);
    return { log, horizon };
  }

  // An authority's entries, without a gap, each naming the one before. A whole chain counts from 1; a run of
  // somebody else's begins anywhere.
  function checkChain(entries, isWhole) {
    const sorted = [...entries].sort((a, b) => a.value.seq - b.value.seq);
    const [{ value: first }] = sorted;
    let before = isWhole ? { seq: 0, digest: ZERO } : { seq: first.seq - 1, digest: first.prev };
    Object.assign(before, { index: -1, unix: 0 });
    sorted.forEach((entry) => {
      const { seq, prev, time } = entry.value;
      g.demandEqual(seq, before.seq + 1, "chain_broken", entry.place, { field: "seq" });
      g.demandEqual(prev, before.digest, "chain_broken", entry.place, { field: "prev" });
      g.demand(entry.index > before.index, "chain_broken", entry.place, { field: "index" });
      const unix = g.grammar.unix(time);
      g.demand(unix >= before.unix, "chain_broken", entry.place, { field: "time", found: time });
      before = { seq, digest: g.sha256.hex(entry.bytes), index: entry.index, unix };
    });
  }

  // The authorities of the campaign are those of its draws. Nobody else's entries say anything here.
  function checkChains(state) {
    const ours = new Set(state.draws.map(({ params }) => params.authority));
    const byAuthority = new Map();
    for (const entry of state.entries) {
      const { authority } = entry.value;
      byAuthority.set(authority, [...(byAuthority.get(authority) || []), entry]);
    }
    byAuthority.forEach((entries, authority) => checkChain(entries, ours.has(authority)));
    state.ownEntries = state.entries.filter(({ value }) => ours.has(value.authority));
  }

  // Behind the last entry of each of these authorities everything is shown, so that no end of a chain is cut off.
  function checkTail({ entries, ownEntries }, { size }) {
    const lasts = new Map(ownEntries.map(({ index, value }) => [value.authority, index]));
    const shown = new Set(entries.map(({ index }) => index));
    for (let index = lasts.size === 0 ? 0 : Math.min(...lasts.values()) + 1; index < size; index++) {
      g.demand(shown.has(index), "log_cut", "log/checkpoint", { index, size });
    }
  }

  // Who writes, and who is named as a second person, must be known: one office could go by several names.
  function checkAuthorities({ ownEntries, trust }) {
    for (const { value, place } of ownEntries) {
      g.trust.demandAuthority(trust, value.authority, place);
      const second = WITH_SECOND.includes(value.type) ? value.body.second : null;
      if (second !== null) g.trust.demandAuthority(trust, second, place);
    }
  }

  // All entries of a type that speak of this campaign (and draw), by its authorities.
  function find(state, type, draw) {
    return state.ownEntries.filter(({ value }) =>
      value.type === type && value.body.campaign === state.campaign && (draw === undefined || value.body.draw === draw));
  }

  function theOne(state, type, draw, authority) {
    const found = find(state, type, draw);
    const place = draw === undefined ? type : type + " " + draw;
    g.demand(found.length > 0, "entry_missing", place, { type });
    // A second commit is a matter of check 3.
    if (type !== "commit") g.demand(found.length === 1, "entry_missing", place, { why: "written twice", type });
    const own = found.find(({ value }) => value.authority === authority);
    g.demand(own !== undefined, "entry_missing", place, { why: "another authority", type });
    return own;
  }

  function checkFiles(state, entry, directory) {
    const wanted = g.entries.FILES[entry.value.type].map((name) => directory + name);
    const names = entry.value.files.map((file) => file.name);
    g.demandEqual(names.join(), wanted.join(), "entry_files", entry.place);
    for (const { name, sha256, size } of entry.value.files) {
      const bytes = state.files.get(name);
      if (bytes === undefined && !state.isMatchPublished && entry.value.type === "match") continue;
      g.demand(bytes !== undefined, "entry_files", entry.place, { name });
      g.demandEqual(bytes.length, size, "entry_files", entry.place, { name });
      g.demandEqual(g.sha256.hex(bytes), sha256, "entry_files", entry.place, { name });
    }
  }

  function checkExisting(state) {
    const first = state.draws[0].params.authority;
    const need = (type, draw, authority, directory) => {
      const entry = theOne(state, type, draw, authority);
      checkFiles(state, entry, directory);
      return entry;
    };
    for (const draw of state.draws) {
      const { draw: id, authority } = draw.params;
      draw.commit = need("commit", id, authority, draw.directory);
      draw.result = need("result", id, authority, draw.directory);
    }
    state.close = need("close", undefined, first, "");
    state.seedEntry = need("seed", undefined, first, "");
    if (state.hasMatching) state.matchEntry = need("match", undefined, first, "");
    else g.demandEqual(find(state, "match").length, 0, "entry_missing", "match", { type: "match" });
  }

  async function check(state) {
    const { log, horizon } = await openLog(state);
    checkChains(state);
    checkTail(state, horizon);
    checkAuthorities(state);
    checkExisting(state);
    Object.assign(state, { horizon, log });
    return { entries: state.entries.length, size: horizon.size, witnesses: horizon.cosigned.length };
  }

  g.logcheck = { check, find };
})(gongchou);
