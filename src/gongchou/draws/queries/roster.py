"""Who can be dealt to the visits of a batch, what each may do, and why the others cannot (R-58 to R-63)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Max, Q

from gongchou.accounts.models import Department, Region
from gongchou.accounts.queries import and_below
from gongchou.draw.encoding import Document, is_id
from gongchou.draws.models import Batch, Draw, Seat, Visit
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.queries.results import standing
from gongchou.draws.settings import settings_of
from gongchou.draws.states import UNDER_WAY, Matching, Mode
from gongchou.plans.models import Participant
from gongchou.plans.states.joint import InvitationState
from gongchou.refusal import Refused
from gongchou.registry.models import Conflict, Inspector, Leave
from gongchou.registry.queries.inspectors import certificates_holding_on

BUREAU, STATION = "bureau", "station"
STATIONS_ONLY = (Matching.STATIONS, Matching.STATIONS_CROSS, Matching.ALL_STATIONS)
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
    parties = {draw.seq: _parties(draw) for draw in draws}
    ends_on = max(draw.task.ends_on for draw in draws)
    people = _people(batch, {party.department for own in parties.values() for party in own}, on, ends_on)
    skills = _give_skills(parties, people)
    for person in people:
        person.skills.add(STATION if person.is_of_station else BUREAU)
    _give_pools(batch, people, set(keepers))
    _give_loads(batch, people)
    slots = {
        seq: [group for party in own for group in _groups(batch, party, skills[seq, party.department_id], seq)]
        for seq, own in parties.items()
    }
    return Roster(people, slots)


def _parties(draw: Draw) -> list[Participant]:
    rows = draw.task.participants.filter(state=InvitationState.ACCEPTED)
    return list(rows.select_related("department__region").prefetch_related("items").order_by("-is_lead", "department"))


def _people(batch: Batch, departments: set[Department], on: date, ends_on: date) -> list[Person]:
    found: dict[UUID, Person] = {}
    for department in sorted(departments, key=lambda one: one.code):
        units = units_of(department, with_lower=settings_of(batch.settings).with_lower)
        rows = Inspector.objects.filter(department__in=units).select_related("department__region")
        for inspector in rows.prefetch_related("items", "tags").order_by("number"):
            found.setdefault(inspector.pk, Person(inspector, department))
    _say_why_out(batch, found, on, ends_on)
    return list(found.values())


def units_of(department: Department, *, with_lower: bool) -> set[UUID]:
    """A department, its internal units, and where lower levels take part those under its line of command."""
    found, edge = {department.pk}, {department.pk}
    while edge:
        below = Q(parent__in=edge, is_internal_unit=True) | Q(parent__in=edge, level=Department.Level.TOWN)
        below |= Q(line_parent__in=edge) if with_lower else Q()
        edge = set(Department.objects.filter(below, is_active=True).values_list("pk", flat=True)) - found
        found |= edge
    return found


def _say_why_out(batch: Batch, people: Mapping[UUID, Person], on: date, ends_on: date) -> None:
    good = certificates_holding_on(on).filter(inspector__in=people)
    until = dict(good.order_by().values_list("inspector").annotate(Max("valid_to")))
    away = _away(people, on, ends_on)
    for person in people.values():
        one = person.inspector
        if one.state != Inspector.State.ACTIVE:
            person.why_out = f"名录中失效{f'：{one.state_reason}' if one.state_reason else ''}"
        elif one.category in HELPERS:
            person.why_out = f"{one.get_category_display()}只能协助，不作为执法人员抽取"
        elif one.pk not in until:
            person.why_out = "没有有效的执法证"
        elif until[one.pk] < ends_on:
            person.why_out = f"执法证 {until[one.pk]} 到期，早于任务结束"
        elif one.pk in away:
            person.why_out = away[one.pk]
        elif batch.matching in STATIONS_ONLY and not person.is_of_station:
            person.why_out = f"{batch.get_matching_display()}只抽所里人员"


def _away(people: Mapping[UUID, Person], on: date, ends_on: date) -> dict[UUID, str]:
    """Who is away from the day of the draw to the end of the task."""
    rows = Leave.objects.filter(inspector__in=people, revoked_at=None, begins_on__lte=on, ends_on__gte=ends_on)
    return {one.inspector_id: f"{one.get_reason_display()} {one.begins_on} 至 {one.ends_on}" for one in rows}


def _give_skills(parties: Mapping[int, list[Participant]], people: Sequence[Person]) -> dict[tuple[int, UUID], str]:
    """Say who may do the items of each department in each draw; return (seq, department) -> name of that skill.

    Where the same people may, it is one skill: two tasks of a department at one door then need one team.
    """
    names: dict[tuple[UUID, frozenset[UUID]], str] = {}
    found: dict[tuple[int, UUID], str] = {}
    for seq, own in sorted(parties.items()):
        for party in own:
            able = _able(party, people)
            key = (party.department_id, frozenset(person.inspector.pk for person in able))
            skill = found[seq, party.department_id] = names.setdefault(key, f"t{seq}")
            for person in able:
                person.skills.add(skill)
                if party.qualification and _is_qualified(person.inspector, party.qualification):
                    person.skills.add(f"q{seq}")
    return found


def _able(party: Participant, people: Sequence[Person]) -> list[Person]:
    """Who of a department may do all the items it brings."""
    wanted = {item.pk for item in party.items.all()}
    own = [person for person in people if person.department.pk == party.department_id and not person.why_out]
    return [
        person
        for person in own
        if person.inspector.does_all_items or wanted <= {item.pk for item in person.inspector.items.all()}
    ]


def _is_qualified(inspector: Inspector, qualification: str) -> bool:
    """Whether a tag says what is asked for; 专家 asks for any expert."""
    names = {tag.name for tag in inspector.tags.all()}
    return qualification in names or (inspector.is_expert and "专家" in qualification)


def _give_pools(batch: Batch, people: Sequence[Person], keepers: set[str]) -> None:
    """Which units' objects each may visit, as the mode says."""
    if batch.matching in (Matching.GLOBAL, Matching.ALL_STATIONS, Matching.STATIONS_CROSS):
        return
    region_of = dict(Department.objects.filter(code__in=keepers).values_list("code", "region"))
    below: dict[UUID, set[UUID]] = {}
    for person in people:
        if batch.matching == Matching.BUREAU_STATION and person.is_of_station:
            person.pools = frozenset({person.unit.code} & keepers)
            continue
        root = _county(person.unit.region) if batch.matching == Matching.STATIONS else person.unit.region
        inside = below.setdefault(root.pk, set(and_below(Region, root.pk)))
        person.pools = frozenset(code for code, region in region_of.items() if region in inside)


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


