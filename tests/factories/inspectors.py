"""Fictitious inspectors (演示数据) with their papers, made by the operations everybody uses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from gongchou.accounts.models import Department
from gongchou.audit.guard import open_for_writing
from gongchou.registry.models import Certificate, Inspector, Leave, StandingTeam, Tag, ThirdParty
from gongchou.registry.operations import certificates, inspectors, teams, third_parties
from tests.cli.offices import credit_code
from tests.factories.people import BY, NOW

UNTIL = date(2099, 12, 31)
TODAY = date(2026, 3, 2)
"""The day of ``NOW`` in China."""

CANARY = "990101199003078754"
"""A whole identity number that must appear nowhere after a form has been sent; its birthplace does not exist."""


def days(count: int) -> date:
    """So many days after ``TODAY``."""
    return TODAY + timedelta(days=count)


def make_inspector(number: str, department: Department, *, by: Any = None, **own: Any) -> Inspector:
    values = {"name": f"演示{number}", **own}
    return inspectors.register_inspector(
        number=number, department=department, values=values, **({"by": by, "at": NOW} if by else BY)
    )


def make_certificate(inspector: Inspector, until: date, **own: Any) -> Certificate:
    told = {"kind": "行政执法证", "number": f"ZJ-{inspector.number}", **own}
    return certificates.add_certificate(inspector=inspector, valid_to=until, **told, **BY)


def make_staff(department: Department, numbers: Iterable[int], until: date, **own: Any) -> list[Inspector]:
    """People of a department with a certificate each, as rows; their operations are not what is tried."""
    names = [f"{department.code}{number:02}" for number in numbers]
    people = [Inspector(number=name, department=department, changed_at=NOW) for name in names]
    for one in people:
        inspectors.set_values(one, {"name": f"演示{one.number}", **own})
        one.initials = inspectors.initials_of(one.name)
    told = {"kind": "行政执法证", "valid_to": until}
    with open_for_writing():
        Inspector.objects.bulk_create(people)
        Certificate.objects.bulk_create(Certificate(inspector=one, number=f"ZJ-{one.number}", **told) for one in people)
    return people


def make_leave(inspector: Inspector, begins_on: date, ends_on: date, **own: Any) -> Leave:
    told = {"reason": "holiday", **own}
    return certificates.record_leave(inspector=inspector, begins_on=begins_on, ends_on=ends_on, **told, **BY)


def make_body(keeper: Department, code: str = "", **own: Any) -> ThirdParty:
    told = {"name": "演示检验检测中心", "speciality": "食品检验", **own}
    return third_parties.add_third_party(code=code or credit_code(900), keeper=keeper, **told, **BY)


def make_team(number: str, department: Department, *members: Inspector) -> StandingTeam:
    """A team of these people, led by the first; without any it has nobody."""
    team = teams.form_team(number=number, name=f"演示{number}组", department=department, **BY)
    if members:
        set_team(team, *members)
    return team


def set_team(team: StandingTeam, *members: Inspector, **own: Any) -> StandingTeam:
    """From now on these, led by the first."""
    return teams.set_members(team=team, members=members, lead=members[0], reason="演示编组", **{**BY, **own})


def make_tag(owner: Department, code: str = "Z1", **own: Any) -> Tag:
    """A tag for inspectors as it stands after approval, which is not what is tried here."""
    told = {
        "name": f"演示资质{code}",
        "dimension": "qualification",
        "state": "in_use",
        "is_for_inspectors": True,
        **own,
    }
    with open_for_writing():
        return Tag.objects.create(code=code, owner=owner, **{"is_for_inspectors": True, **told})
