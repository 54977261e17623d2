"""The life of one version of a form; moves are data."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class VersionState(TextChoices):
    """What is out never changes: the next version takes its place."""

    DRAFT = "draft", "待启用"
    IN_USE = "in_use", "启用"
    REPLACED = "replaced", "已被新版替代"
    ENDED = "ended", "已停用"
    DROPPED = "dropped", "未启用，已放弃"


MOVES: Final = {
    VersionState.DRAFT: (VersionState.IN_USE, VersionState.DROPPED),
    VersionState.IN_USE: (VersionState.REPLACED, VersionState.ENDED),
    VersionState.REPLACED: (),
    VersionState.ENDED: (),
    VersionState.DROPPED: (),
}
OUT: Final = (VersionState.IN_USE, VersionState.REPLACED, VersionState.ENDED)
