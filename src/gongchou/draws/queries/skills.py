"""What each department's part in a draw asks of people, as skills: who may do it, who is qualified, from which side.

A skill is a name that exactly those bear who have it; the slots of a door name the skills they ask for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from gongchou.draw.encoding import Document
from gongchou.draw.roster import TEAM
from gongchou.draws.queries.crews import Ability, is_qualified
from gongchou.draws.queries.dealt import Crew, Dealt, Person
from gongchou.draws.queries.slots import BUREAU, STATION, Want, groups_of, wants_of

Side = tuple[UUID, str]  # a department, a skill


@dataclass(frozen=True)
class _Skills:
    """Names of skills: of who may do what a department does in a draw, and of who has the qualification it asks for."""

    able: str
    scarce: str = ""


def slots_of(
    abilities: Sequence[Ability], people: Sequence[Person], crews: Sequence[Crew], *, linked: Collection[UUID]
) -> dict[int, list[Document]]:
    """The slot groups of each draw by ``seq``; people and teams are given the skills that these name.

    abilities: by ``seq``, within a draw as its departments stand; linked: departments whose teams are half of a station
    """
    _give_sides(people, crews)
    skills = _give_skills(abilities, crews)
    in_bureau = _in_bureau(people)
    wants: dict[int, list[Want]] = {one.draw.seq: [] for one in abilities}
    for one, named in zip(abilities, skills, strict=True):
        wants[one.draw.seq] += _wants(one, named, linked=linked, in_bureau=in_bureau)
    groups, marks = groups_of(wants)
    for person in people:
        person.skills |= marks
    return groups


def _give_sides(people: Sequence[Person], crews: Sequence[Crew]) -> None:
    for person in people:
        person.skills.add(STATION if person.is_of_station else BUREAU)
    for crew in crews:
        crew.skills.add(TEAM)


def _give_skills(abilities: Sequence[Ability], crews: Sequence[Crew]) -> list[_Skills]:
    """Those of each part. Where the same people may, it is one skill: two tasks at one door then need one team."""
    names: dict[object, str] = {}
    return [_skills_of(one, crews, names) for one in abilities]


def _skills_of(one: Ability, crews: Sequence[Crew], names: dict[object, str]) -> _Skills:
    seq, department, asked = one.draw.seq, one.party.department_id, one.party.qualification
    if one.party.by_team:
        able = [crew for crew in crews if seq in crew.able and crew.department.pk == department]
        return _Skills(_named(names, f"t{seq}", (department, ""), able))
    skill = _named(names, f"t{seq}", (department, ""), one.able)
    if not asked:
        return _Skills(skill)
    qualified = [person for person in one.able if is_qualified(person.inspector, asked)]
    return _Skills(skill, _named(names, f"q{seq}", (department, asked), qualified))


def _named(names: dict[object, str], fresh: str, key: tuple[UUID, str], holders: Sequence[Dealt]) -> str:
    """The skill that exactly these of a department have, given to them when it is new."""
    skill = names.setdefault((*key, frozenset(one.key for one in holders)), fresh)
    for one in holders:
        one.skills.add(skill)
    return skill


def _in_bureau(people: Sequence[Person]) -> set[Side]:
    """The skills that somebody of a department's bureau has who can be dealt."""
    of_bureau = [person for person in people if not person.why_out and not person.is_of_station]
    return {(person.department.pk, skill) for person in of_bureau for skill in person.skills}


def _wants(one: Ability, skills: _Skills, *, linked: Collection[UUID], in_bureau: Collection[Side]) -> list[Want]:
    """What a department needs at a door: one team, or so many people, the scarce one from the side that has her."""
    party, code = one.party, one.party.department.code
    if party.by_team:
        return [Want(code, tuple(sorted((skills.able, TEAM))), 1)]
    side = BUREAU if (party.department_id, skills.scarce) in in_bureau else STATION
    is_linked = party.department_id in linked
    return wants_of(code, party.n_people, skills.able, scarce=skills.scarce, is_linked=is_linked, scarce_side=side)
