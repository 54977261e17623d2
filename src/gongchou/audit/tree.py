"""The log's tree, read in pieces: RFC 6962 as ``draw.merkle`` has it, over blocks instead of over all leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from gongchou.draw import merkle


@dataclass
class Peaks:
    """The roots of the complete subtrees over ``size`` leaves, largest first: all it takes to go on."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash (32 bytes)."""
        rest = self.size
        while rest & 1:
            leaf = merkle.node_hash(self.roots.pop(), leaf)
            rest >>= 1
        self.roots.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far, 32 bytes."""
        if not self.roots:
            return merkle.root_of_hashes([])
        *rest, root = self.roots
        for peak in reversed(rest):
            root = merkle.node_hash(peak, root)
        return root

    def __str__(self) -> str:
        return " ".join(root.hex() for root in self.roots)


def read_peaks(size: int, text: str) -> Peaks:
    """What ``str`` wrote."""
    return Peaks(size, [bytes.fromhex(root) for root in text.split()])


@dataclass(frozen=True)
class Blocks:
    """A tree of which the roots over each ``width`` leaves (the last may have fewer) and any block's leaves are known.

    width: a power of two, so that the tree divides between blocks
    leaves: block number -> its leaf hashes
    """

    size: int
    width: int
    roots: Sequence[bytes]
    leaves: Callable[[int], Sequence[bytes]]

    def root(self) -> bytes:
        """The root over all leaves, 32 bytes."""
        return merkle.root_of_hashes(self.roots)

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The audit path of a leaf, leaf first (RFC 6962 2.1.1)."""
        block, rest = divmod(index, self.width)
        return merkle.inclusion_proof(self.leaves(block), rest) + merkle.inclusion_proof(self.roots, block)

    def consistency_proof(self, first: int) -> list[bytes]:
        """Proof that the tree of the first ``first`` leaves begins this one (RFC 6962 2.1.2)."""
        if not 0 < first < self.size:
            return []
        block, rest = divmod(first, self.width)
        if not rest:
            return merkle.consistency_proof(self.roots, block)
        leaves = self.leaves(block)
        inside = merkle.consistency_proof(leaves, rest)
        if block and rest & (rest - 1) == 0:
            # Only of a tree that begins at leaf 0 does the verifier hold this subtree's root already.
            inside = [merkle.root_of_hashes(leaves[:rest]), *inside]
        return inside + merkle.inclusion_proof(self.roots, block)


def roots_of_blocks(hashes: Iterable[bytes], width: int) -> list[bytes]:
    """The roots over each ``width`` leaf hashes, the last over what is left."""
    found, waiting = [], list[bytes]()
    for leaf in hashes:
        waiting.append(leaf)
        if len(waiting) == width:
            found.append(merkle.root_of_hashes(waiting))
            waiting.clear()
    return found + ([merkle.root_of_hashes(waiting)] if waiting else [])
