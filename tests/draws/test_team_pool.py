"""Which standing teams can be dealt, what each mode asks of them, several departments, and what teams cost."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.audit.guard import open_for_writing
from gongchou.draw.table import read_all
from gongchou.draws.bundles import bundle_of
from gongchou.draws.damage import find_damage
from gongchou.draws.models import Batch, Seat
from gongchou.draws.operations.batches import add_task
from gongchou.draws.pairs import pairs_of
from gongchou.draws.queries.holders import holders_of
from gongchou.draws.queries.papers import Papers
from gongchou.draws.queries.preparation import preparation_of
from gongchou.draws.queries.roster import roster_of
from gongchou.draws.queries.seats import proofs_of
from gongchou.draws.settings import Settings, to_store
from gongchou.draws.states import Matching
from gongchou.plans.models import Participant, Task
from gongchou.refusal import Refused, sentence
from gongchou.registry.models import Conflict, Inspector, StandingTeam, Subject
from gongchou.registry.operations.teams import end_team
from tests.draws.afterwards import check_both_views
from tests.draws.with_teams import OPEN, by_team, crews, team_task
from tests.factories import draws as factory
from tests.factories.inspectors import (
    TODAY,
    days,
    make_certificate,
    make_leave,
    make_team,
)
from tests.factories.lists import keeper_of, other_department
from tests.factories.people import NOW, signed_in
from tests.factories.stations import BUREAU, S1, S2, S3, UNITS, make_people, make_stations, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.database]
END = date(2026, 11, 30)  # of the task


# Who is in the pool -------------------------------------------------------------------------------


def only_team(prepare: Any, size: int = 3, **party: Any) -> Any:
    """What becomes of a team of three, one thing done to it."""
    task = team_task(n_teams=1, size=size)
    with open_for_writing():
        Participant.objects.filter(task=task).update(**party)
    people = list(StandingTeam.objects.get().members.order_by("-is_lead", "inspector__number"))
    prepare([row.inspector for row in people])
    [crew] = roster_of(factory.make_batch(task), on=TODAY, keepers={BUREAU}).crews
    return crew


def without(*people: Inspector) -> Any:
    with open_for_writing():
        for one in people:
            one.certificates.all().delete()


def ends(one: Inspector, on: date) -> Any:
    without(one)
    make_certificate(one, on, number=f"{one.number}-b")


def written(one: Inspector, **values: Any) -> Any:
    with open_for_writing():
        Inspector.objects.filter(pk=one.pk).update(**values)


def moved(one: Inspector) -> Any:
    written(one, department=other_department(one.department))


@pytest.mark.parametrize(
    ("prepare", "party", "n_go", "why"),
    [
        (lambda people: None, {}, 3, ""),
        (lambda people: without(people[0]), {}, 2, ""),
        (lambda people: without(*people[:2]), {}, 0, "能出检的组员 1 人，不足 2 人（{0}：没有有效的执法证；"
         "{1}：没有有效的执法证）"),
        (lambda people: ends(people[0], END), {}, 3, ""),
        (lambda people: [ends(one, days(9)) for one in people[:2]], {}, 0,
         "能出检的组员 1 人，不足 2 人（{0}：执法证 2026-03-11 到期，早于任务结束（2026-11-30）；"
         "{1}：执法证 2026-03-11 到期，早于任务结束（2026-11-30））"),
        (lambda people: without(people[0]), {"n_people": 3}, 0,
         "能出检的组员 2 人，不足 3 人（{0}：没有有效的执法证）"),
        (lambda people: make_leave(people[2], TODAY, END), {}, 0, "组员{2}休假至 2026-11-30，任务期间都不在岗"),
        (lambda people: make_leave(people[2], TODAY, days(5)), {}, 3, ""),
        (lambda people: written(people[0], state="inactive"), {}, 2, ""),
        (lambda people: [written(one, category="assistant") for one in people[:2]], {}, 0,
         "能出检的组员 1 人，不足 2 人（{0}：协助检查人员只能协助，不作为执法人员抽取；"
         "{1}：协助检查人员只能协助，不作为执法人员抽取）"),
        (lambda people: [moved(one) for one in people[:2]], {}, 0,
         "能出检的组员 1 人，不足 2 人（{0}：已不在本部门；{1}：已不在本部门）"),
        (lambda people: None, {"qualification": "演示资质Z1"}, 0, "组内没有能出检的人具备“演示资质Z1”"),
        (lambda people: written(people[1], is_expert=True), {"qualification": "专家"}, 3, ""),
        (lambda people: [written(people[1], is_expert=True), without(people[1])], {"qualification": "专家"}, 0,
         "组内没有能出检的人具备“专家”"),
    ],
)  # fmt: skip
def test_a_team_is_in_the_pool_or_the_page_says_why_not(prepare, party, n_go, why):
    crew = only_team(prepare, **party)

    names = [row.inspector.name for row in crew.team.members.order_by("-is_lead", "inspector__number")]
    assert (crew.why_out, len(crew.members)) == (why.format(*names), n_go)


def test_a_team_that_was_dissolved_is_not_dealt():
    task = team_task(n_teams=2)
    end_team(team=StandingTeam.objects.get(number="T1"), reason="演示", by=keeper_of(task.department), at=NOW)

    assert [crew.team.number for crew in roster_of(factory.make_batch(task), on=TODAY).crews] == ["T2"]


def test_no_team_with_fewer_than_two_valid_certificates_is_ever_seated():
    """Over many ways of who has papers: whoever is seated has them, and never alone."""
    chance = Random("two go")
    task = team_task(n_teams=8, size=3)
    for one in Inspector.objects.order_by("number"):
        if chance.random() < 0.6:
            (without(one) if chance.random() < 0.5 else ends(one, days(chance.choice((3, 300)))))
    batch = factory.drawn(factory.make_batch(task))
    papers = Papers(Inspector.objects.values_list("pk", flat=True))

    seated = crews(batch).values()
    assert len(seated) == 8
    for rows in seated:
        good = [papers.good_until(row.inspector_id, TODAY) for row in rows if row.inspector_id]
        assert len(good) >= 2 or rows[0].kind == "unfilled"
        assert all(until is not None and until >= END for until in good)
    assert 0 < len(holders_of(batch)) < 8  # some had to stay out


def test_a_conflict_of_one_keeps_the_whole_team_away():
    task = team_task(n_teams=3)
    one = StandingTeam.objects.get(number="T2").members.get(is_lead=False).inspector
    told = {"relation": "relative", "declared_by": "self", "declared_at": NOW, "declared_by_name": "演示"}
    with open_for_writing():
        for subject in Subject.objects.all():
            Conflict.objects.create(inspector=one, subject=subject, **told)

    batch = factory.drawn(factory.make_batch(task, **OPEN))

    assert {rows[0].team.number for rows in crews(batch).values()} == {"T1", "T3"}
    assert "TEAM-T2" in read_all(bundle_of(batch, for_auditors=True)["avoid.tsv"]).decode()


def test_teams_that_are_full_are_the_proof_of_open_seats():
    batch = factory.drawn(factory.make_batch(team_task(n_teams=2), settings=to_store(Settings(per_person=3))))

    [proof] = proofs_of(batch)

    assert [one.wanted for one in proof.open] == ["检查小组"] * 2
    assert sorted(proof.full) == ["演示T1组（SCJG）", "演示T2组（SCJG）"]
    assert check_both_views(batch) >= {"unfilled", "standing_teams"}


# Modes --------------------------------------------------------------------------------------------


def crew_of(units: dict[str, Any], mode: str, *codes: str) -> Any:
    """A team of one person of each of these units, kept by the first."""
    make_task(units, n_people=2)
    people = [make_people(units[code], 1)[0] for code in codes]
    make_team("T1", units[codes[0]], *people)
    task = by_team(Task.objects.get())
    [crew] = roster_of(factory.make_batch(task, matching=mode), on=TODAY, keepers=set(UNITS)).crews
    return crew


@pytest.mark.parametrize(
    ("mode", "codes", "pools", "unit", "why"),
    [
        (Matching.GLOBAL, (BUREAU, S1), None, BUREAU, ""),
        (Matching.REGION, (S1, S1), {S1}, S1, ""),
        (Matching.REGION, (BUREAU, S1), {S1}, BUREAU, ""),
        (Matching.REGION, (S1, S3), set(), S1, "组员没有共同管辖的对象在名单中"),
        (Matching.BUREAU_STATION, (BUREAU, S1), {BUREAU, S1}, BUREAU, ""),
        (Matching.BUREAU_STATION, (S1, S1), None, S1, "局所联动要求组内既有局机关人员，又有所里人员"),
        (Matching.STATIONS, (S1, S2), {S1, S2}, S1, ""),
        (Matching.STATIONS, (S1, S1), {S1, S2}, S1, ""),
        (Matching.STATIONS_CROSS, (S2, S2), None, S2, ""),
        (Matching.STATIONS_CROSS, (S1, S2), None, S1, "所所交叉要求组员同属一个所"),
        (Matching.ALL_STATIONS, (S1, S3), None, S1, ""),
    ],
)
def test_what_each_mode_asks_of_a_team(mode, codes, pools, unit, why):
    crew = crew_of(make_stations(), mode, *codes)

    assert (crew.why_out, crew.unit.code) == (why, unit)
    assert crew.pools == pools or why


def test_crossed_teams_never_visit_a_shop_of_their_own_station():
    units = make_stations()
    make_task(units, n_people=2)
    for code in (S1, S2, S3):
        make_team(f"T{code}", units[code], *units[code].inspectors.all()[:2])
    batch = factory.drawn(factory.make_batch(by_team(Task.objects.get()), matching=Matching.STATIONS_CROSS, **OPEN))

    seats = Seat.objects.filter(batch=batch).select_related("visit__subject__keeper", "team__department")
    assert {seat.visit.subject.keeper_id == seat.team.department_id for seat in seats} == {False}


# Several departments, several tasks ---------------------------------------------------------------


def test_in_a_joint_task_one_department_sends_a_team_and_the_other_people():
    batch = factory.two_departments()
    lead, other = batch.department, other_department(batch.department)
    people = list(Inspector.objects.filter(department=lead).order_by("number"))
    for at, pair in enumerate(pairwise(people[::2])):
        if at % 2 == 0:
            make_team(f"T{at}", lead, *pair)
    by_team(batch.draws.get(seq=1).task)

    batch = factory.drawn(batch)

    both = [visit for visit in batch.visits.all() if visit.seats.values("department").distinct().count() == 2]
    assert both
    for visit in both:
        rows = list(visit.seats.order_by("number", "member"))
        own = [row for row in rows if row.department_id == lead.pk]
        theirs = [row for row in rows if row.department_id == other.pk]
        assert ({row.number for row in own}, len(own)) == ({own[0].number}, 2)
        assert len({row.team_id for row in own} - {None}) == 1
        assert (len({row.number for row in theirs}), {row.team for row in theirs}) == (2, {None})
    assert "standing_teams" in check_both_views(batch)
    assert find_damage() is None


def test_one_department_sends_people_or_teams_to_a_batch():
    task = team_task(n_teams=2)
    batch = factory.make_batch(task)
    second = factory.ready_task(task.department, first=300)
    batch = add_task(batch=batch, task=second, by=keeper_of(task.department), at=NOW)

    with pytest.raises(Refused) as refused:
        roster_of(batch, on=TODAY)
    assert refused.value.code == "draws.team_or_people"
    assert task.department.short_name in sentence(refused.value)


def test_a_member_who_may_do_only_one_of_two_tasks_goes_to_neither():
    """The same people of a team go wherever it is dealt, so that the auditors' table needs one line for each."""
    task = team_task(n_teams=1, size=3)
    batch = factory.make_batch(task)
    second = by_team(factory.ready_task(task.department, first=300, ends_on=date(2026, 12, 20)))
    batch = add_task(batch=batch, task=second, by=keeper_of(task.department), at=NOW)
    third = StandingTeam.objects.get().members.order_by("is_lead", "inspector__number").last().inspector
    ends(third, END)

    [crew] = roster_of(batch, on=TODAY).crews

    assert (len(crew.members), crew.able, third.pk in crew.inspectors) == (2, {1, 2}, False)


