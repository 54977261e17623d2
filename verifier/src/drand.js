// drand: chain hash, rounds and times, signatures (section 6.1).
(function (g) {
  "use strict";

  // The public chains.
  const NAMES = {
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": "quicknet",
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": "default",
  };
  // Their clocks, so that a round has its time before its beacon is here.
  const CLOCKS = { quicknet: { genesis_time: 1692803367, period: 3 }, default: { genesis_time: 1595431050, period: 30 } };
  const DST = "BLS_SIG_BLS12381G#_XMD:SHA-256_SSWU_RO_NUL_";
  const isOnG1 = (chain) => chain.scheme === "bls-unchained-g1-rfc9380";

  function chainHash(chain) {
    const id = chain.beacon_id === "default" ? "" : chain.beacon_id;
    return g.sha256.hex(g.bytes.concat(
      g.bytes.bigEndian(chain.period, 4), g.bytes.bigEndian(chain.genesis_time, 8),
      g.bytes.fromHex(chain.public_key), g.bytes.fromHex(chain.group_hash), g.bytes.utf8(id),
    ));
  }

  // The first round that is not before this second.
  function roundAt(chain, seconds) {
    const since = seconds - chain.genesis_time;
    return since <= 0 ? 1 : Math.ceil(since / chain.period) + 1;
  }

  function timeOfRound(chain, round) {
    return chain.genesis_time + (round - 1) * chain.period;
  }

  // The clock of a chain: built in, or carried by a beacon of the bundle; else undefined.
  function clockOf(chain, beacons) {
    if (g.has(NAMES, chain)) return CLOCKS[NAMES[chain]];
    return beacons.map((beacon) => beacon.chain).find((one) => chainHash(one) === chain);
  }

  function message(beacon) {
    const round = g.bytes.bigEndian(beacon.round, 8);
    if (beacon.chain.scheme !== "pedersen-bls-chained") return g.sha256.digest(round);
    return g.sha256.digest(g.bytes.concat(g.bytes.fromHex(beacon.previous_signature), round));
  }

  // Compressed, canonical, on the curve, in the subgroup, not infinity; else null.
  function point(group, digits) {
    try {
      const found = group.Point.fromHex(digits);
      found.assertValidity();
      const isRight = !found.is0() && found.isTorsionFree() && found.toHex(true) === digits;
      return isRight ? found : null;
    } catch (error) {
      return null;
    }
  }

  // "good", or what is wrong: "point" or "signature".
  function judge(beacon) {
    const { G1, G2, shortSignatures, longSignatures } = gongchouCurves.bls12_381;
    const [keys, signatures, scheme] = isOnG1(beacon.chain) ? [G2, G1, shortSignatures] : [G1, G2, longSignatures];
    const publicKey = point(keys, beacon.chain.public_key);
    const signature = point(signatures, beacon.signature);
    if (publicKey === null || signature === null) return "point";
    const hashed = scheme.hash(message(beacon), DST.replace("#", isOnG1(beacon.chain) ? "1" : "2"));
    return scheme.verify(signature, hashed, publicKey) ? "good" : "signature";
  }

  // A beacon that must be this round of this chain; `trust` may name private chains.
  function check(beacon, wanted, trust, place) {
    g.demandEqual(chainHash(beacon.chain), wanted.chain, "chain_hash", place);
    const isKnown = g.has(NAMES, wanted.chain) || trust === null || trust.drand.has(wanted.chain);
    g.demand(isKnown, "chain_untrusted", place, { chain: wanted.chain });
    g.demandEqual(beacon.round, wanted.round, "beacon_round", place);
    if (wanted.signature) g.demandEqual(beacon.signature, wanted.signature, "beacon_signature", place);
    const verdict = judge(beacon);
    g.demand(verdict !== "point", "beacon_point", place);
    g.demand(verdict === "good", "beacon_signature", place, { round: beacon.round });
  }

  g.drand = { NAMES, chainHash, clockOf, roundAt, timeOfRound, judge, check };
})(gongchou);
