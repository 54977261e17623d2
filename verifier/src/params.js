// What the parameters must fulfil beyond the shape of single fields (sections 4 and 6). Refused with
// `json_field`; what section 5 says of sample sizes is left to check 8.
(function (g) {
  "use strict";

  const unix = g.grammar.unix;

  function demandField(isRight, place, field, found) {
    g.demand(isRight, "json_field", place, { field, found: JSON.stringify(found) });
  }

  function checkSources(sources, place) {
    sources.forEach((source, i) => {
      const isLast = i === sources.length - 1;
      demandField(source.type !== "drand" || isLast, place, "seed[" + i + "]", source);
      demandField(source.type !== "cr" || !isLast, place, "seed[" + i + "]", source);
    });
    const parties = sources.filter((source) => source.type === "cr").map((source) => source.party);
    demandField(new Set(parties).size === parties.length, place, "seed", parties);
  }

  function checkTimes(params, place) {
    const gap = unix(params.beacon_time) - unix(params.closes_at);
    demandField(gap >= 600, place, "beacon_time", params.beacon_time);
  }

  function checkMatching(params, place) {
    const isNull = params.matching === null;
    demandField((params.inspectors === null) === isNull, place, "inspectors", params.inspectors);
    demandField((params.avoid === null) === isNull, place, "avoid", params.avoid);
  }

  // What is sealed is promised for a time.
  function checkDisclosure({ disclosure, frame }, place) {
    const { after, frame: openness } = disclosure;
    demandField((openness === "sealed") === frame.sealed, place, "disclosure.frame", openness);
    const isSealed = ["frame", "inspectors", "selected"].some((name) => disclosure[name] === "sealed");
    demandField(after !== null || !isSealed, place, "disclosure.after", after);
  }

  function check(params, place) {
    g.schema.demand(params, g.documents.params, "json_field", place);
    checkSources(params.seed, place);
    checkTimes(params, place);
    checkMatching(params, place);
    const apart = params.exclude_selected_of;
    demandField(apart.length === 0 || params.ticket_scope === "draw", place, "exclude_selected_of", apart);
    checkDisclosure(params, place);
  }

  // A drand signature and its public key live in opposite groups; the scheme says which.
  function checkBeacon(beacon, place) {
    g.schema.demand(beacon, g.documents.beacon, "json_field", place);
    const onG1 = beacon.chain.scheme === "bls-unchained-g1-rfc9380";
    demandField(beacon.signature.length === (onG1 ? 96 : 192), place, "signature", beacon.signature);
    demandField(beacon.chain.public_key.length === (onG1 ? 192 : 96), place, "public_key", beacon.chain.public_key);
    const previous = beacon.previous_signature;
    if (beacon.chain.scheme !== "pedersen-bls-chained") return demandField(previous === null, place, "previous_signature", previous);
    // The first round follows the hash of the group instead of a signature.
    const wanted = beacon.round === 1 ? 64 : 192;
    return demandField(previous !== null && previous.length === wanted, place, "previous_signature", previous);
  }

  g.params = { check, checkBeacon };
})(gongchou);
