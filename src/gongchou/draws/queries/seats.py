"""Seats: whether there are people for all of them, which stayed open and why, and whose papers end too early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Max

from gongchou.accounts.models import Department
from gongchou.draw import roster as core
from gongchou.draw.match import Match, match
from gongchou.draws import store
from gongchou.draws.models import Batch, Hit, Seat
from gongchou.draws.queries.dealt import Crew, Person
from gongchou.draws.queries.holders import Holders, holders_of
from gongchou.draws.queries.papers import Papers
from gongchou.draws.queries.results import standing
from gongchou.draws.queries.roster import Roster
from gongchou.draws.queries.slots import BUREAU, STATION
from gongchou.draws.settings import settings_of
from gongchou.draws.states import Matching
from gongchou.registry.models import Inspector, StandingTeam

NO_SEED = "0" * 64  # whoever is dealt does not matter where only the number is asked for


@dataclass(frozen=True)
class Need:
    """What is asked of a department's people.

    n_seats: at a door, at most; n_free: who has not reached her cap; n_all: seats of all doors, at most; n_left: visits
    that all may still be dealt this year; places: keeping unit -> seats that stay open at each of its doors
    """

    department: str
    n_seats: int
    n_free: int
    n_all: int
    n_left: int
    places: list[tuple[str, int]]

    @property
    def is_short(self) -> bool:
        """Whether seats may or will stay open."""
        return self.n_seats > self.n_free or self.n_all > self.n_left or bool(self.places)


def needs_of(
    batch: Batch, roster: Roster, keepers: Mapping[int, set[str]], n_drawn: Mapping[int, int]
) -> dict[str, Need]:
    """Department (its code) -> what is asked of it.

    keepers: by ``seq`` the units that keep the objects of a draw; n_drawn: how many each draws
    """
    groups = {seq: core.groups_of({"slots": own}) for seq, own in roster.slots.items()}
    seats = Counter(group.department for group in core.merge_groups(groups.values()) for _ in range(group.places))
    whole = Counter[str | None]()
    for seq, own in groups.items():
        for group in own:
            whole[group.department] += group.places * n_drawn[seq]
    cap = settings_of(batch.settings).per_person
    free = [person for person in roster.present if person.load0 < cap]
    open_at = _open_at_doors(batch, free, groups, keepers)
    names = dict(Department.objects.values_list("code", "short_name"))
    found = {}
    for code in sorted(filter(None, seats)):
        own_free = [person for person in free if person.department.code == code]
        places = sorted((names[keeper], n) for (keeper, department), n in open_at.items() if department == code)
        n_left = sum(cap - person.load0 for person in own_free)
        found[code] = Need(names[code], seats[code], len(own_free), whole[code], n_left, places)
    return found


def _open_at_doors(
    batch: Batch,
    free: Sequence[Person | Crew],
    groups: Mapping[int, tuple[core.SlotGroup, ...]],
    keepers: Mapping[int, set[str]],
) -> Counter[tuple[str, str | None]]:
    """(keeping unit, department) -> seats nobody can take at a door there that all its draws selected."""
    doors = []
    for keeper in sorted(set().union(*keepers.values())):
        own = [groups[seq] for seq, units in sorted(keepers.items()) if keeper in units]
        doors.append(core.Task(keeper, keeper, core.merge_groups(own)))
    people = [_card(person, cap=len(doors)) for person in free]
    dealt = match(
        doors,
        core.Roster(people, (), cross_home=batch.matching == Matching.STATIONS_CROSS),
        task_prefix=NO_SEED,
        inspector_prefix=NO_SEED,
    )
    return Counter((door.id, group.department) for door, group in _unfilled(dealt))


def _card(one: Person | Crew, *, cap: int) -> core.Inspector:
    return core.Inspector(
        str(one.key),
        one.department.code,
        one.unit.code,
        one.pools,
        frozenset(one.skills),
        cap,
        0,
    )


def _unfilled(dealt: Match) -> list[tuple[core.Task, core.SlotGroup]]:
    return [
        (task, group)
        for at, task in enumerate(dealt.tasks)
        for slot, group in enumerate(task.slots())
        if (at, slot) not in dealt.seats
    ]


# What stayed open ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenSeat:
    """A seat that the draw could not fill. now: who holds it since, empty if nobody; is_gone: nobody visits it"""

    subject: str
    number: int
    department: str
    wanted: str
    now: str
    is_gone: bool = False


@dataclass(frozen=True)
class Proof:
    """Why some seats stayed open: all who might take them are full, and hold seats that only they can take.

    n_reached: how many seats of others belong to the proof
    """

    open: list[OpenSeat]
    full: list[str]
    n_reached: int


def proofs_of(batch: Batch) -> list[Proof]:
    """What ``unfilled.tsv`` says, seat by seat."""
    kept = batch.evidence.filter(path="unfilled.tsv").first()
    if kept is None:
        return []
    rows: dict[str, dict[str, list[str]]] = {}
    for name, kind, what in _lines(kept.sha256):
        rows.setdefault(name, {"open": [], "reached": [], "full": []})[kind].append(what)
    names = words_of(holders_of(batch))
    seats = _seats_named(batch, {place.rpartition(":")[0] for own in rows.values() for place in own["open"]})
    return [
        Proof([seats[place] for place in own["open"]], [names[one] for one in own["full"]], len(own["reached"]))
        for own in rows.values()
    ]


def _lines(sha256: str) -> list[list[str]]:
    return [line.split("\t") for line in store.read(sha256).decode().splitlines()]


def words_of(holders: Holders) -> dict[str, str]:
    """What the evidence calls somebody, or a team -> name and unit."""
    firsts = [own[0] for own in holders.values()]
    people = Inspector.objects.select_related("department").in_bulk({one.inspector for one in firsts})
    teams = StandingTeam.objects.select_related("department").in_bulk({one.team for one in firsts if one.team})
    found = {}
    for name, own in holders.items():
        one = teams[own[0].team] if own[0].team else people[own[0].inspector]
        found[name] = f"{one.name}（{one.department.short_name}）"
    return found


def _seats_named(batch: Batch, pids: set[str]) -> dict[str, OpenSeat]:
    """``object:slot`` of the table -> the seat in words, as it was last where the object was replaced since."""
    rows = Seat.objects.filter(visit__batch=batch, visit__pid__in=pids, member=1)
    rows = rows.order_by(F("ended_at").asc(nulls_last=True))
    asked = _qualifications(batch)
    doors = set(standing(batch.visits.filter(pid__in=pids)).values_list("pk", flat=True))
    found = {}
    for one in rows.select_related("visit__subject", "department", "inspector", "team"):
        wanted = _wanted(one, asked)
        now = str(one.team or one.inspector or "")
        seat = OpenSeat(
            one.visit.subject.name, one.number, one.department.short_name, wanted, now, one.visit_id not in doors
        )
        found[f"{one.visit.pid}:{one.number}"] = seat
    return found


def _qualifications(batch: Batch) -> dict[tuple[str, UUID], str]:
    """Skill and department -> the qualification it stands for."""
    rows = batch.draws.values_list(
        "seq", "task__participants__department", "task__participants__qualification", named=False
    )
    return {(f"q{seq}", department): words for seq, department, words in rows if words}


def _wanted(seat: Seat, asked: Mapping[tuple[str, UUID], str]) -> str:
    words = {BUREAU: "局机关人员", STATION: "所里人员", core.TEAM: "检查小组"}
    told = [words.get(skill) or asked.get((skill, seat.department_id), "") for skill in seat.wanted.split(",")]
    return "、".join(filter(None, told))


# Papers -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expiring:
    """A seat whose holder's certificate ends before the visit, or before the task does. until: None if none holds."""

    seat: Seat
    until: date | None
    needed_on: date


