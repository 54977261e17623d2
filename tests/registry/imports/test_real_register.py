"""A register as it was really published, with its real dirt, from three kinds of file; the data stays where it is."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from gongchou.registry.models import RefusedRow, Subject
from tests.registry.imports.desk import as_csv, as_workbook, confirm, counts, dry_run, keeper, library, upload

pytestmark = pytest.mark.django_db

NAME = "shandong-1978-2003.csv"


@pytest.fixture(scope="module")
def register(shared_data: Path) -> Path:
    return shared_data / "real-register" / NAME


def other_forms_of(register: Path, n_first: int | None, lines: set[int]) -> tuple[int, dict[str, bytes]]:
    """The first rows of it, and those of some lines, as other kinds of file; how many rows that is."""
    with register.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    own = [row for at, row in enumerate(rows, start=2) if n_first is None or at < n_first + 2 or at in lines]
    return len(own), {"国标.csv": as_csv([head, *own], "gb18030"), "名录.xlsx": as_workbook([head, *own])}


def of_the_province(by):
    """Its places are not those of the small city, so that one region stands for all."""
    return {"region": by.department.region, "is_full": False}


def fate() -> Counter[tuple[str, str]]:
    """How often each column was refused for what."""
    reasons = RefusedRow.objects.values_list("reasons", flat=True)
    return Counter((own["column"], own["code"]) for row in reasons for own in row)


@pytest.mark.parametrize("n_again", [1_000, pytest.param(None, marks=pytest.mark.night)])
def test_every_row_is_taken_or_refused_with_line_cell_and_reason_and_only_once(register: Path, n_again: int | None):
    """Once whole; then in two other forms the first thousands of it and all that was refused, by night whole again."""
    by = keeper()

    def brought(name: str, data: bytes) -> dict[str, int]:
        batch = dry_run(upload(by, data, name, **of_the_province(by)), 地区="", 所在省份="")
        return counts(confirm(batch))

    first = brought("名录.csv", register.read_bytes())
    taken, first_fate = library(), fate()
    n_refused = first["refused"]
    assert first["read"] == 44_722 == first["new"] + first.get("same", 0) + n_refused

    n_read, others = other_forms_of(register, n_again, set(RefusedRow.objects.values_list("line", flat=True)))
    for name, data in others.items():
        assert brought(name, data) == {"read": n_read, "same": n_read - n_refused, "refused": n_refused}
    assert library() == taken
    assert fate() == Counter({key: 3 * count for key, count in first_fate.items()})
    assert first_fate == Counter({("统一社会信用代码", "registry.cell_id_lower_case"): 19})
    check_each_has_its_place()


def check_each_has_its_place() -> None:
    """A line, a heading of the file or the row as a whole, a sentence without gaps."""
    for row in RefusedRow.objects.select_related("batch"):
        headings = {heading for heading, _ in row.batch.columns}
        assert row.line > 1
        assert row.reasons
        for reason in row.reasons:
            assert reason["column"] in headings | {""}
            assert reason["told"]
            assert not re.search(r"[{}]", reason["told"].split("“")[0])


def test_places_that_are_not_of_the_city_are_refused_row_by_row(register: Path):
    by = keeper()
    head = b"".join(register.read_bytes().splitlines(keepends=True)[:2001])

    batch = dry_run(upload(by, head, NAME))

    assert counts(batch) == {"read": 2000, "refused": 2000}
    assert Subject.objects.count() == 0
