"""Merkle trees against RFC 6962's definition, the reference implementation's values and its probes."""

from __future__ import annotations

import base64
import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.draw import merkle
from tests.draw import oracles
from tests.draw.vectors import load

VECTORS = load("rfc6962")
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves_hex"]]
ROOTS = [bytes.fromhex(root) for root in VECTORS["roots_by_size"]]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]


def decode(texts):
    return [base64.b64decode(text) for text in texts or []]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_reference_implementations(size):
    assert merkle.root_of(LEAVES[:size]) == ROOTS[size]
    assert merkle.root_of_hashes(HASHES[:size]) == ROOTS[size]


def test_leaves_and_nodes_have_their_own_prefix():
    leaf, node = VECTORS["leaf"], VECTORS["node"]

    assert merkle.leaf_hash(leaf["data"].encode()).hex() == leaf["hash"]
    assert merkle.node_hash(node["left"].encode(), node["right"].encode()).hex() == node["hash"]


def test_the_reference_inclusion_proof_holds_and_is_the_one_made():
    row = VECTORS["inclusion"]
    proof = decode(row["proof"])

    assert merkle.is_included(base64.b64decode(row["leaf_hash"]), row["index"], row["size"], proof, ROOTS[8])
    assert merkle.inclusion_proof(HASHES, row["index"]) == proof


@pytest.mark.parametrize("row", VECTORS["consistency"])
def test_the_reference_consistency_proofs_hold_and_are_those_made(row):
    first, second, proof = row["first"], row["second"], decode(row["proof"])

    assert merkle.is_consistent(first, second, proof, ROOTS[first], ROOTS[second])
    assert merkle.consistency_proof(HASHES[:second], first) == proof


def test_every_inclusion_probe_of_the_reference_is_answered_as_it_says(shared_data):
    files = sorted((shared_data / "vectors" / "rfc6962" / "inclusion").rglob("*.json"))
    probes = {path: json.loads(path.read_text(encoding="utf-8")) for path in files}

    wrong = [path for path, probe in probes.items() if is_included(probe) == probe["wantErr"]]

    assert (len(probes) > 60, wrong) == (True, [])


def is_included(probe):
    leaf, root = decode([probe["leafHash"] or "", probe["root"] or ""])
    return merkle.is_included(leaf, probe["leafIdx"], probe["treeSize"], decode(probe["proof"]), root)


def test_every_consistency_probe_of_the_reference_is_answered_as_it_says(shared_data):
    files = sorted((shared_data / "vectors" / "rfc6962" / "consistency").rglob("*.json"))
    probes = {path: json.loads(path.read_text(encoding="utf-8")) for path in files}

    wrong = [path for path, probe in probes.items() if is_consistent(probe) == probe["wantErr"]]

    assert (len(probes) > 60, wrong) == (True, [])


def is_consistent(probe):
    root1, root2 = decode([probe["root1"] or "", probe["root2"] or ""])
    return merkle.is_consistent(probe["size1"], probe["size2"], decode(probe["proof"]), root1, root2)


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 1000])
def test_roots_are_as_the_definition_builds_them(size):
    leaves = [b"%d" % number for number in range(size)]

    assert merkle.root_of(leaves) == oracles.merkle_root(leaves)


@pytest.mark.parametrize("size", [merkle.BLOCK - 1, merkle.BLOCK, merkle.BLOCK + 1, 3 * merkle.BLOCK, 52_345])
def test_a_root_built_in_pieces_is_that_of_the_whole(size):
    leaves = [b"%d" % number for number in range(size)]
    tree = merkle.Accumulator()

    for start in range(0, size, 5000):
        tree.add(leaves[start : start + 5000])

    assert (tree.size, tree.root()) == (size, oracles.merkle_root(leaves))


@given(st.lists(st.lists(st.binary(max_size=4), max_size=9), max_size=9))
def test_pieces_of_any_length_give_one_root(pieces):
    tree = merkle.Accumulator()

    for piece in pieces:
        tree.add(piece)

    assert tree.root() == tree.root() == oracles.merkle_root([leaf for piece in pieces for leaf in piece])


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_of_a_tree_has_one_proof_that_fits_no_other_leaf(size):
    hashes = [merkle.leaf_hash(b"%d" % number) for number in range(size)]
    root = merkle.root_of_hashes(hashes)

    fitting = [
        (index, other)
        for index in range(size)
        for other in range(size)
        if merkle.is_included(hashes[other], other, size, merkle.inclusion_proof(hashes, index), root)
    ]

    assert fitting == [(index, index) for index in range(size)]


@pytest.mark.parametrize("second", range(1, 34))
def test_every_tree_is_shown_to_begin_with_every_smaller_one(second):
    hashes = [merkle.leaf_hash(b"%d" % number) for number in range(second)]
    roots = [merkle.root_of_hashes(hashes[:size]) for size in range(second + 1)]

    for first in range(1, second + 1):
        proof = merkle.consistency_proof(hashes, first)
        assert merkle.is_consistent(first, second, proof, roots[first], roots[second])
        assert not merkle.is_consistent(first, second, [*proof, roots[0]], roots[first], roots[second])
        assert not merkle.is_consistent(first, second, proof, roots[first - 1], roots[second])


@settings(max_examples=300)
@given(st.integers(2, 40), st.data())
def test_a_changed_bit_breaks_a_proof(size, data):
    hashes = [merkle.leaf_hash(b"%d" % number) for number in range(size)]
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 255))
    proof = merkle.inclusion_proof(hashes, index)
    at = data.draw(st.integers(0, len(proof) - 1))

    proof[at] = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")

    assert not merkle.is_included(hashes[index], index, size, proof, merkle.root_of_hashes(hashes))


def test_hashes_of_another_length_are_refused():
    root, short = merkle.root_of_hashes(HASHES[:2]), sha256(b"").digest()[:31]

    assert not merkle.is_included(HASHES[0], 0, 2, [short], root)
    assert not merkle.is_included(HASHES[0], -1, 2, [HASHES[1]], root)
    assert not merkle.is_consistent(1, 2, [short], ROOTS[1], root)


def test_proofs_that_share_what_they_hash_are_the_same_proofs():
    hashes = [merkle.leaf_hash(bytes([number])) for number in range(70)]
    proofs = merkle.Proofs(hashes)

    for size in range(1, 71):
        own = hashes[:size]
        assert [proofs.inclusion(at, size) for at in range(size)] == [
            merkle.inclusion_proof(own, at) for at in range(size)
        ]
        told = [proofs.consistency(first, size) for first in range(size + 1)]
        assert told == [merkle.consistency_proof(own, first) for first in range(size + 1)]
