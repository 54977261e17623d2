"""Subjects and sub-libraries of the small fictitious place (演示数据)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from gongchou.accounts.models import Department, Region
from gongchou.audit.guard import open_for_writing
from gongchou.registry import search
from gongchou.registry.models import Membership, Subject, SubLibrary, Tag
from gongchou.registry.operations import subjects as operations
from tests.cli.offices import credit_code
from tests.factories.people import BY, NOW, make_department, make_region


def home() -> Department:
    """The market bureau of the place, made when it is first asked for."""
    region = Region.objects.filter(code="9901").first() or make_region()
    return Department.objects.filter(code="SCJG").first() or make_department("SCJG", region)


def make_library(code: str = "CY", **own: Any) -> SubLibrary:
    told = {"name": f"演示分库{code}", "department": own.pop("department", None) or home(), **own}
    return operations.add_sub_library(code=code, **told, **BY)


def make_subject(number: int = 1, **own: Any) -> Subject:
    keeper = own.pop("keeper", None) or home()
    told = {"name": f"演示餐饮店{number}", "kind": "trader", "region": keeper.region, "keeper": keeper, **own}
    return operations.register_subject(number=credit_code(number), **told, **BY)


def enter(subject: Subject, library: SubLibrary, **own: Any) -> Membership:
    return operations.enter_library(subject=subject, library=library, **own, **BY)


def fill(library: SubLibrary, numbers: Iterable[int], keeper: Department, **own: Any) -> None:
    """So many shops in a sub-library, all at once: rows as their operations leave them, which are not what is tried."""
    shops = [
        Subject(
            number=credit_code(number),
            **{"name": f"演示餐饮店{number}", "kind": "trader", "region": keeper.region, "keeper": keeper, **own},
            changed_at=NOW,
        )
        for number in numbers
    ]
    told = {"sub_library": library, "set_at": NOW, "set_by_name": BY["by"].audit_name, **Membership.in_force()}
    with open_for_writing():
        Subject.objects.bulk_create(shops)
        Membership.objects.bulk_create(Membership(subject=one, **told) for one in shops)
    search.refresh([(one.pk, one.number, one.name, one.address) for one in shops])


def make_tag(code: str = "T1", state: str = "in_use", **own: Any) -> Tag:
    """A tag as it stands after approval; written past its operations, which are not what is tried here."""
    told = {
        "name": f"演示标签{code}",
        "dimension": "focus",
        "is_for_subjects": True,
        "is_for_items": True,
        "owner": home(),
        **own,
    }
    with open_for_writing():
        return Tag.objects.create(code=code, state=state, **told)


SOON = date(2026, 4, 1)
