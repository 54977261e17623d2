"""A receipt made from a bundle holds by itself and against it, says what happened, and shows when it was altered."""

from __future__ import annotations

import pytest

from gongchou.draw.bundle import in_memory
from gongchou.draw.encoding import Document, dump_json, parse_time
from gongchou.draw.errors import DrawError
from gongchou.draw.receipts import check_against, check_receipt, parse_receipt, receipt
from tests.factories.mutants import original

LATER = parse_time("2099-01-01T00:00:00Z")
FILES = in_memory(original("open-single"))


def ids(name: str, column: int) -> list[str]:
    return [line.split("\t")[column] for line in original("open-single")[name].decode().splitlines()]


def told(object_id: str) -> Document:
    return receipt(FILES, "", object_id, key=None, at=LATER)


def code_of(act: object, *args: object, **own: object) -> str:
    with pytest.raises(DrawError) as found:
        act(*args, **own)  # type: ignore[operator]
    return found.value.code


def test_every_object_has_a_receipt_that_holds_and_agrees_with_the_bundle():
    for object_id in {*ids("frame.tsv", 1), *ids("excluded.tsv", 0)}:
        made = parse_receipt(dump_json(told(object_id)) + b"\n")
        check_receipt(made)
        check_against(made, FILES)


def test_it_says_who_was_selected_and_why_others_were_left_out():
    selected = ids("selected.tsv", 2)

    assert {told(one)["selected"] for one in selected} == {True}
    assert {told(one)["selected"] for one in set(ids("frame.tsv", 1)) - set(selected)} == {False}
    assert [told(one)["reason"] for one in ids("excluded.tsv", 0)] == ids("excluded.tsv", 1)


def test_whoever_is_in_no_list_is_told_so():
    assert code_of(told, "91000000NOBODY0001") == "not_in_list"


@pytest.mark.parametrize("field", ["rank", "n", "index", "size"])
def test_an_altered_receipt_does_not_hold_against_the_bundle(field: str):
    made = told(ids("selected.tsv", 2)[-1])

    assert code_of(check_both, made | {field: made[field] + 1}) == "receipt_wrong"


def check_both(made: Document) -> None:
    check_receipt(made)
    check_against(made, FILES)


def test_nothing_is_said_of_what_was_not_drawn():
    files = {path: blob for path, blob in FILES.items() if path != "selected.tsv"}

    assert code_of(receipt, files, "", ids("frame.tsv", 1)[0], key=None, at=LATER) == "not_drawn"
