"""A version that comes out before its day: the one before is used until the day before, as the list itself says."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from gongchou.audit.models import Line
from gongchou.registry.models import ItemVersion
from gongchou.registry.operations import claims, versions
from gongchou.registry.queries import items as queries
from gongchou.registry.queries.versions import find_in_force, standing
from tests.factories.lists import approver_of, at_least, keeper_of, make_item, move_on
from tests.factories.people import NOW, official, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
DAY = TODAY + timedelta(days=90)  # on which the next version begins
EVE = DAY - timedelta(days=1)


def amend(version, at=NOW, **content):
    told = {"reason": "调整", "valid_from": DAY, **content}
    owner = version.item.owner
    return move_on(versions.amend(thing=version.item, content=told, by=keeper_of(owner), at=at), True, at)


def abolish(version):
    versions.ask_end(version=version, reason="法规废止", by=keeper_of(version.item.owner), at=NOW)
    versions.abolish(version=version, by=approver_of(version.item.owner), at=NOW)


def numbers(rows) -> list[int]:
    return sorted(row.number for row in rows)


def usable(department, on) -> list[int]:
    return numbers(queries.usable_items(department, on=on))


def adapted(version, county, text="不低于5%"):
    row = claims.claim(item=version.item, department=county, by=keeper_of(county), at=NOW)
    return claims.adapt(claim=row, ratio=at_least(text), frequency={}, note="", by=keeper_of(county), at=NOW)


def test_the_one_before_is_used_and_offered_until_the_day_before(city, county):
    amend(make_item())

    assert [usable(city, on) for on in (TODAY, EVE, DAY)] == [[1], [1], [2]]
    offered = [numbers(one.version for one in queries.offers_to(county, on=on)) for on in (TODAY, EVE, DAY)]
    assert offered == [[1], [1], [2]]


def test_it_is_claimed_and_adapted_as_it_is_in_force(county):
    version = make_item(ratio=at_least("不低于3%"))
    amend(version, ratio=at_least("不低于8%"))

    row = adapted(version, county)

    assert (row.state, usable(county, TODAY)) == ("adapted", [1])


@pytest.mark.parametrize(
    ("begins", "used"),
    [
        ((DAY, DAY + timedelta(days=5)), [1, 1, 2]),  # the third waits behind the second
        ((DAY, EVE), [1, 3, 3]),  # the third comes before the second would have
        ((DAY, TODAY), [3, 3, 3]),
    ],
)
def test_of_several_the_newest_that_has_begun_is_used(city, begins, used):
    version = make_item()
    for day in begins:
        amend(version, valid_from=day)

    assert [usable(city, on) for on in (TODAY, EVE, DAY)] == [[number] for number in used]
    found = [find_in_force(version.item, on) for on in (TODAY, EVE, DAY)]
    assert [own.number for own in found if own] == used


def test_one_that_ran_out_does_not_come_back_and_none_goes_on_behind_an_abolition(city):
    limited = make_item(valid_to=TODAY)
    amend(limited, valid_to=None)
    over = make_item()
    abolish(amend(over))

    assert (usable(city, TODAY), usable(city, EVE)) == ([1], [])
    assert find_in_force(over.item, TODAY) is None


def test_the_list_as_it_stands_holds_both_and_says_which_is_which(city, client):
    item = make_item()
    amend(item, valid_from=timezone.localdate() + timedelta(days=9))
    desk = signed_in(client, official())

    page = desk.get("/registry/items/").content.decode()
    own = desk.get(item.item.get_absolute_url()).content.decode()

    assert numbers(standing(ItemVersion.objects.all(), TODAY)) == [1, 2]
    assert "现行，新版本尚未生效" in page
    assert "（尚未生效）" in page
    assert "第1版" in own.split("</h1>")[1][:200]


def test_an_adapted_claim_goes_on_until_the_day_and_is_suspended_then(county):
    version = make_item(ratio=at_least("不低于3%"))
    row = adapted(version, county)
    amend(version, ratio=at_least("不低于8%"))
    before = (usable(county, EVE), claims.suspend_what_changed(on=EVE, at=NOW))

    n_suspended = [claims.suspend_what_changed(on=DAY, at=NOW) for _ in range(2)]

    row.refresh_from_db()
    assert (before, n_suspended) == (([1], 0), [1, 0])
    assert (row.state, row.note) == ("suspended", "上级事项已调整，本级比例或频次不再符合")
    assert Line.objects.filter(verb="claim.suspended").count() == 1


def test_the_job_of_the_day_suspends_them(county):
    version = make_item(ratio=at_least("不低于3%"))
    row = adapted(version, county)
    amend(version, ratio=at_least("不低于8%"))

    call_command("expire_papers", day=date(2027, 1, 1), stdout=(said := StringIO()))

    row.refresh_from_db()
    assert row.state == "suspended"
    assert "清单新版本生效：1项认领不再符合，已暂停" in said.getvalue()
