"""What is set for the items of a place: the ceiling of general items."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gongchou.accounts.models import Region, User
from gongchou.audit.operations import Done, operation
from gongchou.registry.models import RatioCeiling
from gongchou.registry.permissions.ceilings import check_can_set_ceiling
from gongchou.registry.ratio import plain


@operation("ceiling.set", "设定一般事项比例上限")
def set_ceiling(*, region: Region, year: int, most: Decimal, source: str, by: User, at: datetime) -> Done[RatioCeiling]:
    """Say which document limits general items of a place in a year, and to how much (R-5).

    The ceiling that applied before is ended and kept. Raises Refused ``registry.ceiling_out_of_reach``.
    """
    check_can_set_ceiling(by, region)
    before = RatioCeiling.objects.select_for_update().filter(region=region, year=year, ended_at=None).first()
    if before:
        before.ended_at = at
        before.save(update_fields=["ended_at"])
    ceiling = RatioCeiling.objects.create(region=region, year=year, most=most, source=source, set_at=at, set_by=by)
    old = plain(before.most) if before else ""
    return Done(ceiling, {"most": plain(most), "source": source, "year": year, "before": old})
