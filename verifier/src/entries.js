// What log entries look like (section 9.2).
(function (g) {
  "use strict";

  const MAX_BYTES = 65535;
  const s = g.schema;
  const count = s.integer(0);
  const evidence = s.orNull(s.hash);
  const second = s.orNull(s.id);
  const texts = s.array(s.text());

  const READ = { campaign: s.id, reader: s.id, second, value: s.text() };
  const ofSource = s.object(Object.assign({ source: s.integer(1) }, READ));
  const ofRequest = s.object(Object.assign({ event: count }, READ));

  const BODIES = {
    keys: s.object({ note: s.orNull(s.text()), vkeys: texts }),
    plan: s.object({ plan: s.plan }),
    commit: s.object({
      beacon_time: s.time, campaign: s.id, commitment: s.hash, draw: s.id, mode: s.oneOf("official", "test"),
      plan: s.plan, supersedes: s.orNull(s.id),
    }),
    reveal: s.object({ campaign: s.id, party: s.id, secret: s.hash }),
    // Of a source of the seed by its number, or of a request by the index of its entry.
    reading: (body, path) => (g.has(body, "event") ? ofRequest : ofSource)(body, path),
    close: s.object({ campaign: s.id }),
    seed: s.object({ campaign: s.id, seed: s.hash }),
    result: s.object({ campaign: s.id, draw: s.id }),
    match: s.object({ campaign: s.id }),
    replace: s.object({
      campaign: s.id, draw: s.id, evidence, in: s.id, out: s.id, rank: s.integer(1), reason: s.code, second, stratum: s.id,
    }),
    substitute: s.object({
      campaign: s.id, evidence, reason: s.code, request: s.hash, second, source: g.documents.eventSource,
    }),
    withdraw: s.object({ campaign: s.id, draw: s.id, reason: s.code, second }),
    audit: s.anyObject, disclose: s.anyObject, outcome: s.anyObject,
  };

  // The files an entry names; types that are not here may name any.
  const FILES = {
    keys: [], commit: ["params.json"], reveal: [], reading: [], close: ["close.txt"], seed: ["seed-input.txt"],
    result: ["reserve.tsv", "selected.tsv"], match: ["assignment.tsv", "unfilled.tsv"],
    replace: [], substitute: [], withdraw: [],
  };

  const shape = s.object({
    authority: s.id, body: s.anyObject,
    files: s.ascending(s.object({ name: s.path, sha256: s.hash, size: count }), (file) => file.name),
    prev: s.hash, seq: s.integer(1), time: s.time, type: s.oneOf(...Object.keys(BODIES)), v: s.oneOf("vdp1"),
  });

  // In a campaign the names of a draw's files begin with its directory; whether this is one, a stranger's
  // entry does not tell.
  function namesRightFiles({ type, files, body }) {
    if (!g.has(FILES, type)) return true;
    const names = files.map((file) => file.name).join();
    const within = FILES[type].map((name) => body.draw + "/" + name).join();
    return names === FILES[type].join() || (body.draw !== undefined && names === within);
  }

  function check(entry, place) {
    s.demand(entry, shape, "entry_invalid", place);
    s.demand(entry.body, BODIES[entry.type], "entry_invalid", place);
    g.demand(namesRightFiles(entry), "entry_invalid", place, { field: "files" });
  }

  // The entry that these bytes are.
  function read(bytes, place) {
    g.demand(bytes.length <= MAX_BYTES, "entry_invalid", place, { why: "longer than 65,535 bytes" });
    let entry;
    try {
      entry = g.json.parse(bytes, place);
    } catch (error) {
      g.refuse("entry_invalid", place, error.facts);
    }
    check(entry, place);
    return entry;
  }

  g.entries = { read, FILES };
})(gongchou);
