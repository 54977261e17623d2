"""A long list on its way out says how far it is, and is the same workbook."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from python_calamine import CalamineWorkbook

from gongchou.web import take_away
from gongchou.web.take_away import TOLD, workbook

ROWS: list[list[Any]] = [["名称", "数"], *([f"演示{n}店", n] for n in range(1, 8))]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_away, "ROWS_BETWEEN", 3)


def asked(accept: str) -> HttpResponseBase:
    return workbook(RequestFactory().get("/", headers={"Accept": accept}), "演示名录", iter(ROWS), 7)


def rows_of(data: bytes) -> Any:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def test_who_asks_is_told_how_far_it_is_before_the_file_comes():
    answer = asked(TOLD)

    told, _, rest = b"".join(answer.streaming_content).partition(b"\n\n")
    size, _, data = rest.partition(b"\n")

    assert (told, answer["X-Rows"], int(size)) == (b"0\n3\n6", "7", len(data))
    assert rows_of(data) == ROWS


def test_the_numbers_come_while_rows_are_still_to_be_written():
    taken: list[Any] = []

    def rows() -> Iterator[list[Any]]:
        for row in ROWS:
            taken.append(row)
            yield row

    answer = workbook(RequestFactory().get("/", headers={"Accept": TOLD}), "演示名录", rows(), 7)

    parts = iter(answer.streaming_content)

    assert [(next(parts), len(taken)) for _ in range(3)] == [(b"0\n", 1), (b"3\n", 4), (b"6\n", 7)]


def test_who_does_not_ask_gets_the_file_under_the_same_name():
    plain, told = asked("text/html"), asked(TOLD)

    assert rows_of(b"".join(plain.streaming_content)) == ROWS
    assert plain["Content-Disposition"].split("-")[0] == told["Content-Disposition"].split("-")[0]
