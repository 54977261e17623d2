"""What is submitted is what was checked: nobody writes to a part of a plan while somebody holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from gongchou.audit.operations import held
from gongchou.plans.models import LineVersion
from gongchou.plans.operations import joint, lines, plans, tasks
from tests.factories import plans as factory
from tests.factories.lists import department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, make_department
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def line() -> Iterator[LineVersion]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    make_subject(1)
    office = factory.office_of(department_of_lists())
    fire = make_department("XFJY", office.department.region, is_conference_member=True)
    version = factory.make_plan(kind="joint", by=office)
    row = factory.make_line(version, items=[make_item("A01").item], by=office)
    joint.invite(line=row, departments=[fire], message="", by=office, at=NOW)
    yield row


def edit(line: LineVersion) -> None:
    office = factory.office_of(department_of_lists())
    lines.edit_line(line=line, content={"note": "改了"}, by=office, at=NOW)


def drop(line: LineVersion) -> None:
    lines.drop_line(line=line, reason="不查了", by=factory.office_of(department_of_lists()), at=NOW)


def answer(line: LineVersion) -> None:
    asked = line.line.invitations.get()
    told: dict[str, Any] = {"is_accepted": False, "reason": "无人手"}
    joint.answer(invitation=asked, **told, by=keeper_of(asked.department), at=NOW)


def revoke(line: LineVersion) -> None:
    office = factory.office_of(department_of_lists())
    joint.revoke(invitation=line.line.invitations.get(), reason="不用了", by=office, at=NOW)


def submit(line: LineVersion) -> None:
    plans.submit(version=line.version, by=factory.office_of(department_of_lists()), at=NOW)


def make_task(line: LineVersion) -> None:
    content = {"name": "演示", "begins_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}
    tasks.create_from_line(line=line, content=content, by=factory.office_of(department_of_lists()), at=NOW)


@pytest.mark.parametrize("write", [edit, drop, answer, revoke, submit, make_task])
def test_whoever_writes_to_a_plan_waits_for_who_holds_it(
    line: LineVersion, write: Callable[[LineVersion], None]
) -> None:
    def impatient() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            write(line)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        held(line.version.plan)
        with pytest.raises(OperationalError, match="lock timeout"):
            other.submit(impatient).result()
