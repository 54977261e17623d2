"""A tree read in blocks is the tree over all leaves."""

from __future__ import annotations

import pytest

from gongchou.audit.tree import Blocks, Peaks, read_peaks, roots_of_blocks
from gongchou.draw import merkle

HASHES = [merkle.leaf_hash(bytes([number])) for number in range(70)]
WIDTH = 4


def blocks(size: int) -> Blocks:
    hashes = HASHES[:size]
    return Blocks(
        size, WIDTH, roots_of_blocks(hashes, WIDTH), lambda block: hashes[block * WIDTH : (block + 1) * WIDTH]
    )


@pytest.mark.parametrize("size", range(len(HASHES)))
def test_root_and_proofs_are_those_of_the_whole_tree(size):
    tree = blocks(size)

    assert tree.root() == merkle.root_of_hashes(HASHES[:size])
    for index in range(size):
        assert tree.inclusion_proof(index) == merkle.inclusion_proof(HASHES[:size], index)
    for first in range(size + 1):
        assert tree.consistency_proof(first) == merkle.consistency_proof(HASHES[:size], first)


@pytest.mark.parametrize("size", range(len(HASHES)))
def test_peaks_go_on_from_where_they_stood(size):
    begun = Peaks()
    for leaf in HASHES[: size // 2]:
        begun.add(leaf)
    peaks = read_peaks(begun.size, str(begun))
    for leaf in HASHES[size // 2 : size]:
        peaks.add(leaf)

    assert (peaks.size, peaks.root()) == (size, merkle.root_of_hashes(HASHES[:size]))
