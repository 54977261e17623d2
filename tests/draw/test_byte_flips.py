"""No byte of a bundle is free: whichever is changed, verification refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongchou.draw.bundle import Files, in_memory, read_zip
from gongchou.draw.errors import FormatError
from gongchou.draw.table import Bytes
from gongchou.draw.verify import Options, verify
from gongchou.folders import open_bundle
from tests.factories.mutants import EXAMPLES, original

TINY = EXAMPLES / "tiny.zip"


def flipped(data: bytes, position: int, mask: int) -> bytes:
    """The data with one byte changed."""
    return data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :]


def survivors(example: str, path: str, masks: tuple[int, ...], step: int = 1) -> Iterator[tuple[int, int]]:
    """(position, mask) of every flip in a file that verification does not notice; at every ``step``-th byte."""
    whole: Files = in_memory(original(example))
    data = original(example)[path]
    for position in range(0, len(data), step):
        for mask in masks:
            files = {**whole, path: Bytes(flipped(data, position, mask))}
            if verify(files, Options()).ok:
                yield position, mask


@pytest.mark.parametrize("path", sorted(original("tiny")))
def test_a_flipped_byte_of_a_file_is_noticed(path: str) -> None:
    assert list(survivors("tiny", path, (0x01,), step=7)) == []


@pytest.mark.night
@pytest.mark.parametrize("path", sorted(original("tiny")))
def test_every_flipped_byte_of_a_file_is_noticed(path: str) -> None:
    assert list(survivors("tiny", path, (0x01,))) == []


@pytest.mark.night
@pytest.mark.parametrize("path", sorted(original("open-single")))
def test_every_flipped_bit_of_a_larger_bundle_is_noticed(path: str) -> None:
    assert list(survivors("open-single", path, tuple(1 << bit for bit in range(8)))) == []


def test_every_flipped_byte_of_the_zip_is_noticed() -> None:
    data = TINY.read_bytes()
    noticed = 0

    for position in range(len(data)):
        try:
            read_zip(Bytes(flipped(data, position, 0x01)))
        except FormatError:
            noticed += 1

    assert noticed == len(data)


@pytest.mark.parametrize("keep", [0, 1, 21, 22, 4000, -1])
def test_a_cut_zip_is_refused(keep: int) -> None:
    data = TINY.read_bytes()[:keep]

    with pytest.raises(FormatError, match="zip_invalid"):
        read_zip(Bytes(data))


def test_the_unflipped_bundle_holds() -> None:
    assert verify(open_bundle(TINY), Options()).ok
