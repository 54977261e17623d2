"""What waits for somebody: for her decision, her correction, the renewal of a paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from gongchou.accounts.models import User
from gongchou.accounts.queries import bounds_of
from gongchou.accounts.roles import Duty
from gongchou.registry.models import (
    Certificate,
    Claim,
    Conflict,
    Edition,
    MatterVersion,
    Membership,
)
from gongchou.registry.queries import conflicts, inspectors, subjects
from gongchou.registry.queries.items import Offer, items_in, offers_to
from gongchou.registry.queries.matters import overdue
from gongchou.registry.queries.versions import KINDS, sent_back, within
from gongchou.registry.states.lists import ClaimState, VersionState

CERTIFICATE_DAYS = 30
LICENCE_DAYS = 90
"""How long before its end a paper is somebody's task."""


class OfList(NamedTuple):
    """What one of the lists asks of who approves it (counts)."""

    kind: Edition.Kind
    n_to_review: int
    n_to_end: int
    n_to_publish: int


class ToKeep(NamedTuple):
    """What the lists ask of who keeps them (counts)."""

    n_sent_back: dict[Edition.Kind, int]
    n_claims: int
    n_matters: int


def conflicts_to_decide(by: User) -> QuerySet[Conflict]:
    """The declarations that somebody may decide: neither registered by her nor about her."""
    pending = conflicts.decidable(by).filter(decision=Conflict.Decision.PENDING)
    return pending.exclude(registered_by=by).exclude(inspector__user=by)


def lists_to_decide(by: User) -> list[OfList]:
    """Each list; what she submitted or wants to end herself is for somebody else."""
    reach = bounds_of(by, Duty.APPROVE_LIST)
    lists = [(kind, model._default_manager.filter(within(model, reach))) for kind, model in KINDS.items()]
    return [_of_list(kind, rows, by) for kind, rows in lists]


def _of_list(kind: str, mine: QuerySet[Any], by: User) -> OfList:
    submitted = Q(state=VersionState.REVIEW) & ~Q(submitted_by=by)
    to_end = Q(state=VersionState.PUBLISHED, end_asked_at__isnull=False) & ~Q(end_asked_by=by)
    to_publish = Q(state=VersionState.IN_FORCE)
    counts = (Count("pk", filter=asked) for asked in (submitted, to_end, to_publish))
    found = mine.order_by().aggregate(**dict(zip(("n_to_review", "n_to_end", "n_to_publish"), counts, strict=True)))
    return OfList(Edition.Kind(kind), **found)


def lists_to_keep(by: User, day: date) -> ToKeep:
    """What came back from review, was suspended above her, or is due for its yearly look, in the lists she keeps."""
    reach = bounds_of(by, Duty.KEEP_LIST)
    drafts = {
        Edition.Kind(kind): sent_back(model._default_manager.filter(within(model, reach)))
        for kind, model in KINDS.items()
    }
    claims = Claim.objects.filter(items_in(reach.fields), department__in=reach.departments.values("pk"))
    claims = claims.filter(ended_at=None, state=ClaimState.SUSPENDED)
    matters = overdue(MatterVersion.objects.filter(within(MatterVersion, reach)), on=day)
    return ToKeep({kind: rows.count() for kind, rows in drafts.items()}, claims.count(), matters.count())


def offers_to_claim(by: User, day: date) -> list[Offer]:
    """What is offered from above to her own office and has not been claimed, if she decides about it."""
    reach = bounds_of(by, Duty.KEEP_LIST)
    own = reach.departments.filter(pk=by.department_id, is_internal_unit=False)
    office = own.select_related("region").first()
    return [offer for offer in offers_to(office, on=day, fields=reach.fields) if offer.claim is None] if office else []


def certificates_to_renew(by: User, day: date) -> QuerySet[Certificate]:
    """The standing certificates of the people whose entries she keeps that have ended or soon will."""
    kept = inspectors.kept(by).filter(state="active").values("pk")
    soon = day + timedelta(days=CERTIFICATE_DAYS)
    return inspectors.current_certificates().filter(inspector__in=kept, valid_to__lte=soon)


def own_certificates_to_renew(by: User, day: date) -> QuerySet[Certificate]:
    """One's own, early enough to apply for the next."""
    soon = day + timedelta(days=inspectors.EXPIRING_DAYS)
    return inspectors.current_certificates().filter(inspector__user=by, valid_to__lte=soon)


def licences_to_renew(by: User, day: date) -> QuerySet[Membership]:
    """The entries of the sub-libraries she keeps whose licence soon ends."""
    kept = subjects.sub_libraries(by, Duty.KEEP_LIBRARIES).values("pk")
    return subjects.expiring(Membership.objects.filter(sub_library__in=kept), day, LICENCE_DAYS)
