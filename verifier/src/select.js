// Tickets and selection (section 7).
(function (g) {
  "use strict";

  const FIELD = { stratum: 0, object: 1, pool: 2, unit: 3 };

  const isBefore = (a, b) => (a.ticket === b.ticket ? a.object < b.object : a.ticket < b.ticket);
  const byTicket = (a, b) => (isBefore(a, b) ? -1 : 1);

  // Every object that may still be drawn, by stratum, in the order of the draw.
  async function rank(params, rows, seed, taken) {
    const ticket = g.suiteHash(params.suite).prefixed(g.seed.objectPrefix(params, seed));
    const key = params.ticket_key === "unit" ? FIELD.unit : FIELD.object;
    const strata = new Map(params.strata.map((stratum) => [stratum.id, []]));
    for (let i = 0; i < rows.length; i++) {
      const object = rows[i][FIELD.object];
      if (!taken.has(object)) strata.get(rows[i][FIELD.stratum]).push({ object, ticket: ticket(rows[i][key]) });
      if (i % 500 === 0) await g.breathe(i, rows.length);
    }
    for (const entries of strata.values()) {
      entries.sort(byTicket);
      await g.breathe();
    }
    return strata;
  }

  function rowsOf(stratum, entries, from, to) {
    return entries.slice(from, to).map(({ object, ticket }, i) => [stratum, from + i + 1, object, ticket]);
  }

  // `ranked` maps a stratum to its entries; ranks 1 to n are selected, the next `reserve` wait.
  function take(params, ranked) {
    const selected = [];
    const reserve = [];
    for (const { id, n, reserve: nReserve } of params.strata) {
      selected.push(...rowsOf(id, ranked.get(id), 0, n));
      reserve.push(...rowsOf(id, ranked.get(id), n, n + nReserve));
    }
    return { selected, reserve };
  }

  // One draw; `taken` holds the objects that earlier draws of the campaign selected.
  async function draw(params, rows, seed, taken) {
    const ranked = await rank(params, rows, seed, taken);
    return Object.assign({ ranked }, take(params, ranked));
  }

  // Draws of a campaign, in the order of `seq`: each entry is {params, rows}.
  async function campaign(draws, seed) {
    const results = new Map();
    for (const { params, rows } of [...draws].sort((a, b) => a.params.seq - b.params.seq)) {
      const earlier = params.exclude_selected_of.map((id) => results.get(id).selected);
      const taken = new Set(earlier.flat().map((row) => row[2]));
      results.set(params.draw, await draw(params, rows, seed, taken));
    }
    return results;
  }

  g.select = { FIELD, isBefore, rank, draw, campaign };
})(gongchou);
