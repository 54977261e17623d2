"""Cells about people, read as forms read them."""

from __future__ import annotations

import pytest

from gongchou.registry.imports import cells
from tests.factories.inspectors import CANARY

MASKED = "990*************54"


@pytest.mark.parametrize("text", ["ZJ-1", "zj1", "ＺＪ－１", " ZJ 1", "'ZJ1"])
def test_a_certificate_has_one_number_however_it_is_spelled(text: str):
    assert (cells.card_number(text), cells.key_card(text)) == ("ZJ1", "ZJ1")


@pytest.mark.parametrize("text", [CANARY, f"{CANARY[:6]} {CANARY[6:]}", f"'{CANARY}", MASKED])
def test_an_identity_number_is_masked_and_may_have_been_before(text: str):
    assert (cells.identity_number(text), cells.masked_id(text)) == (MASKED, MASKED)


@pytest.mark.parametrize("empty", ["", "-", "n/a"])
def test_no_identity_number_is_none(empty: str):
    assert cells.identity_number(empty) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CANARY[:-1] + "3", "identity_check"),
        (CANARY[:15], "identity_check"),
        (CANARY[:17], "identity"),
        ("9.9E+17", "id_float"),
    ],
)
def test_an_identity_number_that_cannot_be_one_is_refused(text: str, code: str):
    with pytest.raises(cells.CellRefused) as refused:
        cells.identity_number(text)

    assert refused.value.code == f"registry.cell_{code}"


def test_a_wrong_identity_number_is_masked_as_a_right_one_is():
    assert cells.masked_id(CANARY[:-1] + "3") == f"{MASKED[:-1]}3"
