"""Who may declare, decide and lift a conflict of interest."""

from __future__ import annotations

from gongchou.accounts.models import User
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor
from gongchou.refusal import Refused
from gongchou.registry.models import Conflict, Inspector
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.queries import conflicts as asked
from gongchou.registry.rules import conflicts as rules


def check_may_declare(by: Actor, inspector: Inspector, declared_by: str) -> None:
    """A person speaks for herself; who keeps the library registers what anybody has declared.

    Raises Refused ``registry.conflict_own_only`` or ``registry.out_of_reach``.
    """
    if isinstance(by, User) and inspector.user_id == by.pk:
        rules.check_own_declaration(declared_by)
    else:
        check_reaches(by, inspector.department, Duty.KEEP_LIBRARIES)


def check_may_decide(by: User, conflict: Conflict) -> None:
    """The head decides, and is neither who registered it nor whom it is about (行政处罚法 art. 43).

    Raises Refused ``registry.conflict_not_yours``, ``registry.conflict_same_person``, ``registry.conflict_oneself`` or
    ``registry.conflict_decided``.
    """
    _check_heads(by, conflict)
    if conflict.registered_by_id == by.pk:
        raise Refused("registry.conflict_same_person")
    rules.check_is_pending(conflict)


def check_may_lift(by: User, conflict: Conflict) -> None:
    """The head lifts as well.

    Raises Refused ``registry.conflict_not_yours``, ``registry.conflict_oneself`` or ``registry.conflict_not_upheld``.
    """
    _check_heads(by, conflict)
    rules.check_is_upheld(conflict)


def _check_heads(by: User, conflict: Conflict) -> None:
    if not asked.decidable(by).filter(pk=conflict.pk).exists():
        raise Refused("registry.conflict_not_yours")
    if conflict.inspector.user_id == by.pk:
        raise Refused("registry.conflict_oneself")
