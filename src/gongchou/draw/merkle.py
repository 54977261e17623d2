"""RFC 6962 Merkle trees: roots, inclusion and consistency proofs, and their verification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

BLOCK = 1 << 14


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), 32 bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


class Accumulator:
    """Builds a root from leaves that come in pieces, in memory of the order of log(size)."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []  # (leaves below, root), sizes falling powers of two
        self._waiting: list[bytes] = []

    def add(self, leaves: Sequence[bytes]) -> None:
        """Append leaf data (bytes each)."""
        self.size += len(leaves)
        self._waiting += [sha256(b"\x00" + leaf).digest() for leaf in leaves]
        while len(self._waiting) >= BLOCK:
            self._push(BLOCK, _fold(self._waiting[:BLOCK]))
            del self._waiting[:BLOCK]

    def _push(self, count: int, root: bytes) -> None:
        while self._peaks and self._peaks[-1][0] == count:
            root = node_hash(self._peaks.pop()[1], root)
            count *= 2
        self._peaks.append((count, root))

    def root(self) -> bytes:
        """The root of all leaves so far, 32 bytes."""
        if not self.size:
            return sha256(b"").digest()
        roots = [peak for _, peak in self._peaks]
        if self._waiting:
            roots.append(_fold(self._waiting))
        result = roots.pop()
        while roots:
            result = node_hash(roots.pop(), result)
        return result


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Root over leaf hashes. Pairing level by level and lifting an odd last one is RFC 6962's split."""
    level = list(hashes)
    while len(level) > 1:
        pairs = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) & ~1 :]
    return level[0]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf data, 32 bytes."""
    return root_of_hashes([leaf_hash(leaf) for leaf in leaves])


def root_of_hashes(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, 32 bytes."""
    return _fold(hashes) if hashes else sha256(b"").digest()


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf ``index`` in the tree over these leaf hashes, leaf first (RFC 6962 2.1.1)."""
    path, level = [], list(hashes)
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        level = _parents(level)
        index //= 2
    return path


def _parents(level: Sequence[bytes]) -> list[bytes]:
    pairs = [node_hash(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
    return pairs + list(level[len(level) & ~1 :])


def consistency_proof(hashes: Sequence[bytes], first: int) -> list[bytes]:
    """Proof that the tree of the first ``first`` leaves begins the whole tree (RFC 6962 2.1.2)."""
    return _subproof(first, hashes, True) if 0 < first < len(hashes) else []


def _subproof(first: int, hashes: Sequence[bytes], whole: bool) -> list[bytes]:
    if first == len(hashes):
        return [] if whole else [root_of_hashes(hashes)]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    if first <= split:
        return [*_subproof(first, hashes[:split], whole), root_of_hashes(hashes[split:])]
    return [*_subproof(first - split, hashes[split:], False), root_of_hashes(hashes[:split])]


class Proofs:
    """Proofs in many trees over the beginnings of one list of leaf hashes; what two trees share is hashed once."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._hashes = hashes
        self._roots: dict[tuple[int, int], bytes] = {}

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """As ``inclusion_proof`` of the first ``size`` leaves."""
        path, start, end = [], 0, size
        while end - start > 1:
            split = start + _largest_power_below(end - start)
            if index < split:
                path.append(self._root(split, end))
                end = split
            else:
                path.append(self._root(start, split))
                start = split
        return path[::-1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """As ``consistency_proof`` of the first ``first`` leaves in the first ``second``."""
        if not 0 < first < second:
            return []
        proof, start, end, is_whole = [], 0, second, True
        while end != first:
            split = start + _largest_power_below(end - start)
            if first <= split:
                proof.append(self._root(split, end))
                end = split
            else:
                proof.append(self._root(start, split))
                start, is_whole = split, False
        return [*([] if is_whole else [self._root(start, end)]), *proof[::-1]]

    def _root(self, start: int, end: int) -> bytes:
        if end - start == 1:
            return self._hashes[start]
        found = self._roots.get((start, end))
        if found is None:
            split = start + _largest_power_below(end - start)
            found = self._roots[start, end] = node_hash(self._root(start, split), self._root(split, end))
        return found


def _largest_power_below(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether ``proof`` leads from the leaf at ``index`` to the root of ``size`` leaves (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or any(len(part) != 32 for part in (leaf, root, *proof)):
        return False
    last, value = size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            value = node_hash(part, value)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            value = node_hash(value, part)
        index >>= 1
        last >>= 1
    return last == 0 and value == root


def is_consistent(first: int, second: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> bool:
    """Tell whether the tree of ``second`` leaves begins with that of ``first`` (RFC 9162 2.1.4.2)."""
    if not 0 <= first <= second or any(len(part) != 32 for part in (root1, root2, *proof)):
        return False
    if first == second:
        return not proof and root1 == root2
    if first == 0:
        return not proof
    return _climbs(first, second, proof, root1, root2)


def _climbs(first: int, second: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> bool:
    path = [root1, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(part, old), node_hash(part, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, part)
        node >>= 1
        last >>= 1
    return last == 0 and old == root1 and new == root2
