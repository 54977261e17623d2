// What tests ask of the scripts of the room, in words that JSON knows.
import { evaluate, parse, textOf } from "./expressions.js";
import { fill, formOf } from "./answers.js";

const told = (value) => (["boolean", "string"].includes(typeof value) ? value : { number: textOf(value) });

function one({ expression, own, answers, counts, today }) {
  const has = (map, name) => Object.prototype.hasOwnProperty.call(map, name);
  const asked = {
    own,
    today,
    answer: (name) => (has(answers, name) ? answers[name] : ""),
    count: (name) => (has(counts, name) ? counts[name] : 0),
  };
  try {
    return { value: told(evaluate(parse(expression), asked)) };
  } catch (error) {
    if (!error.code) throw error;
    return { error: error.code, at: error.at };
  }
}

export const expressions = (cases) => cases.map(one);

export const fillings = (cases) =>
  cases.map(({ definition, answers, today }) => {
    const filled = fill(formOf(definition), answers, today);
    return { kept: filled.answers, relevant: Array.from(filled.relevant).sort(), problems: filled.problems };
  });
