"""May this person look for joint inspections, and decide about a proposal?"""

from __future__ import annotations

from gongchou.accounts.models import Region, User
from gongchou.accounts.queries import departments_within_any
from gongchou.accounts.roles import Duty
from gongchou.plans.models import LineVersion, PlanVersion, Proposal
from gongchou.plans.permissions.plans import check_can_write_line
from gongchou.plans.states.joint import ProposalState
from gongchou.refusal import Refused

_DUTIES = (Duty.KEEP_PLAN, Duty.COORDINATE)


def check_can_search(by: User, region: Region) -> None:
    """Whoever plans for a department of the place. Raises Refused ``plans.not_coordinator``."""
    if not departments_within_any(by, *_DUTIES).filter(region=region).exists():
        raise Refused("plans.not_coordinator", region=region.name)


def check_can_decide(by: User, proposal: Proposal, lines: list[LineVersion]) -> None:
    """Whoever plans for the first of its departments, or coordinates. Raises Refused."""
    if proposal.state != ProposalState.OPEN:
        raise Refused("plans.proposal_decided", state=proposal.state_word)
    if len(lines) < 2:
        raise Refused("plans.proposal_gone")
    own = departments_within_any(by, *_DUTIES)
    if not own.filter(pk__in=[line.initiator_id for line in lines]).exists():
        raise Refused("registry.out_of_reach", department=lines[0].initiator.short_name)


def check_can_write(by: User, version: PlanVersion, line: LineVersion) -> None:
    """As who writes the line that comes of it."""
    check_can_write_line(by, version, line.initiator)
