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
      if (source.type === "lottery") checkGroups(source.groups, place, "seed[" + i + "].groups");
    });
    const parties = sources.filter((source) => source.type === "cr").map((source) => source.party);
    demandField(new Set(parties).size === parties.length, place, "seed", parties);
  }

  function checkGroups(groups, place, field) {
    demandField(groups.every((group) => group.min <= group.max), place, field, groups);
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

  function check(params, place) {
    g.schema.demand(params, g.documents.params, "json_field", place);
    checkSources(params.seed, place);
    checkTimes(params, place);
    checkMatching(params, place);
    const later = params.replacement.inspectors;
    if (later !== null && later.type === "lottery") checkGroups(later.groups, place, "replacement.inspectors");
    const apart = params.exclude_selected_of;
    demandField(apart.length === 0 || params.ticket_scope === "draw", place, "exclude_selected_of", apart);
    const isSealed = params.disclosure.frame === "sealed";
    demandField(isSealed === params.frame.sealed, place, "disclosure.frame", params.disclosure.frame);
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
