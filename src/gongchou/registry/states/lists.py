"""The lives of what stands on a list, of a claim, a tag and a pilot; moves are data (domain.md 4.1)."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class VersionState(TextChoices):
    """Of one version of an item, a joint item or a supervision matter."""

    DRAFT = "draft", "起草中"
    REVIEW = "review", "待审核"
    IN_FORCE = "in_force", "已通过，待公布"
    PUBLISHED = "published", "已公布"
    SUPERSEDED = "superseded", "已被新版本替代"
    ABOLISHED = "abolished", "已废止"
    WITHDRAWN = "withdrawn", "已撤回"


VERSION_MOVES: Final = {
    VersionState.DRAFT: (VersionState.REVIEW, VersionState.WITHDRAWN),
    VersionState.REVIEW: (VersionState.IN_FORCE, VersionState.DRAFT),
    VersionState.IN_FORCE: (VersionState.PUBLISHED, VersionState.DRAFT),
    VersionState.PUBLISHED: (VersionState.SUPERSEDED, VersionState.ABOLISHED),
    VersionState.SUPERSEDED: (),
    VersionState.ABOLISHED: (),
    VersionState.WITHDRAWN: (),
}
OPEN: Final = (VersionState.DRAFT, VersionState.REVIEW, VersionState.IN_FORCE)  # at most one of a thing at a time
APPROVED: Final = (
    VersionState.IN_FORCE,
    VersionState.PUBLISHED,
    VersionState.SUPERSEDED,
    VersionState.ABOLISHED,
)
OUT: Final = (VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.ABOLISHED)  # everybody has seen them


class ClaimState(TextChoices):
    """Of one decision of a lower unit about an item from above; the next decision is a new row."""

    CLAIMED = "claimed", "已认领"
    ADAPTED = "adapted", "已认领（本级细化）"
    SUSPENDED = "suspended", "已暂停，待重新确认"
    RELEASED = "released", "已取消认领"


CLAIM_MOVES: Final = {
    ClaimState.CLAIMED: (ClaimState.ADAPTED, ClaimState.SUSPENDED, ClaimState.RELEASED),
    ClaimState.ADAPTED: (ClaimState.CLAIMED, ClaimState.ADAPTED, ClaimState.SUSPENDED, ClaimState.RELEASED),
    ClaimState.SUSPENDED: (ClaimState.CLAIMED, ClaimState.RELEASED),
    ClaimState.RELEASED: (),
}
USABLE: Final = (ClaimState.CLAIMED, ClaimState.ADAPTED)


class PilotState(TextChoices):
    """Of a reform pilot (改革试点)."""

    APPLIED = "applied", "已申报"
    RUNNING = "running", "试点中"
    DONE = "done", "已总结"
    SPREAD = "spread", "已推广"
    STOPPED = "stopped", "已终止"


PILOT_MOVES: Final = {
    PilotState.APPLIED: (PilotState.RUNNING, PilotState.STOPPED),
    PilotState.RUNNING: (PilotState.RUNNING, PilotState.DONE, PilotState.STOPPED),
    PilotState.DONE: (PilotState.SPREAD,),
    PilotState.SPREAD: (),
    PilotState.STOPPED: (),
}
