"""Many rows at once: lines as COPY reads them, and columns that are the same in all rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from gongchou.audit.guard import Unrecorded, open_for_writing
from gongchou.registry.imports import store
from gongchou.registry.imports.store import _copy_line
from gongchou.registry.models import SubjectFact
from tests.factories.people import NOW
from tests.factories.subjects import make_subject


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (("a", None, True, 3), "a\t\\N\tTrue\t3"),
        (("\\N", None), "\\\\N\t\\N"),
        (("a\tb", "c\nd\re"), "a\\tb\tc\\nd\\re"),
        (("", ""), "\t"),
        (("a\0b", None), "a\0b\t\\N"),  # for the server to refuse
        (("a\0b", "c"), "a\0b\tc"),
    ],
)
def test_a_row_is_one_line_that_says_what_is_in_it(row: tuple[Any, ...], line: str):
    assert _copy_line(row) == line


@pytest.mark.django_db
@pytest.mark.parametrize("n_rows", [1, 1001])
@pytest.mark.parametrize("words", ["'); --", "100 % 的\t\\N", "%s", "\\", "", "演示\n二"])
def test_what_is_the_same_in_all_rows_is_said_once(words: str, n_rows: int):
    subject = make_subject()
    rows = [(subject.pk.hex, f"第{number}行") for number in range(n_rows)]
    fixed = {"at": store.moment(NOW), "kind": "seen", "data": "{}", "by_name": words, "source": words}

    with open_for_writing():
        store.insert(SubjectFact, ["subject_id", "told"], rows, fixed)

    found = SubjectFact.objects.filter(kind="seen").order_by("id")
    assert [one.told for one in found] == [told for _, told in rows]
    assert {(one.by_name, one.source, one.at) for one in found} == {(words, words, NOW)}


@pytest.mark.django_db
def test_rows_outside_an_operation_are_refused_by_either_database():
    subject = make_subject()
    fixed = {"at": store.moment(NOW), "kind": "seen", "data": "{}", "by_name": "x", "source": "x"}
    before = SubjectFact.objects.count()

    with pytest.raises(Unrecorded), transaction.atomic():
        store.insert(SubjectFact, ["subject_id", "told"], [(subject.pk.hex, "一")], fixed)

    assert SubjectFact.objects.count() == before
