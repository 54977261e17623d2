"""What can be done to standing teams. Who was in one stays known: a change of members ends rows and adds others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongchou.accounts.models import Department
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.refusal import Refused
from gongchou.registry.models import Inspector, StandingTeam, TeamMember
from gongchou.registry.operations.inspectors import add_to_dossier
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.queries import teams as queries
from gongchou.registry.rules import teams as rules
from gongchou.registry.rules.inspectors import check_department_active
from gongchou.seen import check_unchanged


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
    return StandingTeam.objects.create(**told, formed_at=at, changed_at=at)


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
    wanted = {one: one == lead for one in people}
    gone = [row for one, row in old.items() if wanted.get(one) is not row.is_lead]
    come = [one for one, is_lead in wanted.items() if one not in old or old[one].is_lead is not is_lead]
    if not gone and not come:
        return {}
    TeamMember.objects.filter(pk__in=[row.pk for row in gone]).update(left_at=at, reason=reason)
    TeamMember.objects.bulk_create(
        TeamMember(team=team, inspector=one, is_lead=wanted[one], joined_at=at, reason=reason) for one in come
    )
    added, removed = _in_order(wanted.keys() - old.keys()), _in_order(old.keys() - wanted.keys())
    _tell(added, "编入", team, by, at)
    _tell(removed, "调出", team, by, at)
    team.changed_at = at
    team.save(update_fields=["changed_at"])
    numbers = {"added": [one.number for one in added], "removed": [one.number for one in removed]}
    return {**numbers, "lead": lead.number}


def _in_order(people: Iterable[Inspector]) -> list[Inspector]:
    return sorted(people, key=lambda one: one.number)


def _tell(people: Sequence[Inspector], verb: str, team: StandingTeam, by: Actor, at: datetime) -> None:
    for one in people:
        add_to_dossier(one, "team", f"{verb}检查小组“{team.name}”（{team.number}）", by=by, at=at)


@operation("team.ended", "撤销检查小组")
def end_team(*, team: StandingTeam, reason: str, by: Actor, at: datetime) -> Done[StandingTeam]:
    """Draw it no more; its people are free for others. Raises Refused as ``rename_team``."""
    team = _locked(team, by)
    rows = list(queries.current(team.members.all()))
    TeamMember.objects.filter(pk__in=[row.pk for row in rows]).update(left_at=at, reason=reason)
    _tell([row.inspector for row in rows], "随撤销调出", team, by, at)
    team.ended_at, team.end_reason, team.changed_at = at, reason, at
    team.save(update_fields=["ended_at", "end_reason", "changed_at"])
    return Done(team, {"reason": reason, "removed": [row.inspector.number for row in rows]})


def _locked(team: StandingTeam, by: Actor) -> StandingTeam:
    found = held(team, "department__region")
    check_reaches(by, found.department, Duty.KEEP_LIBRARIES)
    rules.check_stands(found)
    return found


# From a file ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TeamRow:
    """A team as a file has it. department: its code or name; members: numbers of its people; lead: of who leads"""

    number: str
    name: str
    department: str
    members: tuple[str, ...]
    lead: str


@operation("teams.imported", "导入检查小组")
def import_teams(
    *, department: Department, rows: Iterable[TeamRow], file_name: str, file_digest: str, by: Actor, at: datetime
) -> Done[Department]:
    """Take the teams of a file: new ones are formed, others renamed and their members set; all of them or none.

    department: of who brings it, where the line of the log belongs
    Raises Refused ``registry.team_row`` naming the team, or what the other verbs raise.
    """
    check_reaches(by, department, Duty.KEEP_LIBRARIES)
    counts = {"n_new": 0, "n_changed": 0, "n_same": 0}
    numbers = []
    for row in rows:
        what = _take(row, f"导入文件 {file_name}"[:200], by, at)
        counts[what] += 1
        numbers += [row.number] if what != "n_same" else []
    return Done(department, {"file": file_name, "file_digest": file_digest, **counts, "numbers": numbers})


def _take(row: TeamRow, reason: str, by: Actor, at: datetime) -> str:
    department = _department(row)
    team = StandingTeam.objects.filter(number=row.number).first()
    is_new = team is None
    team = _form(row.number, row.name, department, by, at) if team is None else _locked(team, by)
    if team.department_id != department.pk:
        raise Refused("registry.team_moved", number=row.number, department=team.department.short_name)
    is_renamed = team.name != row.name
    if is_renamed:
        _rename(team, row.name, at)
    people = _people(row)
    facts = _put(team, people.values(), people[row.lead], reason, by, at)
    if is_new:
        return "n_new"
    return "n_changed" if facts or is_renamed else "n_same"


def _department(row: TeamRow) -> Department:
    named = Q(code=row.department) | Q(name=row.department) | Q(short_name=row.department)
    found = list(Department.objects.filter(named).select_related("region"))
    if len(found) != 1:
        told = f"“{row.department}”不止一个单位，请改填单位代码" if found else f"没有叫“{row.department}”的单位"
        raise Refused("registry.team_row", number=row.number, told=told)
    return found[0]


def _people(row: TeamRow) -> dict[str, Inspector]:
    found = Inspector.objects.select_related("department").in_bulk(row.members, field_name="number")
    lacking = [number for number in row.members if number not in found]
    if lacking:
        raise Refused("registry.team_row", number=row.number, told=f"名录库中没有编号为“{'、'.join(lacking)}”的人员")
    return found
