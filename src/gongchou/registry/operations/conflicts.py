"""Declaring, deciding and lifting conflicts of interest."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.accounts.operations import send_message
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.registry.models import Conflict, Inspector, Subject
from gongchou.registry.operations.inspectors import add_to_dossier
from gongchou.registry.permissions import conflicts as permissions
from gongchou.registry.rules import conflicts as rules


@operation("conflict.declared", "申报回避")
def declare_conflict(
    *,
    inspector: Inspector,
    subject: Subject,
    relation: str,
    declared_by: str,
    by: Actor,
    at: datetime,
    note: str = "",
    begins_on: date | None = None,
    ends_on: date | None = None,
) -> Done[Conflict]:
    """Say that somebody should stay away from a subject. From now on it is honoured, until somebody rejects it (R-60).

    Raises Refused ``registry.conflict_own_only``, ``registry.out_of_reach``, ``registry.conflict_dates``,
    ``registry.conflict_over`` or ``registry.conflict_exists``.
    """
    inspector = held(inspector)
    permissions.check_may_declare(by, inspector, declared_by)
    rules.check_declaration(inspector, subject, begins_on, ends_on, on=timezone.localdate(at))
    conflict = Conflict.objects.create(
        inspector=inspector,
        subject=subject,
        relation=relation,
        declared_by=declared_by,
        note=note,
        begins_on=begins_on,
        ends_on=ends_on,
        declared_at=at,
        declared_by_name=by.audit_name,
        registered_by=by if isinstance(by, User) else None,
    )
    _tell(
        conflict, "conflict_declared", f"申报回避：{subject.name}（{conflict.get_declared_by_display()}申报）", by, at
    )
    return Done(conflict, {"inspector": inspector.number, "subject": subject.number, "declared_by": declared_by})


@operation("conflict.decided", "决定回避")
def decide_conflict(*, conflict: Conflict, is_upheld: bool, note: str, by: User, at: datetime) -> Done[Conflict]:
    """Uphold or reject a declaration, as a second person.

    Raises Refused ``registry.conflict_not_yours``, ``registry.conflict_same_person``, ``registry.conflict_oneself`` or
    ``registry.conflict_decided``.
    """
    conflict = held(conflict)
    permissions.check_may_decide(by, conflict)
    conflict.decision = Conflict.Decision.UPHELD if is_upheld else Conflict.Decision.REJECTED
    conflict.decided_at, conflict.decided_by, conflict.decision_note = at, by, note
    conflict.save(update_fields=["decision", "decided_at", "decided_by", "decision_note"])
    words = conflict.get_decision_display()
    _tell(conflict, "conflict_decided", f"回避决定：{conflict.subject.name}，{words}", by, at)
    _send(conflict, f"回避申报已决定（{words}）：{conflict.subject.name}", by, at)
    return Done(conflict, {"decision": conflict.decision, "note": note})


@operation("conflict.lifted", "解除回避")
def lift_conflict(*, conflict: Conflict, reason: str, by: User, at: datetime) -> Done[Conflict]:
    """End a conflict that was upheld; what was decided stays on record.

    Raises Refused ``registry.conflict_not_yours``, ``registry.conflict_oneself`` or ``registry.conflict_not_upheld``.
    """
    conflict = held(conflict)
    permissions.check_may_lift(by, conflict)
    conflict.decision = Conflict.Decision.LIFTED
    conflict.lifted_at, conflict.lifted_by, conflict.lift_reason = at, by, reason
    conflict.save(update_fields=["decision", "lifted_at", "lifted_by", "lift_reason"])
    _tell(conflict, "conflict_lifted", f"解除回避：{conflict.subject.name}，{reason}", by, at)
    _send(conflict, f"回避已解除：{conflict.subject.name}", by, at)
    return Done(conflict, {"reason": reason})


def _tell(conflict: Conflict, kind: str, told: str, by: Actor, at: datetime) -> None:
    """What the interest consists of stays with the declaration; the dossier names the subject only."""
    add_to_dossier(
        conflict.inspector,
        kind,
        told,
        by=by,
        at=at,
        data={"conflict": str(conflict.pk), "subject": conflict.subject.number},
    )


def _send(conflict: Conflict, title: str, by: User, at: datetime) -> None:
    """Tell whom it is about, and who registered it for her, each with the page where she finds it."""
    pages = {conflict.registered_by: "registry:conflicts", conflict.inspector.user: "registry:my-file"}
    told = [user.pk for user in pages if user is not None]
    # All of them, before the first message holds the end of the log: an account that is being closed waits for that.
    active = set(User.objects.select_for_update().filter(pk__in=told, is_active=True).order_by("pk"))
    for user, page in pages.items():
        if user is not None and user in active:
            send_message(to=[user], title=title, link=reverse(page), by=by, at=at)
