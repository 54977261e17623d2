"""The forms of the city: the base form, those written for an item, and one of the points on the list for each item of
the bureau that is left.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from gongchou.checklists import operations
from gongchou.checklists.operations import Brought
from gongchou.checklists.xlsform import read_form
from gongchou.demo.city import BUREAU, City
from gongchou.demo.forms import BASE, FORMS
from gongchou.demo.forms.writing import Form, check, form
from gongchou.demo.items import MARKET, ItemRow
from gongchou.demo.people import Staff
from gongchou.registry.models import Item
from gongchou.sheets.writing import write_book


def make_checklists(city: City, staff: Staff, at: datetime) -> None:
    """Each brought by who keeps the list of its department, put into use by who approves it."""
    known = {item.code: item for item in Item.objects.filter(owner__in=city.departments.values())}
    for one in all_forms():
        _bring(city, staff, one, [known[code] for code in one.items], at)


def all_forms() -> list[Form]:
    """Every form of the city."""
    written = {code for one in FORMS for code in one.items}
    return [BASE, *FORMS, *(_of_points(code, row) for code, row in MARKET.items() if code not in written)]


def _of_points(code: str, row: ItemRow) -> Form:
    basis = f"演示省{row.category}监督管理条例"
    checks = (
        check(f"{code.lower()}_{n}", f"{point}符合要求", basis) for n, point in enumerate(row.points.split("、"), 1)
    )
    return form(BUREAU, code, f"{row.name.removesuffix('检查')}检查表", *checks)


def _bring(city: City, staff: Staff, written: Form, items: list[Item], at: datetime) -> None:
    home = city.departments[written.department]
    version = operations.open_checklist(
        department=home,
        name=written.name,
        is_base=not items,
        items=items,
        brought=workbook_of(written),
        by=staff.keeper(home.code),
        at=at,
    )
    operations.publish(version=version, by=staff.head(home.code), at=at)


def workbook_of(written: Form) -> Brought:
    """As anybody brings it: written, and read again. Raises ValueError for a form with a fault in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        with path.open("wb") as file:
            write_book(file, {"检查内容": written.rows, "选项": written.choices})
        definition, faults = read_form(path)
        if faults:
            raise ValueError(f"{written.name}: {faults[0]}")
        return Brought(definition, f"{written.name}.xlsx", sha256(path.read_bytes()).hexdigest())
