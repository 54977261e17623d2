// SM3 (GB/T 32905-2016). Browsers do not have it.
(function (g) {
  "use strict";

  const INITIAL = [
    0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
  ];
  const words = new Int32Array(68);

  function rotate(x, n) {
    n %= 32;
    return n === 0 ? x : (x << n) | (x >>> (32 - n));
  }

  function p0(x) {
    return x ^ rotate(x, 9) ^ rotate(x, 17);
  }

  function p1(x) {
    return x ^ rotate(x, 15) ^ rotate(x, 23);
  }

  function spread(bytes, at) {
    for (let j = 0; j < 16; j++, at += 4) {
      words[j] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let j = 16; j < 68; j++) {
      const mixed = p1(words[j - 16] ^ words[j - 9] ^ rotate(words[j - 3], 15));
      words[j] = mixed ^ rotate(words[j - 13], 7) ^ words[j - 6];
    }
  }

  function compress(state, bytes, at) {
    spread(bytes, at);
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], h = state[6], i = state[7];
    for (let j = 0; j < 64; j++) {
      const early = j < 16;
      const ss1 = rotate((rotate(a, 12) + e + rotate(early ? 0x79cc4519 : 0x7a879d8a, j)) | 0, 7);
      const ss2 = ss1 ^ rotate(a, 12);
      const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = early ? e ^ f ^ h : (e & f) | (~e & h);
      const tt1 = (ff + d + ss2 + (words[j] ^ words[j + 4])) | 0;
      const tt2 = (gg + i + ss1 + words[j]) | 0;
      d = c; c = rotate(b, 9); b = a; a = tt1;
      i = h; h = rotate(f, 19); f = e; e = p0(tt2);
    }
    state[0] ^= a; state[1] ^= b; state[2] ^= c; state[3] ^= d;
    state[4] ^= e; state[5] ^= f; state[6] ^= h; state[7] ^= i;
  }

  g.sm3 = g.blockHash("sm3", INITIAL, compress);

  // The hash that the parameters chose; everything else in a bundle is SHA-256 (section 1.1).
  g.suiteHash = (suite) => (suite === "sm3" ? g.sm3 : g.sha256);
})(gongchou);
