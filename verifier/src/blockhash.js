// What SHA-256 and SM3 have in common: blocks of 64 bytes, and the length at the end of the last one.
(function (g) {
  "use strict";

  const BLOCK = 64;
  const SLICE = BLOCK << 12; // bytes between two pauses

  const last = new Uint8Array(2 * BLOCK); // used again for every message: most messages are short
  const lastView = new DataView(last.buffer);

  // Fills the last one or two blocks: the rest of the message, 0x80, zeros, the length in bits.
  function pad(bytes, from, nBytes) {
    const nRest = bytes.length - from;
    const end = nRest + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
    for (let i = 0; i < nRest; i++) last[i] = bytes[from + i];
    last[nRest] = 0x80;
    last.fill(0, nRest + 1, end - 8);
    lastView.setUint32(end - 8, Math.floor(nBytes / 0x20000000));
    lastView.setUint32(end - 4, (nBytes * 8) >>> 0);
    return end;
  }

  function bytesOfState(state) {
    const out = new Uint8Array(32);
    for (let i = 0; i < 32; i++) out[i] = state[i >> 2] >>> (24 - 8 * (i & 3));
    return out;
  }

  // `initial` is the state before the first block; `compress(state, bytes, at)` takes in one block.
  function blockHash(name, initial, compress) {
    function finish(state, bytes, nBefore) {
      const whole = bytes.length - (bytes.length % BLOCK);
      for (let at = 0; at < whole; at += BLOCK) compress(state, bytes, at);
      const end = pad(bytes, whole, nBefore + bytes.length);
      for (let at = 0; at < end; at += BLOCK) compress(state, last, at);
      return bytesOfState(state);
    }

    function digest(bytes) {
      return finish(Int32Array.from(initial), bytes, 0);
    }

    // A prefix is 64 hex digits and so fills one block: its work is done once for all tickets.
    function prefixed(prefix) {
      const middle = Int32Array.from(initial);
      compress(middle, g.bytes.utf8(prefix), 0);
      return (rest) => g.bytes.hex(finish(middle.slice(), g.bytes.utf8(":" + rest), BLOCK));
    }

    // The same for large files, with pauses.
    async function hexSlowly(bytes) {
      const state = Int32Array.from(initial);
      let at = 0;
      for (; bytes.length - at > SLICE; at += SLICE) {
        for (let block = at; block < at + SLICE; block += BLOCK) compress(state, bytes, block);
        await g.breathe(at, bytes.length);
      }
      return g.bytes.hex(finish(state, bytes.subarray(at), at));
    }

    const hexOf = (bytes) => g.bytes.hex(digest(bytes));
    return { name, digest, hex: hexOf, hexSlowly, hexOfText: (text) => hexOf(g.bytes.utf8(text)), prefixed };
  }

  g.blockHash = blockHash;
})(gongchou);
