"""What waits for somebody on the lists: versions to decide about or to mend, claims, yearly reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Claim, MatterVersion
from gongchou.registry.queries.matters import overdue
from gongchou.registry.queries.versions import KINDS, being_ended, sent_back
from gongchou.registry.states.lists import ClaimState, VersionState


def _own(kind: str, by: User, duty: Duty) -> QuerySet[Any]:
    model = KINDS[kind]
    reach = departments_within(by, duty).values("pk")
    return model._default_manager.filter(**{f"{model.thing_field}__owner__in": reach})


def to_review(kind: str, by: User) -> QuerySet[Any]:
    """Versions that somebody else submitted."""
    return _own(kind, by, Duty.APPROVE_LIST).filter(state=VersionState.REVIEW).exclude(submitted_by=by)


def to_publish(kind: str, by: User) -> QuerySet[Any]:
    """Approved versions that are not out yet."""
    return _own(kind, by, Duty.APPROVE_LIST).filter(state=VersionState.IN_FORCE)


def to_end(kind: str, by: User) -> QuerySet[Any]:
    """Published versions that somebody else wants abolished."""
    return being_ended(_own(kind, by, Duty.APPROVE_LIST)).exclude(end_asked_by=by)


def to_mend(kind: str, by: User) -> QuerySet[Any]:
    """Drafts that were sent back."""
    return sent_back(_own(kind, by, Duty.KEEP_LIST))


def suspended_claims_of(by: User) -> QuerySet[Claim]:
    """Claims of one's own departments that wait for a new decision."""
    reach = departments_within(by, Duty.KEEP_LIST).values("pk")
    return Claim.objects.filter(department__in=reach, ended_at=None, state=ClaimState.SUSPENDED)


def due_reviews(by: User, *, on: date) -> QuerySet[MatterVersion]:
    """Published matters of one's own whose yearly review should have been done."""
    return overdue(_own("matters", by, Duty.KEEP_LIST), on=on)
