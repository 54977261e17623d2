"""Certificates and leave over the time of a task: whether somebody may go and is there (R-20, R-59)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from gongchou.registry.models import Certificate, Leave

DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days from one to another, both counted. words: what it is."""

    begins_on: date
    ends_on: date
    words: str = ""


class Papers:
    """The certificates and the leave of some people, read once."""

    def __init__(self, inspectors: Iterable[UUID]) -> None:
        people = list(inspectors)
        self.certificates: dict[UUID, list[Span]] = defaultdict(list)
        self.leave: dict[UUID, list[Span]] = defaultdict(list)
        for one in Certificate.objects.filter(inspector__in=people, ended_at=None).order_by():
            self.certificates[one.inspector_id].append(Span(one.valid_from or date.min, one.valid_to))
        for away in Leave.objects.filter(inspector__in=people, revoked_at=None).order_by():
            span = Span(away.begins_on, away.ends_on, away.get_reason_display())
            self.leave[away.inspector_id].append(span)

    def good_until(self, inspector: UUID, on: date) -> date | None:
        """The last day of an unbroken row of certificates that holds on a day; None where none holds."""
        return until(self.certificates[inspector], on)

    def why_not(self, inspector: UUID, *, on: date, begins_on: date, ends_on: date) -> str:
        """Why somebody cannot be dealt on a day to a task between two days; empty if nothing is in the way."""
        good = self.good_until(inspector, on)
        if good is None:
            return self._without(inspector, on)
        if good < ends_on:
            return f"执法证 {good} 到期，早于任务结束（{ends_on}）"
        return self.away(inspector, on=on, begins_on=begins_on, ends_on=ends_on)

    def away(self, inspector: UUID, *, on: date, begins_on: date, ends_on: date) -> str:
        """That somebody is away for all of a task, or empty."""
        start = max(on, begins_on)
        back = until(self.leave[inspector], start)
        if back is None or back < ends_on:
            return ""
        words = next(one.words for one in sorted(self.leave[inspector]) if one.begins_on <= start <= one.ends_on)
        return f"{words}至 {back}，任务期间都不在岗"

    def _without(self, inspector: UUID, on: date) -> str:
        spans = self.certificates[inspector]
        later = min((one.begins_on for one in spans if one.begins_on > on), default=None)
        if later is not None:
            return f"执法证 {later} 起才有效"
        latest = max((one.ends_on for one in spans), default=None)
        return f"执法证已于 {latest} 到期" if latest else "没有有效的执法证"


def until(spans: Iterable[Span], day: date) -> date | None:
    """The last day of the unbroken row of spans that a day lies in; None where it lies in none."""
    found = day - DAY
    for one in sorted(spans):
        if one.begins_on <= found + DAY:
            found = max(found, one.ends_on)
    return found if found >= day else None
