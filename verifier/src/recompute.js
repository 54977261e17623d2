// The bare draw, for tests that compare implementations on random inputs.
(function (g) {
  "use strict";

  // What a test need not say.
  const COMMON = {
    suite: "sha256", mode: "official", draw: "D1", seq: 1, ticket_scope: "campaign", ticket_key: "object",
    exclude_selected_of: [], matching: null,
  };

  const rowsOf = (text, columns) => g.table.parse(g.bytes.utf8(text || ""), "input", columns);

  async function readFrame({ params, frame }) {
    const read = Object.assign({}, COMMON, typeof params === "string" ? JSON.parse(params) : params);
    const columns = read.ticket_key === "unit" ? g.tables.frameWithUnit : g.tables.frame;
    return { params: read, rows: await rowsOf(frame, columns) };
  }

  // {frames: [{params, frame}], seedInput, inspectors, avoid}, all texts; gives texts back.
  async function drawTables({ frames, seedInput, inspectors, avoid }) {
    const draws = await Promise.all(frames.map(readFrame));
    draws.sort((a, b) => a.params.seq - b.params.seq);
    const seed = g.seed.digest(draws[0].params.suite, g.bytes.utf8(seedInput));
    const results = await g.select.campaign(draws, seed);
    const out = { seed, draws: {}, assignment: null, unfilled: null };
    for (const draw of draws) {
      const { selected, reserve } = results.get(draw.params.draw);
      draw.selected = selected;
      out.draws[draw.params.draw] = { selected: g.table.text(selected), reserve: g.table.text(reserve) };
    }
    if (!draws.some(({ params }) => params.matching)) return out;
    const people = await rowsOf(inspectors, g.tables.inspectors);
    const apart = await rowsOf(avoid, g.tables.avoid);
    const match = await g.match.run(g.draw.startMatch(draws, seed, people, apart));
    return Object.assign(out, { assignment: match.assignment(), unfilled: match.unfilledTable() });
  }

  g.drawTables = drawTables;
})(gongchou);
