"""Registers of a fictitious place (演示数据) as files, and a worker that does what the pages asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from gongchou.registry.models import ImportBatch
from tests.cli.offices import credit_code

SHOP_HEAD = ["企业名称", "统一社会信用代码", "行政区划", "住所", "会员级别"]


def shop_row(number: int, **own: str) -> list[str]:
    """A row that can be taken, with some of its cells otherwise."""
    told = {
        "企业名称": f"演示商户{number}",
        "统一社会信用代码": credit_code(number),
        "行政区划": "演示市",
        "住所": f"听松街{number}号",
        "会员级别": "普通",
    }
    return list((told | own).values())


def workbook(
    *rows: Sequence[Any], name: str = "演示名录.xlsx", **sheets: Iterable[Sequence[Any]]
) -> SimpleUploadedFile:
    """An .xlsx with the rows on its first sheet, and more sheets by name."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        for title, own in {"名录": rows, **sheets}.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(own):
                sheet.write_row(number, 0, row)
    return SimpleUploadedFile(name, file.getvalue())


def csv_file(*rows: Sequence[str], name: str = "演示名录.csv", encoding: str = "utf-8") -> SimpleUploadedFile:
    """The same as text."""
    return SimpleUploadedFile(name, "".join(",".join(row) + "\r\n" for row in rows).encode(encoding))


def work() -> int:
    """Do what waits for a worker, in this process; return how many tasks there were."""
    waiting = list(DBTaskResult.objects.ready().order_by("enqueued_at"))
    for one in waiting:
        one.task.call(*one.args_kwargs["args"], **one.args_kwargs["kwargs"])
        one.set_successful(None)
    return len(waiting)


def newest() -> ImportBatch:
    """The import that was brought last."""
    return ImportBatch.objects.latest("created_at")
