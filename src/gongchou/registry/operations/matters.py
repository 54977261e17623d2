"""What can be done to supervision matters beside their versions, and to pilots."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.refusal import Refused
from gongchou.registry.models import MatterVersion, Pilot, PilotStep, SupervisionMatter
from gongchou.registry.operations.versions import set_next_review
from gongchou.registry.permissions import lists as permissions
from gongchou.registry.queries.versions import find_published
from gongchou.registry.rules import matters as rules
from gongchou.registry.states.lists import PilotState


@operation("matter.reviewed", "年度复核监管事项")
def review_matter(*, matter: SupervisionMatter, told: str, by: User, at: datetime) -> Done[SupervisionMatter]:
    """Somebody looked, and the matter still holds; it is due again in a year (R-14)."""
    matter = held(matter)
    permissions.check_can_review_matter(by, matter)
    version = find_published(matter)
    before = matter.review_by
    if isinstance(version, MatterVersion):
        version.matter = matter
        set_next_review(version, timezone.localdate(at))
    return Done(matter, {"told": told, "review_by": [before, matter.review_by]})


@operation("pilot.applied", "登记改革试点")
def add_pilot(
    *,
    name: str,
    level: str,
    year: int,
    unit: Department,
    matter: SupervisionMatter | None,
    told: str,
    by: User,
    at: datetime,
) -> Done[Pilot]:
    """Enter a pilot that a unit applied for. Raises Refused ``registry.pilot_exists``."""
    permissions.check_can_keep(by, unit)
    if Pilot.objects.filter(name=name, year=year, unit=unit).exists():
        raise Refused("registry.pilot_exists", name=name, year=year)
    pilot = Pilot.objects.create(name=name, level=level, year=year, unit=unit, matter=matter)
    PilotStep.objects.create(pilot=pilot, at=at, state=pilot.state, told=told, by=by)
    return Done(pilot, {"level": level, "year": year, "matter": matter and matter.code})


@operation("pilot.moved", "登记试点进展")
def move_pilot(*, pilot: Pilot, state: str, told: str, by: User, at: datetime) -> Done[Pilot]:
    """Write down how a pilot goes on; the step at its end is its summary. Raises Refused ``registry.pilot_state``."""
    pilot = held(pilot)
    permissions.check_can_keep(by, pilot.unit)
    rules.check_pilot_may_become(pilot, PilotState(state), summary=told)
    before, pilot.state = pilot.state, state
    if state == PilotState.DONE:
        pilot.summary = told
    pilot.save()
    PilotStep.objects.create(pilot=pilot, at=at, state=state, told=told, by=by)
    return Done(pilot, {"state": [before, state], "told": told})
