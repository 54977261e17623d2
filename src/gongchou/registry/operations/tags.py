"""What can be done to the vocabulary of tags."""

from __future__ import annotations

from datetime import date, datetime

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.registry.models import Tag
from gongchou.registry.permissions import lists as permissions
from gongchou.registry.queries.tags import usage_counts
from gongchou.registry.rules import tags as rules


@operation("tag.proposed", "提出标签")
def propose_tag(
    *,
    code: str,
    name: str,
    dimension: str,
    parent: Tag | None,
    reach: str,
    owner: Department,
    uses: frozenset[str] | set[str],
    reason: str,
    by: User,
    at: datetime,
    needs_professional: bool = False,
    needs_expert: bool = False,
    valid_to: date | None = None,
) -> Done[Tag]:
    """Ask for a new word. uses: of ``items``, ``subjects``, ``inspectors``. Raises Refused ``registry.tag_…``."""
    permissions.check_can_keep(by, owner)
    rules.check_may_propose(code=code, parent=parent, reach=reach, owner=owner)
    rules.check_parent_dimension(parent, dimension)
    tag = Tag.objects.create(
        code=code,
        name=name,
        dimension=dimension,
        parent=parent,
        reach=reach,
        owner=owner,
        reason=reason,
        proposed_at=at,
        proposed_by=by,
        needs_professional=needs_professional,
        needs_expert=needs_expert,
        valid_to=valid_to,
        **{f"is_for_{use}": True for use in uses},
    )
    return Done(tag, {"code": code, "dimension": dimension, "reach": reach, "uses": sorted(uses), "reason": reason})


@operation("tag.approved", "标签审批通过")
def approve_tag(*, tag: Tag, by: User, at: datetime) -> Done[Tag]:
    """A second person lets a tag into use. Raises Refused ``registry.tag_same_person``."""
    tag = _decided(tag, Tag.State.IN_USE, "同意", by=by, at=at)
    return Done(tag, {"code": tag.code})


@operation("tag.refused", "标签审批不通过")
def refuse_tag(*, tag: Tag, reason: str, by: User, at: datetime) -> Done[Tag]:
    """A second person says no, and why."""
    tag = _decided(tag, Tag.State.REFUSED, reason, by=by, at=at)
    return Done(tag, {"code": tag.code, "reason": reason})


def _decided(tag: Tag, state: Tag.State, told: str, *, by: User, at: datetime) -> Tag:
    tag = held(tag)
    permissions.check_can_decide_tag(by, tag)
    tag.state, tag.decision, tag.decided_at, tag.decided_by = state, told, at, by
    tag.save()
    return tag


@operation("tag.ended", "停用标签")
def end_tag(*, tag: Tag, reason: str, by: User, at: datetime) -> Done[Tag]:
    """Put a tag out of use: it stays on what bears it, and is offered no more."""
    tag = held(tag)
    permissions.check_can_end_tag(by, tag)
    tag.state, tag.ended_at, tag.end_reason = Tag.State.ENDED, at, reason
    tag.save()
    usage = usage_counts().get(tag.pk)
    return Done(tag, {"code": tag.code, "reason": reason, "still_on": usage.total if usage else 0})
