"""Asking about conflicts of interest: which count, who may see them."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Conflict, Inspector, Subject
from gongchou.registry.queries import inspectors

LIVE = (Conflict.Decision.PENDING, Conflict.Decision.UPHELD)
"""Undecided ones are honoured as well: nobody should be drawn into a doubt."""


def visible(by: User) -> QuerySet[Conflict]:
    """The conflicts of the inspectors somebody may see."""
    return Conflict.objects.filter(inspector__in=inspectors.visible(by).values("pk"))


def decidable(by: User) -> QuerySet[Conflict]:
    """The conflicts somebody may decide or lift as the head does, as far as her reach goes."""
    reach = departments_within(by, Duty.APPROVE_LIST)
    return Conflict.objects.filter(inspector__department__in=reach.values("pk"))


def live_between(inspector: Inspector, subject: Subject, *, on: date) -> QuerySet[Conflict]:
    """The conflict that stands between two on a day, if there is one; its last day counts."""
    lasts = Q(ends_on=None) | Q(ends_on__gte=on)
    return Conflict.objects.filter(lasts, decision__in=LIVE, inspector=inspector, subject=subject)


def find_subject(number: str) -> Subject | None:
    """The subject with exactly this credit code or number, in either case of letters."""
    return Subject.objects.filter(number=number.strip().upper()).first()


def for_list(by: User) -> QuerySet[Conflict]:
    """Everything a row of the list shows, in one query; ``is_decidable`` says whether the reader is the head."""
    reach = departments_within(by, Duty.APPROVE_LIST)
    is_decidable = Exists(reach.filter(pk=OuterRef("inspector__department")))
    return visible(by).annotate(is_decidable=is_decidable).select_related("inspector__department", "subject")


def of_inspector(inspector: Inspector) -> QuerySet[Conflict]:
    """All conflicts of one person, the newest first."""
    return Conflict.objects.filter(inspector=inspector).select_related("subject", "decided_by", "lifted_by")
