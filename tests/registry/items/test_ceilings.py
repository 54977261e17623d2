"""R-4, R-5: general items keep below the ceiling of their place, or say why not; key items have none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongchou.audit.models import Line
from gongchou.audit.queries import line_facts
from gongchou.refusal import Refused
from gongchou.registry.operations import items, versions
from gongchou.registry.queries.items import find_ceiling
from tests.factories.lists import approver_of, at_least, department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, make_department, make_region

pytestmark = pytest.mark.django_db


def set_ceiling(region, most="5", year=2026):
    by = approver_of(department_of_lists())
    return items.set_ceiling(region=region, year=year, most=Decimal(most), source="演示文件", by=by, at=NOW)


# ceiling, kind, ratio, reason for exceeding -> may it be submitted?
CASES = [
    (None, "general", "100%", "", True),
    ("5", "general", "5%", "", True),
    ("5", "general", "不低于3%", "", True),
    ("5", "general", "6%", "", False),
    ("5", "general", "不超过10%", "", False),
    ("5", "general", "60-70家", "", True),
    ("5", "general", "6%", "群众投诉集中", True),
    ("5", "key", "100%", "", True),
]


@pytest.mark.parametrize(("ceiling", "kind", "ratio", "reason", "may"), CASES)
def test_a_general_item_keeps_below_the_ceiling_or_says_why_not(ceiling, kind, ratio, reason, may):
    if ceiling:
        set_ceiling(department_of_lists().region, ceiling)
    version = make_item(published=False, kind=kind, ratio=at_least(ratio), over_reason=reason)

    if may:
        assert versions.submit(version=version, by=keeper_of(version.item.owner), at=NOW).state == "review"
    else:
        with pytest.raises(Refused) as refused:
            versions.submit(version=version, by=keeper_of(version.item.owner), at=NOW)
        assert refused.value.code == "registry.ratio_over_ceiling"
        assert refused.value.facts["source"] == "演示文件"


def test_the_reason_for_exceeding_is_in_the_log():
    version = make_item(published=False, ratio=at_least("6%"), over_reason="群众投诉集中")

    versions.submit(version=version, by=keeper_of(version.item.owner), at=NOW)

    assert line_facts(Line.objects.get(verb="version.submitted"))["over_reason"] == "群众投诉集中"


def test_the_nearest_ceiling_of_the_year_applies():
    city = department_of_lists()
    county = make_department("X", make_region("990102", "演示县", "county", city.region))
    set_ceiling(city.region, "5")
    set_ceiling(city.region, "9", year=2025)

    from_above = find_ceiling(county, 2026)
    items.set_ceiling(region=county.region, year=2026, most=Decimal(3), source="县文件", by=approver_of(county), at=NOW)

    own = find_ceiling(county, 2026)
    assert from_above is not None
    assert own is not None
    assert (from_above.most, own.most) == (Decimal(5), Decimal(3))
    assert find_ceiling(county, 2027) is None


def test_a_new_ceiling_ends_the_old_one_which_is_kept():
    region = department_of_lists().region
    old = set_ceiling(region, "5")

    new = set_ceiling(region, "3")

    old.refresh_from_db()
    assert (old.ended_at, new.ended_at) == (NOW, None)
    assert find_ceiling(department_of_lists(), 2026) == new


def test_a_ceiling_is_set_by_who_approves_lists_there():
    other = make_region("9902", "演示二市")

    with pytest.raises(Refused, match=r"registry\.ceiling_out_of_reach"):
        set_ceiling(other)
