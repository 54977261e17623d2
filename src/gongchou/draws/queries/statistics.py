"""What finished draws came to (K-50, K-51): rates, units, tickets, pairs, loads, and what was changed afterwards.

Official draws only. Those that stand are counted; those given up are told apart, and never vanish from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import and_below
from gongchou.draws import odds
from gongchou.draws.models import Batch, Contribution, Draw, Figures, Hit, Seat, Stratum, Visit
from gongchou.draws.pairs import Pairs, Person, pairs_of
from gongchou.draws.queries.batches import visible
from gongchou.draws.queries.results import is_unopened, is_waiting
from gongchou.draws.queries.results import standing as visited
from gongchou.draws.settings import settings_of
from gongchou.draws.states import PUBLIC, BatchState, DrawState, Mode
from gongchou.plans.queries.tasks import visible as visible_tasks
from gongchou.registry.models import Inspector

AMBER = Fraction(2, 100)  # replaced of a stratum, above which a draw is looked at (protocol B.10)
RARE = 0.01  # all rows of a sheet together call nothing rare more often than this, where draws are honest


@dataclass(frozen=True)
class Scope:
    """Which draws: of a year, a department, a territory; each may be left open."""

    year: int | None = None
    department: Department | None = None
    region: Region | None = None

    def draws(self, by: User) -> QuerySet[Draw]:
        """Official draws that were promised to the public and that somebody sees."""
        rows = Draw.objects.filter(batch__mode=Mode.OFFICIAL, batch__state__in=PUBLIC)
        rows = rows.filter(task__in=visible_tasks(by).order_by().values("pk"))
        if self.year:
            rows = rows.filter(batch__year=self.year)
        if self.department:
            rows = rows.filter(task__department=self.department)
        if self.region:
            rows = rows.filter(task__department__region__in=and_below(Region, self.region.pk))
        return rows

    @property
    def departments(self) -> QuerySet[Department]:
        """Those that are asked about."""
        rows = Department.objects.order_by()
        if self.department:
            rows = rows.filter(pk=self.department.pk)
        if self.region:
            rows = rows.filter(region__in=and_below(Region, self.region.pk))
        return rows

    def batches(self, by: User) -> QuerySet[Batch]:
        """Their batches; who sees one of its tasks sees who was dealt to all of them."""
        return visible(by).filter(pk__in=self.draws(by).order_by().values("batch"))


class RateRow(NamedTuple):
    """A stratum label of a department, over all its draws."""

    department: str
    code: str
    label: str
    n_draws: int
    size: int
    n: int
    n_drawn: int


class UnitRow(NamedTuple):
    """A keeping unit in the draws of a department. chance: of something at least as odd among all rows of the sheet"""

    department: str
    unit: str
    size: int
    expected: float
    n_drawn: int
    low: int
    high: int
    chance: float

    @property
    def is_rare(self) -> bool:
        """Honest draws give such a sheet once in a hundred."""
        return self.chance < RARE


class LoadRow(NamedTuple):
    """The visits of a department's people. n_at_cap: who went as often as the batches allow in a year"""

    department: str
    code: str
    n_people: int
    least: int
    median: float
    most: int
    n_at_cap: int


class ChangeRow(NamedTuple):
    """What became of a department's draws.

    worst: the largest part of a stratum that was replaced; n_unopened: promised, without a result, its time over by
    ``GRACE``; n_waiting: promised, and not as late as that; n_silent: numbers promised to a seed and never revealed
    """

    department: str
    code: str
    n_drawn: int
    n_replaced: int
    worst: Fraction
    n_withdrawn: int
    n_withdrawn_late: int
    n_redrawn: int
    n_supplements: int
    n_unopened: int
    n_waiting: int
    n_silent: int
    n_open_seats: int

    @property
    def is_amber(self) -> bool:
        """A stratum had more replaced than the protocol lets pass without a mark."""
        return self.worst > AMBER


def drawn(rows: QuerySet[Draw]) -> QuerySet[Draw]:
    """With a result."""
    return rows.exclude(batch__drawn_at=None)


def standing(rows: QuerySet[Draw]) -> QuerySet[Draw]:
    """With a result that was not given up."""
    return drawn(rows).filter(state=DrawState.LIVE).exclude(batch__state=BatchState.WITHDRAWN)


