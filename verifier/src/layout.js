// Which paths a bundle must hold and may hold (section 2).
(function (g) {
  "use strict";

  const DRAW = [
    "excluded.tsv", "frame.tsv", "params.json", "reasons.json", "reserve.tsv", "selected.tsv",
    "strata-rule.json", "universe.json", "universe.note",
  ];
  const DRAW_MAY = ["params.tsr", "rejected.csv", "replacements.tsv"];
  const TOP = [
    "close.txt", "keys/log.vkey", "keys/operator.vkey", "keys/registry.vkey", "keys/witnesses.vkey",
    "log/checkpoint", "log/consistency.tsv", "manifest.json", "manifest.note", "seed-input.txt",
  ];
  const TOP_MAY = ["README.zh.md", "VERIFY.html"];
  const MATCH = ["assignment.tsv", "avoid.tsv", "inspectors.tsv", "unfilled.tsv"];
  const ENTRY = /^log\/([0-9]{8})\.(json|tlog-proof)$/;
  const BEACON = /^sources\/(drand\.json|not-before\.json|event-.*)$/;

  // "" for a single draw; "D1/", "D2/" … for a campaign.
  function directories(files) {
    if (files.has("params.json")) return [""];
    const found = [...files.keys()].filter((path) => /^[^/]+\/params\.json$/.test(path));
    g.demand(found.length > 0, "file_missing", "params.json");
    return found.map((path) => path.slice(0, -"params.json".length)).sort();
  }

  function beaconPaths(draws) {
    const paths = [];
    const sources = draws[0].params.seed;
    if (sources[sources.length - 1].type === "drand") paths.push("sources/drand.json");
    if (draws.some(({ params }) => params.not_before !== null)) paths.push("sources/not-before.json");
    return paths;
  }

  // When inspectors are sealed, the tables of the match may be left out, with what happened to it afterwards.
  function matchPaths(files, draws) {
    const matched = draws.filter(({ params }) => params.matching !== null);
    if (matched.length === 0) return [];
    const maySeal = matched.every(({ params }) => params.disclosure.inspectors === "sealed");
    const isLeftOut = maySeal && ![...MATCH, "substitutions.tsv"].some((path) => files.has(path));
    return isLeftOut ? [] : MATCH;
  }

  function eventPath(params, event) {
    return "sources/event-" + event + (params.replacement.inspectors.type === "drand" ? ".json" : ".txt");
  }

  // An entry and its proof come together.
  function entryPaths(files) {
    const stems = [...files.keys()].filter((path) => ENTRY.test(path)).map((path) => path.slice(0, 12));
    return [...new Set(stems)].sort().flatMap((stem) => [stem + ".json", stem + ".tlog-proof"]);
  }

  const isOtherSource = (path) => /^sources\/[^/]+$/.test(path) && !BEACON.test(path);

  // `events` are the paths of the beacons that substitutions used.
  function check(files, draws, events) {
    const inDraws = (names) => draws.flatMap(({ directory }) => names.map((name) => directory + name));
    const match = matchPaths(files, draws);
    const required = [...TOP, ...inDraws(DRAW), ...beaconPaths(draws), ...match, ...entryPaths(files), ...events];
    for (const path of required) g.demand(files.has(path), "file_missing", path);
    const maySubstitute = draws.some(({ params }) => params.matching !== null);
    const may = [...required, ...TOP_MAY, ...inDraws(DRAW_MAY), ...(maySubstitute ? ["substitutions.tsv"] : [])];
    const permitted = new Set(may);
    for (const path of files.keys()) g.demand(permitted.has(path) || isOtherSource(path), "file_extra", path);
  }

  g.layout = { directories, check, eventPath, matchPaths, entryPaths };
})(gongchou);
