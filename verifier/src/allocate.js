// Sample sizes (section 5). Products may pass 2^53, so the arithmetic is done with BigInt.
(function (g) {
  "use strict";

  function byRatio(stratum) {
    const [size, num, den, min] = [stratum.size, stratum.num, stratum.den, stratum.min].map(BigInt);
    const q = stratum.round === "ceil" ? (size * num + den - 1n) / den : (size * num) / den;
    let n = min > q ? min : q;
    if (n > size) n = size;
    if (stratum.max !== null && n > BigInt(stratum.max)) n = BigInt(stratum.max);
    return Number(n);
  }

  // Everyone gets the whole part; what is left goes to the largest remainders, then to the smaller id.
  function shareOnce(strata, total, weights) {
    const shares = strata.map(({ id, weight }) => {
      const product = total * BigInt(weight);
      return { id, n: product / weights, rest: product % weights };
    });
    let left = total - shares.reduce((sum, share) => sum + share.n, 0n);
    const order = [...shares].sort((a, b) => (a.rest === b.rest ? (a.id < b.id ? -1 : 1) : a.rest > b.rest ? -1 : 1));
    for (const share of order) if (left-- > 0n) share.n += 1n;
    return new Map(shares.map((share) => [share.id, Number(share.n)]));
  }

  // Strata that would get more than they hold are filled and leave; the rest share again.
  function byWeight(strata, total, refuse) {
    const sizes = new Map();
    let rest = strata;
    for (let left = BigInt(total); rest.length > 0; ) {
      const weights = rest.reduce((sum, stratum) => sum + BigInt(stratum.weight), 0n);
      if (weights === 0n && left > 0n) refuse("weights are all zero");
      const shares = left === 0n ? new Map(rest.map(({ id }) => [id, 0])) : shareOnce(rest, left, weights);
      const full = rest.filter((stratum) => shares.get(stratum.id) > stratum.size);
      (full.length > 0 ? full : rest).forEach((one) => sizes.set(one.id, full.length > 0 ? one.size : shares.get(one.id)));
      if (full.length === 0) break;
      rest = rest.filter((stratum) => !full.includes(stratum));
      left -= BigInt(full.reduce((sum, stratum) => sum + stratum.size, 0));
    }
    return sizes;
  }

  function isRatio({ den, max, min, num, round, weight }) {
    if (weight !== null || [den, min, num, round].includes(null)) return false;
    return num <= den && den >= 1 && (max === null || max >= min);
  }

  function isWeighted({ den, max, min, num, round, weight }) {
    return weight !== null && [den, max, min, num, round].every((value) => value === null);
  }

  function checkForm(params, place) {
    for (const stratum of params.strata) {
      g.demand(isRatio(stratum) || isWeighted(stratum), "quota_invalid", place, { stratum: stratum.id });
    }
    const anyWeighted = params.strata.some(isWeighted);
    g.demandEqual(params.hamilton !== null, anyWeighted, "quota_invalid", place, { field: "hamilton" });
    const { reserve_num: num, reserve_den: den } = params.replacement;
    g.demand(den >= 1 && num <= den, "quota_invalid", place, { field: "replacement" });
  }

  function sampleSizes(params, place) {
    checkForm(params, place);
    const weighted = params.strata.filter(isWeighted);
    const refuse = (why) => g.refuse("quota_invalid", place, { why });
    const room = weighted.reduce((sum, stratum) => sum + stratum.size, 0);
    if (params.hamilton !== null && params.hamilton.total > room) refuse("total exceeds the strata");
    const sizes = weighted.length > 0 ? byWeight(weighted, params.hamilton.total, refuse) : new Map();
    params.strata.filter(isRatio).forEach((stratum) => sizes.set(stratum.id, byRatio(stratum)));
    return sizes;
  }

  function check(params, place) {
    const sizes = sampleSizes(params, place);
    for (const { id, n, size, reserve } of params.strata) {
      g.demandEqual(n, sizes.get(id), "quota_mismatch", place, { stratum: id });
      g.demand(reserve <= size - n, "reserve_bound", place, { stratum: id, expected: size - n, found: reserve });
    }
  }

  g.allocate = { sampleSizes, check };
})(gongchou);
