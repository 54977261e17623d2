"""Nouns of the room: plans with their lines, joint work, what documents demand, tasks."""

from gongchou.plans.models.joint import Agreement, Campaign, Invitation, Proposal, Question
from gongchou.plans.models.lines import Line, LineVersion
from gongchou.plans.models.norms import Norm, Numbering
from gongchou.plans.models.plans import Plan, PlanVersion, Waiver
from gongchou.plans.models.tasks import Exclusion, Participant, Scheme, Task

__all__ = [
    "Agreement",
    "Campaign",
    "Exclusion",
    "Invitation",
    "Line",
    "LineVersion",
    "Norm",
    "Numbering",
    "Participant",
    "Plan",
    "PlanVersion",
    "Proposal",
    "Question",
    "Scheme",
    "Task",
    "Waiver",
]
