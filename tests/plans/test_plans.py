"""The life of an annual plan: written, approved by a second person, filed, published, revised, closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.audit.models import Line as LogLine
from gongchou.plans.models import PlanVersion
from gongchou.plans.operations import lines
from gongchou.plans.operations import plans as operations
from gongchou.plans.queries import plans as queries
from gongchou.refusal import Refused
from gongchou.seen import token
from tests.factories import plans as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, appoint, signed_in
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def item() -> Any:
    make_subject(1)
    return make_item("A01", frequency={"series": None, "subject": None}).item


@pytest.fixture
def draft(item: Any) -> PlanVersion:
    version = factory.make_plan()
    factory.make_line(version, items=[item])
    return version


def test_a_plan_goes_all_the_way_to_the_public(draft: PlanVersion) -> None:
    published = factory.publish(draft)

    assert published.state == "published"
    verbs = LogLine.objects.filter(about=published.audit_id).order_by("index").values_list("verb", flat=True)
    assert list(verbs) == ["plan.opened", "plan.submitted", "plan.approved", "plan.filed", "plan.published"]


def test_nobody_approves_what_she_submitted(draft: PlanVersion) -> None:
    keeper = keeper_of(department_of_lists())
    appoint(keeper, "head", "below")
    operations.submit(version=draft, by=keeper, at=NOW)

    with pytest.raises(Refused, match=r"plans\.same_person"):
        operations.approve(version=draft, by=keeper, at=NOW)


def test_a_revision_keeps_the_published_version_until_it_is_out(draft: PlanVersion) -> None:
    old = factory.publish(draft)
    keeper = keeper_of(old.plan.department)
    new = operations.revise(plan=old.plan, reason="上级要求调整", by=keeper, at=NOW)
    line = new.lines.get()
    lines.edit_line(line=line, content={"ends_on": date(2026, 10, 31)}, by=keeper, at=NOW)

    old.refresh_from_db()
    assert (old.state, new.state, queries.find_published(old.plan)) == ("published", "draft", old)

    new = factory.publish(new)
    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "published")
    changes = queries.compare(old, new)
    assert [(one.word, [d.label for d in one.differences]) for one in changes] == [("改", ["结束日期"])]


def test_who_saves_second_is_told_and_the_first_is_kept(draft: PlanVersion) -> None:
    line = draft.lines.get()
    keeper = keeper_of(draft.plan.department)
    seen = token(queries.shown(line))
    lines.edit_line(line=line, content={"name": "甲的名称"}, seen=seen, by=keeper, at=NOW)

    with pytest.raises(Refused, match=r"web\.changed_meanwhile"):
        lines.edit_line(line=line, content={"name": "乙的名称"}, seen=seen, by=keeper, at=NOW)

    line.refresh_from_db()
    assert line.name == "甲的名称"


def test_a_plan_without_lines_is_not_submitted() -> None:
    version = factory.make_plan()

    with pytest.raises(Refused, match=r"plans\.no_lines"):
        operations.submit(version=version, by=keeper_of(version.plan.department), at=NOW)


def test_a_department_has_one_plan_of_a_kind_a_year() -> None:
    factory.make_plan()

    with pytest.raises(Refused, match=r"plans\.exists"):
        factory.make_plan()


def test_a_dropped_line_of_a_revision_is_cancelled_when_it_is_out(draft: PlanVersion, item: Any) -> None:
    second = factory.make_line(
        draft, items=[item], name="第二行", begins_on=date(2026, 12, 1), ends_on=date(2026, 12, 5)
    )
    old = factory.publish(draft)
    keeper = keeper_of(old.plan.department)
    new = operations.revise(plan=old.plan, reason="减少打扰", by=keeper, at=NOW)
    lines.drop_line(line=new.lines.get(line=second.line_id), reason="合并", by=keeper, at=NOW)
    factory.publish(new)

    second.line.refresh_from_db()
    assert second.line.state == "cancelled"
    assert [one.word for one in queries.compare(old, new)] == ["不变", "减"]


def test_a_returned_plan_is_a_draft_again_and_says_why(draft: PlanVersion) -> None:
    keeper, head = keeper_of(draft.plan.department), approver_of(draft.plan.department)
    operations.submit(version=draft, by=keeper, at=NOW)

    returned = operations.send_back(version=draft, reason="比例偏低", by=head, at=NOW)

    assert (returned.state, returned.returned_reason, returned.submitted_by) == ("draft", "比例偏低", None)


def test_a_line_does_not_end_before_it_begins_even_where_only_one_day_is_changed(draft: PlanVersion) -> None:
    line = draft.lines.get()

    with pytest.raises(Refused, match=r"plans\.dates_reversed"):
        lines.edit_line(
            line=line, content={"begins_on": date(2026, 12, 1)}, by=keeper_of(draft.plan.department), at=NOW
        )


def test_a_plan_goes_on_from_the_year_before_with_all_days_a_year_later(draft: PlanVersion, item: Any) -> None:
    factory.make_line(draft, items=[item], name="闰日", begins_on=date(2026, 2, 28), ends_on=date(2026, 3, 31))
    factory.publish(draft)
    keeper = keeper_of(draft.plan.department)
    following = factory.make_plan(year=2027)

    lines.continue_lines(version=following, by=keeper, at=NOW)

    rows = following.lines.order_by("line__number")
    found = [(one.line.number, one.name, one.begins_on, list(one.items.all())) for one in rows]
    assert found == [(1, "演示餐饮单位检查", date(2027, 3, 1), [item]), (2, "闰日", date(2027, 2, 28), [item])]
    with pytest.raises(Refused, match=r"plans\.nothing_to_continue"):
        lines.continue_lines(version=following, by=keeper, at=NOW)


def test_a_first_plan_has_nothing_to_go_on_from() -> None:
    version = factory.make_plan()

    with pytest.raises(Refused, match=r"plans\.nothing_to_continue"):
        lines.continue_lines(version=version, by=keeper_of(version.plan.department), at=NOW)


def test_what_was_typed_for_a_line_that_is_gone_can_be_kept(draft: PlanVersion, client: Client) -> None:
    line = draft.lines.get()
    keeper = keeper_of(draft.plan.department)
    address = reverse("plans:change-line", args=[line.pk])
    lines.drop_line(line=line, reason="合并", by=keeper, at=NOW)

    answer = signed_in(client, keeper).post(address, {"of": draft.pk, "name": "已经写了很多"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "这一行刚被别人删除" in page
    assert "已经写了很多" in page
    assert f'action="{reverse("plans:add-line", args=[draft.pk])}"' in page


@pytest.mark.parametrize("sent", [{}, {"of": ""}, {"of": "x"}])
def test_a_line_that_never_was_is_not_there(draft: PlanVersion, client: Client, sent: dict[str, str]) -> None:
    address = reverse("plans:change-line", args=[draft.pk])

    assert signed_in(client, keeper_of(draft.plan.department)).post(address, sent).status_code == 404


def test_several_lines_are_dropped_at_once_or_none(draft: PlanVersion, item: Any, client: Client) -> None:
    for number in range(3):
        factory.make_line(draft, items=[item], name=f"第{number}项")
    keeper = keeper_of(draft.plan.department)
    desk, address = signed_in(client, keeper), reverse("plans:drop-lines", args=[draft.pk])
    chosen = [str(one.pk) for one in draft.lines.order_by("line__number")[1:]]

    asked = desk.post(address, {"chosen": chosen})
    assert "第2行 第0项、第3行 第1项、第4行 第2项" in asked.content.decode()
    assert draft.lines.count() == 4
    desk.post(address, {"chosen": chosen, "reason": "导错了表"})

    assert [one.line.number for one in draft.lines.all()] == [1]
    with pytest.raises(Refused, match=r"plans\.no_lines_chosen"):
        lines.drop_lines(version=draft, lines=[], reason="没选", by=keeper, at=NOW)


def test_the_address_of_a_button_is_no_empty_page(draft: PlanVersion, client: Client) -> None:
    desk = signed_in(client, approver_of(department_of_lists()))

    answer = desk.get(reverse("plans:approve-plan", args=[draft.pk]))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这个地址只在按下按钮时使用" in answer.content.decode()


def test_lines_of_what_was_submitted_meanwhile_are_not_dropped(draft: PlanVersion) -> None:
    chosen = list(queries.with_parts(draft.lines.all()))
    keeper = keeper_of(draft.plan.department)
    operations.submit(version=draft, by=keeper, at=NOW)

    with pytest.raises(Refused, match=r"plans\.not_draft"):
        lines.drop_lines(version=draft, lines=chosen, reason="导错了表", by=keeper, at=NOW)
    assert draft.lines.count() == 1


def test_a_line_that_goes_while_one_waits_is_said(draft: PlanVersion) -> None:
    line = draft.lines.get()
    keeper = keeper_of(draft.plan.department)
    stale = type(line).objects.select_related("version__plan").get(pk=line.pk)
    lines.drop_line(line=line, reason="合并", by=keeper, at=NOW)

    with pytest.raises(Refused, match=r"plans\.gone"):
        lines.edit_line(line=stale, content={"note": "改了"}, by=keeper, at=NOW)
