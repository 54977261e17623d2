// A form with answers: what is asked, what is missing, what cannot be so (spec/forms.md section 3). The same as
// answers.py; both answer to spec/vectors/forms.json. It knows no page.
import { daysOf, evaluate, isTime, lengthOf, namesIn, parse, stripped, textOf, truthOf } from "./expressions.js";

const LONGEST_TEXT = 4000;
const MOST_REPEATS = 100;
const MOST_PICTURES = 20;
const WITHOUT_ANSWER = ["begin_group", "note"];
const ENDS = ["end_group", "end_repeat"];

const has = (map, name) => Object.prototype.hasOwnProperty.call(map, name);
const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// Reading

const read = (text) => (text ? parse(text) : null);

function entriesOf(definition) {
  const choices = new Map();
  for (const one of definition.choices) choices.set(one.list_name, [...(choices.get(one.list_name) || []), one]);
  const around = [];
  const found = [];
  for (const row of definition.survey) {
    if (ENDS.includes(row.type)) {
      around.pop();
      continue;
    }
    const repeat = around.find((one) => one.type === "begin_repeat");
    const nearest = around[around.length - 1];
    found.push({
      row,
      name: row.name,
      kind: row.type,
      home: repeat ? repeat.name : "",
      around: nearest ? nearest.name : "",
      choices: choices.get(row.list_name) || [],
      relevant: read(row.relevant),
      constraint: read(row.constraint),
      calculation: read(row.calculation),
    });
    if (row.type.startsWith("begin_")) around.push(row);
  }
  return found;
}

function restsOn(entry) {
  const nodes = [entry.relevant, entry.calculation].filter(Boolean);
  return [].concat(...nodes.map(namesIn), entry.around || []);
}

function orderOf(entries) {
  const order = [];
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name) || !entries.has(name)) return;
    seen.add(name);
    restsOn(entries.get(name)).forEach(visit);
    order.push(name);
  };
  Array.from(entries.keys()).forEach(visit);
  return order;
}

// Read a form, or a merged sheet, once for many answers.
export function formOf(definition) {
  const entries = new Map(entriesOf(definition).map((one) => [one.name, one]));
  const within = (home) => Array.from(entries.values()).filter((one) => one.home === home);
  return { entries, order: orderOf(entries), within };
}

// Types

const INTEGER = /^(?:-?[1-9][0-9]{0,14}|0)$/;
const DECIMAL = /^(?!-0(?![.]))-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,5}[1-9])?$/;
const POINT = /^(-?[0-9]{1,3}(?:\.[0-9]{1,10})?) (-?[0-9]{1,3}(?:\.[0-9]{1,10})?)(?: -?[0-9]{1,6}(?:\.[0-9]{1,6})?){0,2}$/;
const NAME_OF_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const NOT_TEXT = /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]/u;

class Wrong {
  constructor(code, facts = {}) {
    Object.assign(this, { code, facts });
  }
}

function isPoint(text) {
  const found = POINT.exec(text);
  return found !== null && Math.abs(found[1]) <= 90 && Math.abs(found[2]) <= 180;
}

const LOOKS = {
  text: () => true,
  barcode: () => true,
  integer: (text) => INTEGER.test(text),
  decimal: (text) => DECIMAL.test(text),
  date: (text) => daysOf(text) !== null,
  time: isTime,
  geopoint: isPoint,
  signature: (text) => NAME_OF_FILE.test(text),
  image: (text) => NAME_OF_FILE.test(text),
};

function cleanText(entry, text) {
  if (text.length > LONGEST_TEXT && lengthOf(text) > LONGEST_TEXT) throw new Wrong("long", { most: LONGEST_TEXT });
  if (NOT_TEXT.test(text)) throw new Wrong("type", { type: entry.kind });
  if (!text) return "";
  if (entry.kind.startsWith("select_")) {
    if (!entry.choices.some((one) => one.name === text)) throw new Wrong("choice", { choice: text });
  } else if (!LOOKS[entry.kind](text)) {
    throw new Wrong("type", { type: entry.kind });
  }
  return text;
}

function cleanList(entry, raw) {
  if (!Array.isArray(raw) || raw.some((one) => typeof one !== "string")) throw new Wrong("type", { type: entry.kind });
  const most = entry.kind === "image" ? MOST_PICTURES : entry.choices.length;
  if (raw.length > most) throw new Wrong("many", { most });
  const told = raw.map((text) => cleanText(entry, stripped(text))).filter(Boolean);
  const codes = entry.choices.map((one) => one.name);
  return codes.length ? codes.filter((one) => told.includes(one)) : Array.from(new Set(told));
}

function clean(entry, raw) {
  if (raw === undefined || raw === null) return "";
  if (["select_multiple", "image"].includes(entry.kind)) return cleanList(entry, raw);
  if (typeof raw !== "string") throw new Wrong("type", { type: entry.kind });
  return cleanText(entry, stripped(raw));
}

// Filling

class Scope {
  constructor(raw, path, today, outer = null) {
    Object.assign(this, { raw, path, today, outer, own: "" });
    for (const one of ["kept", "values", "relevant", "rounds", "wrong"]) this[one] = new Map();
  }

