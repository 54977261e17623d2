"""What happens at the entrance, told to the log by what guards it."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F

from gongchou.accounts import permissions
from gongchou.accounts.models import OpenSession, User
from gongchou.accounts.operations.installer import Visitor
from gongchou.audit.operations import Actor, Done, held, operation


@operation("account.signed_in", "登录")
def note_signed_in(*, user: User, source: str, factors: list[str], by: User, at: datetime) -> Done[User]:
    """Somebody came in. factors: what she showed, such as ``password`` and ``totp``."""
    permissions.check_is_own(by, user)
    return Done(user, {"source": source, "factors": factors})


@operation("account.signed_out", "退出登录")
def note_signed_out(*, user: User, source: str, cause: str, by: User, at: datetime) -> Done[User]:
    """Somebody left. cause: ``asked``, ``idle`` or ``age``."""
    permissions.check_is_own(by, user)
    return Done(user, {"source": source, "cause": cause})


@operation("account.locked", "登录失败锁定")
def note_locked(*, user: User, source: str, what: str, by: Visitor, at: datetime) -> Done[User]:
    """Too many wrong answers from one place. what: ``password`` or ``code``."""
    return Done(user, {"source": source, "what": what})


@operation("account.password_wrong", "密码输入错误")
def note_wrong_password(*, user: User, source: str, by: Visitor, at: datetime) -> Done[User]:
    """A wrong password for an account there is; what was typed is kept nowhere.

    There are as many lines as tries that the lock-out lets through (``accounts.attempts``).
    """
    return Done(user, {"source": source})


@operation("account.session_ended", "退出其他设备")
def end_session(*, session: OpenSession, by: User, at: datetime) -> Done[User]:
    """Sign somebody's other machine out. Raises Refused ``accounts.not_own_account``."""
    permissions.check_is_own(by, session.user)
    SessionStore(session.key).delete()
    session.delete()
    return Done(session.user, {"source": session.source})


@operation("account.factor_added", "设置双因素验证")
def note_factor_added(*, user: User, kind: str, source: str, by: User, at: datetime) -> Done[User]:
    """Somebody set up an authenticator or made new recovery codes; sessions that began without it end."""
    permissions.check_is_own(by, user)
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    return Done(user, {"kind": kind, "source": source})


@operation("account.factor_removed", "移除双因素验证")
def note_factor_removed(*, user: User, kind: str, source: str, by: User, at: datetime) -> Done[User]:
    """Somebody removed an authenticator of her own."""
    permissions.check_is_own(by, user)
    return Done(user, {"kind": kind, "source": source})


@operation("account.factors_reset", "重置双因素验证")
def reset_factors(*, user: User, reason: str, by: Actor, at: datetime) -> Done[User]:
    """Remove the second factors of somebody who lost hers; all her sessions end.

    The security administrator does it and the system administrator resets passwords: neither alone can become
    somebody else. Raises Refused ``accounts.own_role`` or ``accounts.out_of_reach``.
    """
    user = held(user)
    permissions.check_can_answer_for(by, user)
    theirs = Authenticator.objects.filter(user=user).order_by("id")
    kinds = list(theirs.values_list("type", flat=True))
    theirs.delete()
    user.session_round += 1
    user.save(update_fields=["session_round"])
    return Done(user, {"kinds": kinds, "reason": reason})
