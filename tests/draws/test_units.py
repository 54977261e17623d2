"""Who carries inspections out: what its people see without the organiser's pages, and who is told when (演示数据)."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongchou.accounts.models import Delivery, Department, User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line
from gongchou.draws.models import Batch, Seat, Visit
from gongchou.draws.operations import results
from gongchou.draws.queries.units import doors_in_hand, doors_of
from gongchou.registry.operations.inspectors import link_account
from tests.draws.afterwards import AFTER, hit_of, replace
from tests.draws.test_joining import city_draw, county_of, join
from tests.factories import draws as factory
from tests.factories.lists import department_of_lists, keeper_of
from tests.factories.people import BY, appoint, make_department, make_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def counties(*codes: str) -> list[Department]:
    """Each with somebody who keeps its plans."""
    found = [county_of(department_of_lists(), code) for code in codes]
    for one in found:
        keeper_of(one)
    return found


def dispatch(batch: Batch) -> Batch:
    batch.refresh_from_db()
    return results.dispatch(batch=batch, by=keeper_of(batch.department), at=AFTER)


def told(user: User) -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(recipient=user).select_related("message").order_by("message__sent_at")
    return [(row.message.title, row.message.link) for row in rows]


def page(by: User, address: str, status: int = 200) -> str:
    answer = signed_in(Client(), by).get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_unit_reads_its_doors_and_not_the_organisers_pages():
    here, there = counties("02", "03")
    batch = dispatch(city_draw(here, there, n=5))
    by = keeper_of(here)
    mine, other = (batch.visits.filter(unit=unit).first().subject for unit in (here, there))

    [(title, link)] = told(by)
    shown = page(by, link)

    assert title == f"检查任务已派发：{batch.code}"
    assert mine.name in shown
    assert other.name not in shown
    assert batch.draws.get().task.name in shown
    page(by, batch.get_absolute_url(), 404)
    assert "派给本单位、在期限内的检查" in page(by, "/")
    assert page(by, "/draws/unit-doors/?due=over").count("<tr") == 1 + 1  # the head, and that there is none


def test_a_department_reads_the_doors_of_the_units_inside_it():
    (here,) = counties("02")
    station = make_department("SCJG02S", here.region, parent=here, is_internal_unit=True)
    batch = city_draw(station, n=5)

    dispatch(batch)

    assert doors_of(keeper_of(here)).count() == batch.visits.count()
    assert told(keeper_of(here))


def test_who_joined_goes_there_too_and_the_unit_sees_who_comes():
    (here,) = counties("02")
    beside = make_department("YJ02", here.region)
    batch = city_draw(here, n=5)
    join(batch, beside, n_people=3)

    assert not doors_of(keeper_of(beside)).exists()  # nobody is on the way yet
    batch = dispatch(batch)

    assert set(doors_of(keeper_of(beside))) == set(batch.visits.all())
    assert [title for title, _ in told(keeper_of(beside))] == [f"加入的检查已派发：{batch.code}"]
    assert f"{beside.short_name} " in page(keeper_of(here), "/draws/unit-doors/")
    assert "（3 人）" in page(keeper_of(here), "/draws/unit-doors/")


def test_inspectors_are_told_at_dispatch():
    batch = factory.locked(factory.make_batch())
    seat = Seat.objects.filter(batch=batch, inspector__isnull=False).select_related("inspector").first()
    user = make_user("yanshi_jcy", batch.department)
    appoint(user, RoleCode.INSPECTOR)
    link_account(inspector=seat.inspector, user=user, **BY)

    dispatch(batch)

    assert told(user) == [(f"派您检查：{batch.code}", "/draws/my-visits/")]
    assert seat.visit.subject.name in page(user, "/draws/my-visits/")


def test_a_unit_whose_doors_have_gone_is_neither_told_nor_counted():
    here, there = counties("02", "03")
    batch = city_draw(here, there, n=5)
    gone = batch.draws.get().hits.filter(place="selected", subject__keeper=there)
    with open_for_writing():
        gone.update(place="replaced")

    dispatch(batch)

    assert told(keeper_of(here))
    assert not told(keeper_of(there))
    assert not Visit.objects.filter(unit=there).exists()
    assert json.loads(Line.objects.get(verb="batch.dispatched").data)["facts"]["units"] == 1


def test_the_unit_of_a_door_that_comes_in_is_told():
    here, there = counties("02", "03")
    batch = city_draw(here, there, n=5)
    into = batch.draws.get().hits.filter(place="reserve").order_by("rank").first()
    keeper = keeper_of(into.subject.keeper)
    batch = dispatch(batch)
    before = len(told(keeper))

    replace(hit_of(batch.draws.get(), 1), AFTER)

    [(title, link)] = [one for one in told(keeper) if one[0].startswith("递补派发")]
    assert len(told(keeper)) == before + 1
    assert title == f"递补派发：{into.subject.name}"
    assert into.subject.name in page(keeper, link)
    assert doors_in_hand(keeper, AFTER.date()).filter(subject=into.subject).exists()


def test_the_list_asks_the_database_as_often_for_many_doors_as_for_one():
    (here,) = counties("02")
    batch = city_draw(here, n=5)
    join(batch, make_department("YJ02", here.region))
    dispatch(batch)
    client, address = signed_in(Client(), keeper_of(here)), "/draws/unit-doors/?q="

    def n_queries(word: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{address}{word}").status_code == 200
        return len(queries)

    assert n_queries(batch.code) == n_queries(batch.visits.first().subject.number)
