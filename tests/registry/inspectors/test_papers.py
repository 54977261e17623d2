"""What the job of every day marks as run out, and what it only counts."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from gongchou.accounts.models import Message
from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from gongchou.registry.models import Certificate, Membership, SubjectFact
from gongchou.registry.operations import papers
from gongchou.registry.operations.inspectors import end_inspector
from tests.factories.inspectors import days, make_certificate, make_inspector
from tests.factories.people import BY, NOW, official
from tests.factories.subjects import enter, home, make_library, make_subject

pytestmark = pytest.mark.django_db

DAY = days(30)


def after(count):
    """So many days after the day the job runs for; nobody enters a licence that has run out."""
    return days(30 + count)


def licensed(number, valid_to, **own):
    library = own.pop("library", None) or make_library(f"L{number}", is_licensed=True)
    return enter(make_subject(number), library, licence_no=f"JY{number}", valid_to=valid_to)


@pytest.mark.parametrize(
    ("valid_to", "state"),
    [(after(-1), "inactive"), (after(0), "active"), (after(1), "active"), (date(9999, 9, 9), "active")],
)
def test_a_licence_counts_until_its_last_day_is_over(valid_to, state):
    row = licensed(1, valid_to)

    papers.expire_papers(day=DAY, at=NOW)

    row.refresh_from_db()
    assert row.state == state


def test_an_expired_row_says_why_in_the_dossier_and_the_log():
    row = licensed(1, after(-1))

    papers.expire_papers(day=DAY, at=NOW)

    row.refresh_from_db()
    assert row.state_reason == "许可于 2026-03-31 到期"
    fact = SubjectFact.objects.get(kind="licence_expired")
    assert (fact.told, fact.by_name) == ("“演示分库L1”入库记录转为失效：许可 JY1 于 2026-03-31 到期", "定时任务")
    assert Line.objects.filter(verb="memberships.expired").count() == 1


def test_a_library_without_licences_keeps_its_rows():
    row = enter(make_subject(1), make_library("CY"), valid_to=after(-1))

    papers.expire_papers(day=DAY, at=NOW)

    row.refresh_from_db()
    assert row.state == "active"


def test_many_rows_go_chunk_by_chunk_and_nothing_is_done_twice(monkeypatch):
    monkeypatch.setattr(papers, "CHUNK", 2)
    library = make_library("L", is_licensed=True)
    for number in range(1, 6):
        licensed(number, after(-1), library=library)

    first, second = (papers.expire_papers(day=DAY, at=NOW) for _ in range(2))

    assert (first.n_memberships, second.n_memberships) == (5, 0)
    assert Membership.objects.filter(state="active").count() == 0
    assert Line.objects.filter(verb="memberships.expired").count() == 3


def test_certificates_are_counted_and_stay_as_they_are():
    bureau = home()
    for number, until in enumerate((-30, -1, 0)):
        make_certificate(make_inspector(f"{number}", bureau), after(until))
    gone = make_inspector("9", bureau)
    make_certificate(gone, after(-1))
    end_inspector(inspector=gone, reason="退休", **BY)
    before = list(Certificate.objects.order_by("number").values())

    found = papers.expire_papers(day=DAY, at=NOW)

    assert (found.n_expired, found.n_today) == (2, 1)
    assert list(Certificate.objects.order_by("number").values()) == before


def test_those_who_keep_the_library_hear_of_it():
    home()
    keeper = official(RoleCode.LIAISON)
    official(RoleCode.REVIEWER)
    licensed(1, after(-1))

    papers.expire_papers(day=DAY, at=NOW)

    message = Message.objects.get()
    assert message.title == "“演示分库L1”有 1 条入库记录因许可到期转为失效"
    assert [delivery.recipient for delivery in message.deliveries.all()] == [keeper]


def test_the_command_says_how_much_there_was():
    licensed(1, after(-1))
    said = StringIO()

    call_command("expire_papers", day=DAY, stdout=said)

    assert said.getvalue().splitlines() == [
        "许可到期：1条入库记录转为失效",
        "执法证：0本已过期（不作改动，按检查当日判断），其中0本昨日到期",
        "清单新版本生效：0项认领不再符合，已暂停",
        "上传文件：0次导入的文件已过保存期限，已移除",
    ]
