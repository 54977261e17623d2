"""What a supervision matter must say, and how a pilot goes on."""

from __future__ import annotations

from gongchou.refusal import Refused
from gongchou.registry.models import MatterVersion, Pilot, SupervisionMatter
from gongchou.registry.queries.versions import find_published
from gongchou.registry.states.lists import PILOT_MOVES, PilotState


def check_duties(version: MatterVersion) -> None:
    """The lead and at least one other department have a stated responsibility (R-14).

    Raises Refused ``registry.matter_lead_idle`` or ``registry.matter_alone``.
    """
    responsible = set(version.duties.values_list("department", flat=True))
    if version.lead_id not in responsible:
        raise Refused("registry.matter_lead_idle", name=version.name, department=version.lead.name)
    if len(responsible) < 2:
        raise Refused("registry.matter_alone", name=version.name)


def check_can_review(matter: SupervisionMatter) -> None:
    """Only what is published is reviewed. Raises Refused ``registry.version_not_published``."""
    if find_published(matter) is None:
        raise Refused("registry.version_not_published", name=matter.code)


def check_pilot_may_become(pilot: Pilot, state: PilotState, *, summary: str) -> None:
    """Raises Refused ``registry.pilot_state``, or ``registry.pilot_summary`` for an end without a summary."""
    if state not in PILOT_MOVES[PilotState(pilot.state)]:
        raise Refused("registry.pilot_state", name=pilot.name, state=PilotState(pilot.state).label, wanted=state.label)
    if state == PilotState.DONE and not summary:
        raise Refused("registry.pilot_summary", name=pilot.name)
