"""What can be done about proposals: found anew, accepted as they are, adjusted, refused with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from gongchou.accounts.models import Region, User
from gongchou.audit.operations import Done, held, operation
from gongchou.plans.models import Line, LineVersion, PlanVersion, Proposal
from gongchou.plans.operations.holding import held_version
from gongchou.plans.operations.joint import call_off
from gongchou.plans.operations.lines import append, take_out
from gongchou.plans.operations.telling import tell_keepers
from gongchou.plans.permissions import proposals as permissions
from gongchou.plans.permissions.plans import check_can_drop_line, check_can_write_line
from gongchou.plans.queries import proposals as queries
from gongchou.plans.rules import joint as rules
from gongchou.plans.states.joint import ProposalState
from gongchou.refusal import Refused
from gongchou.registry.models import Item


@operation("proposal.searched", "查找联合抽查建议")
def search(*, region: Region, year: int, by: User, at: datetime) -> Done[Region]:
    """Look through the plans of a place; what was proposed before, and decided, is not proposed again."""
    permissions.check_can_search(by, region)
    found = queries.candidates(region, year)
    known = set(Proposal.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True))
    fresh = [one for one in found if one.key not in known]
    for one in fresh:
        proposal = Proposal.objects.create(
            kind=one.kind, year=year, region=region, key=one.key, told=one.told, found_at=at
        )
        proposal.lines.set([line.line for line in one.lines])
    return Done(region, {"year": year, "count": len(found), "new": len(fresh)})


@operation("proposal.accepted", "采纳联合抽查建议")
def accept(*, proposal: Proposal, by: User, at: datetime) -> Done[Proposal]:
    """Make one line of the lines in the draft where it belongs: the joint plan, or the department's own.

    Raises Refused ``plans.no_draft`` where there is no draft to write to, ``plans.proposal_differs`` where somebody has
    to say which pool or ratio holds for all.
    """
    proposal = held(proposal, "region")
    lines = queries.current_lines(proposal)
    permissions.check_can_decide(by, proposal, lines)
    version = _draft_for(proposal, lines)
    permissions.check_can_write(by, version, lines[0])
    rules.check_are_alike(lines)
    made = append(version, merged(lines, proposal))
    _replace(lines, made, by=by, at=at)
    _decide(proposal, ProposalState.ACCEPTED, "", made.line, by=by, at=at)
    return Done(proposal, {"line": made.number, "rows": _told(lines)})


@operation("proposal.adjusted", "调整后采纳联合抽查建议")
def adjust(*, proposal: Proposal, content: Mapping[str, Any], reason: str, by: User, at: datetime) -> Done[Proposal]:
    """The same with a line that somebody wrote otherwise, and the reason."""
    proposal = held(proposal, "region")
    lines = queries.current_lines(proposal)
    permissions.check_can_decide(by, proposal, lines)
    version = _draft_for(proposal, lines)
    permissions.check_can_write(by, version, lines[0])
    if "initiator" in content:
        check_can_write_line(by, version, content["initiator"])
    made = append(version, {**merged(lines, proposal), **content})
    _replace(lines, made, by=by, at=at)
    _decide(proposal, ProposalState.ADJUSTED, reason, made.line, by=by, at=at)
    return Done(proposal, {"line": made.number, "reason": reason, "rows": _told(lines)})


@operation("proposal.refused", "不采纳联合抽查建议")
def refuse(*, proposal: Proposal, reason: str, by: User, at: datetime) -> Done[Proposal]:
    """Say why not; the same lines are not proposed again."""
    proposal = held(proposal, "region")
    lines = queries.current_lines(proposal)
    permissions.check_can_decide(by, proposal, lines)
    _decide(proposal, ProposalState.REFUSED, reason, None, by=by, at=at)
    return Done(proposal, {"reason": reason, "rows": _told(lines)})


def _told(lines: Iterable[LineVersion]) -> list[str]:
    return [f"{line.version.plan}第{line.number}行 {line.name}" for line in lines]


def _decide(
    proposal: Proposal, state: ProposalState, reason: str, made: Line | None, *, by: User, at: datetime
) -> None:
    proposal.state, proposal.reason, proposal.made = state, reason, made
    proposal.decided_at, proposal.decided_by = at, by
    proposal.save()


def _draft_for(proposal: Proposal, lines: list[LineVersion]) -> PlanVersion:
    version = queries.draft_for(proposal, lines)
    if version is None:
        raise Refused("plans.no_draft", year=proposal.year)
    return held_version(version)


def merged(lines: list[LineVersion], proposal: Proposal) -> dict[str, Any]:
    """One line of several: the first one's, with the items and the departments of all, in the time of all.

    Raises Refused ``plans.proposal_gone`` where they have no time in common any more.
    """
    first = lines[0]
    items: dict[Any, Item] = {item.pk: item for line in lines for item in line.items.all()}
    others = {one.pk: one for line in lines for one in (line.initiator, *line.participants.all())}
    others.pop(first.initiator_id, None)
    own = {name: getattr(first, name) for name in LineVersion.content if name not in ("items", "participants")}
    begins = max((line.begins_on for line in lines if line.begins_on), default=None)
    ends = min((line.ends_on for line in lines if line.ends_on), default=None)
    if begins is None or ends is None or ends < begins:
        raise Refused("plans.proposal_gone")
    days = {"begins_on": begins, "ends_on": ends}
    form = {"form": LineVersion.Form.COMPREHENSIVE}
    mode = {"mode": LineVersion.Mode.LINKED} if proposal.kind == Proposal.Kind.LEVELS else {}
    members = [one for one in others.values() if one.is_conference_member and one.is_active]
    return {**own, **days, **form, **mode, "items": list(items.values()), "participants": members}


def _replace(lines: list[LineVersion], made: LineVersion, *, by: User, at: datetime) -> None:
    """The lines of the same draft that the new one stands for are taken out, unless their tasks are under way."""
    replaced = [line for line in lines if line.version_id == made.version_id]
    for line in replaced:
        check_can_drop_line(by, line)
        take_out(line, by=by, at=at)
    call_off([line.line for line in replaced], f"并入第{made.number}行", by=by, at=at)
    for line in lines:
        if line.version_id != made.version_id:
            title = f"已并入{made.version.plan}第{made.number}行：{line.name}"
            told = "联合计划公布后，请在本部门计划中删去这一行，避免对同一对象检查两次。"
            tell_keepers([line.version.plan.department], title, line.get_absolute_url(), body=told, by=by, at=at)
