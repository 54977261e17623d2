"""Numbers of people: which are whole, what is kept of them."""

from __future__ import annotations

import pytest

from gongchou.registry.models.inspectors import masked_phone
from gongchou.registry.rules import identity
from tests.factories.inspectors import CANARY


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        (CANARY, True),
        (CANARY[:-1] + "3", False),
        ("99010119901332875X", False),
        (CANARY[:17], False),
        ("0" + CANARY[1:], False),
        ("９" + CANARY[1:], False),
        ("", False),
    ],
)
def test_identity_numbers_have_a_birthday_and_a_check_digit(number, is_one):
    assert identity.is_identity_number(number) == is_one


def test_one_changed_digit_is_always_found():
    changed = {CANARY[:at] + digit + CANARY[at + 1 :] for at in range(17) for digit in "0123456789"} - {CANARY}

    assert [number for number in changed if identity.is_identity_number(number)] == []


def test_a_masked_number_keeps_five_characters():
    assert identity.masked_identity(CANARY) == "990*************54"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("１１０ 105-19ｘ", "11010519X"),
        ("zj－００1", "ZJ001"),
        ("ＺＪ-1", "ZJ1"),
        ("", ""),
        (" 139 0000 1111 ", "13900001111"),
    ],
)
def test_numbers_have_one_spelling(text, plain):
    assert identity.one_spelling(text) == plain


@pytest.mark.parametrize(
    ("number", "is_one"),
    [("13900001111", True), ("12900001111", False), ("1390000111", False), ("139000011112", False)],
)
def test_mobile_numbers(number, is_one):
    assert identity.is_mobile_number(number) == is_one


@pytest.mark.parametrize(("phone", "shown"), [("13900001111", "139****1111"), ("", ""), ("0531", "****")])
def test_telephones_are_masked(phone, shown):
    assert masked_phone(phone) == shown
