"""Standing teams from a file: those that are right are taken, the others are given back with what is wrong with them.

All who leave a team do so before anybody joins one, so that teams may exchange people and the order of rows does not
matter. A team that is given back stays as it is; so does every team that would have given it people or taken some from
it, or else somebody would be in two teams or, unnoticed, in none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q

from gongchou.accounts.models import Department
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor, Done, operation
from gongchou.refusal import Refused
from gongchou.registry.models import Inspector, StandingTeam, TeamMember
from gongchou.registry.operations.teams import MANY, Change, change_of, write_changes
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.queries import teams as queries
from gongchou.registry.rules import teams as rules
from gongchou.registry.rules.inspectors import check_department_active


class FileLine(NamedTuple):
    """A line of the file as it stands there. cells: name of the column -> text"""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class TeamRow:
    """A team as a file has it. department: its code or name; members: numbers of its people; lead: of who leads;
    wrong: why its lines cannot be read
    """

    number: str
    name: str
    department: str
    members: tuple[str, ...]
    lead: str
    lines: tuple[FileLine, ...] = ()
    wrong: Refused | None = None


@dataclass(frozen=True)
class Brought:
    """What became of a file. n_lines: of the teams that were taken; refused: the others, and why"""

    department: Department
    n_teams: int
    n_lines: int
    refused: list[tuple[TeamRow, Refused]]

    @property
    def audit_id(self) -> str:
        """Of the department that brought it, where the line of the log belongs."""
        return self.department.audit_id

    @property
    def audit_name(self) -> str:
        """Its name."""
        return self.department.audit_name

    @property
    def audit_place(self) -> str:
        """Where it is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Itself."""
        return self.department.audit_department


@dataclass(frozen=True)
class Wanted:
    """A team as it is to be. team: not yet saved where it is new"""

    row: TeamRow
    team: StandingTeam
    people: list[Inspector]
    lead: Inspector


class _Taken(NamedTuple):
    """What was written. counts: how many teams are new, changed, the same; numbers: of those that are not the same"""

    taken: list[Wanted]
    refused: list[tuple[TeamRow, Refused]]
    counts: dict[str, int]
    numbers: list[str]


@operation("teams.imported", "导入检查小组")
def import_teams(
    *, department: Department, rows: Sequence[TeamRow], file_name: str, file_digest: str, by: Actor, at: datetime
) -> Done[Brought]:
    """Take the teams of a file: new ones are formed, others renamed and their members set.

    department: of who brings it
    Raises Refused ``registry.out_of_reach``; what is wrong with a team is in the answer.
    """
    check_reaches(by, department, Duty.KEEP_LIBRARIES)
    reason = f"导入文件 {file_name}"[:200]
    try:
        taken, refused, counts, numbers = _take(rows, reason, by, at)
    except IntegrityError:  # somebody formed one of these teams meanwhile: now it is there, and held
        taken, refused, counts, numbers = _take(rows, reason, by, at)
    told = {"file": file_name, "file_digest": file_digest, **counts, "numbers": numbers}
    n_lines = sum(len(one.row.lines) for one in taken)
    given_back = {"refused": [row.number for row, _ in refused if row.number], "n_refused": len(refused)}
    return Done(Brought(department, len(taken), n_lines, refused), {**told, **given_back})


def _take(rows: Sequence[TeamRow], reason: str, by: Actor, at: datetime) -> _Taken:
    """Sort out and write, all or nothing."""
    with transaction.atomic():
        shelf = _Shelf(rows, by, at)
        taken, refused = shelf.sorted_out()
        return _Taken(taken, refused, *_write(taken, shelf, reason, by, at))


class _Shelf:
    """The teams and people that a file names, held and looked up once for all its rows."""

    def __init__(self, rows: Sequence[TeamRow], by: Actor, at: datetime) -> None:
        self.rows, self.at = rows, at
        teams = StandingTeam.objects.select_for_update(of=("self",)).select_related("department__region")
        self.teams = teams.order_by("number").in_bulk([row.number for row in rows], field_name="number")
        people = Inspector.objects.select_for_update(of=("self",)).select_related("department__region")
        named = {number for row in rows for number in row.members}
        self.people = people.order_by("number").in_bulk(sorted(named), field_name="number")
        asked = Q(team__in=self.teams.values()) | Q(inspector__in=self.people.values())
        rows_now = queries.current(TeamMember.objects.filter(asked)).select_related("team")
        self.now = {row.inspector: row for row in rows_now}
        self.old = defaultdict[StandingTeam, dict[Inspector, TeamMember]](dict)
        for one, row in self.now.items():
            self.old[row.team][one] = row
        self._reaches = lru_cache(lambda unit: check_reaches(by, unit, Duty.KEEP_LIBRARIES))
        self._around = lru_cache(queries.around)
        self._department = lru_cache(_department)

    def sorted_out(self) -> tuple[list[Wanted], list[tuple[TeamRow, Refused]]]:
        """What can be taken, and what is given back and why; in the order of the file."""
        wanted, wrong = dict[int, Wanted](), dict[int, Refused]()
        for at, row in enumerate(self.rows):
            try:
                wanted[at] = self._wanted(row)
            except Refused as no:
                wrong[at] = no
        wrong = {**_named_twice(self.rows, self.people), **self._taken_elsewhere(), **wrong}
        self._spread(wrong)
        taken = [one for at, one in wanted.items() if at not in wrong]
        return taken, [(self.rows[at], wrong[at]) for at in sorted(wrong)]

    def _wanted(self, row: TeamRow) -> Wanted:
        """Look at a team by itself. Raises Refused."""
        if row.wrong:
            raise row.wrong
        team = self._team(row)
        self._reaches(team.department)
        people = self._people(row)
        lead = self.people[row.lead]
        rules.check_make_up(team.department, people, lead, self._around(team.department))
        for one in people:
            self._reaches(one.department)
        return Wanted(row, team, people, lead)

    def _team(self, row: TeamRow) -> StandingTeam:
        department, team = self._department(row.department, row.number), self.teams.get(row.number)
        if team is None:
            check_department_active(department)
            told = {"number": row.number, "name": row.name, "department": department}
            return StandingTeam(**told, formed_at=self.at, changed_at=self.at)
        rules.check_stands(team)
        if team.department_id != department.pk:
            raise Refused("registry.team_moved", number=row.number, department=team.department.short_name)
        return team

    def _people(self, row: TeamRow) -> list[Inspector]:
        lacking = [number for number in row.members if number not in self.people]
        if lacking:
            told = f"名录库中没有编号为“{'、'.join(lacking)}”的人员"
            raise Refused("registry.team_row", number=row.number, told=told)
        return [self.people[number] for number in row.members]

    def _moves(self) -> Iterable[tuple[int, Inspector, StandingTeam]]:
        """(place of the team in the file, who is to come to it, where she is now)"""
        for at, row in enumerate(self.rows):
            for number in row.members:
                one = self.people.get(number)
                now = self.now.get(one) if one else None
                if one and now and now.team.number != row.number:
                    yield at, one, now.team

    def _taken_elsewhere(self) -> dict[int, Refused]:
        """Who asks for people of a team that the file does not speak of."""
        told = {row.number for row in self.rows}
        return {
            at: Refused("registry.team_member_taken", name=one.name, team=team.name)
            for at, one, team in self._moves()
            if team.number not in told
        }

    def _spread(self, wrong: dict[int, Refused]) -> None:
        """Teams that exchange people are taken together or not at all."""
        places = {row.number: at for at, row in enumerate(self.rows)}
        beside = defaultdict[int, list[int]](list)
        for at, _, team in self._moves():
            if team.number in places:
                beside[at].append(places[team.number])
                beside[places[team.number]].append(at)
        edge = sorted(wrong)
        while edge:
            at = edge.pop()
            for other in beside[at]:
                if other not in wrong:
                    wrong[other] = Refused("registry.team_together", other=self.rows[at].number)
                    edge.append(other)


def _named_twice(rows: Sequence[TeamRow], people: Mapping[str, Inspector]) -> dict[int, Refused]:
    """Two teams that both want somebody: to take either would be a choice."""
    first, found = dict[str, int](), dict[int, Refused]()
    for at, row in enumerate(rows):
        for number in row.members:
            other = first.setdefault(number, at)
            if other != at and number in people:
                told = {"name": people[number].name, "number": rows[other].number, "other": row.number}
                found[at] = Refused("registry.team_named_twice", **told)
                found.setdefault(other, found[at])
    return found


def _department(words: str, number: str) -> Department:
    named = Q(code=words) | Q(name=words) | Q(short_name=words)
    found = list(Department.objects.filter(named).select_related("region"))
    if len(found) != 1:
        told = f"“{words}”不止一个单位，请改填单位代码" if found else f"没有叫“{words}”的单位"
        raise Refused("registry.team_row", number=number, told=told)
    return found[0]


def _write(
    taken: Sequence[Wanted], shelf: _Shelf, reason: str, by: Actor, at: datetime
) -> tuple[dict[str, int], list[str]]:
    """How many are new, changed, the same; and the numbers of those that are not the same."""
    new = [one.team for one in taken if one.row.number not in shelf.teams]
    StandingTeam.objects.bulk_create(new, batch_size=MANY)
    renamed = [one for one in taken if one.team.name != one.row.name]
    for one in renamed:
        one.team.name, one.team.changed_at = one.row.name, at
    StandingTeam.objects.bulk_update([one.team for one in renamed], ["name", "changed_at"], batch_size=MANY)
    changes = [change for one in taken if (change := _change(one, shelf))]
    write_changes(changes, reason, by, at)
    other = {one.row.number for one in renamed} | {change.team.number for change in changes}
    numbers = [one.row.number for one in taken if one.row.number in other]
    counts = {"n_new": len(new), "n_changed": len(other) - len(new), "n_same": len(taken) - len(other)}
    return counts, numbers


def _change(one: Wanted, shelf: _Shelf) -> Change:
    return change_of(one.team, shelf.old.get(one.team, {}), one.people, one.lead)
