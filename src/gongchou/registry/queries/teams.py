"""Asking about standing teams: who sees which, who is in them, and whether they could go today."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gongchou.accounts.models import Department, User
from gongchou.registry.models import Inspector, StandingTeam, TeamMember
from gongchou.registry.queries.inspectors import (
    STAFF,
    certificate_holds_on,
    departments_kept,
    departments_read,
    is_away_on,
)
from gongchou.registry.queries.items import office_of

READY = (("ready", "可以出检"), ("short", "持证不足两人"), ("away", "有人离岗"), ("ended", "已撤销"))
"""How a team stands on a day, code and words."""


def visible(by: User) -> QuerySet[StandingTeam]:
    """The teams somebody may see: those of the departments whose inspectors she reads."""
    return StandingTeam.objects.filter(department__in=departments_read(by).values("pk"))


def kept(by: User) -> QuerySet[StandingTeam]:
    """The teams somebody may change."""
    return StandingTeam.objects.filter(department__in=departments_kept(by).values("pk"))


def current(rows: QuerySet[TeamMember] | None = None) -> QuerySet[TeamMember]:
    """Who is in a team now, the lead first."""
    rows = TeamMember.objects.all() if rows is None else rows
    return rows.filter(left_at=None).select_related("inspector__department")


def for_list(teams: QuerySet[StandingTeam], day: date) -> QuerySet[Any]:
    """Everything a row of the list shows: ``now`` (members), ``n_members``, ``n_certified``, ``n_away``."""
    standing = TeamMember.objects.filter(team=OuterRef("pk"), left_at=None)
    certified = Inspector.objects.filter(certificate_holds_on(day), state=Inspector.State.ACTIVE)
    away = Inspector.objects.filter(is_away_on(day))
    found = teams.annotate(
        n_members=_count(standing),
        n_certified=_count(standing.filter(inspector__in=certified.values("pk"))),
        n_away=_count(standing.filter(inspector__in=away.values("pk"))),
    )
    return found.select_related("department").prefetch_related(Prefetch("members", queryset=current(), to_attr="now"))


def _count(rows: QuerySet[TeamMember]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("team").annotate(n=Count("pk")).values("n")), 0)


def readiness(team: Any) -> str:
    """A code of ``READY`` for a row of ``for_list``."""
    if team.ended_at is not None:
        return "ended"
    if team.n_certified < 2:
        return "short"
    return "away" if team.n_away else "ready"


def in_readiness(teams: QuerySet[Any], code: str) -> QuerySet[Any]:
    """The rows of ``for_list`` with one of ``READY``."""
    wanted = {
        "ended": Q(ended_at__isnull=False),
        "short": Q(ended_at=None, n_certified__lt=2),
        "away": Q(ended_at=None, n_certified__gte=2, n_away__gt=0),
        "ready": Q(ended_at=None, n_certified__gte=2, n_away=0),
    }[code]
    return teams.filter(wanted)


def in_words(teams: QuerySet[StandingTeam], words: str) -> QuerySet[StandingTeam]:
    """Those whose name or number holds the words, or that have a member of that name."""
    word = words.strip()
    members = current().filter(Q(inspector__name__icontains=word) | Q(inspector__number__istartswith=word))
    named = Q(name__icontains=word) | Q(number__istartswith=word)
    return teams.filter(named | Q(pk__in=members.order_by().values("team")))


def around(department: Department) -> set[Department]:
    """The units a team may take its people from: the bureau that a unit belongs to, and all of its own units.

    局所联动 needs teams of both; people of another bureau are never in it.
    """
    office = office_of(department)
    if office.level == Department.Level.TOWN and office.parent is not None:
        office = office_of(office.parent)
    found, edge = {office}, {office.pk}
    while edge:
        below = Q(is_internal_unit=True) | Q(level=Department.Level.TOWN)
        more = set(Department.objects.filter(below, parent__in=edge, is_active=True)) - found
        found, edge = found | more, {one.pk for one in more}
    return found


def may_join(team: StandingTeam) -> QuerySet[Inspector]:
    """Whoever could be in a team: who may enforce, is of its units, and in no other team."""
    elsewhere = TeamMember.objects.filter(left_at=None).exclude(team=team)
    rows = Inspector.objects.filter(department__in=around(team.department), state=Inspector.State.ACTIVE)
    free = rows.filter(category__in=STAFF).exclude(pk__in=elsewhere.order_by().values("inspector"))
    return free.select_related("department").order_by("department__code", "number")


def shown_members(team: StandingTeam) -> dict[str, str]:
    """Who is in it, label and words."""
    rows = list(current(team.members.all()))
    lead = next((row.inspector.name for row in rows if row.is_lead), "")
    return {"组员": "、".join(sorted(row.inspector.number for row in rows)), "组长": lead}
