// The expressions of forms: read into nodes, then evaluated (spec/forms.md section 2). The same as expressions.py and
// values.py; both answer to spec/vectors/forms.json. A number is a BigInt that counts millionths; what is no number is
// null. Nothing is ever handed to eval.

export const LONGEST = 20000;
export const DEEPEST = 24;
const SCALE = 1000000n;
const LIMIT = SCALE ** 3n * 1000n; // no number is as large as this
const DECIMAL = /^(-?)([0-9]{1,15})(?:\.([0-9]{1,6}))?$/;
const DATE = /^([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})$/;
const TIME = /^([01][0-9]|2[0-3]):([0-5][0-9])$/;
const DAY_MS = 86400000;

// Values

export const stripped = (text) => text.replace(/^[ \t\n\r\u3000]+|[ \t\n\r\u3000]+$/g, "");
export const lengthOf = (text) => Array.from(text).length;
export const isTime = (text) => TIME.test(text);

export function daysOf(text) {
  const found = DATE.exec(text);
  if (!found) return null;
  const moment = Date.UTC(+found[1], found[2] - 1, +found[3]);
  return new Date(moment).toISOString().slice(0, 10) === text ? moment / DAY_MS : null;
}

function numberIn(text) {
  let found = DECIMAL.exec(text);
  if (found) {
    const size = BigInt(found[2]) * SCALE + BigInt((found[3] || "").padEnd(6, "0"));
    return found[1] ? -size : size;
  }
  found = TIME.exec(text);
  if (found) return BigInt(found[1] * 60 + +found[2]) * SCALE;
  const days = daysOf(text);
  return days === null ? null : BigInt(days) * SCALE;
}

export function numberOf(value) {
  if (typeof value === "boolean") return value ? SCALE : 0n;
  return typeof value === "string" ? numberIn(stripped(value)) : value;
}

const sizeOf = (number) => (number < 0n ? -number : number);

export function textOf(value) {
  if (value === null) return "";
  if (typeof value !== "bigint") return String(value);
  const size = sizeOf(value);
  const part = String(size % SCALE).padStart(6, "0").replace(/0+$/, "");
  return (value < 0n ? "-" : "") + size / SCALE + (part && "." + part);
}

export const truthOf = (value) => Boolean(value);

export const codesIn = (value) => textOf(value).split(" ").filter(Boolean);

function rounded(above, below) {
  const size = (2n * sizeOf(above) + sizeOf(below)) / (2n * sizeOf(below));
  return above < 0n === below < 0n ? size : -size;
}

const RECKONING = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => rounded(a * b, SCALE),
  div: (a, b) => (b ? rounded(a * SCALE, b) : LIMIT),
  mod: (a, b) => (b ? a % b : LIMIT),
};
const COMPARING = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b };

function isEqual(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return truthOf(left) === truthOf(right);
  if (typeof left === "string" && typeof right === "string") return left === right;
  const number = numberOf(left);
  return number !== null && number === numberOf(right);
}

function joined(sign, left, right) {
  if (sign === "or") return truthOf(left) || truthOf(right);
  if (sign === "and") return truthOf(left) && truthOf(right);
  if (sign === "=") return isEqual(left, right);
  if (sign === "!=") return !isEqual(left, right);
  const a = numberOf(left);
  const b = numberOf(right);
  const isKnown = a !== null && b !== null;
  if (COMPARING[sign]) return isKnown && COMPARING[sign](a, b);
  const found = isKnown ? RECKONING[sign](a, b) : LIMIT;
  return sizeOf(found) < LIMIT ? found : null;
}

// Reading

const LEVELS = [["or"], ["and"], ["=", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "div", "mod"]];
const FUNCTIONS = new Map([
  ["not", [1, 1]], ["true", [0, 0]], ["false", [0, 0]], ["today", [0, 0]], ["if", [3, 3]], ["coalesce", [2, 8]],
  ["selected", [2, 2]], ["count-selected", [1, 1]], ["count", [1, 1]], ["string-length", [1, 1]],
]);
const KINDS = ["space", "name", "number", "text", "word", "sign"];
const TOKEN = new RegExp(
  "([ \\t\\n\\r]+)|(\\$\\{[ \\t]*[A-Za-z_][A-Za-z0-9_]*[ \\t]*\\})|([0-9]+(?:\\.[0-9]+)?)" +
    "|('[^']*'|\"[^\"]*\")|([A-Za-z][A-Za-z0-9-]*)|(!=|<=|>=|[=<>+\\-*(),.])",
  "y"
);
const NUMBER = /^[0-9]{1,15}(?:\.[0-9]{1,6})?$/;
const WIDE = /^[\uff01-\uff5e\u2018\u2019\u201c\u201d\u3000\u3001\u3002]/;

export class ExpressionError extends Error {
  constructor(code, at, text = "") {
    super(code);
    Object.assign(this, { code, at, text });
  }
}

function notRead(text, at) {
  const rest = text.slice(at);
  const mark = Array.from(rest.slice(0, 2))[0];
  if (rest.startsWith("${")) return new ExpressionError("name", at, Array.from(rest).slice(0, 20).join(""));
  if (mark === "'" || mark === '"') return new ExpressionError("quote", at, mark);
  return new ExpressionError(WIDE.test(rest) ? "wide" : "character", at, mark);
}

