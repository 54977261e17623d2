"""What everybody may read of plans: what was published, all its versions, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from gongchou.plans.operations import lines
from gongchou.plans.operations import plans as operations
from tests.factories import plans as factory
from tests.factories.lists import keeper_of, make_item
from tests.factories.people import NOW
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def item() -> Any:
    make_subject(1, name="演示不应出现的店")
    return make_item("A01", frequency={"series": None, "subject": None}).item


def test_a_draft_is_nobody_s_business(client: Client, item: Any) -> None:
    version = factory.make_plan()
    factory.make_line(version, items=[item], name="还没有公布的检查")

    assert "还没有公布" not in client.get("/public/plans/").content.decode()
    assert client.get(f"/public/plans/{version.plan_id}/").status_code == 404


def test_both_versions_stay_public_with_what_was_changed_and_why(client: Client, item: Any) -> None:
    old = factory.make_plan()
    factory.make_line(old, items=[item], note="内部备注不必保密")
    factory.publish(old)
    keeper = keeper_of(old.plan.department)
    new = operations.revise(plan=old.plan, reason="上级要求提前完成", by=keeper, at=NOW)
    lines.edit_line(line=new.lines.get(), content={"ends_on": date(2026, 10, 31)}, by=keeper, at=NOW)
    address = f"/public/plans/{old.plan_id}/"
    assert "上级要求提前完成" not in client.get(address).content.decode()  # a revision under way

    factory.publish(new)

    shown = client.get(address).content.decode()
    assert "上级要求提前完成" in shown
    assert "结束日期 2026-11-30 → 2026-10-31" in shown
    assert "已被新版本代替" in client.get(address, {"version": 1}).content.decode()


def test_the_page_names_no_person_and_no_subject(client: Client, item: Any) -> None:
    version = factory.make_plan()
    factory.make_line(version, items=[item])
    factory.publish(version)

    shown = client.get(f"/public/plans/{version.plan_id}/").content.decode()

    people = [keeper_of(version.plan.department).name, "演示不应出现的店"]
    assert [name for name in people if name in shown] == []


def test_what_is_public_can_be_taken_away_without_an_account(client: Client, item: Any) -> None:
    version = factory.make_plan()
    factory.make_line(version, items=[item])
    factory.publish(version)

    for address in ("/public/plans/?export=1", f"/public/plans/{version.plan_id}/?export=1"):
        assert b"".join(client.get(address).streaming_content)[:2] == b"PK"


def test_a_page_asks_as_often_for_many_lines_as_for_few(
    client: Client, item: Any, django_assert_num_queries: Any
) -> None:
    asked = []
    for number, n in enumerate((3, 30)):
        version = factory.make_plan(year=2026 + number)
        for _ in range(n):
            days = {"begins_on": date(2026 + number, 3, 1), "ends_on": date(2026 + number, 4, 1)}
            factory.make_line(version, items=[item], **days)
        factory.put_out(version)
        address = f"/public/plans/{version.plan_id}/"
        client.get(address)
        asked.append(address)

    with django_assert_num_queries(7):
        client.get(asked[0])
    with django_assert_num_queries(7):
        client.get(asked[1])


def test_a_visitor_is_not_asked_for_duties(client: Client) -> None:
    for address in ("/public/plans/", "/public/schemes/", "/public/draws/"):
        assert "经办范围" not in client.get(address).content.decode()
