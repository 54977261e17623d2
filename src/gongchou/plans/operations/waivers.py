"""What excuses a version of a plan where it breaks a rule: said in one place, in all places of a rule, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, operation
from gongchou.plans.models import Line, PlanVersion, Waiver
from gongchou.plans.operations.holding import held_in, held_version
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules import checks
from gongchou.refusal import Refused
from gongchou.registry.models import Item


@operation("waiver.given", "写明例外理由")
def waive(
    *,
    version: PlanVersion,
    rule: str,
    reason: str,
    line: Line | None = None,
    item: Item | None = None,
    by: User,
    at: datetime,
) -> Done[Waiver]:
    """Say why a plan may break a rule in one place. Raises Refused ``plans.waived`` or ``plans.not_waivable``."""
    version = held_version(version)
    permissions.check_can_waive(by, version, line)
    checks.check_waivable(rule)
    place = checks.place_of(line.pk if line else None, item.pk if item else None)
    given = queries.waivers_of(version).filter(rule=rule, place=place).first()
    if given:
        raise Refused("plans.waived", reason=given.reason)
    said = [one.found.text for one in _of_rule(version, rule, at) if one.place == place]
    own: dict[str, Any] = {"rule": rule, "line": line, "item": item, "place": place, "reason": reason}
    stamp = {"given_at": at, "given_by": by}
    waiver = Waiver.objects.create(version=version, **own, told="".join(said), **stamp)
    told = {"line": line.number if line else "", "item": item.code if item else ""}
    return Done(waiver, {"rule": checks.RULES[rule].name, "reason": reason, **told})


@operation("waivers.given", "写明同一规则各处的例外理由")
def waive_all(*, version: PlanVersion, rule: str, reason: str, by: User, at: datetime) -> Done[PlanVersion]:
    """One reason for all places in which a version breaks a rule and nobody has said why yet.

    Raises Refused ``plans.nothing_to_waive``, ``plans.not_waivable``.
    """
    version = held_version(version)
    permissions.check_can_waive(by, version, None)
    checks.check_waivable(rule)
    said: dict[tuple[str, UUID | None, UUID | None], str] = {}
    for one in _of_rule(version, rule, at):
        key = (one.place, one.found.line, one.found.item)
        if one.waiver is None:
            said[key] = said.get(key, "") + one.found.text
    if not said:
        raise Refused("plans.nothing_to_waive", rule=checks.RULES[rule].name)
    own = {"version": version, "rule": rule, "reason": reason, "given_at": at, "given_by": by}
    Waiver.objects.bulk_create(
        Waiver(place=place, line_id=line, item_id=item, told=text, **own) for (place, line, item), text in said.items()
    )
    return Done(version, {"rule": checks.RULES[rule].name, "reason": reason, "rows": list(said.values())})


def _of_rule(version: PlanVersion, rule: str, at: datetime) -> list[checks.Finding]:
    return checks.findings(Survey(version, on=timezone.localdate(at)), [rule])


@operation("waiver.ended", "撤销例外理由")
def end_waiver(*, waiver: Waiver, by: User, at: datetime) -> Done[Waiver]:
    """Take an exception back. Raises Refused ``plans.not_draft``, ``plans.waiver_ended``."""
    waiver = held_in(waiver.version.plan, waiver, "version__plan__department")
    permissions.check_can_edit(by, waiver.version)
    if waiver.ended_at is not None:
        raise Refused("plans.waiver_ended", reason=waiver.reason)
    end(waiver, by=by, at=at)
    return Done(waiver, {"rule": checks.RULES[waiver.rule].name, "reason": waiver.reason})


def end(waiver: Waiver, *, by: User, at: datetime) -> None:
    """It excuses nothing any more: of a plan that is held."""
    waiver.ended_at, waiver.ended_by = at, by
    waiver.save()
