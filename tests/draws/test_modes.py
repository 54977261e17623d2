"""Who visits whom in each mode of matching, over several seeds; and what a team is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.accounts.models import Department
from gongchou.audit.guard import open_for_writing
from gongchou.draws.drawing import outcome_of
from gongchou.draws.freezing import AUDITOR
from gongchou.draws.models import Batch, Seat, Visit
from gongchou.draws.operations import batches
from gongchou.draws.operations.results import record_result
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.queries.preparation import PeopleView, preparation_of
from gongchou.draws.queries.roster import roster_of
from gongchou.draws.queries.seats import Need, OpenSeat, expiring, proofs_of
from gongchou.draws.settings import Settings, to_store
from gongchou.draws.states import MEANING, Matching
from gongchou.draws.store import read
from gongchou.plans.models import Participant, Task
from gongchou.refusal import Refused
from gongchou.registry.models import Conflict, Inspector, Subject, SubLibrary
from tests.factories import draws as factory
from tests.factories.inspectors import TODAY, days, make_certificate, make_leave, make_tag
from tests.factories.lists import at_least, keeper_of, other_department
from tests.factories.people import NOW, signed_in
from tests.factories.stations import BUREAU, S1, S2, S3, UNITS, make_people, make_stations, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OPEN = {"is_sealed": False, "is_match_sealed": False}


class Door(NamedTuple):
    """A visit as it was dealt. team: inspectors in the order of their seats, None for an open one"""

    subject: Subject
    team: list[Inspector | None]


def doors_of(batch: Batch, n_seeds: int = 5) -> Iterator[list[Door]]:
    """What a committed batch would come to with one seed after the other."""
    subjects = Subject.objects.select_related("keeper").in_bulk(field_name="number")
    for number in range(n_seeds):
        with open_for_writing():
            Batch.objects.filter(pk=batch.pk).update(seed=sha256(f"{number}".encode()).hexdigest())
        batch.refresh_from_db()
        found = outcome_of(batch, lambda *_: None).match
        people = people_of(batch)
        yield [
            Door(subjects[task.id], [people.get(found.seats[at, k].inspector) if (at, k) in found.seats else None
                                     for k in range(len(task.slots()))])
            for at, task in enumerate(found.tasks)
        ]  # fmt: skip


def people_of(batch: Batch) -> dict[str, Inspector]:
    kept = batch.evidence.get(path=f"{AUDITOR}inspectors.tsv").sha256
    rows = (line.split("\t") for line in read(kept).decode().splitlines())
    return {name: Inspector.objects.select_related("department").get(pk=pk) for name, pk in rows}


def committed(task: Task, **own: Any) -> Batch:
    return factory.committed(factory.make_batch(task, **OPEN, **own))


def units(team: list[Inspector | None]) -> list[str]:
    return [one.department.code for one in team if one]


STATIONS = (S1, S2, S3)
WHO_GOES_WHERE = {  # unit of the person -> units whose shops she may visit
    Matching.GLOBAL: {own: set(UNITS) for own in UNITS},
    Matching.REGION: {BUREAU: set(UNITS), S1: {S1}, S2: {S2}, S3: {S3}},
    Matching.BUREAU_STATION: {BUREAU: set(UNITS), S1: {S1, BUREAU}, S2: {S2, BUREAU}, S3: {S3, BUREAU}},
    Matching.STATIONS: {S1: {S1, S2}, S2: {S1, S2}, S3: {S3}},
    Matching.STATIONS_CROSS: {S1: {BUREAU, S2, S3}, S2: {BUREAU, S1, S3}, S3: {BUREAU, S1, S2}},
    Matching.ALL_STATIONS: {own: set(UNITS) for own in STATIONS},
}


@pytest.mark.parametrize("mode", WHO_GOES_WHERE)
def test_who_visits_whom_in_each_mode(mode):
    batch = committed(make_task(make_stations()), matching=mode)
    expected = {(own, keeper) for own, keepers in WHO_GOES_WHERE[mode].items() for keeper in keepers}
    met = set()

    for doors in doors_of(batch, n_seeds=6):
        for door in doors:
            team = [one for one in door.team if one]
            assert len(door.team) == 2
            assert len({one.pk for one in team}) == len(team)
            met |= {(unit, door.subject.keeper.code) for unit in units(team)}
            reached = any(door.subject.keeper.code in keepers for keepers in WHO_GOES_WHERE[mode].values())
            assert len(team) == (2 if reached else 0)

    assert met == expected


def test_a_linked_team_is_half_of_the_bureau_and_half_of_the_shops_own_station():
    batch = committed(make_task(make_stations()), matching=Matching.BUREAU_STATION)

    for doors in doors_of(batch):
        for door in doors:
            own = door.subject.keeper.code
            assert units(door.team)[0] == BUREAU
            assert units(door.team)[1] in ({own} if own != BUREAU else set(STATIONS))


def test_every_mode_says_what_it_means():
    assert set(MEANING) == set(Matching)


def set_party(task: Task, **values: Any) -> None:
    with open_for_writing():
        Participant.objects.filter(task=task).update(**values)


@pytest.mark.parametrize(
    ("mode", "n_people", "qualified_in", "seats"),
    [
        (Matching.GLOBAL, 2, S1, 2),
        (Matching.GLOBAL, 3, BUREAU, 3),
        (Matching.BUREAU_STATION, 2, BUREAU, 2),
        (Matching.BUREAU_STATION, 3, BUREAU, 3),
        (Matching.BUREAU_STATION, 2, S1, 2),
    ],
)
def test_one_of_a_team_has_the_qualification_that_is_asked_for(mode, n_people, qualified_in, seats):
    stations = make_stations()
    task = make_task(stations)
    set_party(task, n_people=n_people, qualification="演示资质Z1")
    tag = make_tag(stations[BUREAU])
    for one in make_people(stations[qualified_in], 2):
        with open_for_writing():
            one.tags.add(tag)
    batch = committed(task, matching=mode)

    for doors in doors_of(batch):
        for door in doors:
            able = mode == Matching.GLOBAL or qualified_in == BUREAU or door.subject.keeper.code in (S1, BUREAU)
            assert len(door.team) == seats
            if able:
                assert None not in door.team
                assert any(one.tags.filter(name="演示资质Z1").exists() for one in door.team)
                if mode == Matching.BUREAU_STATION:
                    assert sum(unit == BUREAU for unit in units(door.team)) == seats - seats // 2
            else:  # nobody of that station has it: the seat says so rather than be filled with somebody else
                assert door.team.count(None) == 1


# Who is out, and why -------------------------------------------------------------------------------


def written(inspector: Inspector, **values: Any) -> None:
    with open_for_writing():
        Inspector.objects.filter(pk=inspector.pk).update(**values)


def renewed(one: Inspector, *spans: tuple[date | None, date]) -> None:
    with open_for_writing():
        one.certificates.all().delete()
    for at, (begins, ends) in enumerate(spans):
        make_certificate(one, ends, valid_from=begins, number=f"ZJ-{one.number}-{at}")


def away(one: Inspector, *spans: tuple[date, date]) -> None:
    for begins, ends in spans:
        make_leave(one, begins, ends)


END = date(2026, 11, 30)  # of the task, which has begun the day before
CASES = [
    ("fit", lambda one: None, ""),
    ("inactive", lambda one: written(one, state="inactive", state_reason="调离"), "名录中失效：调离"),
    ("expert", lambda one: written(one, category="expert", is_expert=True), "第三方专家只能协助，不作为执法人员抽取"),
    ("assistant", lambda one: written(one, category="assistant"), "协助检查人员只能协助，不作为执法人员抽取"),
    ("no certificate", renewed, "没有有效的执法证"),
    ("run out", lambda one: renewed(one, (None, days(-1))), "执法证已于 2026-03-01 到期"),
    ("begins later", lambda one: renewed(one, (days(1), date(2030, 1, 1))), "执法证 2026-03-03 起才有效"),
    ("ends too early", lambda one: renewed(one, (None, days(9))), "执法证 2026-03-11 到期，早于任务结束（2026-11-30）"),
    ("ends with the task", lambda one: renewed(one, (None, END)), ""),
    ("renewed in time", lambda one: renewed(one, (None, date(2026, 6, 1)), (date(2026, 6, 2), END)), ""),
    (
        "renewed with a gap",
        lambda one: renewed(one, (None, date(2026, 6, 1)), (date(2026, 6, 3), END)),
        "执法证 2026-06-01 到期，早于任务结束（2026-11-30）",
    ),
    ("away for all of it", lambda one: away(one, (days(-9), END)), "休假至 2026-11-30，任务期间都不在岗"),
    ("away until the day before", lambda one: away(one, (days(-9), date(2026, 11, 29))), ""),
    ("away from tomorrow", lambda one: away(one, (days(1), END)), ""),
    (
        "away twice without a break",
        lambda one: away(one, (TODAY, date(2026, 6, 1)), (date(2026, 6, 2), END)),
        "休假至 2026-11-30，任务期间都不在岗",
    ),
    ("does other items", lambda one: written(one, does_all_items=False), "执法事项范围不含本任务的事项"),
]  # fmt: skip


@pytest.mark.parametrize(("prepare", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_why_somebody_is_not_dealt(prepare, expected):
    batch = factory.make_batch(factory.ready_task(n=5))
    prepare(Inspector.objects.get(number="SCJG00"))

    roster = roster_of(batch, on=TODAY, keepers={BUREAU})

    assert {person.inspector.number: person.why_out for person in roster.people} == {
        f"SCJG{at:02}": expected if at == 0 else "" for at in range(10)
    }


def test_leave_counts_over_the_time_of_the_task_and_not_before_it():
    task = factory.ready_task(n=5, begins_on=date(2026, 5, 1), ends_on=date(2026, 5, 31))
    away(Inspector.objects.get(number="SCJG00"), (date(2026, 5, 1), date(2026, 5, 31)))

    roster = roster_of(factory.make_batch(task), on=TODAY, keepers={BUREAU})

    assert [person.inspector.number for person in roster.people if person.why_out] == ["SCJG00"]


def test_a_task_that_ends_later_does_not_shut_out_the_people_of_another():
    first = factory.ready_task(n=5, ends_on=date(2026, 4, 30))
    renewed(Inspector.objects.get(number="SCJG00"), (None, date(2026, 5, 31)))
    second = factory.ready_task(first.department, first=101, n=5)
    batch = factory.make_batch(first)
    batch = batches.add_task(batch=batch, task=second, by=keeper_of(first.department), at=NOW)

    roster = roster_of(batch, on=TODAY, keepers={BUREAU})

    skills = {person.inspector.number: person.skills & {"t1", "t2"} for person in roster.present}
    assert (skills["SCJG00"], skills["SCJG01"]) == ({"t1"}, {"t1", "t2"})


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Matching.GLOBAL, {"": 12}),
        (Matching.REGION, {"": 12}),
        (Matching.STATIONS, {"": 9, "所所联动只抽所里人员": 3}),
        (Matching.STATIONS_CROSS, {"": 9, "所所交叉只抽所里人员": 3}),
        (Matching.ALL_STATIONS, {"": 9, "全所混合只抽所里人员": 3}),
    ],
)
def test_modes_of_stations_leave_the_bureau_out(mode, expected):
    batch = factory.make_batch(make_task(make_stations()), matching=mode)

    found = [person.why_out for person in roster_of(batch, on=TODAY, keepers=set(UNITS)).people]

    assert {why: found.count(why) for why in set(found)} == expected


def test_who_may_visit_nobody_is_out_and_a_conflict_of_hers_harms_nothing():
    stations = make_stations()
    task = make_task({BUREAU: stations[BUREAU], S1: stations[S1]})
    lonely = make_people(stations[S3], 1)[0]
    conflict_with(Subject.objects.first(), [lonely])
    batch = factory.make_batch(task, matching=Matching.REGION)

    roster = roster_of(batch, on=TODAY, keepers={BUREAU, S1})

    assert [person.why_out for person in roster.people if person.inspector == lonely] == [
        "名单中没有其管辖范围内的对象"
    ]
    assert factory.drawn(batch).state == "drawn"


def test_a_countys_people_are_dealt_for_their_county_and_not_for_the_city_above_it():
    stations = make_stations()
    task = make_task({BUREAU: stations[BUREAU]})
    county = other_department(stations[BUREAU], "ACOUNTY")
    with open_for_writing():
        Department.objects.filter(pk=county.pk).update(line_parent=stations[BUREAU])
        told = {"state": "charged", "n_people": 2}  # 责成参加 takes part as who accepted does
        Participant.objects.create(task=task, department=county, **told)
    make_people(county, 2)

    roster = roster_of(factory.make_batch(task), on=TODAY, keepers={BUREAU})

    found = {person.inspector.number: person.department.code for person in roster.people}
    assert found["ACOUNTY00"] == "ACOUNTY"
    assert found["SCJG00"] == BUREAU
    assert [group["department"] for group in roster.slots[1]] == [BUREAU, "ACOUNTY"]


@pytest.mark.parametrize("mode", [Matching.STATIONS, Matching.STATIONS_CROSS, Matching.BUREAU_STATION])
def test_a_department_without_stations_sends_its_own_people(mode):
    stations = make_stations()
    task = make_task(stations)
    other = other_department(stations[BUREAU])
    with open_for_writing():
        Participant.objects.create(task=task, department=other, state="accepted", n_people=2)
    make_people(other, 3)

    for doors in doors_of(committed(task, matching=mode), n_seeds=2):
        for door in doors:
            assert units(door.team[2:]) == [other.code, other.code]


# Doors shared by tasks -----------------------------------------------------------------------------


def two_tasks(department: Department | None = None, n_first: int = 2, n_second: int = 2, **second: Any) -> Batch:
    """A batch of two tasks that both draw all of the same ten shops."""
    first = factory.ready_task(n=10, ratio=at_least("100%"))
    department = department or first.department
    library = SubLibrary.objects.get(code="L1")
    other = factory.ready_task(department, first=101, library=library, ratio=at_least("100%"), **second)
    set_party(first, n_people=n_first)
    set_party(other, n_people=n_second)
    batch = factory.make_batch(first, **OPEN)
    return batches.add_task(batch=batch, task=other, by=keeper_of(department), at=NOW)


@pytest.mark.parametrize(("n_first", "n_second", "n_seats"), [(2, 2, 2), (2, 3, 3), (3, 2, 3), (2, 4, 4), (1, 2, 2)])
def test_two_tasks_of_a_department_send_one_team_to_a_shared_door(n_first, n_second, n_seats):
    batch = factory.drawn(two_tasks(n_first=n_first, n_second=n_second))

    assert batch.visits.count() == 10
    assert {visit.seats.count() for visit in batch.visits.all()} == {n_seats}
    for visit in batch.visits.all():
        assert len(set(visit.seats.values_list("inspector", flat=True))) == n_seats
    assert [draw.hits.filter(place="selected").count() for draw in draws_of(batch)] == [10, 10]


def test_a_door_that_one_task_alone_drew_has_the_team_of_that_task():
    first = factory.ready_task(n=10, ratio=at_least("50%"))
    other = factory.ready_task(first.department, first=101, n=5, ratio=at_least("100%"))
    set_party(other, n_people=3)
    batch = batches.add_task(batch=factory.make_batch(first), task=other, by=keeper_of(first.department), at=NOW)

    batch = factory.drawn(batch)

    sizes = sorted(visit.seats.count() for visit in batch.visits.all())
    assert sizes == [2] * 5 + [3] * 5


def test_two_departments_send_a_group_each_to_a_shared_door():
    first = factory.ready_task(n=10, ratio=at_least("100%"))
    library = SubLibrary.objects.get(code="L1")
    other = factory.ready_task(other_department(first.department), first=101, library=library, ratio=at_least("100%"))
    batch = factory.make_batch(first)
    batch = factory.drawn(batches.add_task(batch=batch, task=other, by=keeper_of(other.department), at=NOW))

    assert batch.visits.count() == 10
    for visit in batch.visits.all():
        codes = visit.seats.order_by("number").values_list("department__code", "inspector__department__code")
        assert list(codes) == [("SCJG", "SCJG")] * 2 + [("WSJK", "WSJK")] * 2


def test_tasks_that_different_people_may_do_need_a_team_each():
    batch = two_tasks()
    for one in Inspector.objects.filter(number__in=("SCJG00", "SCJG01", "SCJG02", "SCJG03")):
        written(one, does_all_items=False)
        with open_for_writing():
            one.items.add(draws_of(batch)[0].task.participants.get().items.get())

    batch = factory.drawn(batch)

    assert {visit.seats.count() for visit in batch.visits.all()} == {4}


def test_a_qualification_that_two_tasks_ask_for_is_one_seat():
    batch = two_tasks()
    with open_for_writing():
        Participant.objects.update(qualification="演示资质Z1")
    tag = make_tag(batch.department)
    for one in Inspector.objects.all()[:3]:
        with open_for_writing():
            one.tags.add(tag)

    batch = factory.drawn(batch)

    assert {visit.seats.count() for visit in batch.visits.all()} == {2}
    for visit in batch.visits.all():
        assert visit.seats.filter(inspector__tags=tag).exists()


# Too few people ------------------------------------------------------------------------------------


def conflict_with(subject: Subject, people: list[Inspector], **own: Any) -> None:
    told = {"relation": "other", "declared_by": "self", "declared_at": NOW, "declared_by_name": "演示", **own}
    with open_for_writing():
        Conflict.objects.bulk_create(Conflict(inspector=one, subject=subject, **told) for one in people)


def drawn_with(batch: Batch) -> Batch:
    batch = factory.seeded(batch)
    found = outcome_of(batch, lambda *_: None)
    return record_result(batch=batch, outcome=found, by=keeper_of(batch.department), at=batch.beacon_at)


def test_a_conflict_declared_for_everybody_leaves_the_seats_open_and_says_why():
    task = factory.ready_task(n=5, ratio=at_least("100%"))
    shop = Subject.objects.order_by("number").first()
    conflict_with(shop, list(Inspector.objects.all()))

    batch = drawn_with(factory.make_batch(task))

    proofs = proofs_of(batch)
    bare = [OpenSeat(shop.name, number, "SCJG", "", "") for number in (1, 2)]
    assert sorted((one for proof in proofs for one in proof.open), key=lambda one: one.number) == bare
    assert {(tuple(proof.full), proof.n_reached) for proof in proofs} == {((), 0)}
    assert batch.visits.exclude(subject=shop).filter(seats__inspector=None).count() == 0


@pytest.mark.parametrize(
    ("own", "is_honoured"),
    [
        ({}, True),
        ({"begins_on": date(2026, 12, 1)}, False),
        ({"begins_on": date(2026, 11, 30)}, True),
        ({"ends_on": days(-1)}, False),
        ({"ends_on": TODAY}, True),
    ],
)
def test_a_conflict_counts_in_its_time(own, is_honoured):
    task = factory.ready_task(n=5, ratio=at_least("100%"))
    shop = Subject.objects.order_by("number").first()
    conflict_with(shop, list(Inspector.objects.all()), **own)

    batch = drawn_with(factory.make_batch(task))

    assert (batch.visits.get(subject=shop).seats.filter(inspector=None).count() == 2) == is_honoured


def test_people_who_are_full_are_the_proof_of_open_seats():
    task = factory.ready_task(n=20, ratio=at_least("100%"))  # 40 seats, ten people of at most three visits each

    batch = drawn_with(factory.make_batch(task, settings=to_store(Settings(per_person=3))))

    proofs = proofs_of(batch)
    assert sum(len(proof.open) for proof in proofs) == 10
    assert sorted(proofs[0].full) == [f"演示SCJG{at:02}（SCJG）" for at in range(10)]
    assert sum(proof.n_reached for proof in proofs) == 30


def test_the_page_of_open_seats_tells_the_proof_in_words(client: Client):
    task = factory.ready_task(n=5, ratio=at_least("100%"))
    shop = Subject.objects.order_by("number").first()
    conflict_with(shop, list(Inspector.objects.all()))
    batch = drawn_with(factory.make_batch(task))
    reader = signed_in(client, keeper_of(batch.department))

    page = reader.get(reverse("draws:unfilled", args=[batch.pk])).content.decode()

    assert shop.name in page
    assert "没有任何人同时符合这些席位的部门、事项、资质、管辖范围和回避要求。" in page
    assert reverse("draws:unfilled", args=[batch.pk]) in reader.get(batch.get_absolute_url()).content.decode()


def test_the_page_for_signature_shows_in_red_where_people_lack(client: Client):
    batch = factory.make_batch(make_task(make_stations()), matching=Matching.STATIONS)
    reader = signed_in(client, keeper_of(batch.department))

    page = reader.get(reverse("draws:preparation", args=[batch.pk])).content.decode()

    assert MEANING[Matching.STATIONS] in page
    assert '<p class="text-danger">SCJG管辖的对象：每户会空缺 2 个席位，没有足够的人可去。</p>' in page


def test_the_preparation_says_each_reason_once():
    expired = [(f"演示{day:02}", f"执法证已于 2026-02-{day:02} 到期") for day in (7, 3, 5)]
    need = Need("演示局", 2, 9, 32, 540, [("演示一所", 2), ("演示二所", 1), ("演示三所", 2)])

    told = PeopleView("演示局", 9, need, [("演示甲", "没有有效的执法证"), *expired, ("演示乙", "离岗")])

    assert told.reasons == [("执法证已于 2026-02-03～2026-02-07 到期", 3), ("没有有效的执法证", 1), ("离岗", 1)]
    assert told.shortages == [(2, ["演示一所", "演示三所"]), (1, ["演示二所"])]


def prepared(batch: Batch) -> list[tuple[str, int, int, int, int, list[tuple[str, int]]]]:
    found = preparation_of(batch, at=NOW).people
    needs = [one.need for one in found]
    return [(n.department, n.n_seats, n.n_free, n.n_all, n.n_left, n.places) for n in needs]


@pytest.mark.parametrize(
    ("mode", "per_person", "expected", "is_short"),
    [
        (Matching.GLOBAL, 60, ("SCJG", 2, 12, 32, 720, []), False),
        (Matching.GLOBAL, 2, ("SCJG", 2, 12, 32, 24, []), True),
        (Matching.STATIONS, 60, ("SCJG", 2, 9, 32, 540, [("SCJG", 2)]), True),
        (Matching.STATIONS_CROSS, 60, ("SCJG", 2, 9, 32, 540, []), False),
    ],
)
def test_the_preparation_says_where_people_will_lack(mode, per_person, expected, is_short):
    task = make_task(make_stations())
    batch = factory.make_batch(task, matching=mode, settings=to_store(Settings(per_person=per_person)))

    assert prepared(batch) == [expected]
    assert preparation_of(batch, at=NOW).people[0].need.is_short == is_short


@pytest.mark.parametrize("mode", [Matching.GLOBAL, Matching.REGION, Matching.STATIONS])
def test_the_preparation_says_the_same_before_and_after_the_freeze(mode):
    batch = factory.make_batch(make_task(make_stations()), matching=mode)
    before = preparation_of(batch, at=NOW)

    batch = factory.frozen(batch)
    with open_for_writing():
        Inspector.objects.update(state="inactive")  # what comes later does not change what was signed
    after = preparation_of(batch, at=NOW)

    assert after.people == before.people
    assert [(pool.size, pool.n, pool.left_out) for pool in after.pools] == [
        (pool.size, pool.n, pool.left_out) for pool in before.pools
    ]


def test_two_people_who_cannot_both_go_are_told_before_the_draw():
    task = factory.ready_task(n=5)
    with open_for_writing():
        Inspector.objects.exclude(number="SCJG00").update(state="inactive")

    assert prepared(factory.make_batch(task)) == [("SCJG", 2, 1, 2, 60, [("SCJG", 1)])]


def test_nobody_at_all_is_refused():
    batch = factory.make_batch(factory.ready_task(n=5))
    with open_for_writing():
        Inspector.objects.update(state="inactive")

    with pytest.raises(Refused) as refused:
        factory.frozen(batch)

    assert refused.value.code == "draws.nobody"


# Load and papers -----------------------------------------------------------------------------------


def test_who_has_gone_often_this_year_goes_less_often_now():
    first = factory.drawn(factory.make_batch(factory.ready_task(n=7, ratio=at_least("100%"))))
    gone = {one.number: one.seats.filter(batch=first).count() for one in Inspector.objects.all()}
    second = factory.ready_task(first.department, first=101, n=8, ratio=at_least("100%"))
    later = NOW + timedelta(days=1)
    batch = factory.make_batch(second, closes_at=later + timedelta(hours=1), beacon_at=later + timedelta(hours=2))

    roster = roster_of(batch, on=TODAY, keepers={BUREAU})
    factory.drawn(factory.committed(batch, at=later))

    assert {person.inspector.number: person.load0 for person in roster.people} == gone
    assert {one.seats.count() for one in Inspector.objects.all()} == {3}  # 14 and 16 seats: three for each of ten


def test_at_a_shared_door_who_came_for_a_draw_that_was_given_up_has_not_gone():
    shared = factory.drawn(factory.joint_batch(n=10))
    given_up = shared.draws.get(seq=2)
    later = NOW + timedelta(days=1)
    task = factory.ready_task(given_up.task.department, first=5_001, n=5)
    batch = factory.make_batch(task, closes_at=later + timedelta(hours=1), beacon_at=later + timedelta(hours=2))

    def loads(batch: Batch) -> int:
        roster = roster_of(batch, on=TODAY, keepers={BUREAU})
        return sum(person.load0 for person in roster.people)

    n_seats = Seat.objects.filter(batch=shared, department=given_up.task.department).exclude(inspector=None).count()
    shared_doors = Visit.objects.filter(subject__hits__draw=given_up).filter(subject__hits__draw__seq=1)
    before = loads(batch)
    factory.give_up_late(given_up)

    assert shared_doors.exists()
    assert (before, loads(batch)) == (n_seats, 0)


@pytest.mark.parametrize(
    ("first", "second", "load"), [("official", "official", 2), ("test", "official", 0), ("official", "test", 0)]
)
def test_practice_and_earnest_do_not_count_for_each_other(first, second, load):
    task = factory.ready_task(n=10, ratio=at_least("100%"))
    factory.drawn(factory.make_batch(task, mode=first))
    other = factory.ready_task(task.department, first=101, n=5)

    roster = roster_of(factory.make_batch(other, mode=second), on=TODAY, keepers={BUREAU})

    assert {person.load0 for person in roster.people} == {load}


def test_a_certificate_that_ends_between_draw_and_visit_is_shown():
    batch = factory.drawn(factory.make_batch(factory.ready_task(n=10, ratio=at_least("100%"))))
    seat = batch.visits.first().seats.first()
    assert expiring(batch, on=TODAY) == []
    renewed(seat.inspector, (None, date(2026, 6, 30)))

    found = expiring(batch, on=TODAY)

    assert {one.seat.inspector for one in found} == {seat.inspector}
    assert len(found) == seat.inspector.seats.count()
    assert {(one.until, one.needed_on) for one in found} == {(date(2026, 6, 30), END)}


@pytest.mark.parametrize(("visit_on", "n"), [(date(2026, 6, 30), 0), (date(2026, 7, 1), 1), (None, 1)])
def test_a_visit_that_has_its_day_counts_by_that_day(visit_on, n):
    batch = factory.drawn(factory.make_batch(factory.ready_task(n=5, ratio=at_least("20%"))))
    visit = batch.visits.get()
    with open_for_writing():
        batch.visits.update(visit_on=visit_on)
    renewed(visit.seats.first().inspector, (None, date(2026, 6, 30)))

    assert len(expiring(batch, on=TODAY)) == n