def seats_of(rows: QuerySet[Draw]) -> QuerySet[Seat]:
    """As they are held now, at the doors that some draw still standing selected."""
    doors = visited(Visit.objects.filter(batch__in=standing(rows).order_by().values("batch")).order_by())
    return Seat.objects.filter(visit__in=doors, ended_at=None)


class Statistics:
    """All figures of a scope, as far as somebody sees; each is asked for when it is shown."""

    def __init__(self, by: User, scope: Scope, *, at: datetime) -> None:
        self.by, self.scope, self.at = by, scope, at
        self.draws = scope.draws(by)
        self.standing = standing(self.draws)

    @cached_property
    def n_standing(self) -> int:
        """Draws that stand."""
        return self.standing.count()

    @cached_property
    def n_uncounted(self) -> int:
        """Batches whose kept files were not counted yet."""
        return Batch.objects.filter(pk__in=self.standing.order_by().values("batch"), figures=None).count()

    @cached_property
    def names(self) -> dict[str, str]:
        """Code of a department -> its short name."""
        return dict(Department.objects.order_by().values_list("code", "short_name"))

    @cached_property
    def rates(self) -> list[RateRow]:
        """By department and stratum; those that stand."""
        return self._rates(self.standing)

    @cached_property
    def given_up(self) -> list[RateRow]:
        """The same of draws that had a result and were given up."""
        gone = drawn(self.draws).exclude(pk__in=self.standing.order_by().values("pk"))
        return self._rates(gone)

    def _rates(self, draws: QuerySet[Draw]) -> list[RateRow]:
        keys = ("draw__task__department__code", "label")
        strata = Stratum.objects.filter(draw__in=draws.order_by().values("pk")).order_by(*keys)
        hits = Hit.objects.filter(draw__in=draws.order_by().values("pk"), rank__lte=F("stratum__n")).order_by()
        own = hits.values_list("draw__task__department__code", "stratum__label").annotate(n=Count("pk"))
        n_drawn = {(code, label): n for code, label, n in own}
        told = strata.values_list(*keys).annotate(Count("pk"), Sum("size"), Sum("n"))
        return [
            RateRow(self.names[code], code, label, n_draws, size, n, n_drawn.get((code, label), 0))
            for code, label, n_draws, size, n in told
        ]

    @cached_property
    def figures(self) -> list[tuple[Draw, Figures]]:
        """What was counted over the files of the draws that stand."""
        rows = self.standing.filter(batch__figures__isnull=False).select_related("batch__figures", "task__department")
        return [(draw, draw.batch.figures) for draw in rows.order_by("batch__code", "seq")]

    @cached_property
    def units(self) -> list[UnitRow]:
        """Each keeping unit's share in the draws of each department, beside what honest draws give.

        Draws of one batch share their tickets and are not independent: of a department the first in a batch counts.
        """
        parts: dict[tuple[str, str], list[tuple[int, int, int, int]]] = defaultdict(list)
        seen: set[tuple[UUID, UUID]] = set()
        for draw, figures in self.figures:
            key = (draw.batch_id, draw.task.department_id)
            if key in seen:
                continue
            seen.add(key)
            for units in figures.units.get(draw.code, {}).values():
                size, n = (sum(one[at] for one in units.values()) for at in (0, 1))
                for unit, (own, own_drawn) in units.items():
                    parts[draw.task.department.code, unit].append((size, n, own, own_drawn))
        return [self._unit(*key, own, len(parts)) for key, own in sorted(parts.items())]

    def _unit(self, code: str, unit: str, parts: Sequence[tuple[int, int, int, int]], n_rows: int) -> UnitRow:
        chances = odds.together(odds.hypergeometric(size, own, n) for size, n, own, _ in parts)
        n_drawn = sum(part[3] for part in parts)
        low, high = odds.range_of(chances, RARE / n_rows)
        expected = float(sum(Fraction(n * own, size) for size, n, own, _ in parts))
        chance = odds.worst_of(odds.tails(chances, n_drawn).both, n_rows)
        size = sum(part[2] for part in parts)
        return UnitRow(self.names[code], self.names.get(unit, unit), size, expected, n_drawn, low, high, chance)

    @cached_property
    def tickets(self) -> list[int]:
        """How many objects have their ticket in each of the equal parts; of each seed once."""
        told = {figures.batch_id: figures.tickets for _, figures in self.figures if figures.tickets}
        return [sum(parts) for parts in zip(*told.values(), strict=True)]

    @cached_property
    def chi_square(self) -> odds.ChiSquare | None:
        """Whether these are as even as chance makes them."""
        return odds.chi_square_of(self.tickets) if self.tickets else None

    # People ---------------------------------------------------------------------------------------

    @cached_property
    def batches(self) -> dict[UUID, Batch]:
        """The batches of the draws that stand, with what was counted over their files where it was."""
        rows = Batch.objects.filter(pk__in=self.standing.order_by().values("batch"))
        return rows.select_related("figures").in_bulk()

    @cached_property
    def seats(self) -> QuerySet[Seat]:
        """Of these batches; of a department its own."""
        rows = seats_of(self.draws)
        return rows.filter(department=self.scope.department) if self.scope.department else rows

    @cached_property
    def _held(self) -> QuerySet[Seat]:
        """That somebody has."""
        return self.seats.exclude(inspector=None).order_by()

    @cached_property
    def pairs(self) -> Pairs:
        """Who met whom in teams; of a department its own people. Read in pieces: a province has a million seats."""
        rows = self._held.order_by("batch", "visit", "number")
        seats = rows.values_list("batch", "visit", "inspector", "inspector__department").iterator()
        known: dict[UUID, Person] = {}  # one object for each, however often she went
        return pairs_of(
            [
                [known.setdefault(seat[2], (seat[2], seat[3])) for seat in team]
                for _, team in groupby(own, key=itemgetter(1))
            ]
            for _, own in groupby(seats, key=itemgetter(0))
        )

    @cached_property
    def people(self) -> dict[UUID, Inspector]:
        """The inspectors of the most repeated pairs."""
        asked = {who for one in self.pairs.repeated for who in one.pair}
        return Inspector.objects.select_related("department").in_bulk(list(asked))

    @cached_property
    def loads(self) -> list[LoadRow]:
        """Visits of everybody who could be dealt, those who were not too."""
        n_visits: Counter[tuple[str, UUID]] = Counter()
        caps: dict[tuple[str, UUID], int] = {}
        for pk, who, code, n in self._held.values_list("batch", "inspector", "department__code").annotate(Count("pk")):
            n_visits[code, who] += n
            _raise(caps, (code, who), self.batches[pk])
        for batch in self.batches.values():
            for code, people in self._roster(batch):
                for one in people:
                    _raise(caps, (code, UUID(one)), batch)
        by_code: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for key, cap in caps.items():
            by_code[key[0]].append((n_visits[key], cap))
        return [self._load(code, own) for code, own in sorted(by_code.items())]

    def _roster(self, batch: Batch) -> list[tuple[str, list[str]]]:
        """Department -> who could be dealt, where it was counted."""
        told: dict[str, list[str]] = batch.figures.people if hasattr(batch, "figures") else {}
        only = self.scope.department
        return [(code, people) for code, people in told.items() if only is None or code == only.code]

    def _load(self, code: str, own: Sequence[tuple[int, int]]) -> LoadRow:
        visits = [n for n, _ in own]
        n_at_cap = sum(n >= cap for n, cap in own)
        told = (len(own), min(visits), float(median(visits)), max(visits), n_at_cap)
        return LoadRow(self.names[code], code, *told)

    # What was changed -----------------------------------------------------------------------------

    @cached_property
    def changes(self) -> list[ChangeRow]:
        """Of all departments with a draw that was promised to the public, or with a part in one."""
        of_draws = self._of_draws()
        replaced = self._replaced()
        seats = self._open_seats()
        silent = self._silent()
        codes = sorted({*self.draws.order_by().values_list("task__department__code", flat=True), *seats, *silent})
        return [
            ChangeRow(
                self.names[code],
                code,
                of_draws["drawn"].get(code, 0),
                sum(n for n, _ in replaced.get(code, ())),
                max((share for _, share in replaced.get(code, ())), default=Fraction(0)),
                of_draws["withdrawn"].get(code, 0),
                of_draws["withdrawn_late"].get(code, 0),
                of_draws["redrawn"].get(code, 0),
                of_draws["supplements"].get(code, 0),
                of_draws["unopened"].get(code, 0),
                of_draws["waiting"].get(code, 0),
                silent.get(code, 0),
                seats.get(code, 0),
            )
            for code in codes
        ]

    def _of_draws(self) -> dict[str, dict[str, int]]:
        rows = {
            "withdrawn": kind_of(self.draws, "withdrawn", self.at),
            "withdrawn_late": kind_of(self.draws, "withdrawn_late", self.at),
            "redrawn": kind_of(self.draws, "redrawn", self.at),
            "supplements": kind_of(self.draws, "supplements", self.at),
            "unopened": kind_of(self.draws, "unopened", self.at),
            "waiting": kind_of(self.draws, "waiting", self.at),
        }
        counted = {
            name: dict(own.order_by().values_list("task__department__code").annotate(Count("pk")))
            for name, own in rows.items()
        }
        n_drawn: Counter[str] = Counter()
        for row in self.rates:
            n_drawn[row.code] += row.n_drawn
        return counted | {"drawn": dict(n_drawn)}

    def _replaced(self) -> dict[str, list[tuple[int, Fraction]]]:
        """Department -> of each stratum how many were replaced, and which part of its number."""
        gone = (Hit.Place.REPLACED,)
        rows = Hit.objects.filter(draw__in=self.standing.order_by().values("pk"), place__in=gone).order_by()
        told = rows.values_list("draw__task__department__code", "stratum", "stratum__n").annotate(n=Count("pk"))
        found: dict[str, list[tuple[int, Fraction]]] = defaultdict(list)
        for code, _, n, n_replaced in told:
            found[code].append((n_replaced, Fraction(n_replaced, n or 1)))
        return found

    def _open_seats(self) -> dict[str, int]:
        """Of each department that sends people, also where none is open."""
        n_open = Count("pk", filter=Q(inspector=None))
        rows = self.seats.filter(department__in=self.scope.departments).order_by()
        return dict(rows.values_list("department__code").annotate(n=n_open))

    def _silent(self) -> dict[str, int]:
        """Of each party to a seed that is closed, also where its number was revealed."""
        rows = Contribution.objects.filter(batch__in=self.draws.order_by().values("batch"))
        rows = rows.filter(department__in=self.scope.departments).exclude(commitment="").exclude(batch__closed_at=None)
        return dict(rows.order_by().values_list("department__code").annotate(n=Count("pk", filter=Q(secret=""))))


