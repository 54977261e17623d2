// Tests for JSON values. A test returns null, or where in the value something is wrong.
(function (g) {
  "use strict";

  const { isId, isCode, isSkill, isHash, isHex, isTime, isPath, isAscending } = g.grammar;

  const fault = (path, value) => ({ field: path || "(whole)", found: JSON.stringify(value).slice(0, 200) });
  const when = (isRight) => (value, path) => (isRight(value) ? null : fault(path, value));

  function integer(min, max) {
    const top = max === undefined ? Number.MAX_SAFE_INTEGER : max;
    return when((value) => Number.isSafeInteger(value) && value >= min && value <= top);
  }

  // What a text consists of: nothing that is invisible, combines or has a second form.
  const SEEN = new RegExp("^[\\u0020-\\u007e\\u00a1-\\u00ac\\u00ae-\\u024f\\u2010\\u2012-\\u2027\\u2030-\\u205e\\u20a0-\\u20bf"
    + "\\u2100-\\u2125\\u2127-\\u2129\\u212c-\\u218b\\u2190-\\u2328\\u232b-\\u23ff\\u2460-\\u27bf\\u3001-\\u3029\\u3030-\\u303f"
    + "\\u3041-\\u3096\\u309b-\\u30ff\\u3105-\\u312f\\u3200-\\u4dbf\\u4e00-\\u9fff\\uff01-\\uff5e\\uffe0-\\uffe6"
    + "\\u{20000}-\\u{2f7ff}\\u{30000}-\\u{323af}]*$", "u");

  const string = when((value) => typeof value === "string");
  const isSeen = (value) => typeof value === "string" && SEEN.test(value);

  // Characters, not UTF-16 units.
  function text(min, max) {
    return when((value) => isSeen(value) && isWithin([...value].length, min || 0, max));
  }

  function isWithin(length, min, max) {
    return length >= min && (max === undefined || length <= max);
  }

  const oneOf = (...values) => when((value) => values.includes(value));
  const both = (first, second) => (value, path) => first(value, path) || second(value, path);
  const orNull = (test) => (value, path) => (value === null ? null : test(value, path));
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

  function firstFault(items) {
    for (const [test, value, path] of items) {
      const found = test(value, path);
      if (found !== null) return found;
    }
    return null;
  }

  // Exactly these keys.
  function object(shape) {
    const names = Object.keys(shape).sort();
    return function (value, path) {
      if (!isObject(value) || Object.keys(value).sort().join() !== names.join()) return fault(path, value);
      return firstFault(names.map((name) => [shape[name], value[name], path ? path + "." + name : name]));
    };
  }

  function array(test, min, max) {
    return function (value, path) {
      if (!Array.isArray(value) || !isWithin(value.length, min || 0, max)) return fault(path, value);
      return firstFault(value.map((item, i) => [test, item, path + "[" + i + "]"]));
    };
  }

  function ascending(test, keyOf) {
    const all = array(test);
    return function (value, path) {
      const found = all(value, path);
      if (found !== null) return found;
      return isAscending(keyOf ? value.map(keyOf) : value) ? null : fault(path, value);
    };
  }

  // An object with free keys of one shape and values of one shape.
  function map(isKey, test) {
    return function (value, path) {
      if (!isObject(value) || !Object.keys(value).every(isKey)) return fault(path, value);
      return firstFault(Object.keys(value).map((key) => [test, value[key], path + "." + key]));
    };
  }

  // Chooses the shape by the value of `type`.
  function byType(shapes) {
    return function (value, path) {
      if (!isObject(value) || !g.has(shapes, String(value.type))) return fault(path, value);
      return shapes[value.type](value, path);
    };
  }

  function demand(value, test, code, place) {
    const found = test(value, "");
    if (found !== null) g.refuse(code, place, found);
  }

  const hexOf = (...lengths) => when((value) => lengths.some((n) => isHex(value, n)));

  g.schema = {
    fault, when, integer, text, oneOf, both, orNull, object, array, ascending, map, byType, demand, hexOf,
    string, plan: both(text(1, 200), when((one) => one.trim() === one)),
    id: when(isId), code: when(isCode), skill: when(isSkill), hash: when(isHash), time: when(isTime),
    path: when(isPath), bool: when((value) => typeof value === "boolean"), anyObject: when(isObject),
  };
})(gongchou);