def expiring(batch: Batch, *, on: date) -> list[Expiring]:
    """Seats to be looked at before anybody sets out; by inspector, then by visit."""
    held = Seat.objects.filter(batch=batch, ended_at=None).exclude(inspector=None)
    needed = _needed_on(batch)
    latest = max(needed.values(), default=on)
    people = set(held.order_by().values_list("inspector", flat=True))
    papers = Papers(people)
    good = {pk: papers.good_until(pk, on) for pk in people}
    doubtful = [pk for pk, until in good.items() if until is None or until < latest]
    rows = held.filter(inspector__in=doubtful).select_related("inspector", "visit__subject")
    found = []
    for seat in rows.order_by("inspector__number", "visit__subject__number", "number"):
        until, day = good[seat.inspector_id], seat.visit.visit_on or needed.get(seat.visit.subject_id, latest)  # type: ignore[index]
        if until is None or until < day:
            found.append(Expiring(seat, until, day))
    return found


def _needed_on(batch: Batch) -> dict[UUID, date]:
    """Subject -> the end of the last task that selected it."""
    places = (Hit.Place.SELECTED, Hit.Place.CAME_IN)
    rows = Hit.objects.filter(batch=batch, place__in=places).order_by().values("subject")
    return dict(rows.annotate(last=Max("draw__task__ends_on")).values_list("subject", "last"))