def _groups(batch: Batch, party: Participant, skill: str, seq: int) -> list[Document]:
    """The slot groups of a department, the one with the scarce skill first."""
    scarce = f"q{seq}" if party.qualification else None
    told = {"department": party.department.code}
    left, found = party.n_people, []
    if scarce:
        found.append({**told, "count": 1, "skills": sorted([scarce, skill])})
        left -= 1
    if batch.matching == Matching.BUREAU_STATION and left > 1:
        of_station = left // 2
        found.append({**told, "count": left - of_station, "skills": sorted([BUREAU, skill])})
        found.append({**told, "count": of_station, "skills": sorted([skill, STATION])})
    elif left:
        found.append({**told, "count": left, "skills": [skill]})
    return found


def conflicts_of(people: Iterable[Person], on: date, until: date) -> list[tuple[UUID, UUID]]:
    """(inspector, subject) who must not meet between two days; what is not decided yet is honoured already (R-60)."""
    rows = Conflict.objects.filter(
        Q(begins_on=None) | Q(begins_on__lte=until),
        Q(ends_on=None) | Q(ends_on__gte=on),
        inspector__in=[person.inspector.pk for person in people],
        decision__in=(Conflict.Decision.PENDING, Conflict.Decision.UPHELD),
    )
    return list(rows.values_list("inspector", "subject"))