def _raise(caps: dict[tuple[str, UUID], int], key: tuple[str, UUID], batch: Batch) -> None:
    """The most visits that any batch of the time allows somebody."""
    caps[key] = max(caps.get(key, 0), settings_of(batch.settings).per_person)


KINDS = {
    "standing": "已抽取，有效",
    "waiting": "等待抽取",
    "withdrawn": "来源截止前撤回",
    "withdrawn_late": "来源截止或信标时间后撤回",
    "redrawn": "代替已撤回的（重抽）",
    "supplements": "补充抽取",
    "unopened": "到时未公布结果",
}
"""What can be asked of draws."""


def kind_of(rows: QuerySet[Draw], kind: str, at: datetime) -> QuerySet[Draw]:
    """The draws of a kind. A batch that was given up as a whole gives up its draws."""
    whole = Q(batch__state=BatchState.WITHDRAWN, state=DrawState.LIVE)
    match kind:
        case "standing":
            return standing(rows)
        case "waiting":
            return rows.filter(is_waiting(at))
        case "withdrawn":
            return rows.filter(Q(state=DrawState.WITHDRAWN) | (whole & Q(batch__seed="")))
        case "withdrawn_late":
            return rows.filter(Q(state=DrawState.WITHDRAWN_LATE) | (whole & ~Q(batch__seed="")))
        case "redrawn":
            return rows.exclude(supersedes=None)
        case "supplements":
            return rows.exclude(parent=None)
        case "unopened":
            return rows.filter(is_unopened(at))
    raise ValueError(kind)
