"""What may be done to a conflict of interest, whoever asks."""

from __future__ import annotations

from datetime import date

from gongchou.refusal import Refused
from gongchou.registry.models import Conflict, Inspector, Subject
from gongchou.registry.queries import conflicts as asked


def check_own_declaration(declared_by: str) -> None:
    """Raises Refused ``registry.conflict_own_only``."""
    if declared_by != Conflict.DeclaredBy.SELF:
        raise Refused("registry.conflict_own_only")


def check_declaration(
    inspector: Inspector, subject: Subject, begins_on: date | None, ends_on: date | None, *, on: date
) -> None:
    """One conflict stands between two at a time, and none begins when it is over.

    Raises Refused ``registry.conflict_dates``, ``registry.conflict_over`` or ``registry.conflict_exists``.
    """
    if begins_on and ends_on and ends_on < begins_on:
        raise Refused("registry.conflict_dates", begins_on=begins_on, ends_on=ends_on)
    if ends_on and ends_on < on:
        raise Refused("registry.conflict_over", ends_on=ends_on, on=on)
    standing = asked.live_between(inspector, subject, on=on).first()
    if standing is not None:
        told = {"name": inspector.name, "subject": subject.name, "decision": standing.get_decision_display()}
        raise Refused("registry.conflict_exists", **told)


def check_is_pending(conflict: Conflict) -> None:
    """Raises Refused ``registry.conflict_decided``."""
    if conflict.decision != Conflict.Decision.PENDING:
        raise Refused("registry.conflict_decided", decision=conflict.get_decision_display())


def check_is_upheld(conflict: Conflict) -> None:
    """Raises Refused ``registry.conflict_not_upheld``."""
    if conflict.decision != Conflict.Decision.UPHELD:
        raise Refused("registry.conflict_not_upheld", decision=conflict.get_decision_display())
