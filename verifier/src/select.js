// Tickets and selection (section 7).
(function (g) {
  "use strict";

  const FIELD = { stratum: 0, object: 1, pool: 2, unit: 3 };
  const HALF = 32; // hex digits

  const isBefore = (a, b) => (a.ticket === b.ticket ? a.object < b.object : a.ticket < b.ticket);
  const byTicket = (a, b) => (isBefore(a, b) ? -1 : 1);

  // From a line of the frame to its ticket. With a unit the first half is the unit's, so its objects come together,
  // and the second half the object's own.
  function ticketer(suite, prefix) {
    const ticket = g.suiteHash(suite).prefixed(prefix);
    return (row) => {
      const object = row[FIELD.object];
      if (row.length <= FIELD.unit) return ticket(object);
      const unit = row[FIELD.unit];
      return ticket(unit).slice(0, HALF) + ticket(unit + ":" + object).slice(0, HALF);
    };
  }

  // Every object that may still be drawn, by stratum, in the order of the draw.
  async function rank(params, rows, seed, taken) {
    const ticket = ticketer(params.suite, g.seed.objectPrefix(params, seed));
    const strata = new Map(params.strata.map((stratum) => [stratum.id, []]));
    for (let i = 0; i < rows.length; i++) {
      const object = rows[i][FIELD.object];
      if (!taken.has(object)) strata.get(rows[i][FIELD.stratum]).push({ object, ticket: ticket(rows[i]) });
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

  g.select = { FIELD, isBefore, ticketer, rank, draw, campaign };
})(gongchou);
