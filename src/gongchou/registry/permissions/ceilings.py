"""Who sets the ceiling of general items in a place."""

from __future__ import annotations

from gongchou.accounts.models import Region, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.refusal import Refused


def check_can_set_ceiling(by: User, region: Region) -> None:
    """Somebody who approves the lists of a department in that region. Raises ``registry.ceiling_out_of_reach``."""
    if not departments_within(by, Duty.APPROVE_LIST).filter(region=region).exists():
        raise Refused("registry.ceiling_out_of_reach", region=region.name)
