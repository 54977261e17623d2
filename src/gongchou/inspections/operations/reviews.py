"""What an office does with records: passes, returns, rejects them; says which of several counts."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from gongchou.accounts.models import User
from gongchou.accounts.operations import send_message
from gongchou.audit.operations import Done, held, operation
from gongchou.inspections import permissions, rules
from gongchou.inspections.models import Inspection, Instance, Review
from gongchou.inspections.operations.records import count
from gongchou.inspections.payload import read_record
from gongchou.inspections.queries.records import latest_of
from gongchou.inspections.states import AFTER, Standing, Verdict


@operation("inspection.reviewed", "审核检查结果")
def review(*, inspection: Inspection, verdict: Verdict, opinion: str, by: User, at: datetime) -> Done[Review]:
    """Say of the record that counts whether it is passed. Raises Refused ``inspections.own_record`` and others."""
    inspection = held(inspection, "department__region", "visit__subject", "visit__batch", "head__received_by")
    permissions.check_can_review(by, inspection)
    rules.check_says_why(verdict, opinion)
    revision = inspection.head
    row = Review.objects.create(
        inspection=inspection, revision=revision, verdict=verdict, opinion=opinion, reviewed_at=at, reviewed_by=by
    )
    inspection.state = AFTER[Verdict(verdict)]
    inspection.save()
    if verdict != Verdict.PASS and revision is not None:
        _tell(inspection, revision.received_by, opinion, by=by, at=at)
    return Done(row, {"verdict": verdict, "opinion": opinion, "digest": revision.digest if revision else ""})


def _tell(inspection: Inspection, recorder: User, opinion: str, *, by: User, at: datetime) -> None:
    title = f"检查结果{inspection.state_word}：{inspection.visit.subject.name}"[:100]
    link = reverse("draws:my-visits")
    send_message(to=[recorder], kind="task", title=title, body=opinion, link=link, by=by, at=at)


@operation("inspection.chosen", "选定检查记录")
def choose(*, instance: Instance, reason: str, by: User, at: datetime) -> Done[Instance]:
    """Let another record count, of several that came for one department at one object; the others are kept.

    Raises Refused ``inspections.counts_already``, ``inspections.state``.
    """
    inspection = held(instance.inspection, "department__region", "visit__subject", "visit__batch", "head__instance")
    instance = held(instance, "inspection__department__region")
    permissions.check_can_choose(by, inspection)
    rules.check_may_count(instance, inspection)
    before = inspection.head.instance if inspection.head else None
    if before is not None:
        before.standing = Standing.PASSED_OVER
        before.save()
    instance.standing = Standing.HELD
    instance.save()
    revision = latest_of(instance.pk)
    assert revision is not None  # noqa: S101 -- a record comes with its first revision
    count(inspection, revision, read_record(revision.body.encode()))
    return Done(instance, {"reason": reason, "before": before.pk if before else "", "digest": revision.digest})
