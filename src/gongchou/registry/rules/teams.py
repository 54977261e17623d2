"""What may be done to standing teams."""

from __future__ import annotations

from collections.abc import Collection

from gongchou.accounts.models import Department
from gongchou.refusal import Refused
from gongchou.registry.models import Inspector, StandingTeam, TeamMember
from gongchou.registry.queries.inspectors import STAFF
from gongchou.registry.queries.teams import around

LEAST, MOST = 2, 20  # people of a team: two go by law (行政处罚法 art. 42), a visit has at most twenty


def check_number_free(number: str) -> None:
    """Raises Refused ``registry.team_number_taken``."""
    if StandingTeam.objects.filter(number=number).exists():
        raise Refused("registry.team_number_taken", number=number)


def check_stands(team: StandingTeam) -> None:
    """Raises Refused ``registry.team_ended``."""
    if team.ended_at is not None:
        raise Refused("registry.team_ended", team=team.name)


def check_members(team: StandingTeam, members: Collection[Inspector], lead: Inspector) -> None:
    """As ``check_make_up``, and nobody is in another team.

    Raises Refused as it does, or ``registry.team_member_taken``.
    """
    check_make_up(team.department, members, lead, around(team.department))
    others = TeamMember.objects.filter(inspector__in=[one.pk for one in members], left_at=None).exclude(team=team)
    other = others.select_related("team", "inspector").order_by("inspector__number").first()
    if other is not None:
        raise Refused("registry.team_member_taken", name=other.inspector.name, team=other.team.name)


def check_make_up(
    department: Department, members: Collection[Inspector], lead: Inspector, near: Collection[Department]
) -> None:
    """At least two who may enforce, of the team's own unit or beside it, one of them in the lead.

    department: of the team; near: the units that are ``around`` it
    Raises Refused ``registry.team_size``, ``registry.team_lead``, ``registry.inspector_inactive``,
    ``registry.team_helper`` or ``registry.team_member_elsewhere``.
    """
    if not LEAST <= len(members) <= MOST:
        raise Refused("registry.team_size", least=LEAST, most=MOST, n_people=len(members))
    if lead not in members:
        raise Refused("registry.team_lead", name=lead.name)
    for one in members:
        _check_member(department, one, near)


def _check_member(department: Department, one: Inspector, near: Collection[Department]) -> None:
    if one.state != Inspector.State.ACTIVE:
        raise Refused("registry.inspector_inactive", name=one.name)
    if one.category not in STAFF:
        raise Refused("registry.team_helper", name=one.name, category=one.get_category_display())
    if one.department not in near:
        told = {"department": one.department.short_name, "team": department.short_name}
        raise Refused("registry.team_member_elsewhere", name=one.name, **told)
