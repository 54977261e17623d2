"""What tests of draws by standing team have in common."""

from __future__ import annotations

from typing import Any

from gongchou.audit.guard import open_for_writing
from gongchou.draws.models import Batch, Seat
from gongchou.plans.models import Participant, Task
from gongchou.registry.models import Inspector
from tests.factories import draws as factory
from tests.factories.inspectors import (
    make_team,
)
from tests.factories.stations import make_people

OPEN = {"is_sealed": False, "is_match_sealed": False}


def by_team(task: Task, **own: Any) -> Task:
    with open_for_writing():
        Participant.objects.filter(task=task, **own).update(sends=Participant.Sends.TEAM)
    return task


def team_task(n_teams: int = 5, size: int = 2, **own: Any) -> Task:
    """Of the bureau that has ten people in these teams."""
    task = factory.ready_task(**own)
    people = list(Inspector.objects.filter(department=task.department).order_by("number"))
    while len(people) < n_teams * size:
        people += make_people(task.department, n_teams * size - len(people))
    for at in range(n_teams):
        make_team(f"T{at + 1}", task.department, *people[at * size : (at + 1) * size])
    return by_team(task)


def crews(batch: Batch) -> dict[tuple[Any, int], list[Seat]]:
    """The rows of each slot as it is held now."""
    found: dict[tuple[Any, int], list[Seat]] = {}
    for seat in Seat.objects.filter(batch=batch, ended_at=None).order_by("visit", "number", "member"):
        found.setdefault((seat.visit_id, seat.number), []).append(seat)
    return found
