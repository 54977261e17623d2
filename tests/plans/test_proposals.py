"""Joint inspections that the platform finds, and what becomes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongchou.accounts.models import Department, User
from gongchou.plans.models import LineVersion, PlanVersion, Proposal
from gongchou.plans.operations import lines, plans
from gongchou.plans.operations import proposals as operations
from gongchou.plans.queries import proposals as queries
from gongchou.refusal import Refused
from gongchou.registry.models import SubLibrary
from tests.factories import plans as factory
from tests.factories.lists import at_least, department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, make_department, make_region
from tests.factories.subjects import enter, make_library, make_subject, make_tag

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SPRING = {"begins_on": date(2026, 3, 1), "ends_on": date(2026, 5, 31)}
AUTUMN = {"begins_on": date(2026, 9, 1), "ends_on": date(2026, 11, 30)}


@pytest.fixture
def home() -> Department:
    return department_of_lists()


@pytest.fixture
def fire(home: Department) -> Department:
    return make_department("XFJY", home.region, is_conference_member=True)


@pytest.fixture
def office(home: Department) -> User:
    return factory.office_of(home)


@pytest.fixture
def shops(home: Department) -> SubLibrary:
    library = make_library("CY")
    for number in range(1, 21):
        enter(make_subject(number), library)
    return library


def line_of(department: Department, pool: Any, **own: Any) -> LineVersion:
    version = PlanVersion.objects.filter(plan__department=department, plan__kind="department").first()
    version = version or factory.make_plan(department)
    return factory.make_line(version, pool=pool, **{"ratio": at_least("50%"), **SPRING, **own})


def kinds(home: Department) -> list[str]:
    return [one.kind for one in queries.candidates(home.region, 2026)]


def test_two_departments_at_the_same_subjects_at_one_time_fit_together(
    home: Department, fire: Department, shops: SubLibrary
) -> None:
    pool = factory.pool_of(shops)
    line_of(home, pool, items=[make_item("A01").item])
    line_of(fire, pool, items=[make_item("XF01", owner=fire).item], begins_on=date(2026, 4, 1))

    (found,) = queries.candidates(home.region, 2026)

    assert (found.kind, found.n_subjects, found.begins_on) == ("departments", 20, date(2026, 4, 1))
    assert found.n_saved == 10  # of twice ten visits one and the same ten doors remain


@pytest.mark.parametrize("apart", ["time", "subjects", "joined"])
def test_what_does_not_meet_is_not_proposed(home: Department, fire: Department, shops: SubLibrary, apart: str) -> None:
    other = make_library("LG")
    enter(make_subject(99), other)
    pool = factory.pool_of(other if apart == "subjects" else shops)
    line_of(home, factory.pool_of(shops), participants=[fire] if apart == "joined" else [])
    line_of(fire, pool, **(AUTUMN if apart == "time" else {}))

    assert kinds(home) == []


def test_tags_that_match_are_enough(home: Department, fire: Department, shops: SubLibrary) -> None:
    tag = make_tag("餐饮")
    other = make_library("SPLT")
    for number in range(50, 60):
        enter(make_subject(number), other)
    for member in shops.memberships.all()[:3]:  # less than half of either
        enter(member.subject, other)
    one, two = make_item("A01", tags=[tag]).item, make_item("XF01", owner=fire, tags=[tag]).item
    line_of(home, factory.pool_of(shops), items=[one])
    line_of(fire, factory.pool_of(other), items=[two])

    (found,) = queries.candidates(home.region, 2026)

    assert (found.kind, found.tags) == ("departments", ("演示标签餐饮",))


def test_one_departments_items_on_the_same_subjects_fit_into_one_visit(home: Department, shops: SubLibrary) -> None:
    pool = factory.pool_of(shops)
    line_of(home, pool, name="甲")
    line_of(home, pool, name="乙")

    assert kinds(home) == ["items"]


def test_levels_that_check_one_item_fit_together(home: Department, shops: SubLibrary) -> None:
    county = make_department("XSCJG", make_region("990101", "演示县", "county", home.region), line_parent=home)
    item = make_item("A01").item
    line_of(home, factory.pool_of(shops), items=[item])
    line_of(county, factory.pool_of(shops), items=[item])

    (found,) = queries.candidates(county.region, 2026)

    assert found.kind == "levels"


def searched(home: Department, office: User) -> Proposal:
    operations.search(region=home.region, year=2026, by=office, at=NOW)
    return Proposal.objects.get()


def test_accepting_writes_one_line_of_both_into_the_joint_draft(
    home: Department, fire: Department, shops: SubLibrary, office: User
) -> None:
    one, two = make_item("A01").item, make_item("XF01", owner=fire).item
    line_of(home, factory.pool_of(shops), items=[one])
    line_of(fire, factory.pool_of(shops), items=[two], begins_on=date(2026, 4, 1))
    joint = factory.make_plan(kind="joint", by=office)

    accepted = operations.accept(proposal=searched(home, office), by=office, at=NOW)

    made = joint.lines.get()
    assert (accepted.state, accepted.made) == ("accepted", made.line)
    assert {item.code for item in made.items.all()} == {"A01", "XF01"}
    assert {made.initiator, *made.participants.all()} == {home, fire} or made.initiator in (home, fire)
    assert (made.begins_on, made.ends_on) == (date(2026, 4, 1), date(2026, 5, 31))


def test_lines_that_share_nobody_save_nothing_and_are_not_proposed(
    home: Department, fire: Department, shops: SubLibrary
) -> None:
    tag, other = make_tag("餐饮"), make_library("SPLT")
    enter(make_subject(50), other)
    line_of(home, factory.pool_of(shops), items=[make_item("A01", tags=[tag]).item])
    line_of(fire, factory.pool_of(other), items=[make_item("XF01", owner=fire, tags=[tag]).item])

    assert kinds(home) == []


def test_lines_of_other_ratios_are_merged_by_somebody_who_says_which_holds(
    home: Department, shops: SubLibrary, office: User
) -> None:
    line_of(home, factory.pool_of(shops), name="甲")
    second = line_of(home, factory.pool_of(shops), name="乙", ratio=at_least("40%"))
    proposal = searched(home, office)

    with pytest.raises(Refused, match=r"plans\.proposal_differs"):
        operations.accept(proposal=proposal, by=keeper_of(home), at=NOW)

    content = {"name": "合并检查", "ratio": at_least("40%")}
    operations.adjust(proposal=proposal, content=content, reason="就低", by=keeper_of(home), at=NOW)
    assert second.version.lines.get().name == "合并检查"
    assert queries.visible(keeper_of(home)).get().state == "adjusted"


def test_accepting_without_a_draft_says_what_to_do(
    home: Department, fire: Department, shops: SubLibrary, office: User
) -> None:
    line_of(home, factory.pool_of(shops))
    line_of(fire, factory.pool_of(shops))

    with pytest.raises(Refused, match=r"plans\.no_draft"):
        operations.accept(proposal=searched(home, office), by=office, at=NOW)


def test_one_departments_lines_become_one_in_its_draft(home: Department, shops: SubLibrary, office: User) -> None:
    one, two = make_item("A01").item, make_item("A02").item
    line_of(home, factory.pool_of(shops), items=[one])
    second = line_of(home, factory.pool_of(shops), items=[two])

    operations.accept(proposal=searched(home, office), by=keeper_of(home), at=NOW)

    made = second.version.lines.get()
    assert {item.code for item in made.items.all()} == {"A01", "A02"}


def test_adjusting_keeps_the_reason_and_what_was_written_otherwise(
    home: Department, shops: SubLibrary, office: User
) -> None:
    line_of(home, factory.pool_of(shops), name="甲")
    line_of(home, factory.pool_of(shops), name="乙")
    told = {"content": {"name": "合并检查"}, "reason": "名称统一"}

    adjusted = operations.adjust(proposal=searched(home, office), **told, by=keeper_of(home), at=NOW)

    assert (adjusted.state, adjusted.reason) == ("adjusted", "名称统一")
    assert LineVersion.objects.filter(name="合并检查").exists()


def test_what_was_refused_is_not_proposed_again(home: Department, shops: SubLibrary, office: User) -> None:
    line_of(home, factory.pool_of(shops))
    line_of(home, factory.pool_of(shops))
    proposal = searched(home, office)
    operations.refuse(proposal=proposal, reason="检查周期不同", by=keeper_of(home), at=NOW)

    operations.search(region=home.region, year=2026, by=office, at=NOW)

    assert [(one.state, one.reason) for one in Proposal.objects.all()] == [("refused", "检查周期不同")]
    with pytest.raises(Refused, match=r"plans\.proposal_decided"):
        operations.accept(proposal=proposal, by=office, at=NOW)


def test_a_line_that_a_revision_dropped_is_not_brought_back(home: Department, shops: SubLibrary, office: User) -> None:
    pool = factory.pool_of(shops)
    first = line_of(home, pool, name="甲检查", items=[make_item("A01").item])
    second = line_of(home, pool, name="乙检查", items=[make_item("A02").item])
    found = searched(home, office)
    factory.put_out(first.version)
    revision = plans.revise(plan=first.version.plan, reason="减少打扰", by=keeper_of(home), at=NOW)
    lines.drop_line(line=revision.lines.get(line=second.line_id), reason="不查了", by=keeper_of(home), at=NOW)

    assert [one.name for one in queries.current_lines(found)] == ["甲检查"]
    with pytest.raises(Refused, match=r"plans\.proposal_gone"):
        operations.accept(proposal=found, by=keeper_of(home), at=NOW)