  answer(name) {
    if (this.values.has(name)) return this.values.get(name);
    return this.outer ? this.outer.answer(name) : "";
  }

  count(name) {
    const whole = this.outer || this;
    return whole.relevant.get(name) ? (whole.rounds.get(name) || []).length : 0;
  }

  isShown(name) {
    if (this.relevant.has(name)) return this.relevant.get(name);
    return this.outer ? this.outer.isShown(name) : true;
  }
}

function unfold(entry, whole) {
  const raw = has(whole.raw, entry.name) ? whole.raw[entry.name] : null;
  whole.rounds.set(entry.name, []);
  if (raw === null || raw === undefined) return;
  if (!Array.isArray(raw) || !raw.every(isMap)) {
    whole.wrong.set(entry.name, new Wrong("type", { type: entry.kind }));
    return;
  }
  if (raw.length > MOST_REPEATS) whole.wrong.set(entry.name, new Wrong("many", { most: MOST_REPEATS }));
  const rounds = raw.slice(0, MOST_REPEATS);
  whole.rounds.set(entry.name, rounds.map((one, at) => new Scope(one, `${entry.name}/${at}/`, whole.today, whole)));
}

function take(entry, scope) {
  const raw = has(scope.raw, entry.name) ? scope.raw[entry.name] : null;
  let kept;
  try {
    kept = entry.calculation ? textOf(evaluate(entry.calculation, scope)) : clean(entry, raw);
  } catch (wrong) {
    if (!(wrong instanceof Wrong)) throw wrong;
    scope.wrong.set(entry.name, wrong);
    return;
  }
  if (!kept.length) return;
  scope.kept.set(entry.name, kept);
  scope.values.set(entry.name, typeof kept === "string" ? kept : kept.join(" "));
}

function workOut(entry, scope) {
  let shown = !entry.around || scope.isShown(entry.around);
  if (shown && entry.relevant) shown = truthOf(evaluate(entry.relevant, scope));
  scope.relevant.set(entry.name, shown);
  if (shown && ![...WITHOUT_ANSWER, "begin_repeat"].includes(entry.kind)) take(entry, scope);
}

function missing(entry, scope) {
  if (!entry.row.required || [...WITHOUT_ANSWER, "calculate"].includes(entry.kind)) return null;
  const isThere = (scope.rounds.get(entry.name) || []).length || scope.kept.has(entry.name);
  return isThere ? null : new Wrong("missing");
}

function unfit(entry, scope) {
  if (!entry.constraint || !scope.kept.has(entry.name)) return null;
  scope.own = scope.values.get(entry.name);
  if (truthOf(evaluate(entry.constraint, scope))) return null;
  return new Wrong("constraint", { message: entry.row.constraint_message || "" });
}

function problemsIn(form, home, scope) {
  const found = [];
  for (const entry of form.within(home)) {
    if (!scope.relevant.get(entry.name)) continue;
    const wrong = scope.wrong.get(entry.name) || missing(entry, scope) || unfit(entry, scope);
    if (wrong) found.push({ path: scope.path + entry.name, code: wrong.code, facts: wrong.facts });
    for (const one of scope.rounds.get(entry.name) || []) found.push(...problemsIn(form, entry.name, one));
  }
  return found;
}

function strangers(form, whole) {
  const found = [];
  for (const [home, scopes] of [["", [whole]], ...whole.rounds]) {
    const known = form.within(home).filter((one) => !WITHOUT_ANSWER.includes(one.kind)).map((one) => one.name);
    for (const scope of scopes) {
      const names = Object.keys(scope.raw).filter((name) => !known.includes(name));
      found.push(...names.map((name) => ({ path: scope.path + name, code: "unknown", facts: {} })));
    }
  }
  return found;
}

function keptIn(form, home, scope) {
  const made = {};
  for (const { name } of form.within(home)) {
    const rounds = scope.rounds.get(name) || [];
    if (scope.relevant.get(name) && rounds.length) made[name] = rounds.map((one) => keptIn(form, name, one));
    else if (scope.kept.has(name)) made[name] = scope.kept.get(name);
  }
  return made;
}

// Hold answers against a form. today: YYYY-MM-DD, the day of the visit.
export function fill(form, answers, today) {
  const whole = new Scope(isMap(answers) ? answers : {}, "", today);
  for (const entry of form.entries.values()) if (entry.kind === "begin_repeat") unfold(entry, whole);
  for (const name of form.order) {
    const entry = form.entries.get(name);
    for (const scope of entry.home ? whole.rounds.get(entry.home) : [whole]) workOut(entry, scope);
  }
  const problems = [...problemsIn(form, "", whole), ...strangers(form, whole)];
  if (!isMap(answers)) problems.unshift({ path: "", code: "type", facts: { type: "form" } });
  const relevant = new Set();
  for (const scope of [whole].concat(...whole.rounds.values())) {
    for (const [name, shown] of scope.relevant) if (shown) relevant.add(scope.path + name);
  }
  return { answers: keptIn(form, "", whole), relevant, problems };
}
