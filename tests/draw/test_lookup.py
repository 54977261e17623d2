"""A line is found in a table with its proof whatever its index says: what does not fit is made anew."""

from __future__ import annotations

import random

import pytest

from gongchou.draw.encoding import Document
from gongchou.draw.errors import DrawError
from gongchou.draw.frame import scan_table
from gongchou.draw.lookup import BLOCK, find, prepare
from gongchou.draw.merkle import inclusion_proof, leaf_hash
from gongchou.draw.table import FRAME, Bytes, span_of, write_table

SIZES = (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7)


class Kept(dict[str, bytes]):
    """A shelf in memory that counts what was put on it."""

    n_put = 0

    def take(self, sha256: str) -> bytes | None:
        return self.get(sha256)

    def put(self, sha256: str, data: bytes) -> None:
        self[sha256] = data
        self.n_put += 1


def frame(size: int) -> tuple[Bytes, Document, list[str]]:
    rows = [(f"S{at % 7}", f"{at * 7919 % 100_003:06}", "P") for at in range(size)]
    data = write_table(rows)
    blob = Bytes(data)
    return blob, scan_table(blob, FRAME, "frame.tsv").document(), data.decode().splitlines()


def begins(own: str) -> list[bytes]:
    return [f"S{number}\t{own}\t".encode() for number in range(7)]


@pytest.mark.parametrize("size", SIZES)
def test_each_line_is_found_with_the_proof_of_the_whole_tree(size: int):
    blob, stated, lines = frame(size)
    hashes, shelf = [leaf_hash(line.encode()) for line in lines], Kept()

    for at in sorted({*range(0, size, 97), *range(size)[-3:]}):
        found = find(blob, stated, begins(lines[at].split("\t")[1]), shelf, "")
        assert found
        assert (found.line, found.index, found.proof) == (lines[at], at, inclusion_proof(hashes, at))
    assert find(blob, stated, begins("000000X"), shelf, "") is None
    assert find(blob, stated, begins("!"), shelf, "") is None
    assert shelf.n_put <= 1


def test_an_index_with_any_byte_changed_gives_the_same_answers():
    blob, stated, lines = frame(3 * BLOCK + 5)
    good, chance = prepare(blob, stated, Kept(), ""), random.Random(5)
    asked = [*(line.split("\t")[1] for line in chance.sample(lines, 3)), "000000X"]
    wanted = [find(blob, stated, begins(one), Kept(), "") for one in asked]

    for at in {*range(0, len(good), 41), *range(40)}:
        bad = good[:at] + bytes([good[at] ^ 1 << chance.randrange(8)]) + good[at + 1 :]
        for damaged in (bad, good[:at]):
            shelf = Kept({stated["sha256"]: damaged})
            assert [find(blob, stated, begins(one), shelf, "") for one in asked] == wanted


def test_an_index_that_leaves_a_block_out_hides_nobody():
    blob, stated, lines = frame(3 * BLOCK)
    less = Bytes("".join(f"{line}\n" for line in lines[: 2 * BLOCK]).encode())
    other, shelf = scan_table(less, FRAME, "").document(), Kept()
    prepare(less, other, shelf, "")
    shelf[stated["sha256"]] = shelf[other["sha256"]]

    assert find(blob, stated, begins(lines[-1].split("\t")[1]), shelf, "")
    assert shelf[stated["sha256"]] != shelf[other["sha256"]]


def test_a_changed_table_gives_no_answer():
    blob, stated, lines = frame(3 * BLOCK)
    shelf = Kept()
    prepare(blob, stated, shelf, "")
    changed = Bytes(blob.data.replace(b"\tP\n", b"\tQ\n"))

    with pytest.raises(DrawError) as refused:
        find(changed, stated, begins(lines[5].split("\t")[1]), shelf, "frame.tsv")
    assert refused.value.code == "root_mismatch"


def test_what_is_not_there_is_proven_not_to_be_there():
    """A byte of an own line was changed: it is looked for in vain, and that is no answer."""
    blob, stated, lines = frame(3 * BLOCK)
    for at in (0, 5, BLOCK - 1, BLOCK, 2 * BLOCK - 1, len(lines) - 1):
        own = lines[at].split("\t")[1]
        spot = blob.data.index(f"{lines[at]}\n".encode()) + len("S0\t")
        for changed in (own[:-1] + "X", "X" + own[1:]):
            shelf = Kept()
            prepare(blob, stated, shelf, "")
            touched = Bytes(blob.data[:spot] + changed.encode() + blob.data[spot + len(own) :])
            with pytest.raises(DrawError) as refused:
                find(touched, stated, begins(own), shelf, "frame.tsv")
            assert refused.value.code == "root_mismatch"


def test_between_two_blocks_nobody_stands_unseen():
    blob, stated, lines = frame(3 * BLOCK)
    shelf = Kept()
    prepare(blob, stated, shelf, "")
    before, after = (lines[at].split("\t") for at in (BLOCK - 1, BLOCK))
    assert before[0] == after[0]
    between = [f"{before[0]}\t{before[1]}X\t".encode()]

    assert find(blob, stated, between, shelf, "") is None
    for own in (before[1], after[1]):
        touched = Bytes(blob.data.replace(f"\t{own}\tP".encode(), f"\t{own}\tQ".encode()))
        with pytest.raises(DrawError):
            find(touched, stated, between, shelf, "")


def test_a_table_that_is_to_be_empty_is_empty():
    _, stated, _ = frame(0)
    with pytest.raises(DrawError) as refused:
        find(frame(1)[0], stated, begins("000000"), Kept(), "")
    assert refused.value.code == "size_mismatch"


@pytest.mark.parametrize("size", SIZES)
def test_the_lines_of_a_stratum_are_found_in_place(size: int):
    blob, _, lines = frame(size)

    for stratum in ("S", "S0", "S3", "S6", "S9"):
        start, end = span_of(blob, f"{stratum}\t".encode())
        told = blob.data[start:end].decode().splitlines()
        assert told == [line for line in lines if line.split("\t")[0] == stratum]
