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


def forms_of(register: Path) -> dict[str, bytes]:
    data = register.read_bytes()
    with register.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return {"名录.csv": data, "国标.csv": as_csv(rows, "gb18030"), "名录.xlsx": as_workbook(rows)}


def of_the_province(by):
    """Its places are not those of the small city, so that one region stands for all."""
    return {"region": by.department.region, "is_full": False}


def fate() -> Counter[tuple[str, str]]:
    """How often each column was refused for what."""
    reasons = RefusedRow.objects.values_list("reasons", flat=True)
    return Counter((own["column"], own["code"]) for row in reasons for own in row)


def test_every_row_is_taken_or_refused_with_line_cell_and_reason_and_only_once(register: Path):
    by = keeper()
    given = forms_of(register)
    chosen = {"地区": "", "所在省份": ""}
    results = {}
    for name, data in given.items():
        batch = confirm(dry_run(upload(by, data, name, **of_the_province(by)), **chosen))
        results[name] = counts(batch)
        if name == "名录.csv":
            taken, first_fate = library(), fate()

    n_read = results["名录.csv"]["read"]
    n_refused = results["名录.csv"]["refused"]
    assert n_read == 44_722 == results["名录.csv"]["new"] + results["名录.csv"].get("same", 0) + n_refused
    for name in ("国标.csv", "名录.xlsx"):
        assert results[name] == {"read": n_read, "same": n_read - n_refused, "refused": n_refused}
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
