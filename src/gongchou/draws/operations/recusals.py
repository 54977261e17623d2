"""回避 after the match: who sits there says so; the head decides, and the organiser has the seat dealt again (R-60)."""

from __future__ import annotations

from datetime import datetime

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, held, operation
from gongchou.draws import permissions
from gongchou.draws.models import Seat
from gongchou.draws.operations import telling
from gongchou.registry.models import Conflict
from gongchou.registry.operations.conflicts import declare_conflict

OF_SEAT = ("batch__department__region", "department", "visit__subject", "inspector")


@operation("seat.recused", "申报席位回避")
def recuse(*, seat: Seat, relation: str, note: str, by: User, at: datetime) -> Done[Seat]:
    """An inspector declares her interest in an object she was dealt to; who may have the seat dealt again is told.

    Raises Refused ``draws.seat_…``, ``draws.door_gone``, ``draws.no_result`` and as ``declare_conflict``.
    """
    held(seat.batch)
    seat = held(seat, *OF_SEAT)
    permissions.check_can_recuse(by, seat)
    assert seat.inspector is not None  # noqa: S101 -- she sits there
    declare_conflict(
        inspector=seat.inspector,
        subject=seat.visit.subject,
        relation=relation,
        declared_by=Conflict.DeclaredBy.SELF,
        note=note,
        by=by,
        at=at,
    )
    people = telling.keepers([seat.batch.department, seat.department])
    telling.tell(people, f"申报回避，席位待重抽：{seat.batch.code}", seat.batch, by=by, at=at, link=_link(seat))
    return Done(seat, {"subject": seat.visit.subject.number, "seat": seat.number})


def _link(seat: Seat) -> str:
    return f"{seat.batch.get_absolute_url()}seats/?now=recused"
