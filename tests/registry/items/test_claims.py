"""认领: what a lower unit is offered, takes, adapts and gives back; what happens when the upper list changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongchou.refusal import Refused
from gongchou.registry.models import Claim
from gongchou.registry.operations import claims, versions
from gongchou.registry.queries import items as queries
from tests.factories.lists import (
    approver_of,
    at_least,
    keeper_of,
    make_item,
    move_on,
    so_often,
)
from tests.factories.people import NOW, make_department

pytestmark = pytest.mark.django_db
TODAY, LATER = NOW.date(), NOW + timedelta(days=1)


def claim(item, county):
    return claims.claim(item=item, department=county, by=keeper_of(county), at=NOW)


def abolish(version):
    owner = version.item.owner
    versions.ask_end(version=version, reason="法规废止", by=keeper_of(owner), at=LATER)
    versions.abolish(version=version, by=approver_of(owner), at=LATER)


def usable(department, on=TODAY):
    return [version.item.code for version in queries.usable_items(department, on=on)]


def test_a_unit_is_offered_what_is_published_above_it_for_its_level(city, county):
    make_item("A01")
    make_item("A02", levels=["city"])
    make_item("A03", published=False)
    make_item("A04", owner=make_department("OTHER", city.region))

    offers = queries.offers_to(county, on=TODAY)

    assert [(offer.version.item.code, offer.claim) for offer in offers] == [("A01", None)]


def test_unclaimed_items_cannot_be_used(city, county):
    item = make_item("A01").item

    before = usable(county)
    claim(item, county)

    assert (before, usable(county), usable(city)) == ([], ["A01"], ["A01"])


def test_an_internal_unit_uses_what_its_department_uses(city, county):
    claim(make_item("A01").item, county)
    unit = make_department("CS", county.region, parent=county, is_internal_unit=True)
    within = make_department("KS", county.region, parent=unit, is_internal_unit=True)

    assert (usable(unit), usable(within)) == (["A01"], ["A01"])


@pytest.mark.parametrize(
    ("on", "codes"), [(date(2025, 12, 31), []), (date(2026, 1, 1), ["A01"]), (date(2026, 12, 31), ["A01"])]
)
def test_an_item_is_used_while_it_is_valid(city, on, codes):
    make_item("A01", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))

    assert usable(city, on) == codes
    assert usable(city, date(2027, 1, 1)) == []


def test_what_is_not_offered_is_not_claimed(city, county):
    elsewhere = make_item(owner=make_department("OTHER", city.region)).item

    with pytest.raises(Refused, match=r"registry\.claim_not_offered"):
        claim(elsewhere, county)


def test_an_item_is_claimed_once(county):
    item = make_item().item
    claim(item, county)

    with pytest.raises(Refused, match=r"registry\.claim_exists"):
        claim(item, county)


def test_nobody_claims_for_another_department(city, county):
    item = make_item().item
    stranger = make_department("OTHER", city.region)

    with pytest.raises(Refused, match=r"registry\.out_of_reach"):
        claims.claim(item=item, department=county, by=keeper_of(stranger), at=NOW)


def adapt(row, county, ratio):
    return claims.adapt(
        claim=row, ratio=ratio, frequency=so_often("每年2次"), note="本县实际", by=keeper_of(county), at=LATER
    )


def test_a_unit_may_tighten_the_ratio_and_both_decisions_are_kept(county):
    version = make_item(ratio=at_least("不低于3%"))
    first = claim(version.item, county)

    adapt(first, county, at_least("不低于5%"))

    assert list(Claim.objects.order_by("claimed_at").values_list("state", "ended_at")) == [
        ("claimed", LATER),
        ("adapted", None),
    ]
    adapted = Claim.objects.get(ended_at=None)
    assert (adapted.ratio_words, adapted.frequency_words) == ("不低于5%", "每年2次")


@pytest.mark.parametrize("ratio", ["2%", "不超过5%"])
def test_a_unit_may_not_turn_or_loosen_the_ratio(county, ratio):
    row = claim(make_item(ratio=at_least("不低于3%")).item, county)

    with pytest.raises(Refused, match=r"registry\.claim_direction"):
        adapt(row, county, at_least(ratio))


def test_abolition_suspends_claims_until_somebody_decides(county):
    version = make_item("A01")
    row = claim(version.item, county)
    abolish(version)
    row.refresh_from_db()

    assert (row.state, usable(county)) == ("suspended", [])
    assert [one.item.code for one in queries.suspended_claims(county)] == ["A01"]
    with pytest.raises(Refused, match=r"registry\.claim_item_gone"):
        claims.renew(claim=row, by=keeper_of(county), at=LATER)
    released = claims.release(claim=row, note="上级已废止", by=keeper_of(county), at=LATER)
    assert released.state == "released"


def amend(version, **content):
    owner = version.item.owner
    new = versions.amend(thing=version.item, content={"reason": "调整", **content}, by=keeper_of(owner), at=LATER)
    return move_on(new, published=True, at=LATER)


@pytest.mark.parametrize(("new_ratio", "state"), [("不低于4%", "adapted"), ("不低于8%", "suspended")])
def test_an_adapted_ratio_that_no_longer_fits_is_suspended(county, new_ratio, state):
    version = make_item(ratio=at_least("不低于3%"))
    row = adapt(claim(version.item, county), county, at_least("不低于5%"))

    amend(version, ratio=at_least(new_ratio))

    row.refresh_from_db()
    assert row.state == state


def test_a_suspended_claim_is_renewed_as_the_list_has_it_now(county):
    version = make_item("A01", ratio=at_least("不低于3%"))
    row = adapt(claim(version.item, county), county, at_least("不低于5%"))
    amend(version, ratio=at_least("不低于8%"))
    row.refresh_from_db()

    renewed = claims.renew(claim=row, by=keeper_of(county), at=LATER)

    assert (renewed.state, renewed.ratio_words) == ("claimed", "")
    assert usable(county, LATER.date()) == ["A01"]


def test_a_released_item_can_be_claimed_again(county):
    item = make_item("A01").item
    claims.release(claim=claim(item, county), note="职责调整", by=keeper_of(county), at=NOW)

    claim(item, county)

    assert usable(county) == ["A01"]


def test_the_claim_rate_counts_what_may_be_used(county):
    kept, dropped = make_item("A01"), make_item("A02")
    make_item("A03")
    claim(kept.item, county)
    claims.release(claim=claim(dropped.item, county), note="无此职责", by=keeper_of(county), at=NOW)

    assert queries.claim_rate(queries.offers_to(county, on=TODAY)).words == "33.3%（1/3）"


def test_all_rows_are_held_before_the_log_is(county):
    """Who holds the end of the log and waits for an item would be waited for by whoever holds it and wants to log."""
    items = [make_item(code).item for code in ("A01", "A02", "A03")]
    by = keeper_of(county)

    with CaptureQueriesContext(connection) as caught:
        claims.claim_all(items=items, department=county, by=by, at=NOW)

    asked = [query["sql"] for query in caught]
    log = next(at for at, sql in enumerate(asked) if '"audit_head"' in sql)
    held = next(at for at, sql in enumerate(asked) if sql.startswith("SELECT") and 'FROM "registry_item" ' in sql)
    assert held < log
    assert all(one.pk.hex in asked[held] or str(one.pk) in asked[held] for one in items)
    assert ("FOR UPDATE" in asked[held]) is connection.features.has_select_for_update
