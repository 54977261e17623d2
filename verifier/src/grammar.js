// The small shapes of section 1: ids, codes, hash values, integers, times, paths.
(function (g) {
  "use strict";

  const ID = /^[0-9A-Z][0-9A-Z._-]{0,53}$/;
  const CODE = /^[a-z][a-z0-9_]{0,53}$/;
  const SKILL = /^[a-z0-9_-]{1,54}$/;
  const HASH = /^[0-9a-f]{64}$/;
  const INTEGER = /^(0|[1-9][0-9]{0,14})$/; // in tables and notes; JSON may go up to 2^53 - 1
  const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/;
  const BEACON_ID = /^[A-Za-z0-9_-]{1,64}$/;
  const LAST_SECOND = 253402300799; // 9999-12-31T23:59:59Z
  const PATH_PART = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

  const isText = (value) => typeof value === "string";
  const isId = (value) => isText(value) && ID.test(value);
  const isCode = (value) => isText(value) && CODE.test(value);
  const isSkill = (value) => isText(value) && SKILL.test(value) && value !== "-";
  const isHash = (value) => isText(value) && HASH.test(value);
  const isBeaconId = (value) => isText(value) && BEACON_ID.test(value);
  const isHex = (value, nDigits) => isText(value) && value.length === nDigits && /^[0-9a-f]*$/.test(value);
  const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
  const isInteger = (text) => INTEGER.test(text);

  // Seconds since 1970, or null for what is no moment. Date would let 31 February pass as 3 March.
  function unix(time) {
    const parts = isText(time) ? TIME.exec(time) : null;
    if (parts === null || Number(parts[1]) < 1970) return null;
    const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
    const ms = Date.UTC(year, month - 1, day, hour, minute, second);
    return timeOf(ms / 1000) === time ? ms / 1000 : null;
  }

  function timeOf(seconds) {
    const date = new Date(seconds * 1000);
    return isNaN(date) ? String(seconds) : date.toISOString().replace(/\.[0-9]{3}Z$/, "Z");
  }

  // What Chinese readers are shown; the files speak UTC. The last hours of the year 9999 lie in 10000 there, which
  // is spelled +010000; what is no moment stays as it is.
  function beijing(time) {
    if (unix(time) === null) return String(time);
    const [, year, month, day, clock] = /^\+?0*(\d+)-(\d+)-(\d+)T([\d:]+)Z$/.exec(timeOf(unix(time) + 8 * 3600));
    return year + "年" + Number(month) + "月" + Number(day) + "日 " + clock;
  }

  // No part begins with a point, so `.` and `..` cannot occur.
  function isPath(path) {
    return isText(path) && path.length <= 200 && path.split("/").every((part) => PATH_PART.test(part));
  }

  function isAscending(texts) {
    return texts.every((text, i) => i === 0 || texts[i - 1] < text);
  }

  g.grammar = {
    LAST_SECOND, isId, isCode, isSkill, isHash, isBeaconId, isHex, isCount, isInteger, isPath, isAscending, unix, timeOf, beijing,
    isTime: (value) => unix(value) !== null,
  };
})(gongchou);
