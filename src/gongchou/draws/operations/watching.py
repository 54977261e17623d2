"""The office names groups to watch, and ends that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.draws import permissions, rules
from gongchou.draws.models import WatchGroup
from gongchou.registry.models import Subject


@operation("watch_group.named", "设立关注组")
def name_group(
    *, department: Department, name: str, kind: str, reason: str, subjects: Sequence[Subject], by: User, at: datetime
) -> Done[WatchGroup]:
    """Watch subjects with something in common. Raises Refused ``draws.watch_few`` or ``draws.watch_many``."""
    permissions.check_can_watch(by, department)
    rules.check_watched(len({one.pk for one in subjects}))
    told = {"name": name, "kind": kind, "reason": reason}
    group = WatchGroup.objects.create(department=department, **told, created_at=at, created_by=by)
    group.subjects.set(subjects)
    numbers = sorted(one.number for one in subjects)
    return Done(group, {"kind": group.get_kind_display(), "reason": reason, "numbers": numbers})


@operation("watch_group.ended", "结束关注")
def end_group(*, group: WatchGroup, reason: str, by: User, at: datetime) -> Done[WatchGroup]:
    """It is watched no more, and stays to be read. Raises Refused ``draws.watch_ended``."""
    group = held(group, "department__region")
    permissions.check_can_end_watch(by, group)
    group.ended_at, group.ended_by, group.end_reason = at, by, reason
    group.save()
    return Done(group, {"reason": reason})
