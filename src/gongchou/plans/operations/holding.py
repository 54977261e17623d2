"""Whoever writes to a plan holds it first: its lines, answers and exceptions do not change while it is submitted."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model

from gongchou.audit.operations import held
from gongchou.plans.models import Invitation, LineVersion, Plan, PlanVersion, Question
from gongchou.refusal import Refused

M = TypeVar("M", bound=Model)


def held_in(plan: Plan, row: M, *together: str) -> M:
    """The row as it stands, once nobody else writes to any part of its plan. One order for all: no two wait in a ring.

    together: relations to fetch with it
    Raises Refused ``plans.gone``.
    """
    held(plan)
    try:
        return held(row, *together)
    except row.__class__.DoesNotExist:  # type: ignore[attr-defined]  # while one waited
        raise Refused("plans.gone") from None


def held_version(version: PlanVersion) -> PlanVersion:
    """A version of a plan."""
    return held_in(version.plan, version, "plan__department__region")


def held_line(line: LineVersion) -> LineVersion:
    """What a line says in a version."""
    return held_in(line.version.plan, line, "version__plan__department__region", "initiator__region", "line")


def held_invitation(invitation: Invitation) -> Invitation:
    """An invitation to a line."""
    return held_in(invitation.line.plan, invitation, "line__plan__department__region", "department")


def held_question(question: Question) -> Question:
    """What the conference was asked."""
    together = ("line__plan__department__region", "invitation__department")
    return held_in(question.line.plan, question, *together)
