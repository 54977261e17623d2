// The columns of every table of a bundle.
(function (g) {
  "use strict";

  const { isId, isCode, isSkill, isHash, isInteger, isAscending } = g.grammar;

  const isRank = (text) => isInteger(text) && text !== "0";
  const orDash = (test) => (text) => text === "-" || test(text);
  const orVoid = (test) => (text) => text === "void" || test(text);
  const oneOf = (...words) => (text) => words.includes(text);

  function isList(test) {
    return (text) => text.split(",").every(test) && isAscending(text.split(","));
  }

  function isSlot(text) {
    const [object, slot, ...more] = text.split(":");
    return more.length === 0 && isId(object) && slot !== undefined && isRank(slot);
  }

  // A closure holds slots, and inspectors who are full.
  const isInClosure = (text, [, kind]) => (kind === "full" ? isId(text) : isSlot(text));

  const isPools = (text) => text === "*" || isList(isId)(text);
  const picked = [isId, isRank, isId, isHash];

  g.tables = {
    frame: [isId, isId, isId],
    frameWithUnit: [isId, isId, isId, isId],
    excluded: [isId, isCode, orDash(isHash)],
    inspectors: [isId, isId, isId, isPools, orDash(isList(isSkill)), isInteger, isInteger],
    avoid: [isId, isId],
    assignment: [isId, isRank, isId, isInteger, isHash, oneOf("deal", "repair")],
    unfilled: [isSlot, oneOf("full", "open", "reached"), isInClosure],
    selected: picked,
    reserve: picked,
    replacements: [isInteger, isId, isId, isId, isRank, isCode, isHash],
    substitutions: [
      isInteger, isId, isRank, orDash(isId), orVoid(orDash(isId)), orDash(isInteger), orDash(isHash), isHash,
    ],
  };
})(gongchou);
