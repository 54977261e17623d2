"""How complete the library of inspectors is (domain.md 5.2): K-22, K-23, K-24, and which certificates will end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gongchou.accounts.models import Department, User
from gongchou.registry.models import Inspector, StaffCount, Tag
from gongchou.registry.queries.inspectors import STAFF, certificate_holds_on, certificates_ending, departments_read

HORIZONS = (30, 60, 90)
"""Days ahead for which ending certificates are counted."""


@dataclass(frozen=True)
class Figures:
    """Counts of active inspectors, and the shares made of them.

    n_all: everybody; n_tagged: with a qualification or speciality in use; n_staff: who enforces (R-16), without experts
    and assistants; n_certified: of these, with a certificate valid on the day; n_should: how many of these there
    should be, None where nobody has set it for each of the departments counted.
    """

    n_all: int = 0
    n_tagged: int = 0
    n_staff: int = 0
    n_certified: int = 0
    n_should: int | None = None

    @property
    def entered_share(self) -> float | None:
        """人员入库率 (K-22)."""
        return _share(self.n_staff, self.n_should)

    @property
    def tagged_share(self) -> float | None:
        """人员标注率 (K-23)."""
        return _share(self.n_tagged, self.n_all)

    @property
    def certified_share(self) -> float | None:
        """持证有效率 (K-24)."""
        return _share(self.n_certified, self.n_staff)


def _share(part: int, whole: int | None) -> float | None:
    return part / whole if whole else None


def figures_by_department(by: User, day: date) -> list[tuple[Department, Figures]]:
    """The figures of each department within reach that has inspectors or should have some, by its code."""
    should: dict[UUID, int] = dict(staff_counts(day.year).values_list("department", "n_staff"))
    counted = _counts(by, day)
    departments = departments_read(by).filter(pk__in={*should, *counted}).order_by("code")
    return [
        (department, Figures(**counted.get(department.pk, {}), n_should=should.get(department.pk)))
        for department in departments
    ]


def _counts(by: User, day: date) -> dict[UUID, dict[str, int]]:
    active = Inspector.objects.filter(state=Inspector.State.ACTIVE, department__in=departments_read(by).values("pk"))
    in_use = Inspector.tags.through.objects.filter(inspector=OuterRef("pk"), tag__state=Tag.State.IN_USE)
    marked = active.annotate(is_certified=certificate_holds_on(day), is_tagged=Exists(in_use))
    is_staff = Q(category__in=STAFF)
    rows: Any = (
        marked.order_by()
        .values("department")
        .annotate(
            n_all=Count("pk"),
            n_tagged=Count("pk", filter=Q(is_tagged=True)),
            n_staff=Count("pk", filter=is_staff),
            n_certified=Count("pk", filter=is_staff & Q(is_certified=True)),
        )
    )
    return {row.pop("department"): row for row in rows}


def total(figures: Iterable[Figures]) -> Figures:
    """All of them together. One department without a number leaves the whole without: half a whole would flatter."""
    rows = list(figures)
    should = [row.n_should for row in rows]
    known = [number for number in should if number is not None]
    return Figures(
        n_all=sum(row.n_all for row in rows),
        n_tagged=sum(row.n_tagged for row in rows),
        n_staff=sum(row.n_staff for row in rows),
        n_certified=sum(row.n_certified for row in rows),
        n_should=sum(known) if rows and len(known) == len(rows) else None,
    )


def staff_counts(year: int) -> QuerySet[StaffCount]:
    """The numbers that stand for a year."""
    return StaffCount.objects.filter(year=year, ended_at=None)


def n_ending(by: User, day: date) -> dict[int, int]:
    """Days ahead -> standing certificates that end from that day on until then (count)."""
    ends = list(certificates_ending(by, day, day + timedelta(days=HORIZONS[-1])).values_list("valid_to", flat=True))
    return {days: sum(end <= day + timedelta(days=days) for end in ends) for days in HORIZONS}
