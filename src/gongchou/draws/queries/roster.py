"""Who can be dealt to the visits of a batch, what each may do, and why the others cannot (R-58 to R-63)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from gongchou.accounts.models import Department, Region
from gongchou.accounts.queries import and_below
from gongchou.draw.encoding import Document, is_id
from gongchou.draws.models import Batch, Draw, Seat, Visit
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.queries.papers import Papers
from gongchou.draws.queries.results import standing
from gongchou.draws.queries.slots import BUREAU, STATION, Want, groups_of, wants_of
from gongchou.draws.settings import settings_of
from gongchou.draws.states import UNDER_WAY, Matching, Mode
from gongchou.plans.models import Participant
from gongchou.plans.states.joint import TAKING_PART
from gongchou.refusal import Refused
from gongchou.registry.models import Conflict, Inspector

STATIONS_ONLY = (Matching.STATIONS, Matching.STATIONS_CROSS, Matching.ALL_STATIONS)
EVERYWHERE = (Matching.GLOBAL, Matching.ALL_STATIONS, Matching.STATIONS_CROSS)
HELPERS = (Inspector.Category.EXPERT, Inspector.Category.ASSISTANT)


@dataclass
class Person:
    """An inspector of a department that takes part. why_out: empty for who can be dealt.

    pools: codes of the keeping units whose objects she may visit, None for all; load0: visits this year already
    """

    inspector: Inspector
    department: Department
    why_out: str = ""
    skills: set[str] = field(default_factory=set)
    pools: frozenset[str] | None = None
    load0: int = 0

    @property
    def unit(self) -> Department:
        """Her own unit."""
        return self.inspector.department

    @property
    def is_of_station(self) -> bool:
        """Whether she belongs to a station (所) and not to the bureau."""
        return self.unit.level == Department.Level.TOWN


@dataclass(frozen=True)
class Roster:
    """Everybody asked about, and the slot groups of each draw by its ``seq``."""

    people: list[Person]
    slots: Mapping[int, list[Document]]

    @property
    def present(self) -> list[Person]:
        """Who can be dealt."""
        return [person for person in self.people if not person.why_out]


def roster_of(batch: Batch, *, on: date, keepers: Iterable[str] = ()) -> Roster:
    """Look at the people of all departments that take part.

    on: the day of the draw; keepers: codes of the keeping units of the objects that can be drawn
    Raises Refused ``draws.unit_code``.
    """
    draws = draws_of(batch)
    parties = {draw: _parties(draw) for draw in draws}
    people = _people(batch, {party.department for own in parties.values() for party in own})
    with_stations = {person.department.pk for person in people if person.is_of_station}
    _say_why_out(batch, people, with_stations)
    skills = _give_skills(parties, people, on)
    _give_pools(batch, people, set(keepers), with_stations)
    _give_loads(batch, people)
    linked = with_stations if batch.matching == Matching.BUREAU_STATION else set()
    return Roster(people, _slots(parties, skills, people, linked))


def _parties(draw: Draw) -> list[Participant]:
    rows = draw.task.participants.filter(state__in=TAKING_PART)
    rows = rows.select_related("department__region").prefetch_related("items")
    return list(rows.order_by("-is_lead", "department__code"))


def _people(batch: Batch, departments: Iterable[Department]) -> list[Person]:
    """Everybody, each with the nearest of the departments that take part: a county's people are not the city's."""
    with_lower = settings_of(batch.settings).with_lower
    units = {one: units_of(one, with_lower=with_lower) for one in departments}
    found: dict[UUID, Person] = {}
    for department in sorted(units, key=lambda one: (len(units[one]), one.code)):
        rows = Inspector.objects.filter(department__in=units[department]).select_related("department__region")
        for inspector in rows.prefetch_related("items", "tags").order_by("number"):
            found.setdefault(inspector.pk, Person(inspector, department))
    return sorted(found.values(), key=lambda person: (person.department.code, person.inspector.number))


def units_of(department: Department, *, with_lower: bool) -> set[UUID]:
    """A department, its internal units, and where lower levels take part those under its line of command."""
    found, edge = {department.pk}, {department.pk}
    while edge:
        below = Q(parent__in=edge, is_internal_unit=True) | Q(parent__in=edge, level=Department.Level.TOWN)
        below |= Q(line_parent__in=edge) if with_lower else Q()
        edge = set(Department.objects.filter(below, is_active=True).values_list("pk", flat=True)) - found
        found |= edge
    return found


def _say_why_out(batch: Batch, people: Sequence[Person], with_stations: set[UUID]) -> None:
    """What keeps somebody from every task: the register, the category, the mode."""
    for person in people:
        one = person.inspector
        if one.state != Inspector.State.ACTIVE:
            person.why_out = f"名录中失效{f'：{one.state_reason}' if one.state_reason else ''}"
        elif one.category in HELPERS:
            person.why_out = f"{one.get_category_display()}只能协助，不作为执法人员抽取"
        elif batch.matching in STATIONS_ONLY and not person.is_of_station and person.department.pk in with_stations:
            person.why_out = f"{batch.get_matching_display()}只抽所里人员"


@dataclass(frozen=True)
class _Skills:
    """Names of skills: of who may do what a department does in a draw, and of who has the qualification it asks for."""

    able: str
    scarce: str = ""


def _give_skills(
    parties: Mapping[Draw, list[Participant]], people: Sequence[Person], on: date
) -> dict[tuple[int, UUID], _Skills]:
    """Say who may do what each department does in each draw; who may do nothing is out. By (seq, department).

    Where the same people may, it is one skill: two tasks of a department at one door then need one team.
    """
    papers = Papers(person.inspector.pk for person in people)
    names: dict[object, str] = {}
    found: dict[tuple[int, UUID], _Skills] = {}
    why: dict[UUID, list[str]] = {}
    for draw, own in sorted(parties.items(), key=lambda pair: pair[0].seq):
        for party in own:
            able = _able(draw, party, people, papers, on, why)
            qualified = [
                one for one in able if party.qualification and _is_qualified(one.inspector, party.qualification)
            ]
            skill = _named(names, f"t{draw.seq}", (party.department_id, ""), able)
            scarce = party.qualification and _named(
                names, f"q{draw.seq}", (party.department_id, party.qualification), qualified
            )
            found[draw.seq, party.department_id] = _Skills(skill, scarce)
    for person in people:
        reasons = why.get(person.inspector.pk)
        if reasons and all(reasons) and not person.why_out:
            person.why_out = reasons[0]
    return found


def _named(names: dict[object, str], fresh: str, key: tuple[UUID, str], holders: Sequence[Person]) -> str:
    """The skill that exactly these people of a department have, given to them when it is new."""
    skill = names.setdefault((*key, frozenset(person.inspector.pk for person in holders)), fresh)
    for person in holders:
        person.skills.add(skill)
    return skill


def _able(
    draw: Draw, party: Participant, people: Sequence[Person], papers: Papers, on: date, why: dict[UUID, list[str]]
) -> list[Person]:
    """Who of a department may do all the items it brings, with papers that last, and is there. why: why not, by draw"""
    wanted = {item.pk for item in party.items.all()}
    days = {"on": on, "begins_on": draw.task.begins_on, "ends_on": draw.task.ends_on}
    able = []
    for person in people:
        if person.department.pk != party.department_id or person.why_out:
            continue
        one = person.inspector
        told = papers.why_not(one.pk, **days)
        if not told and not one.does_all_items and not wanted <= {item.pk for item in one.items.all()}:
            told = "执法事项范围不含本任务的事项"
        why.setdefault(one.pk, []).append(told)
        if not told:
            able.append(person)
    return able


def _is_qualified(inspector: Inspector, qualification: str) -> bool:
    """Whether a tag says what is asked for; 专家 asks for any expert."""
    names = {tag.name for tag in inspector.tags.all()}
    return qualification in names or (inspector.is_expert and "专家" in qualification)


def _give_pools(batch: Batch, people: Sequence[Person], keepers: set[str], with_stations: set[UUID]) -> None:
    """Which units' objects each may visit, as the mode says; a department without stations sends its own people."""
    region_of = dict(Department.objects.filter(code__in=keepers).values_list("code", "region"))
    below: dict[UUID, set[UUID]] = {}
    for person in people:
        has_stations = person.department.pk in with_stations
        if batch.matching in EVERYWHERE or (batch.matching in STATIONS_ONLY and not has_stations):
            continue
        if batch.matching == Matching.BUREAU_STATION and person.is_of_station:
            person.pools = frozenset(_upwards(person.unit) & keepers)
        else:
            root = _county(person.unit.region) if batch.matching == Matching.STATIONS else person.unit.region
            inside = below.setdefault(root.pk, set(and_below(Region, root.pk)))
            person.pools = frozenset(code for code, region in region_of.items() if region in inside)
        if not person.pools and not person.why_out:
            person.why_out = "名单中没有其管辖范围内的对象"


