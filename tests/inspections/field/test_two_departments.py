"""Two inspectors of two departments, one visit, eleven items, no network from entry to exit; then both phones send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gongchou.accounts.models import User
from gongchou.audit.guard import open_for_writing
from gongchou.draws.models import Batch, Draw, Seat, Visit
from gongchou.inspections.models import Exhibit, Inspection, Result
from gongchou.plans.models import Participant
from tests.factories.checklists import make_checklist
from tests.factories.draws import two_departments
from tests.factories.inspections import inspector_at, on_its_way
from tests.factories.lists import item_in_list
from tests.inspections.field.conftest import SURVEY, Phone
from tests.inspections.field.doing import enter, sign, submit

pytestmark = pytest.mark.long

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ITEMS = (6, 5)


@pytest.fixture
def seats(db: None) -> list[Seat]:
    """Of one visit, one of each department, with six and five items and a form each."""
    batch = on_its_way(two_departments())
    found = joint_door(batch)
    for seat, n in zip(found, ITEMS, strict=True):
        party = Participant.objects.get(
            department=seat.department, task__in=Draw.objects.filter(batch=batch).values("task")
        )
        with open_for_writing():
            party.items.add(*(item_in_list(f"{seat.department.code}-{at}", seat.department) for at in range(n - 1)))
        make_checklist(seat.department, items=party.items.all(), survey=SURVEY)
    return found


def joint_door(batch: Batch) -> list[Seat]:
    for visit in Visit.objects.filter(batch=batch).order_by("pk"):
        seats = Seat.objects.filter(visit=visit, ended_at=None, inspector__isnull=False).order_by("number")
        found = {seat.department_id: seat for seat in seats}
        if len(found) == 2:
            return [found.pop(batch.department_id), *found.values()]
    raise AssertionError("no door of both")


def test_two_departments_do_one_visit(chromium: Browser, live_server: Any, seats: list[Seat]) -> None:
    phones = [Phone(chromium, live_server.url, f"joint-{seat.department.code.lower()}") for seat in seats]
    for phone, seat in zip(phones, seats, strict=True):
        begin(phone, inspector_at(seat), seat.visit)
    for phone, n in zip(phones, ITEMS, strict=True):
        inspect(phone, n)
    assert Inspection.objects.filter(head__isnull=False).count() == 0

    for phone in phones:
        phone.offline(False)
        phone.press("同步")
        phone.sees("待同步 0 条")
        phone.close()

    done = Inspection.objects.filter(head__isnull=False)
    assert {(one.visit_id, one.department_id, one.state) for one in done} == {
        (seat.visit_id, seat.department_id, "in_review") for seat in seats
    }
    assert Result.objects.filter(is_checked=True).count() == sum(ITEMS)
    assert Exhibit.objects.filter(kind="photo").count() == 6
    assert Exhibit.objects.filter(kind="signature").count() == 2 * 3


def begin(phone: Phone, user: User, visit: Visit) -> None:
    """At the door, when the network ends."""
    phone.sign_in(user)
    phone.open()
    phone.ready_for_the_cellar()
    phone.offline()
    phone.page.locator(f'a[href="#/visit/{visit.pk}"]').click()
    phone.press("开始检查")


def inspect(phone: Phone, n_items: int) -> None:
    enter(phone)
    phone.follow("下一步：检查")
    phone.page.get_by_label("是", exact=True).check()
    phone.photo("贮存")
    phone.photo("现场照片和录音")
    phone.photo("现场照片和录音")
    phone.follow("下一步：结果")
    expect(phone.page.locator(".item")).to_have_count(n_items)
    phone.press("全部“未发现问题”")
    first = phone.page.locator(".item").first
    first.get_by_label("发现问题或其他情形").check()
    first.get_by_label("发现问题已责令改正").check()
    first.get_by_label("发现问题情况").fill("冷藏柜没有温度记录。")
    first.get_by_label("处置情况").fill("责令当日补齐。")
    first.get_by_label("违反本部门规定，责令改正，后续由日常监管跟踪").check()
    phone.page.get_by_label("实地检查").check()
    phone.look()
    sign(phone, looks=False)
    submit(phone, looks=False)
