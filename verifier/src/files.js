// Check 1: paths, the manifest and its signature, digests, and the form of every file.
(function (g) {
  "use strict";

  const MANIFEST = "manifest.json";
  const NOTE = "manifest.note";

  function checkPaths(paths) {
    for (const path of paths) g.demand(g.grammar.isPath(path), "path_invalid", path);
  }

  function readManifest(files) {
    for (const path of [MANIFEST, NOTE]) g.demand(files.has(path), "manifest_missing", path);
    let manifest;
    try {
      manifest = g.json.parse(files.get(MANIFEST), MANIFEST);
    } catch (error) {
      g.refuse("manifest_invalid", MANIFEST, error.facts);
    }
    g.schema.demand(manifest, g.documents.manifest, "manifest_invalid", MANIFEST);
    const paths = manifest.files.map((file) => file.path);
    checkPaths(paths);
    const isRight = g.grammar.isAscending(paths) && ![MANIFEST, NOTE].some((path) => paths.includes(path));
    g.demand(isRight, "manifest_invalid", MANIFEST, { why: "order" });
    return manifest;
  }

  function checkManifestNote(state) {
    const digest = g.sha256.hex(state.files.get(MANIFEST));
    const text = "vdp1 manifest\n" + digest + "\n";
    g.note.demandNote(state.files.get(NOTE), text, state.keys.operator, "manifest_signature", NOTE);
  }

  async function checkListed(state, manifest) {
    const { files } = state;
    const listed = new Set(manifest.files.map((file) => file.path).concat(MANIFEST, NOTE));
    for (const path of listed) g.demand(files.has(path), "file_missing", path);
    for (const path of files.keys()) g.demand(listed.has(path), "file_extra", path);
    for (const { path, size } of manifest.files) {
      g.demandEqual(files.get(path).length, size, "file_size", path);
    }
    for (const { path, sha256 } of manifest.files) {
      state.digests.set(path, await g.sha256.hexSlowly(files.get(path)));
      g.demandEqual(state.digests.get(path), sha256, "file_digest", path);
      await state.tick();
    }
  }

  function readKey(state, role) {
    const path = "keys/" + role + ".vkey";
    g.demand(state.files.has(path), "file_missing", path);
    const text = g.bytes.text(state.files.get(path));
    g.demand(text !== null && text.endsWith("\n"), "key_invalid", path, { why: "no LF" });
    return g.note.parseKey(text.slice(0, -1), g.note.ED25519, path);
  }

  function readWitnesses(files) {
    const path = "keys/witnesses.vkey";
    const lines = g.table.lines(files.get(path), path);
    return lines.map((line, i) => {
      const inOrder = i === 0 || g.table.isBefore(lines[i - 1], line);
      g.demand(inOrder, "table_order", path + ":" + (i + 1), { found: line });
      return g.note.parseKey(line, g.note.COSIGNATURE, path + ":" + (i + 1));
    });
  }

  function readParams(state, directory) {
    const place = directory + "params.json";
    const params = g.json.parse(state.files.get(place), place);
    g.params.check(params, place);
    const name = directory === "" ? params.draw : directory.slice(0, -1);
    g.demandEqual(name, params.draw, "json_field", place, { field: "draw" });
    return { directory, params };
  }

  function readDocument(state, path, test) {
    const value = g.json.parse(state.files.get(path), path);
    g.schema.demand(value, test, "json_field", path);
    return value;
  }

  async function readTable(state, path, columns) {
    return state.files.has(path) ? g.table.parse(state.files.get(path), path, columns) : null;
  }

  async function readDraw(state, draw) {
    const at = (name) => draw.directory + name;
    draw.universe = readDocument(state, at("universe.json"), g.documents.universe);
    draw.reasons = readDocument(state, at("reasons.json"), g.documents.reasons);
    draw.strataRule = readDocument(state, at("strata-rule.json"), g.documents.strataRule);
    const columns = draw.params.ticket_key === "unit" ? g.tables.frameWithUnit : g.tables.frame;
    draw.frame = await readTable(state, at("frame.tsv"), columns);
    draw.excluded = await readTable(state, at("excluded.tsv"), g.tables.excluded);
    draw.selectedRows = await readTable(state, at("selected.tsv"), g.tables.selected);
    draw.reserveRows = await readTable(state, at("reserve.tsv"), g.tables.reserve);
    draw.replacements = await readTable(state, at("replacements.tsv"), g.tables.replacements);
  }

  function demandNoTwin(rows, column, code, place) {
    const seen = new Set();
    rows.forEach((row, i) => {
      g.demand(!seen.has(row[column]), code, place + ":" + (i + 1), { object: row[column], why: "twice" });
      seen.add(row[column]);
    });
  }

  async function readMatch(state) {
    const tables = {};
    for (const name of ["inspectors", "avoid", "assignment", "unfilled", "substitutions"]) {
      tables[name] = await readTable(state, name + ".tsv", g.tables[name]);
    }
    state.matchTables = tables;
  }

  function readBeacon(state, path) {
    const beacon = g.json.parse(state.files.get(path), path);
    g.params.checkBeacon(beacon, path);
    return beacon;
  }

  // No source belongs to a request that came too late.
  function eventPaths(state) {
    const drawn = state.draws.find(({ params }) => params.matching !== null && params.replacement.inspectors !== null);
    const rows = (state.matchTables.substitutions || []).filter((row) => row[4] !== "void");
    return drawn === undefined ? [] : rows.map(([event]) => g.layout.eventPath(drawn.params, event));
  }

  function readBeacons(state, events) {
    state.beacons = new Map();
    const named = ["sources/drand.json", "sources/not-before.json", ...events.filter((path) => path.endsWith(".json"))];
    for (const path of named) if (state.files.has(path)) state.beacons.set(path, readBeacon(state, path));
  }

  function readEntries(state) {
    const paths = g.layout.entryPaths(state.files).filter((path) => path.endsWith(".json"));
    return paths.map((path) => {
      const bytes = state.files.get(path);
      const stem = path.slice(0, -".json".length);
      return {
        place: path, bytes,
        index: Number(stem.slice("log/".length)), proofPath: stem + ".tlog-proof",
      };
    });
  }

  async function readContents(state) {
    state.draws = g.layout.directories(state.files).map((directory) => readParams(state, directory));
    await readMatch(state);
    const events = eventPaths(state);
    g.layout.check(state.files, state.draws, events);
    for (const draw of state.draws) await readDraw(state, draw);
    readBeacons(state, events);
    state.entries = readEntries(state);
    for (const draw of state.draws) demandNoTwin(draw.frame, 1, "frame_duplicate", draw.directory + "frame.tsv");
    demandNoTwin(state.matchTables.inspectors || [], 0, "table_invalid", "inspectors.tsv");
    Object.assign(state.keys, {
      registry: readKey(state, "registry"), log: readKey(state, "log"), witnesses: readWitnesses(state.files),
    });
  }

  // Facts about the whole that later checks ask for again and again.
  function settle(state) {
    state.draws.sort((a, b) => a.params.seq - b.params.seq);
    state.campaign = state.draws[0].params.campaign;
    state.hasMatching = state.draws.some(({ params }) => params.matching !== null);
    state.isMatchPublished = state.files.has("assignment.tsv");
  }

  async function check(state) {
    state.trust = g.trust.parse(state.options.trust);
    const manifest = readManifest(state.files);
    checkPaths(state.files.keys());
    state.keys = { operator: readKey(state, "operator") };
    checkManifestNote(state);
    await checkListed(state, manifest);
    await readContents(state);
    settle(state);
    for (const role of ["operator", "registry"]) {
      g.trust.demandKey(state.trust, role, state.keys[role], "keys/" + role + ".vkey");
    }
    return { files: state.files.size };
  }

  g.files = { check };
})(gongchou);
