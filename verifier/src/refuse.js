// How a check says no, and how long work lets the page breathe.
(function (g) {
  "use strict";

  const SLICE_MS = 30; // longer without a pause and the page feels stuck

  // A refusal is not a fault of the program: it is what the verifier found in the bundle.
  class Refusal extends Error {
    constructor(code, place, facts) {
      super(code + " " + place);
      this.code = code;
      this.place = place;
      this.facts = facts || {};
    }
  }

  function refuse(code, place, facts) {
    throw new Refusal(code, place, facts);
  }

  function demand(condition, code, place, facts) {
    if (!condition) refuse(code, place, facts);
  }

  // Facts are shown to people: the two values side by side.
  function demandEqual(found, expected, code, place, facts) {
    if (found !== expected) refuse(code, place, Object.assign({ expected, found }, facts));
  }

  // Timers are held back in a tab that is not in front; messages are not.
  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  let sliceBegan = 0;

  // `done` of `total` is for those who watch; most callers do not know.
  function breathe(done, total) {
    if (performance.now() - sliceBegan < SLICE_MS) return undefined;
    if (total !== undefined && g.onPause) g.onPause(done, total);
    return new Promise((resolve) => {
      waiting.push(() => {
        sliceBegan = performance.now();
        resolve();
      });
      channel.port2.postMessage(0);
    });
  }

  function has(object, key) {
    return Object.prototype.hasOwnProperty.call(object, key);
  }

  Object.assign(g, { Refusal, refuse, demand, demandEqual, breathe, has });
})(gongchou);
