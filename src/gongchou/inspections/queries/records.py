"""Reading records: what was received, what is still on its way, who wrote it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from gongchou.accounts.models import User
from gongchou.inspections.models import Attachment, Exhibit, Inspection, Instance, Revision
from gongchou.inspections.states import ResultState, Standing


def receipt_for(instance: UUID, digest: str) -> str | None:
    """What was answered when this very body came, or None."""
    rows = Revision.objects.filter(instance=instance, digest=digest).order_by("number")
    return rows.values_list("receipt", flat=True).first()


def receipts_of(by: User, since: datetime) -> list[str]:
    """Of her own records, the newest first."""
    rows = Revision.objects.filter(received_by=by, received_at__gte=since).order_by("-received_at", "pk")
    return list(rows.values_list("receipt", flat=True))


def missing_files(inspection: Inspection) -> list[Exhibit]:
    """Files that the record which counts names and that have not come whole."""
    there = Attachment.objects.order_by().values("sha256")
    return list(Exhibit.objects.filter(revision=inspection.head_id).exclude(sha256__in=there))


def recorders_of(inspection: Inspection) -> set[UUID]:
    """Whoever sent any record of it."""
    return set(inspection.revisions.order_by().values_list("received_by", flat=True))


def latest_of(instance: UUID) -> Revision | None:
    """The newest revision of a record."""
    return Revision.objects.filter(instance=instance).order_by("-number").first()


def to_choose(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Where records wait that do not count, and nothing was passed yet."""
    waiting = Instance.objects.filter(inspection=OuterRef("pk"), standing__in=(Standing.BESIDE, Standing.QUARANTINED))
    return rows.filter(Exists(waiting)).exclude(state=ResultState.APPROVED)


def with_results(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """With all that a list says of them."""
    rows = rows.select_related("visit__subject", "visit__batch", "department", "head__received_by")
    return rows.prefetch_related("head__results__item", "head__results__words")
