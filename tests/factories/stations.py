"""A small fictitious city (演示数据): a bureau, three stations in two counties, shops and people of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongchou.accounts.models import Department, Region
from gongchou.plans.models import Task
from gongchou.registry.models import Inspector
from tests.factories import draws
from tests.factories.inspectors import make_staff
from tests.factories.lists import at_least
from tests.factories.people import make_department, make_region
from tests.factories.subjects import fill, home, make_library

BUREAU, S1, S2, S3 = "SCJG", "SUO1", "SUO2", "SUO3"
UNITS = (BUREAU, S1, S2, S3)
TOWNS = {S1: "990102001", S2: "990102002", S3: "990103001"}
VALID = date(2027, 12, 31)


def make_stations() -> dict[str, Department]:
    """The bureau and its stations by code: two in one county, one in another."""
    found = {BUREAU: home()}
    counties = {code: make_region(code, f"演示{code}", "county", home().region) for code in ("990102", "990103")}
    for code, town in TOWNS.items():
        region = make_region(town, f"演示{town}", "town", counties[town[:6]])
        found[code] = make_department(code, region, parent=home(), level="town")
    return found


def make_people(unit: Department, n: int, **own: Any) -> list[Inspector]:
    """People with certificates, after those it has."""
    start = unit.inspectors.count()
    return make_staff(unit, range(start, start + n), VALID, **own)


def make_task(units: dict[str, Department], *, n_shops: int = 4, n_people: int = 3, **own: Any) -> Task:
    """A task of the bureau that draws every shop: so many of each unit, and so many people in each."""
    library = make_library("L1")
    for at, unit in enumerate(units.values()):
        make_people(unit, n_people)
        fill(library, range(1 + at * n_shops, 1 + (at + 1) * n_shops), unit)
    return draws.ready_task(units[BUREAU], library=library, **{"ratio": at_least("100%"), **own})


def region_of(code: str) -> Region:
    """A region by its code."""
    return Region.objects.get(code=code)
