// Matching inspectors with objects: deal1 (section 8). Inspectors, tasks and slots are plain objects;
// a slot knows its task, its group, and once it is filled its inspector.
(function (g) {
  "use strict";

  const KINDS = ["full", "open", "reached"];
  const list = (text, empty) => (text === empty ? [] : text.split(","));

  function inspectorOf([id, department, home, pools, skills, cap, load0]) {
    return {
      id, department, home, cap: Number(cap), load: Number(load0),
      pools: pools === "*" ? null : new Set(list(pools)), skills: new Set(list(skills, "-")), held: new Set(),
      avoids: new Set(),
    };
  }

  function inspectors(rows, avoidRows) {
    const all = new Map(rows.map((row) => [row[0], inspectorOf(row)]));
    avoidRows.forEach(([id, object]) => all.get(id).avoids.add(object));
    return all;
  }

  const sameGroup = (a, b) =>
    a.count === b.count && a.department === b.department && a.skills.join() === b.skills.join();

  // Adds the slots of these groups that the task does not have yet; returns the new slots.
  function addSlots(task, groups) {
    const before = task.slots.length;
    for (const group of groups) {
      if (task.groups.some((taken) => sameGroup(taken, group))) continue;
      task.groups.push(group);
      for (let i = 0; i < group.count; i++) {
        task.slots.push({ task, group, number: task.slots.length + 1, inspector: null });
      }
    }
    return task.slots.slice(before);
  }

  function taskOf(object, pool, ticket) {
    return { object, pool, ticket, groups: [], slots: [] };
  }

  // `parts` are the draws with matching in the order of `seq`: {groups, objects, poolOf}.
  function tasks(parts, ticket) {
    const all = new Map();
    for (const { groups, objects, poolOf } of parts) {
      for (const object of objects) {
        if (!all.has(object)) all.set(object, taskOf(object, poolOf(object), ticket(object)));
        addSlots(all.get(object), groups);
      }
    }
    return all;
  }

  const inTaskOrder = (a, b) => (a.ticket === b.ticket ? (a.object < b.object ? -1 : 1) : a.ticket < b.ticket ? -1 : 1);

  class Match {
    constructor({ inspectors, tasks, crossHome, deckOf }) {
      Object.assign(this, { inspectors, tasks, crossHome });
      this.deckOf = deckOf;
      this.fitting = new Map(); // by pool and group: those who fit, whatever the object
      this.open = [];
      this.closures = []; // proofs that what is open at the end cannot be filled
    }

    fits(inspector, pool, group) {
      if (inspector.pools !== null && !inspector.pools.has(pool)) return false;
      if (group.department !== null && group.department !== inspector.department) return false;
      if (this.crossHome && inspector.home === pool) return false;
      return group.skills.every((skill) => inspector.skills.has(skill));
    }

    // All who may serve a slot.
    mayServe({ task, group }) {
      const key = [task.pool, group.department, group.skills.join()].join(" ");
      if (!this.fitting.has(key)) {
        const those = [...this.inspectors.values()].filter((one) => this.fits(one, task.pool, group));
        this.fitting.set(key, those);
      }
      return this.fitting.get(key).filter((one) => !one.avoids.has(task.object));
    }

    deck(inspector) {
      if (inspector.deckLoad !== inspector.load) {
        inspector.deckLoad = inspector.load;
        inspector.deckTicket = this.deckOf(inspector.load + ":" + inspector.id);
      }
      return inspector.deckTicket;
    }

    compare(a, b) {
      if (a.load !== b.load) return a.load - b.load;
      const [x, y] = [this.deck(a), this.deck(b)];
      return x === y ? (a.id < b.id ? -1 : 1) : x < y ? -1 : 1;
    }

    assign(slot, inspector, kind) {
      if (slot.inspector !== null) slot.inspector.held.delete(slot);
      Object.assign(slot, { inspector, kind, load: inspector.load, deck: this.deck(inspector) });
      inspector.held.add(slot);
    }

    async deal() {
      for (const task of [...this.tasks.values()].sort(inTaskOrder)) {
        for (const slot of task.slots) this.dealSlot(slot);
        await g.breathe();
      }
    }

    dealSlot(slot) {
      const team = slot.task.slots.map((other) => other.inspector);
      const free = this.mayServe(slot).filter((one) => one.load < one.cap && !team.includes(one));
      if (free.length === 0) return this.open.push(slot);
      const best = free.reduce((a, b) => (this.compare(a, b) < 0 ? a : b));
      this.assign(slot, best, "deal");
      return (best.load += 1);
    }

    heldBy(inspector) {
      const order = (a, b) => (a.task === b.task ? a.number - b.number : inTaskOrder(a.task, b.task));
      return [...inspector.held].sort(order);
    }

    assignment() {
      const slots = [...this.tasks.values()].flatMap((task) => task.slots);
      const filled = slots.filter((slot) => slot.inspector !== null);
      return g.table.text(filled.map((slot) => [
        slot.task.object, slot.number, slot.inspector.id, slot.load, slot.deck, slot.kind,
      ]));
    }

    unfilledTable() {
      return g.table.text(this.closures.flatMap((closure) => KINDS.flatMap((kind) =>
        closure[kind].map((what) => [closure.name, kind, what]))));
    }

    // How many slots stayed open.
    get nUnfilled() {
      return this.closures.reduce((sum, { open }) => sum + open.length, 0);
    }
  }

  async function run(input) {
    const match = new Match(input);
    await match.deal();
    match.closures = await g.repair.run(match);
    return match;
  }

  g.match = { inspectors, tasks, taskOf, addSlots, run };
})(gongchou);