function tokensOf(text) {
  const made = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw notRead(text, at);
    const kind = KINDS.find((one, index) => found[index + 1] !== undefined);
    const token = { kind, text: found[0], at };
    if (kind === "number" && !NUMBER.test(token.text)) throw new ExpressionError("number", token.at, token.text);
    if (kind !== "space") made.push(token);
  }
  made.push({ kind: "end", text: "", at: text.length });
  return made;
}

const nameIn = (token) => token.text.slice(2, -1).replace(/^[ \t]+|[ \t]+$/g, "");

class Parser {
  constructor(text) {
    Object.assign(this, { tokens: tokensOf(text), at: 0, left: DEEPEST });
  }

  get token() {
    return this.tokens[this.at];
  }

  take() {
    this.at += 1;
    return this.tokens[this.at - 1];
  }

  stands(sign) {
    return this.token.kind === "sign" && this.token.text === sign;
  }

  unexpected() {
    return new ExpressionError(this.token.kind === "end" ? "end" : "token", this.token.at, this.token.text);
  }

  whole() {
    const node = this.level(0);
    if (this.token.kind !== "end") throw this.unexpected();
    return node;
  }

  level(number) {
    if (number === LEVELS.length) return this.single();
    const first = this.level(number + 1);
    const rest = [];
    while (["sign", "word"].includes(this.token.kind) && LEVELS[number].includes(this.token.text)) {
      const sign = this.take().text;
      rest.push([sign, this.level(number + 1)]);
    }
    return rest.length ? { kind: "chain", first, rest } : first;
  }

  single() {
    const { kind } = this.token;
    if (kind === "name") return { kind: "answer", name: nameIn(this.take()) };
    if (kind === "number") return { kind: "literal", value: numberOf(this.take().text) };
    if (kind === "text") return { kind: "literal", value: this.take().text.slice(1, -1) };
    if (kind === "word" && this.tokens[this.at + 1].text === "(") return this.call();
    if (this.stands(".")) return this.take() && { kind: "own" };
    if (this.stands("-")) return this.take() && { kind: "negative", of: this.deeper(() => this.single()) };
    if (this.stands("(")) return this.deeper(() => this.bracket());
    throw this.unexpected();
  }

  deeper(read) {
    if (this.left === 0) throw new ExpressionError("deep", this.token.at);
    this.left -= 1;
    const node = read();
    this.left += 1;
    return node;
  }

  call() {
    const word = this.take();
    if (!FUNCTIONS.has(word.text)) throw new ExpressionError("function", word.at, word.text);
    const opened = this.take();
    const given = [];
    const argument = () => given.push(this.deeper(() => this.level(0)));
    if (!this.stands(")")) {
      argument();
      while (this.stands(",") && this.take()) argument();
    }
    this.close(opened);
    return called(word, given);
  }

  bracket() {
    const opened = this.take();
    const node = this.level(0);
    this.close(opened);
    return node;
  }

  close(opened) {
    if (this.token.kind === "end") throw new ExpressionError("bracket", opened.at, opened.text);
    if (!this.stands(")")) throw this.unexpected();
    this.take();
  }
}

function called(word, given) {
  const [fewest, most] = FUNCTIONS.get(word.text);
  if (given.length < fewest || given.length > most) throw new ExpressionError("arguments", word.at, word.text);
  if (word.text !== "count") return { kind: "call", name: word.text, given };
  if (given[0].kind !== "answer") throw new ExpressionError("count", word.at, word.text);
  return { kind: "count", name: given[0].name };
}

export function parse(text) {
  if (text.length > LONGEST && lengthOf(text) > LONGEST) throw new ExpressionError("long", LONGEST);
  try {
    return new Parser(text).whole();
  } catch (error) {
    error.at = lengthOf(text.slice(0, error.at)); // characters, not halves of them
    throw error;
  }
}

export function namesIn(node) {
  const found = new Set();
  const walk = (one) => {
    if (one.kind === "answer" || one.kind === "count") found.add(one.name);
    if (one.kind === "negative") walk(one.of);
    if (one.kind === "call") one.given.forEach(walk);
    if (one.kind === "chain") [one.first, ...one.rest.map((pair) => pair[1])].forEach(walk);
  };
  walk(node);
  return Array.from(found);
}

// Evaluating. answers: { own, today, answer(name), count(name) }, as Answers in expressions.py

const ANSWERING = {
  not: (told) => !truthOf(told[0]),
  true: () => true,
  false: () => false,
  today: (told, answers) => answers.today,
  if: (told) => (truthOf(told[0]) ? told[1] : told[2]),
  coalesce: (told) => {
    const found = told.find((one) => textOf(one) !== "");
    return found === undefined ? "" : found;
  },
  selected: (told) => codesIn(told[0]).includes(textOf(told[1])),
  "count-selected": (told) => BigInt(codesIn(told[0]).length) * SCALE,
  "string-length": (told) => BigInt(lengthOf(textOf(told[0]))) * SCALE,
};
const EVALUATING = {
  literal: (node) => node.value,
  answer: (node, answers) => answers.answer(node.name),
  own: (node, answers) => answers.own,
  count: (node, answers) => BigInt(answers.count(node.name)) * SCALE,
  negative: (node, answers) => {
    const number = numberOf(evaluate(node.of, answers));
    return number === null ? null : -number;
  },
  call: (node, answers) => ANSWERING[node.name](node.given.map((one) => evaluate(one, answers)), answers),
  chain: (node, answers) =>
    node.rest.reduce((value, [sign, one]) => joined(sign, value, evaluate(one, answers)), evaluate(node.first, answers)),
};

export function evaluate(node, answers) {
  return EVALUATING[node.kind](node, answers);
}
