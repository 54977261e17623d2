"""Watch groups: who sees them, and what chance says of how often they were drawn (risk-and-statistics 3.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, QuerySet

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.draws import odds
from gongchou.draws.models import Draw, Hit, Stratum, WatchedFrame, WatchGroup
from gongchou.draws.queries.statistics import RARE


def visible(by: User) -> QuerySet[WatchGroup]:
    """Groups of the departments that somebody coordinates."""
    own = departments_within(by, Duty.COORDINATE).order_by().values("pk")
    rows = WatchGroup.objects.filter(department__in=own).select_related("department__region", "created_by")
    return rows.annotate(n_subjects=Count("subjects"))


class Trial(NamedTuple):
    """A subject in a batch: the chance that any of its draws takes it, and whether one did."""

    subject: str
    batch: UUID
    at: datetime
    rate: Fraction
    is_drawn: bool


@dataclass(frozen=True)
class Watched:
    """What chance says of a group.

    trials: each subject once in each batch in whose frames it stood. Draws of a batch share their tickets: below the
    largest of its rates one of them takes it. Within a stratum the number is fixed, so hits are a little more even
    than independent ones; what is told as rare is then rarer still.
    """

    trials: Sequence[Trial] = field(default_factory=list)

    @cached_property
    def chances(self) -> odds.Chances:
        """Of 0, 1, 2, … hits, exact for independent trials."""
        return odds.poisson_binomial(float(one.rate) for one in self.trials)

    @property
    def n(self) -> int:
        """Trials."""
        return len(self.trials)

    @property
    def n_subjects(self) -> int:
        """Subjects that stood in any frame."""
        return len({one.subject for one in self.trials})

    @property
    def n_drawn(self) -> int:
        """Hits."""
        return sum(one.is_drawn for one in self.trials)

    @property
    def expected(self) -> float:
        """Hits that honest draws give on average."""
        return float(sum(one.rate for one in self.trials))

    @cached_property
    def tails(self) -> odds.Tails:
        """Chance of so few, and of so many."""
        return odds.tails(self.chances, self.n_drawn)

    @cached_property
    def range(self) -> tuple[int, int]:
        """Where 99 of 100 honest counts lie."""
        return odds.range_of(self.chances, RARE)

    def is_rare(self, n_groups: int) -> bool:
        """Whether honest draws would show this in any of so many groups once in a hundred times, or less often."""
        return odds.worst_of(self.tails.both, n_groups) < RARE

    def since(self, moment: datetime) -> Watched:
        """Of the draws after a moment."""
        return Watched([one for one in self.trials if one.at > moment])

    def before(self, moment: datetime) -> Watched:
        """Of the draws up to a moment."""
        return Watched([one for one in self.trials if one.at <= moment])


def watched(groups: Iterable[WatchGroup], draws: QuerySet[Draw]) -> dict[UUID, Watched]:
    """What is known of each group in these draws, as far as it was looked up (``watching.follow``)."""
    frames = list(WatchedFrame.objects.filter(group__in=list(groups), draw__in=draws.order_by().values("pk")))
    told = Draw.objects.filter(pk__in={one.draw_id for one in frames}).select_related("batch").in_bulk()
    rates = _rates(told)
    hits = _hits(told, {key for one in frames for key in one.strata})
    found: dict[UUID, dict[tuple[str, UUID], Trial]] = defaultdict(dict)
    for frame in frames:
        batch = told[frame.draw_id].batch
        for subject, stratum in frame.strata.items():
            is_drawn = (frame.draw_id, subject) in hits
            trial = Trial(subject, batch.pk, batch.drawn_at or batch.beacon_at, rates[frame.draw_id, stratum], is_drawn)
            known = found[frame.group_id].get((subject, batch.pk), trial)
            merged = trial._replace(rate=max(known.rate, trial.rate), is_drawn=known.is_drawn or is_drawn)
            found[frame.group_id][subject, batch.pk] = merged
    return {pk: Watched(sorted(own.values())) for pk, own in found.items()}


def _rates(draws: Mapping[UUID, Draw]) -> dict[tuple[UUID, str], Fraction]:
    rows = Stratum.objects.filter(draw__in=draws).order_by().values_list("draw", "code", "n", "size")
    return {(draw, code): Fraction(n, size) for draw, code, n, size in rows if size}


def _hits(draws: Mapping[UUID, Draw], subjects: Iterable[str]) -> set[tuple[UUID, str]]:
    """Drawn as the tickets fell; what was replaced later was drawn, what came in for it was not."""
    keys = [UUID(key) for key in subjects]
    rows = Hit.objects.filter(draw__in=draws, subject__in=keys, rank__lte=F("stratum__n")).order_by()
    return {(draw, subject.hex) for draw, subject in rows.values_list("draw", "subject")}
