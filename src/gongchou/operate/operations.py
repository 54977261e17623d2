"""What the log is told of copies: that one was made, and that one was brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongchou.audit.operations import Actor, Done, operation


@dataclass(frozen=True)
class Platform:
    """The whole installation, as a thing that something is done to."""

    audit_name: str
    audit_id: str = "platform"
    audit_place: str = ""
    audit_department: str = ""


@operation("platform.backed_up", "备份平台数据")
def note_backup(*, site: str, facts: dict[str, Any], by: Actor, at: datetime) -> Done[Platform]:
    """Say that all data was copied, and into what."""
    return Done(Platform(site), facts)


@operation("platform.restored", "恢复平台数据")
def note_restore(*, site: str, facts: dict[str, Any], by: Actor, at: datetime) -> Done[Platform]:
    """Say that what is before this line was brought back from a backup."""
    return Done(Platform(site), facts)
