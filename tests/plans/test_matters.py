"""What is planned and done for each supervision matter in a year."""

from __future__ import annotations

from datetime import date

import pytest

from gongchou.plans.models import LineVersion
from gongchou.plans.operations import plans as operations
from gongchou.plans.operations import tasks
from gongchou.plans.queries.matters import carried_out
from tests.factories import plans as factory
from tests.factories.lists import department_of_lists, keeper_of, make_item, make_joint_item, make_matter
from tests.factories.people import NOW
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ON = date(2026, 6, 1)


def test_a_matter_counts_its_lines_and_tasks_of_the_year_once() -> None:
    home = department_of_lists()
    keeper = keeper_of(home)
    make_subject(1)
    joint = make_joint_item()
    by_item = make_matter(joint_items=[joint.joint_item])
    named = make_matter(name="直接引用的事项")
    make_matter(name="没有计划的事项")
    item = make_item("A01").item
    version = factory.make_plan()
    factory.make_line(version, items=[item], joint_item=joint.joint_item)
    factory.make_line(version, items=[item], matter=named.matter)
    factory.put_out(version)
    line = LineVersion.objects.filter(matter=named.matter).get()
    content = {"name": "任务", "begins_on": date(2026, 4, 1), "ends_on": date(2026, 5, 1)}
    tasks.create_from_line(line=line, content=content, by=keeper, at=NOW)
    revised = operations.revise(plan=version.plan, reason="调整", by=keeper, at=NOW)

    found = {one.name: (one.n_lines, one.n_tasks) for one in carried_out(keeper, 2026, ON)}

    assert revised.lines.count() == 2
    assert found == {by_item.name: (1, 0), "直接引用的事项": (1, 1), "没有计划的事项": (0, 0)}
    assert {(one.n_lines, one.n_tasks) for one in carried_out(keeper, 2027, ON)} == {(0, 0)}
