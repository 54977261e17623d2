// A receipt on its own (section 12): level L0. It proves that one object stood in the committed table,
// which ticket it had, and on which side of the cut-off that ticket fell.
(function (g) {
  "use strict";

  const s = g.schema;
  const count = s.integer(0);
  const PLACE = "receipt";
  const TICKET = /^[0-9a-f]{64} [0-9A-Z][0-9A-Z._-]{0,53}$/;

  const shape = s.object({
    campaign: s.id, cutoff: s.orNull(s.when((value) => TICKET.test(value))), draw: s.id, id: s.id, index: count,
    line: s.when((value) => typeof value === "string" && value !== ""), n: s.orNull(count), object: s.id, pid_salt: s.orNull(s.hash), prefix: s.orNull(s.hash),
    proof: s.array(s.hash), rank: s.orNull(s.integer(1)), reason: s.orNull(s.code), root: s.hash,
    selected: s.orNull(s.bool), size: s.integer(1), stratum: s.orNull(s.id), suite: s.oneOf("sha256", "sm3"),
    table: s.oneOf("excluded", "frame"), ticket: s.orNull(s.hash), v: s.oneOf("vdp1"),
  });

  const SAYS = {
    form: ["回执的写法合乎规范", "The receipt is in the required form"],
    seal: ["表里的化名确由您的代码和盐值算出", "The pseudonym follows from your id and salt"],
    line: ["回执里的这一行写的就是这个对象", "The line speaks of this object"],
    proof: ["这一行确实在事先登记的表里", "The line is in the committed table"],
    ticket: ["票号确由公布的前缀和化名算出", "The ticket follows from the published prefix"],
    side: ["是否抽中与票号、位次、末位票号一致", "Selected or not, as ticket, rank and cut-off say"],
    reason: ["排除理由与表里的一致", "The reason is the one in the table"],
    bundle: ["与上面核验过的证据包一致", "It agrees with the bundle verified above"],
  };

  // An open draw has neither pseudonyms nor salts.
  const SAYS_OPEN = {
    seal: ["表里写的就是您的代码", "The table holds your id itself"],
    ticket: ["票号确由公布的前缀和代码算出", "The ticket follows from the published prefix"],
  };

  function isSealRight({ id, object, pid_salt: salt }) {
    return salt === null ? id === object : g.unseal.pidWithSalt(salt, id) === object;
  }

  function isLineRight({ table, line, stratum, object }) {
    const fields = line.split("\t");
    return table === "frame" ? fields[0] === stratum && fields[1] === object : fields[0] === object;
  }

  function isProofRight({ line, index, size, proof, root }) {
    const [leaf, rootBytes] = [g.merkle.leaf(g.bytes.utf8(line)), g.bytes.fromHex(root)];
    return g.merkle.isIncluded(index, size, leaf, proof.map(g.bytes.fromHex), rootBytes);
  }

  // The line has a fourth field where tickets go by unit.
  function isTicketRight({ suite, prefix, line, ticket }) {
    if (prefix === null || ticket === null) return false;
    return g.select.ticketer(suite, prefix)(line.split("\t")) === ticket;
  }

  function isSideRight({ ticket, object, cutoff, selected, rank, n }) {
    if (selected === null || n === null) return false;
    if (rank === null) return selected === false; // beyond the reserve, or taken by an earlier draw
    const isInside = cutoff !== null && ticket + " " + object <= cutoff;
    return selected === isInside && selected === rank <= n;
  }

  const NULL_WHEN_EXCLUDED = ["cutoff", "n", "prefix", "rank", "selected", "stratum", "ticket"];

  function isReasonRight(receipt) {
    const { line, reason } = receipt;
    return line.split("\t")[1] === reason && NULL_WHEN_EXCLUDED.every((name) => receipt[name] === null);
  }

  function agrees(receipt, state) {
    const draw = state.draws.find(({ params }) => params.draw === receipt.draw && params.campaign === receipt.campaign);
    if (draw === undefined) return false;
    const stated = draw.params[receipt.table];
    if (stated.root !== receipt.root || stated.size !== receipt.size) return false;
    return receipt.table === "excluded" || (draw.prefix === receipt.prefix && hasRank(receipt, draw));
  }

  // Ranks are told down to the end of the reserve.
  function hasRank({ stratum, object, rank, selected, cutoff }, draw) {
    const entries = draw.ranked.get(stratum) || [];
    const { n, reserve } = draw.params.strata.find(({ id }) => id === stratum) || { n: 0, reserve: 0 };
    const place = entries.findIndex((one) => one.object === object) + 1;
    const last = entries[Math.min(n, entries.length) - 1];
    const edge = last === undefined ? null : last.ticket + " " + last.object;
    const told = place > 0 && place <= n + reserve ? place : null;
    return rank === told && selected === (place > 0 && place <= n) && cutoff === edge;
  }

  function steps(receipt, state) {
    const common = [["seal", isSealRight], ["line", isLineRight], ["proof", isProofRight]];
    const own = receipt.table === "frame" ? [["ticket", isTicketRight], ["side", isSideRight]] : [["reason", isReasonRight]];
    const rest = state ? [["bundle", (one) => agrees(one, state)]] : [];
    return [...common, ...own, ...rest];
  }

  function read(bytes) {
    const receipt = g.json.parse(bytes, PLACE);
    s.demand(receipt, shape, "json_field", PLACE);
    return receipt;
  }

  function result(name, ok, isOpen) {
    const [sentence, english] = isOpen && g.has(SAYS_OPEN, name) ? SAYS_OPEN[name] : SAYS[name];
    return { name, ok, sentence, sentence_en: english };
  }

  // `state` is that of a bundle that was verified in the same page, or nothing.
  function verifyReceipt(bytes, state) {
    let receipt;
    try {
      receipt = read(bytes);
    } catch (error) {
      if (!(error instanceof g.Refusal)) throw error;
      return { ok: false, level: null, receipt: null, steps: [result("form", false)], why: error.facts };
    }
    const checked = steps(receipt, state).map(([name, isRight]) => result(name, isRight(receipt), receipt.pid_salt === null));
    const all = [result("form", true), ...checked];
    const ok = all.every((step) => step.ok);
    return { ok, level: ok ? "L0" : null, receipt, steps: all };
  }

  g.verifyReceipt = verifyReceipt;
})(gongchou);
