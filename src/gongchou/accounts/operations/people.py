"""Accounts: opened, closed, moved, and their passwords."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db.models import F

from gongchou.accounts import permissions, rules
from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Actor, Done, held, operation


@operation("account.opened", "开设账号")
def open_account(
    *,
    username: str,
    name: str,
    department: Department,
    password: str,
    by: Actor,
    at: datetime,
    one_time_until: datetime | None = None,
) -> Done[User]:
    """Open an account that can do nothing yet.

    one_time_until: somebody else knows the password; it must be changed at the first sign-in, before this moment
    Raises Refused ``accounts.username_taken`` or ``accounts.department_ended``.
    """
    permissions.check_can_keep_account(by, department)
    rules.check_name_is_free(username)
    rules.check_stands(department)
    user = User(username=username, name=name, department=department, created_at=at, one_time_until=one_time_until)
    user.set_password(password)
    user.save()
    return Done(user, {"username": username, "department": department.code})


@operation("account.disabled", "停用账号")
def disable_account(*, user: User, by: Actor, at: datetime) -> Done[User]:
    """Close an account: its sessions end at the next request, and stay ended should it be opened again.

    Raises Refused ``accounts.account_closed`` or ``accounts.own_account``.
    """
    user = held(user)
    permissions.check_can_close_account(by, user)
    rules.check_is_open(user)
    user.is_active = False
    user.session_round += 1
    user.save(update_fields=["is_active", "session_round"])
    return Done(user)


@operation("account.enabled", "启用账号")
def enable_account(*, user: User, by: Actor, at: datetime) -> Done[User]:
    """Open a closed account again. Raises Refused ``accounts.account_open`` or ``accounts.department_ended``."""
    user = held(user)
    permissions.check_can_keep_account(by, user.department)
    rules.check_is_closed(user)
    rules.check_stands(user.department)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return Done(user)


@operation("account.moved", "调整所在部门")
def move_account(*, user: User, department: Department, by: Actor, at: datetime) -> Done[User]:
    """Put somebody into another department. Raises Refused ``accounts.roles_hold_place``."""
    user = held(user)
    permissions.check_can_keep_account(by, user.department)
    permissions.check_can_keep_account(by, department)
    rules.check_stands(department)
    rules.check_may_change_place(user)
    told = {"department": {"from": user.department.code, "to": department.code}}
    user.department = department
    user.save(update_fields=["department"])
    return Done(user, told)


@operation("account.password_reset", "重置密码")
def reset_password(*, user: User, password: str, until: datetime, by: Actor, at: datetime) -> Done[User]:
    """Give a one-time password for a forgotten one; all sessions end. Raises Refused ``accounts.own_account``."""
    user = held(user)
    permissions.check_can_close_account(by, user)
    rules.check_is_open(user)
    user.set_password(password)
    user.one_time_until = until
    user.save(update_fields=["password", "one_time_until"])
    return Done(user, {"until": until})


@operation("account.password_changed", "修改密码")
def change_password(*, user: User, password: str, source: str, by: User, at: datetime) -> Done[User]:
    """Change one's own password; all other sessions end. Raises Refused ``accounts.not_own_account``."""
    user = held(user)
    permissions.check_is_own(by, user)
    rules.check_password_is_other(user, password)
    user.set_password(password)
    user.one_time_until = None
    user.save(update_fields=["password", "one_time_until"])
    return Done(user, {"source": source})


@operation("account.password_hashed", "更新密码摘要")
def renew_password_hash(*, user: User, password: str, by: User, at: datetime) -> Done[User]:
    """Hash the password that was just shown to be right as hashing is done today. Raises as above."""
    permissions.check_is_own(by, user)
    encoded = make_password(password)
    User.objects.filter(pk=user.pk).update(password=encoded)
    user.password = encoded
    return Done(user)


@operation("account.sessions_ended", "退出所有会话")
def end_sessions(*, user: User, by: User, at: datetime) -> Done[User]:
    """Sign oneself out everywhere. Raises Refused ``accounts.not_own_account``."""
    permissions.check_is_own(by, user)
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    return Done(user)


@operation("list.taken_out", "导出列表")
def note_list_taken_out(*, title: str, asked: dict[str, str], n_rows: int, by: User, at: datetime) -> Done[User]:
    """Somebody takes a list out of the platform. asked: the conditions it was filtered by, in words."""
    return Done(by, {"list": title, "n_rows": n_rows, "asked": asked})
