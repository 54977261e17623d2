"""The lives of an invitation, a question to the conference and a proposal."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class InvitationState(TextChoices):
    """Of one invitation of a department to one line; when it is asked again that is a new row."""

    INVITED = "invited", "待答复"
    ACCEPTED = "accepted", "已接受"
    DECLINED = "declined", "已谢绝"
    LEFT = "left", "接受后退出"
    REVOKED = "revoked", "已撤销邀请"
    CHARGED = "charged", "经联席会议协调参加"
    RELEASED = "released", "经联席会议协调不参加"


_THOUGHT_BETTER: Final = (
    InvitationState.ACCEPTED,
    InvitationState.REVOKED,
    InvitationState.CHARGED,
    InvitationState.RELEASED,
)
INVITATION_MOVES: Final = {
    InvitationState.INVITED: (
        InvitationState.ACCEPTED,
        InvitationState.DECLINED,
        InvitationState.REVOKED,
        InvitationState.CHARGED,
        InvitationState.RELEASED,
    ),
    InvitationState.ACCEPTED: (
        InvitationState.LEFT,
        InvitationState.REVOKED,
        InvitationState.CHARGED,
        InvitationState.RELEASED,
    ),
    InvitationState.DECLINED: _THOUGHT_BETTER,
    InvitationState.LEFT: _THOUGHT_BETTER,
    InvitationState.CHARGED: (InvitationState.REVOKED, InvitationState.RELEASED),
    InvitationState.REVOKED: (),
    InvitationState.RELEASED: (),
}
TAKING_PART: Final = (InvitationState.ACCEPTED, InvitationState.CHARGED)
OVER: Final = (InvitationState.REVOKED, InvitationState.RELEASED)  # the department may be asked again


class QuestionState(TextChoices):
    """Of something two departments could not settle between themselves."""

    OPEN = "open", "待协调"
    DECIDED = "decided", "已决定"
    SETTLED = "settled", "双方自行商定"


class ProposalState(TextChoices):
    """Of a joint inspection that the platform proposes."""

    OPEN = "open", "待处理"
    ACCEPTED = "accepted", "已采纳"
    ADJUSTED = "adjusted", "调整后采纳"
    REFUSED = "refused", "未采纳"
