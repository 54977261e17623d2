"""A desk at which files are brought: a small city, somebody who keeps its libraries, and every step as one call."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from gongchou.accounts.models import Region, User
from gongchou.accounts.roles import RoleCode
from gongchou.refusal import Refused, sentence
from gongchou.registry import tasks
from gongchou.registry.imports.files import keep
from gongchou.registry.imports.reading import check_kind
from gongchou.registry.models import ImportBatch, RefusedRow, Subject
from gongchou.registry.operations import imports as operations
from tests.cli.offices import credit_code
from tests.factories.people import NOW, make_region, official

HEADER = ["名称", "统一社会信用代码", "行政区划", "住所"]
STAFF = ["姓名", "内部编号", "执法证号", "有效期至"]


def keeper() -> User:
    """Who keeps the libraries of a city with two districts."""
    user = official(RoleCode.LIAISON, "below")
    city = Region.objects.get(code="9901")
    for code, name in (("990101", "演示东区"), ("990102", "演示西区")):
        make_region(code, name, "county", city)
    return user


def shop(number: int, **own: str) -> list[str]:
    """A row under ``HEADER``."""
    told = {
        "name": f"演示商户{number}", "code": credit_code(number), "region": "演示东区", "address": f"第{number}号",
        **own,
    }  # fmt: skip
    return list(told.values())


def shops(count: int, start: int = 1) -> list[list[str]]:
    return [shop(number) for number in range(start, start + count)]


def as_csv(rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


Fill = Callable[[xlsxwriter.Workbook, Any], object]


def as_workbook(rows: Iterable[Sequence[object]], fill: Fill | None = None) -> bytes:
    """Texts as texts, all else as a spreadsheet keeps it; ``fill`` does the rest."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("名录")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell)
        if fill:
            fill(book, sheet)
    return file.getvalue()


def upload(by: User, data: bytes, name: str = "名录.csv", **own: Any) -> ImportBatch:
    """Keep and open a file as the page does."""
    kept = keep([data], check_kind(name, data[:8]))
    told = {"kind": "subjects", "department": by.department, "region": None, "is_full": False, **own}
    return operations.bring_file(file_name=name, kept=kept, by=by, at=NOW, **told)


def dry_run(batch: ImportBatch, blanks: str = "keep", **fields: str) -> ImportBatch:
    """Say what the columns mean (heading -> field; the others as recognised) and let a worker look at the rows."""
    own = [fields.get(heading, field) for heading, field in batch.columns]
    operations.start_check(batch=batch, fields=own, blanks=blanks, by=batch.created_by, at=NOW)
    tasks.check_import.call(str(batch.pk))
    return fresh(batch)


def confirm(batch: ImportBatch) -> ImportBatch:
    """Confirm it and let a worker take the rows."""
    operations.start_import(batch=batch, by=batch.created_by, at=NOW)
    tasks.run_import.call(str(batch.pk))
    return fresh(batch)


def take(
    by: User, rows: Iterable[Sequence[str]], name: str = "名录.csv", *, blanks: str = "keep", **own: Any
) -> ImportBatch:
    """A file from upload to its end; its header comes first."""
    data = as_csv(rows) if name.endswith(".csv") else as_workbook(rows)
    return confirm(dry_run(upload(by, data, name, **own), blanks))


def fresh(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_related("department__region", "created_by", "region").get(pk=batch.pk)


def counts(batch: ImportBatch) -> dict[str, int]:
    """What became of the rows, without what is nought."""
    found = {name: getattr(batch, f"n_{name}") for name in ("read", "new", "changed", "same", "refused", "vanished")}
    return {name: count for name, count in found.items() if count}


def refusals(batch: ImportBatch) -> list[tuple[int, str, str]]:
    """Line, heading and sentence of everything that was refused, in their order."""
    rows = RefusedRow.objects.filter(batch=batch).order_by("line")
    return [(row.line, reason["column"], reason["told"]) for row in rows for reason in row.reasons]


def library() -> list[tuple[str, ...]]:
    """All that a repeated import could change in the subjects."""
    asked = ("number", "name", "address", "region__code", "keeper__code", "state", "digest", "more", "changed_at")
    return [tuple(map(str, own)) for own in Subject.objects.order_by("number").values_list(*asked)]


def said(refused: Refused) -> str:
    return sentence(refused)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