def _upwards(unit: Department) -> set[str]:
    """A station and the bureaus above it, whose own objects lie with all of their stations."""
    found: set[str] = set()
    at: Department | None = unit
    while at is not None and at.code not in found:
        found.add(at.code)
        at = at.parent or at.line_parent
    return found


def _county(region: Region) -> Region:
    """The county a region lies in, or itself."""
    at: Region | None = region
    while at is not None and at.level != Region.Level.COUNTY:
        at = at.parent
    return at or region


def _give_loads(batch: Batch, people: Sequence[Person]) -> None:
    """Visits of the year so far, from draws that stand: work is evened out over the year."""
    rows = (
        Seat.objects.filter(
            batch__year=batch.year, batch__mode=Mode.OFFICIAL, batch__state__in=UNDER_WAY, ended_at=None
        )
        .filter(visit__in=standing(Visit.objects.order_by()))
        .exclude(inspector=None)
    )
    loads = Counter(rows.order_by().values_list("inspector", flat=True))
    for person in people:
        person.load0 = loads.get(person.inspector.pk, 0) if batch.mode == Mode.OFFICIAL else 0
        if not is_id(person.unit.code) or not is_id(person.department.code):
            raise Refused("draws.unit_code", code=person.unit.code)


def _slots(
    parties: Mapping[Draw, list[Participant]],
    skills: Mapping[tuple[int, UUID], _Skills],
    people: Sequence[Person],
    linked: set[UUID],
) -> dict[int, list[Document]]:
    """The slot groups of each draw, and to everybody the skills that these name besides."""
    for person in people:
        person.skills.add(STATION if person.is_of_station else BUREAU)
    in_bureau = {
        (person.department.pk, skill)
        for person in people
        if not person.why_out and not person.is_of_station
        for skill in person.skills
    }
    wants: dict[int, list[Want]] = {}
    for draw, own in parties.items():
        wants[draw.seq] = []
        for party in own:
            has = skills[draw.seq, party.department_id]
            wants[draw.seq] += wants_of(
                party.department.code,
                party.n_people,
                has.able,
                scarce=has.scarce,
                is_linked=party.department_id in linked,
                scarce_side=BUREAU if (party.department_id, has.scarce) in in_bureau else STATION,
            )
    groups, markers = groups_of(wants)
    for person in people:
        person.skills |= markers
    return groups


def conflicts_of(people: Iterable[Person], on: date, until: date) -> list[tuple[UUID, UUID]]:
    """(inspector, subject) who must not meet between two days; what is not decided yet is honoured already (R-60)."""
    rows = Conflict.objects.filter(
        Q(begins_on=None) | Q(begins_on__lte=until),
        Q(ends_on=None) | Q(ends_on__gte=on),
        inspector__in=[person.inspector.pk for person in people],
        decision__in=(Conflict.Decision.PENDING, Conflict.Decision.UPHELD),
    )
    return list(rows.values_list("inspector", "subject"))
