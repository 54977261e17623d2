"""Which demands apply to a department in a year: of its region, else of the nearest above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from gongchou.accounts.models import Region, User
from gongchou.accounts.queries import has_duty, regions_within
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Norm
from gongchou.plans.norms import Demand, read


@dataclass(frozen=True)
class Applied:
    """A demand as it applies somewhere, with the document it comes from."""

    norm: Norm
    demand: Demand

    @property
    def source(self) -> str:
        """The document."""
        return self.norm.source


Norms = Mapping[str, Applied]


def norms_for(region: Region, year: int) -> Norms:
    """Code -> what applies; codes that no document speaks of are missing."""
    parents = dict(Region.objects.values_list("pk", "parent"))
    found: dict[str, Applied] = {}
    at: UUID | None = region.pk
    rows = list(Norm.objects.filter(year=year, ended_at=None))
    while at is not None:
        for norm in rows:
            if norm.region_id == at and norm.code not in found:
                found[norm.code] = Applied(norm, read(norm.code, norm.value))
        at = parents.get(at)
    return found


def visible_norms(by: User) -> QuerySet[Norm]:
    """Demands are known to everybody who reads plans."""
    rows = Norm.objects.select_related("region", "set_by")
    return rows if has_duty(by, Duty.READ_PLANS) else rows.none()


def settable_regions(by: User) -> QuerySet[Region]:
    """Where somebody may set them: regions she has whole."""
    return regions_within(by, Duty.COORDINATE)
