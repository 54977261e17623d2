// The repair of deal1 (section 8). A slot that the deal left open is filled along a path of exchanges; where
// there is none, the slots reached and the inspectors found full are a closure, which proves it.
(function (g) {
  "use strict";

  // Closures that met have become one: each knows the one it went into, and the last of these stands for all.
  class Closures {
    constructor() {
      this.of = new Map(); // every reached slot and every full inspector
    }

    // The closure of this slot or inspector, or undefined.
    holding(member) {
      let closure = this.of.get(member);
      while (closure !== undefined && closure.into !== null) {
        if (closure.into.into !== null) closure.into = closure.into.into; // shorten the way for those who follow
        closure = closure.into;
      }
      return closure;
    }

    add({ from, full, met }) {
      const closure = { into: null };
      for (const member of [...from.keys(), ...full]) this.of.set(member, closure);
      for (const other of met) other.into = closure;
    }

    // As they are in the end, each with its three kinds of members, spelled as in the table.
    list() {
      const found = new Map();
      for (const member of this.of.keys()) {
        const closure = this.holding(member);
        if (!found.has(closure)) found.set(closure, { open: [], reached: [], full: [] });
        found.get(closure)[kindOf(member)].push(spell(member));
      }
      return [...found.values()].map((one) => Object.assign(one, { name: [...one.open].sort()[0] }));
    }
  }

  // Only slots have a task.
  const kindOf = (member) => (member.task === undefined ? "full" : member.inspector === null ? "open" : "reached");
  const spell = (member) => (member.task === undefined ? member.id : member.task.object + ":" + member.number);

  function reach(search, closures, slot, step) {
    const closure = closures.holding(slot);
    if (closure !== undefined) search.met.add(closure);
    else if (!search.from.has(slot)) search.from.set(slot, step);
  }

  // One slot of the queue; ends the search at the first inspector who has room.
  function visit(match, closures, search, slot) {
    const inOrder = match.mayServe(slot).sort((a, b) => match.compare(a, b));
    for (const inspector of inOrder) {
      const step = { slot, inspector };
      const own = slot.task.slots.find((other) => other.inspector === inspector);
      const closure = closures.holding(inspector);
      if (own !== undefined) reach(search, closures, own, step);
      else if (closure !== undefined) search.met.add(closure);
      else if (!search.full.has(inspector)) {
        if (inspector.load < inspector.cap) {
          search.end = step;
          return;
        }
        search.full.add(inspector);
        match.heldBy(inspector).forEach((held) => reach(search, closures, held, step));
      }
    }
  }

  // The reached slots are the queue: a map keeps their order, and gives those that are added meanwhile.
  function find(match, closures, open) {
    const search = { from: new Map([[open, null]]), full: new Set(), met: new Set(), end: null };
    for (const slot of search.from.keys()) {
      visit(match, closures, search, slot);
      if (search.end !== null) break;
    }
    return search;
  }

  // The load and deck that are written down are those from before the path: it is applied afterwards.
  function walkBack(match, { from, end }) {
    const path = [];
    for (let step = end; step !== null; step = from.get(step.slot)) path.push(step);
    path.forEach((step) => match.assign(step.slot, step.inspector, "repair"));
    end.inspector.load += 1;
  }

  async function run(match) {
    const closures = new Closures();
    for (const slot of match.open) {
      const search = find(match, closures, slot);
      if (search.end === null) closures.add(search);
      else walkBack(match, search);
      await g.breathe();
    }
    return closures.list();
  }

  g.repair = { run };
})(gongchou);
