// Merkle trees of RFC 6962 (section 1.2): roots, inclusion, consistency.
(function (g) {
  "use strict";

  const LEAF = Uint8Array.of(0);
  const pair = new Uint8Array(65).fill(1, 0, 1); // used again for every node

  const leaf = (data) => g.sha256.digest(g.bytes.concat(LEAF, data));

  function node(left, right) {
    pair.set(left, 1);
    pair.set(right, 33);
    return g.sha256.digest(pair);
  }

  // Level by level; a lone last node moves up as it is, which is the split at the largest power of two.
  async function rootOfLeaves(leaves) {
    if (leaves.length === 0) return g.sha256.digest(new Uint8Array(0));
    let level = leaves;
    while (level.length > 1) {
      const above = [];
      for (let i = 0; i < level.length; i += 2) {
        above.push(i + 1 < level.length ? node(level[i], level[i + 1]) : level[i]);
        if (i % 1000 === 0) await g.breathe();
      }
      level = above;
    }
    return level[0];
  }

  // The leaves of a table are its lines without their LF.
  async function rootOfTable(bytes) {
    const leaves = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(10, at);
      const stop = end < 0 ? bytes.length : end;
      leaves.push(leaf(bytes.subarray(at, stop)));
      at = stop + 1;
      if (leaves.length % 1000 === 0) await g.breathe(at, bytes.length);
    }
    return g.bytes.hex(await rootOfLeaves(leaves));
  }

  const isOdd = (n) => n % 2 === 1;
  const half = (n) => Math.floor(n / 2);
  const areHashes = (hashes) => hashes.every((hash) => hash.length === 32);

  // RFC 9162, 2.1.3.2. Sizes may exceed 32 bits, so there is no bit arithmetic here.
  function isIncluded(index, size, leafHash, proof, root) {
    if (index >= size || !areHashes([leafHash, root, ...proof])) return false;
    let [fn, sn, hash] = [index, size - 1, leafHash];
    for (const other of proof) {
      if (sn === 0) return false;
      if (isOdd(fn) || fn === sn) {
        hash = node(other, hash);
        while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
      } else {
        hash = node(hash, other);
      }
      [fn, sn] = [half(fn), half(sn)];
    }
    return sn === 0 && g.bytes.equal(hash, root);
  }

  // RFC 9162, 2.1.4.2.
  function isConsistent(first, second, firstRoot, secondRoot, proof) {
    if (!areHashes([firstRoot, secondRoot, ...proof])) return false;
    if (first === second) return proof.length === 0 && g.bytes.equal(firstRoot, secondRoot);
    if (first === 0 || first > second || proof.length === 0) return false;
    return growsInto(first, second, firstRoot, secondRoot, proof);
  }

  function isPowerOfTwo(n) {
    while (n > 1 && !isOdd(n)) n = half(n);
    return n === 1;
  }

  function growsInto(first, second, firstRoot, secondRoot, proof) {
    const path = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof;
    let [fn, sn] = [first - 1, second - 1];
    while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
    let [fr, sr] = [path[0], path[0]];
    for (const other of path.slice(1)) {
      if (sn === 0) return false;
      if (isOdd(fn) || fn === sn) {
        [fr, sr] = [node(other, fr), node(other, sr)];
        while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
      } else {
        sr = node(sr, other);
      }
      [fn, sn] = [half(fn), half(sn)];
    }
    return sn === 0 && g.bytes.equal(fr, firstRoot) && g.bytes.equal(sr, secondRoot);
  }

  g.merkle = { leaf, node, rootOfLeaves, rootOfTable, isIncluded, isConsistent };
})(gongchou);
