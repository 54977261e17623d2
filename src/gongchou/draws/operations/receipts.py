"""回执码 leave the hands of a draw's department: who saw or issued which stands in the log."""

from __future__ import annotations

from datetime import datetime

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, operation
from gongchou.draws import permissions
from gongchou.draws.models import Draw


@operation("draw.keys_seen", "查看回执码")
def note_keys_seen(*, draw: Draw, n_rows: int, asked: dict[str, str], by: User, at: datetime) -> Done[Draw]:
    """Somebody reads keys of drawn objects. asked: the conditions of the list, in words."""
    permissions.check_can_hand_keys(by, draw)
    return Done(draw, {"draw": draw.code, "n_rows": n_rows, "asked": asked})


@operation("draw.key_issued", "补发回执码")
def note_key_issued(*, draw: Draw, number: str, by: User, at: datetime) -> Done[Draw]:
    """Somebody hands a key to an object that asks for it, drawn or not. number: what the object will type"""
    permissions.check_can_hand_keys(by, draw)
    return Done(draw, {"draw": draw.code, "number": number})
