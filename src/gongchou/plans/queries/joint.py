"""Reading joint work: invitations, questions to the conference, campaigns and agreements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within, departments_within_any, has_duty
from gongchou.accounts.queries.people import people_with
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Agreement, Campaign, Invitation, Line, LineVersion, PlanVersion, Question
from gongchou.plans.states.joint import OVER, TAKING_PART, InvitationState, QuestionState
from gongchou.plans.states.plans import OPEN, OUT, PlanState
from gongchou.registry.models import Item
from gongchou.registry.queries.items import usable_items

WORKERS = (Duty.KEEP_PLAN, Duty.APPROVE_PLAN)


def visible_invitations(by: User) -> QuerySet[Invitation]:
    """Those to departments within reach, and those of plans and lines of departments within reach."""
    own = departments_within_any(by, *WORKERS, Duty.COORDINATE).order_by().values("pk")
    sides = Q(department__in=own) | Q(line__plan__department__in=own) | Q(line__versions__initiator__in=own)
    rows = Invitation.objects.filter(sides).distinct().annotate(line_name=Subquery(_names()))
    return rows.select_related("department__region", "line__plan__department__region", "asked_by", "answered_by")


def _names() -> QuerySet[LineVersion, Any]:
    """What a line is called in the newest version of its plan."""
    rows = LineVersion.objects.filter(line=OuterRef("line")).exclude(version__state=PlanState.WITHDRAWN)
    return rows.order_by("-version__number").values("name")[:1]


def speaking_for(by: User) -> QuerySet[Department]:
    """The departments somebody answers for.

    Whoever reaches others, as the office of the conference or a superior does, speaks only for her own and for those
    where nobody keeps or approves plans: else whoever asks would also answer.
    """
    homes = Department.objects.filter(pk__in=[by.department_id])
    theirs = Department.objects.filter(_at_home(_homes_of_planners())).exclude(_at_home(homes))
    return departments_within_any(by, *WORKERS).exclude(pk__in=theirs.order_by().values("pk"))


def answering_for(department: Department) -> list[User]:
    """Who hears what concerns a department: its keepers of plans, else its heads, else the office of its conference."""
    units = Department.objects.filter(parent=department, is_internal_unit=True).order_by().values("pk")
    home = Department.objects.filter(Q(pk=department.pk) | Q(pk__in=units))
    place = Department.objects.filter(region=department.region_id)
    asked = ((Duty.KEEP_PLAN, home), (Duty.APPROVE_PLAN, home), (Duty.COORDINATE, place))
    return next((people for duty, rows in asked if (people := list(people_with(duty, rows)))), [])


def _homes_of_planners() -> QuerySet[Department]:
    every = Department.objects.all()
    people = people_with(Duty.KEEP_PLAN, every) | people_with(Duty.APPROVE_PLAN, every)
    return every.filter(pk__in=people.order_by().values("department"))


def _at_home(homes: QuerySet[Department]) -> Q:
    """A department itself, or one of whose internal units somebody is."""
    homes = homes.order_by()
    return Q(pk__in=homes.values("pk")) | Q(pk__in=homes.filter(is_internal_unit=True).values("parent"))


def to_answer(by: User) -> QuerySet[Invitation]:
    """Those that wait for her department."""
    own = speaking_for(by).order_by().values("pk")
    return Invitation.objects.filter(department__in=own, state=InvitationState.INVITED)


def visible_questions(by: User) -> QuerySet[Question]:
    """Those about invitations somebody sees."""
    seen = visible_invitations(by).order_by().values("pk")
    rows = Question.objects.filter(invitation__in=seen)
    return rows.select_related("invitation__department", "line__plan__department__region", "raised_by", "decided_by")


def to_decide(by: User) -> QuerySet[Question]:
    """Those the office of the conference has to bring to a decision."""
    own = departments_within(by, Duty.COORDINATE).order_by().values("pk")
    return Question.objects.filter(line__plan__department__in=own, state=QuestionState.OPEN)


def open_question(invitation: Invitation) -> Question | None:
    """What the conference was asked about it and has not decided."""
    return invitation.questions.filter(state=QuestionState.OPEN).first()


def not_asked(version: PlanVersion) -> list[tuple[LineVersion, list[Department]]]:
    """The lines of a version whose participants are not all asked, each with those who are not."""
    rows = version.lines.select_related("line", "initiator").prefetch_related("participants", "line__invitations")
    found = []
    for line in rows:
        asked = {one.department_id for one in line.line.invitations.all() if one.state not in OVER}
        left = [one for one in line.participants.all() if one.pk not in asked]
        if left:
            found.append((line, left))
    return found


def without_line(lines: Iterable[Line]) -> QuerySet[Invitation]:
    """What was asked for lines of which no version that lives names the department any more."""
    living = LineVersion.objects.filter(
        line=OuterRef("line"), participants=OuterRef("department"), version__state__in=[*OPEN, PlanState.PUBLISHED]
    )
    rows = Invitation.objects.filter(line__in=[one.pk for one in lines]).exclude(state__in=OVER)
    return rows.filter(~Exists(living)).select_related("department", "line__plan")


def is_out(invitation: Invitation) -> bool:
    """Tell whether the public reads that the department takes part."""
    rows = invitation.line.versions.filter(version__state=PlanState.PUBLISHED)
    return rows.filter(participants=invitation.department).exists()


def differs_from_public(invitation: Invitation) -> bool:
    """Whether what was agreed or decided is not what the public reads, so that the plan has to be revised."""
    rows = invitation.line.versions.filter(version__state=PlanState.PUBLISHED)
    return rows.exists() and is_out(invitation) != (invitation.state in TAKING_PART)


def to_revise(version: PlanVersion) -> list[Invitation]:
    """Of a published version the invitations that were answered or decided otherwise than it says."""
    named = set(version.lines.order_by().values_list("line", "participants"))
    lines = {line for line, _ in named}
    rows = Invitation.objects.filter(line__in=lines)
    rows = rows.exclude(state__in=[InvitationState.INVITED, InvitationState.REVOKED])
    found = rows.order_by("line__number", "department__code", "asked_at").select_related("line", "department")
    newest = {(one.line_id, one.department_id): one for one in found}
    return [one for key, one in newest.items() if (key in named) != (one.state in TAKING_PART)]


def draft_of(invitation: Invitation) -> LineVersion | None:
    """What its line says in the draft of its plan."""
    rows = LineVersion.objects.filter(line=invitation.line_id, version__state=PlanState.DRAFT)
    return rows.select_related("version__plan__department__region", "initiator", "line").first()


def items_of_nobody_else(line: LineVersion, invitation: Invitation, *, on: date) -> list[Item]:
    """The items a department brought that no other brought as well, and that the initiator cannot use itself."""
    others = Invitation.objects.filter(line=line.line_id).exclude(state__in=OVER).exclude(pk=invitation.pk)
    kept = set(others.values_list("items", flat=True))
    kept |= set(usable_items(line.initiator, on=on).order_by().values_list("item", flat=True))
    return [one for one in invitation.items.all() if one.pk not in kept]


def visible_campaigns(by: User) -> QuerySet[Campaign]:
    """Campaigns are known to everybody who reads plans; each with ``n_lines`` that are published."""
    if not has_duty(by, Duty.READ_PLANS):
        return Campaign.objects.none()
    out = Count("lines", filter=Q(lines__version__state__in=OUT), distinct=True)
    return Campaign.objects.select_related("region", "organiser").annotate(n_lines=out)


def visible_agreements(by: User) -> QuerySet[Agreement]:
    """Agreements are known to everybody who reads plans."""
    rows = Agreement.objects.select_related("department")
    return rows if has_duty(by, Duty.READ_PLANS) else rows.none()
