"""What can be done to standing teams. Who was in one stays known: a change of members ends rows and adds others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Department
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.refusal import Refused
from gongchou.registry.models import Inspector, StandingTeam, TeamMember
from gongchou.registry.operations.inspectors import add_to_dossiers
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.queries import teams as queries
from gongchou.registry.rules import teams as rules
from gongchou.registry.rules.inspectors import check_department_active
from gongchou.seen import check_unchanged

MANY = 1_000  # rows written at once


@operation("team.formed", "设立检查小组")
def form_team(*, number: str, name: str, department: Department, by: Actor, at: datetime) -> Done[StandingTeam]:
    """Begin a team; it has nobody yet.

    Raises Refused ``registry.out_of_reach``, ``registry.department_ended`` or ``registry.team_number_taken``.
    """
    team = _form(number, name, department, by, at)
    return Done(team, {"number": number, "name": name, "department": department.code})


def _form(number: str, name: str, department: Department, by: Actor, at: datetime) -> StandingTeam:
    check_reaches(by, department, Duty.KEEP_LIBRARIES)
    check_department_active(department)
    rules.check_number_free(number)
    told = {"number": number, "name": name, "department": department}
    try:
        with transaction.atomic():
            return StandingTeam.objects.create(**told, formed_at=at, changed_at=at)
    except IntegrityError as error:  # another took the number since it was free
        raise Refused("registry.team_number_taken", number=number) from error


@operation("team.renamed", "检查小组更名")
def rename_team(*, team: StandingTeam, name: str, by: Actor, at: datetime) -> Done[StandingTeam]:
    """Call it otherwise; the log keeps the old name.

    Raises Refused ``registry.out_of_reach``, ``registry.team_ended`` or ``registry.nothing_changed``.
    """
    team, old = _locked(team, by), team.name
    if old == name:
        raise Refused("registry.nothing_changed")
    _rename(team, name, at)
    return Done(team, {"old": old, "new": name})


def _rename(team: StandingTeam, name: str, at: datetime) -> None:
    team.name, team.changed_at = name, at
    team.save(update_fields=["name", "changed_at"])


@operation("team.members_set", "调整检查小组成员")
def set_members(
    *,
    team: StandingTeam,
    members: Collection[Inspector],
    lead: Inspector,
    reason: str,
    by: Actor,
    at: datetime,
    seen: str = "",
) -> Done[StandingTeam]:
    """Say who is in a team from now on; draws that were frozen before keep the members they had.

    seen: what the form had shown
    Raises Refused ``registry.out_of_reach``, ``registry.team_…``, ``registry.inspector_inactive``,
    ``registry.nothing_changed`` or ``web.changed_meanwhile``.
    """
    team = _locked(team, by)
    check_unchanged(seen, queries.shown_members(team))
    facts = _put(team, members, lead, reason, by, at)
    if not facts:
        raise Refused("registry.nothing_changed")
    return Done(team, {**facts, "reason": reason})


def _put(
    team: StandingTeam, members: Collection[Inspector], lead: Inspector, reason: str, by: Actor, at: datetime
) -> dict[str, object]:
    """End the rows that no longer hold, add those that now do; return what is other, or nothing."""
    rows = Inspector.objects.select_for_update(of=("self",)).select_related("department__region").order_by("number")
    people = list(rows.filter(pk__in=[one.pk for one in members]))  # held: nobody puts them elsewhere meanwhile
    rules.check_members(team, people, lead)
    for one in people:
        check_reaches(by, one.department, Duty.KEEP_LIBRARIES)
    old = {row.inspector: row for row in queries.current(team.members.all())}
    change = change_of(team, old, people, lead)
    if not change:
        return {}
    write_changes([change], reason, by, at)
    added, removed = ([one.number for one in own] for own in (change.added, change.removed))
    return {"added": added, "removed": removed, "lead": lead.number}


@dataclass(frozen=True)
class Change:
    """Of the members of a team. gone: rows that no longer hold; come: who is in it anew or otherwise, and leads or not;
    added, removed: who was not in it before, who is not any more
    """

    team: StandingTeam
    gone: list[TeamMember]
    come: dict[Inspector, bool]
    added: list[Inspector]
    removed: list[Inspector]

    def __bool__(self) -> bool:
        return bool(self.gone or self.come)


def change_of(
    team: StandingTeam, old: Mapping[Inspector, TeamMember], people: Collection[Inspector], lead: Inspector
) -> Change:
    """What has to be written so that these are in it. old: who is in it now"""
    wanted = {one: one == lead for one in people}
    gone = [row for one, row in old.items() if wanted.get(one) is not row.is_lead]
    come = {one: leads for one, leads in wanted.items() if one not in old or old[one].is_lead is not leads}
    return Change(team, gone, come, _in_order(wanted.keys() - old.keys()), _in_order(old.keys() - wanted.keys()))


def write_changes(changes: Sequence[Change], reason: str, by: Actor, at: datetime) -> None:
    """All who leave do so before anybody comes, so that teams may exchange people."""
    left = [row for change in changes for row in change.gone]
    for row in left:
        row.left_at, row.reason = at, reason
    TeamMember.objects.bulk_update(left, ["left_at", "reason"], batch_size=MANY)
    come = [(change.team, *one) for change in changes for one in change.come.items()]
    TeamMember.objects.bulk_create(
        (TeamMember(team=team, inspector=one, is_lead=leads, joined_at=at, reason=reason) for team, one, leads in come),
        batch_size=MANY,
    )
    for change in changes:
        change.team.changed_at = at
    StandingTeam.objects.bulk_update([change.team for change in changes], ["changed_at"], batch_size=MANY)
    told = [(one, _told("调出", change.team)) for change in changes for one in change.removed]
    told += [(one, _told("编入", change.team)) for change in changes for one in change.added]
    add_to_dossiers(told, "team", by=by, at=at)


def _in_order(people: Iterable[Inspector]) -> list[Inspector]:
    return sorted(people, key=lambda one: one.number)


def _told(verb: str, team: StandingTeam) -> str:
    return f"{verb}检查小组“{team.name}”（{team.number}）"


@operation("team.ended", "撤销检查小组")
def end_team(*, team: StandingTeam, reason: str, by: Actor, at: datetime) -> Done[StandingTeam]:
    """Draw it no more; its people are free for others. Raises Refused as ``rename_team``."""
    team = _locked(team, by)
    rows = list(queries.current(team.members.all()))
    TeamMember.objects.filter(pk__in=[row.pk for row in rows]).update(left_at=at, reason=reason)
    add_to_dossiers([(row.inspector, _told("随撤销调出", team)) for row in rows], "team", by=by, at=at)
    team.ended_at, team.end_reason, team.changed_at = at, reason, at
    team.save(update_fields=["ended_at", "end_reason", "changed_at"])
    return Done(team, {"reason": reason, "removed": [row.inspector.number for row in rows]})


def _locked(team: StandingTeam, by: Actor) -> StandingTeam:
    found = held(team, "department__region")
    check_reaches(by, found.department, Duty.KEEP_LIBRARIES)
    rules.check_stands(found)
    return found
