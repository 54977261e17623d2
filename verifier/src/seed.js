// The seed document, its values, and the prefixes made from the seed (sections 6 and 7).
(function (g) {
  "use strict";

  const domain = (params) => (params.mode === "test" ? "vdp1-test" : "vdp1");

  function isLotteryGroup(text, { count, min, max, rule }) {
    const numbers = text.split(",");
    const areNumbers = numbers.every((one) => /^[0-9]{2}$/.test(one) && Number(one) >= min && Number(one) <= max);
    return numbers.length === count && areNumbers && (rule === "ordered" || g.grammar.isAscending(numbers));
  }

  function isLotteryValue(value, groups) {
    const parts = value.split("+");
    return parts.length === groups.length && parts.every((part, i) => isLotteryGroup(part, groups[i]));
  }

  function isValue(source, value) {
    if (source.type === "cr") return value === "missing" || g.grammar.isHash(value);
    if (source.type === "digits") return /^[0-9]+$/.test(value) && value.length === source.n;
    if (source.type === "lottery") return isLotteryValue(value, source.groups);
    return g.grammar.isHex(value, 96) || g.grammar.isHex(value, 192);
  }

  // The source's line up to its value.
  function stem(source, k) {
    const named = {
      cr: () => [source.party],
      digits: () => [],
      lottery: () => [source.game, source.issue],
      drand: () => [source.chain, source.round],
    };
    return ["source", k, source.type, ...named[source.type](), ""].join(" ");
  }

  function commitment(campaign, party, secret) {
    return g.sha256.hexOfText(["vdp1 cr", campaign, party, secret, ""].join("\n"));
  }

  // The seed document of these draws; `commits` are pairs of draw and C, `values` one per source.
  function write(params, commits, values) {
    const lines = [domain(params) + " seed", "campaign " + params.campaign];
    for (const [draw, c] of commits) lines.push("commit " + draw + " " + c);
    values.forEach((value, i) => lines.push(stem(params.seed[i], i + 1) + value));
    return lines.map((line) => line + "\n").join("");
  }

  function digest(suite, bytes) {
    return g.suiteHash(suite).hex(bytes);
  }

  function prefix(params, kind, ...rest) {
    const text = [domain(params) + " " + kind, ...rest, ""].join("\n");
    return g.suiteHash(params.suite).hexOfText(text);
  }

  function objectPrefix(params, seed) {
    const own = params.ticket_scope === "draw" ? [params.draw] : [];
    return prefix(params, "object", seed, ...own);
  }

  g.seed = { domain, isValue, stem, commitment, write, digest, prefix, objectPrefix };
})(gongchou);
