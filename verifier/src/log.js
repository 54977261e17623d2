// The log in the bundle (section 9.3): checkpoints, inclusion, consistency.
(function (g) {
  "use strict";

  const HEAD = "c2sp.org/tlog-proof@v1\n";

  function hashOf(base64) {
    const hash = g.bytes.fromBase64(base64);
    return hash !== null && hash.length === 32 ? hash : null;
  }

  class Log {
    constructor({ logKey, witnesses, witnessK }) {
      Object.assign(this, { logKey, witnesses, witnessK });
      this.checkpoints = new Map(); // by their text with signatures: most proofs share one
    }

    async checkpoint(note, place) {
      if (!this.checkpoints.has(note)) this.checkpoints.set(note, await this.openCheckpoint(note, place));
      return this.checkpoints.get(note);
    }

    async openCheckpoint(note, place) {
      const signed = g.note.parse(note, "checkpoint_invalid", place);
      const lines = signed.text.split("\n");
      const isRight = lines.length === 4 && g.grammar.isInteger(lines[1]) && hashOf(lines[2]) !== null;
      g.demand(isRight, "checkpoint_invalid", place, { found: signed.text });
      g.demandEqual(lines[0], this.logKey.name, "checkpoint_invalid", place);
      g.demand(g.note.isSigned(signed, this.logKey), "checkpoint_signature", place, { key: this.logKey.name });
      const cosigned = await g.note.cosignatures(signed, this.witnesses);
      const enough = { expected: this.witnessK, found: cosigned.length };
      g.demand(cosigned.length >= this.witnessK, "checkpoint_witnesses", place, enough);
      return {
        place, size: Number(lines[1]), root: hashOf(lines[2]), cosigned,
        cosignedAt: cosigned[this.witnessK - 1].time,
      };
    }

    // A tlog-proof: heading, index, hashes, empty line, checkpoint.
    async proof(bytes, index, place) {
      const text = g.bytes.text(bytes) || "";
      const cut = text.indexOf("\n\n");
      g.demand(text.startsWith(HEAD) && cut > 0, "proof_invalid", place, { why: "form" });
      const [indexLine, ...hashLines] = text.slice(HEAD.length, cut).split("\n");
      g.demandEqual(indexLine, "index " + index, "proof_invalid", place);
      const hashes = hashLines.map(hashOf);
      g.demand(!hashes.includes(null), "proof_invalid", place, { why: "hash" });
      return { hashes, checkpoint: await this.checkpoint(text.slice(cut + 2), place) };
    }

    async include(entry, proofBytes, place) {
      const { hashes, checkpoint } = await this.proof(proofBytes, entry.index, place);
      const leaf = g.merkle.leaf(entry.bytes);
      const isIn = g.merkle.isIncluded(entry.index, checkpoint.size, leaf, hashes, checkpoint.root);
      g.demand(isIn, "inclusion", place, { index: entry.index, size: checkpoint.size });
      entry.checkpoint = checkpoint;
    }

    // One checkpoint for each size, ascending; the horizon is the largest.
    bySize(horizon) {
      const found = new Map();
      for (const one of this.checkpoints.values()) {
        const limit = { expected: horizon.size, found: one.size };
        g.demand(one.size <= horizon.size, "consistency", one.place, limit);
        const same = found.get(one.size);
        const isSame = same === undefined || g.bytes.equal(same.root, one.root);
        g.demand(isSame, "consistency", one.place, { size: one.size });
        if (same === undefined) found.set(one.size, one);
      }
      return [...found.values()].sort((a, b) => a.size - b.size);
    }

    checkConsistency(bytes, horizon, place) {
      const lines = consistencyLines(bytes, place);
      const sizes = this.bySize(horizon);
      g.demandEqual(lines.length, sizes.length - 1, "consistency", place, { why: "number of lines" });
      lines.forEach(([first, second, hashes], i) => {
        const [a, b] = [sizes[i], sizes[i + 1]];
        const here = place + ":" + (i + 1);
        g.demandEqual(first + " " + second, a.size + " " + b.size, "consistency", here);
        const isGrown = g.merkle.isConsistent(a.size, b.size, a.root, b.root, hashes);
        g.demand(isGrown, "consistency", here, { first: a.size, second: b.size });
      });
    }
  }

  // Ordered by the first number, not as text, so it is read apart from the tables.
  function consistencyLines(bytes, place) {
    const text = g.bytes.text(bytes);
    const isRight = text !== null && (text === "" || text.endsWith("\n"));
    g.demand(isRight, "consistency", place, { why: "no LF at the end" });
    return text.split("\n").slice(0, -1).map((line, i) => consistencyLine(line, place + ":" + (i + 1)));
  }

  function consistencyLine(line, place) {
    const [a, b, hashes, ...more] = line.split("\t");
    const isRight = more.length === 0 && hashes !== undefined && [a, b].every(g.grammar.isInteger);
    g.demand(isRight, "consistency", place, { found: line });
    const list = hashes === "-" ? [] : hashes.split(",").map(hashOf);
    g.demand(!list.includes(null), "consistency", place, { found: line });
    return [a, b, list];
  }

  g.log = { Log };
})(gongchou);
