"""How long a session lasts: by rest, by age, by the strictest of the roles somebody holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from gongchou.accounts import operations
from gongchou.accounts.models import OpenSession, User
from gongchou.accounts.roles import ADMINISTRATORS, ROLES, RoleCode

LONGEST = timedelta(hours=12)
IDLE_ADMINISTRATOR = timedelta(minutes=15)
IDLE_OFFICE = timedelta(minutes=30)
IDLE_FIELD = timedelta(hours=8)  # a phone rests in a pocket between two visits
TICK = timedelta(seconds=30)  # how exactly rest is measured: one write in this time at most

BEGAN, SEEN = "gongchou.began", "gongchou.seen"  # keys in the session: seconds since 1970
FACTORS = "gongchou.factors"  # the second factor has been set up


def idle_limit(roles: Iterable[RoleCode]) -> timedelta:
    """How long a session of somebody with these roles may rest; without any, as in an office."""
    held = set(roles)
    if held & set(ADMINISTRATORS):
        return IDLE_ADMINISTRATOR
    if held and not any(ROLES[role].is_back_office for role in held):
        return IDLE_FIELD
    return IDLE_OFFICE


def overdue(request: HttpRequest, roles: Iterable[RoleCode], *, at: datetime) -> str:
    """Why the session is over, ``age`` or ``idle``; empty while it lasts."""
    now = at.timestamp()
    began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
    if now - began >= LONGEST.total_seconds():
        return "age"
    return "idle" if now - seen >= idle_limit(roles).total_seconds() else ""


def touch(request: HttpRequest, roles: Iterable[RoleCode], *, at: datetime) -> None:
    """Keep that the session is in use."""
    now, session = int(at.timestamp()), request.session
    if BEGAN not in session:
        session[BEGAN] = now
        session.set_expiry(int(LONGEST.total_seconds()) if idle_limit(roles) == IDLE_FIELD else 0)
    elif now - session[SEEN] < TICK.total_seconds():
        return
    session[SEEN] = now
    _keep_row(request, at)


def _keep_row(request: HttpRequest, at: datetime) -> None:
    if not isinstance(request.user, User) or not request.session.session_key:
        return
    row = OpenSession(
        key=request.session.session_key,
        user=request.user,
        source=source_of(request),
        agent=request.headers.get("User-Agent", "")[:200],
        began_at=datetime.fromtimestamp(request.session[BEGAN], tz=at.tzinfo),
        seen_at=at,
    )
    OpenSession.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["key"], update_fields=["user", "source", "agent", "seen_at"]
    )


def renew(request: HttpRequest, user: User) -> None:
    """Keep this one session while an operation has ended all that somebody had."""
    OpenSession.objects.filter(key=request.session.session_key).delete()
    update_session_auth_hash(request, user)
    request.session[SEEN] -= int(TICK.total_seconds())  # so that the next request keeps it under its new key


def end(request: HttpRequest, cause: str, *, at: datetime) -> None:
    """Sign the person of this request out, with a line in the log."""
    user, key = request.user, request.session.session_key
    logout(request)
    OpenSession.objects.filter(key=key).delete()
    if isinstance(user, User):
        operations.note_signed_out(user=user, source=source_of(request), cause=cause, by=user, at=at)


def open_sessions(user: User, *, at: datetime) -> list[OpenSession]:
    """The sessions somebody has open; rows of those that are over are cleared away."""
    user.open_sessions.filter(began_at__lte=at - LONGEST).delete()
    return [row for row in user.open_sessions.all() if SessionStore().exists(row.key)]


def source_of(request: HttpRequest) -> str:
    """The address a request comes from, as the proxies we trust tell it."""
    return str(get_adapter().get_client_ip(request))
