"""Fictitious forms (演示数据), made by the operations everybody uses."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from gongchou.accounts.models import Department
from gongchou.checklists import operations
from gongchou.checklists.models import ChecklistVersion
from gongchou.checklists.operations import Brought
from gongchou.checklists.xlsform import EXAMPLE, EXAMPLE_CHOICES, Definition, Fault, read_form
from gongchou.registry.models import Item
from gongchou.sheets.writing import write_book
from tests.factories.lists import approver_of, department_of_lists, keeper_of
from tests.factories.people import NOW

Rows = list[list[str]]
_number = count(1)


def read_rows(survey: Rows = EXAMPLE, choices: Rows = EXAMPLE_CHOICES) -> tuple[Definition, list[Fault]]:
    """A form as it is read back from a real workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        with path.open("wb") as file:
            write_book(file, {"检查内容": survey, "选项": choices})
        return read_form(path)


def brought(**own: Rows) -> Brought:
    """A workbook without faults; each call another file."""
    definition, faults = read_rows(**own)
    assert not faults
    return Brought(definition, "演示检查表.xlsx", f"{next(_number):064x}")


def make_checklist(
    department: Department | None = None,
    *,
    items: Iterable[Item] = (),
    published: bool = True,
    name: str = "",
    **rows: Rows,
) -> ChecklistVersion:
    """A form for some items, or a base form where there are none. rows: of its sheets, ``survey`` and ``choices``"""
    department = department or department_of_lists()
    chosen = list(items)
    version = operations.open_checklist(
        department=department,
        name=name or f"演示检查表{next(_number)}",
        is_base=not chosen,
        items=chosen,
        brought=brought(**rows),
        by=keeper_of(department),
        at=NOW,
    )
    return publish(version) if published else version


def publish(version: ChecklistVersion) -> ChecklistVersion:
    """Put a version into use."""
    return operations.publish(version=version, by=approver_of(version.checklist.department), at=NOW)