# What it costs ------------------------------------------------------------------------------------


def test_the_page_for_signature_says_what_teams_cost(client: Client):
    batch = factory.make_batch(team_task(n_teams=5))

    [view] = preparation_of(batch, at=NOW).people

    assert (view.word, view.n_present, view.need.n_seats, view.need.n_free) == ("组", 5, 1, 5)
    assert (view.cost.n_teams, view.cost.n_people, view.cost.n_doors) == (5, 10, 8)
    assert (view.cost.together, round(view.cost.apart, 4)) == (1.6, round(8 / 45, 4))
    page = signed_in(client, keeper_of(batch.department)).get(reverse("draws:preparation", args=[batch.pk]))
    assert "搭档不轮换：5 个检查小组最多去 8 户，同组的两个人平均一起去 1.60 户" in page.content.decode()


def test_teams_repeat_pairs_as_often_as_the_page_says():
    """Dealt by the protocol: the same ten people, forty doors, in teams of two and one by one."""

    def pairs(batch: Batch) -> Any:
        rows = crews(batch)
        by_visit: dict[Any, list[Any]] = {}
        for (visit, _), seats in rows.items():
            by_visit.setdefault(visit, []).extend((seat.inspector_id, "unit") for seat in seats)
        return pairs_of([list(by_visit.values())])

    task = team_task(n_teams=5, ratio=factory.plans.at_least("100%"))
    told = preparation_of(factory.make_batch(task, **OPEN), at=NOW).people[0].cost
    teams = pairs(factory.drawn(Batch.objects.get()))

    assert (teams.n_distinct, teams.n_repeated, teams.n_meetings) == (5, 5, 40)
    assert told.together == teams.n_meetings / teams.n_distinct == 8
    assert teams.n_meetings / teams.n_possible == pytest.approx(told.apart)
