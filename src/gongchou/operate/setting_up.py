"""The first region, the first department, the first administrators: once, before there is anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from gongchou.accounts import operations
from gongchou.accounts.models import Region, User
from gongchou.accounts.operations import Installer
from gongchou.accounts.passwords import make_one_time_password
from gongchou.accounts.roles import ROLES, RoleCode
from gongchou.audit.keys import make_keys, read_vkeys
from gongchou.draw import note
from gongchou.refusal import Refused

ONE_TIME = timedelta(days=7)  # how long a first password is good for
BY = Installer()

# Two of the second kind, because one asks for a role and another grants it.
ADMINISTRATORS = {
    "system_admin": (RoleCode.SYSTEM_ADMIN, "xtgly"),
    "security_admin": (RoleCode.SECURITY_ADMIN, "aqgly1"),
    "security_admin_2": (RoleCode.SECURITY_ADMIN, "aqgly2"),
    "audit_admin": (RoleCode.AUDIT_ADMIN, "sjgly"),
}


@dataclass(frozen=True)
class Question:
    """Something ``init`` must be told: an option of it, what people are asked, what is meant when they say nothing."""

    option: str
    words: str
    default: str = ""
    check: Callable[[str], str] = lambda answer: "" if answer else "不能为空"

    @property
    def flag(self) -> str:
        """As it is written on a command line."""
        return f"--{self.option.replace('_', '-')}"


def _is_code(answer: str) -> str:
    return "" if answer.isdigit() and 2 <= len(answer) <= 12 else "应为2至12位数字"


def _is_level(answer: str) -> str:
    return "" if answer in Region.Level.values else f"应为 {'、'.join(Region.Level.values)} 之一"


def _is_person(answer: str) -> str:
    username, _, name = answer.partition("=")
    return "" if username and name and not set(username) & set(" /\\") else "应写成 账号=姓名"


QUESTIONS = (
    Question("region_code", "本级行政区划代码（如 990100）", check=_is_code),
    Question("region_name", "本级行政区划名称"),
    Question("region_level", "本级行政区划层级（province 省、city 市、county 县区）", "city", _is_level),
    Question("department_code", "牵头部门编码", "SCJG"),
    Question("department_name", "牵头部门全称"),
    Question("department_short", "牵头部门简称"),
    *(
        Question(option, f"第一批{ROLES[role].name}（账号=姓名，如 {username}=张某）", check=_is_person)
        for option, (role, username) in ADMINISTRATORS.items()
    ),
)


@dataclass(frozen=True)
class Account:
    """An account with its first password, which nobody can read again."""

    username: str
    name: str
    role: str
    password: str


def upgrade_database() -> bool:
    """Bring the tables to what this program needs; whether there was anything to do."""
    executor = MigrationExecutor(connection)
    is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    call_command("migrate", verbosity=0, interactive=False)
    return is_behind


def make_log_key(folder: Path, site: str) -> tuple[str, bool]:
    """The public key of the log, and whether it was made now. Raises Refused ``audit.key_name``."""
    if (folder / "audit.key").exists():
        return str(read_vkeys(folder / "audit.vkey", note.ED25519)[0]), False
    return str(make_keys(folder, f"{site}/audit")), True


def has_people() -> bool:
    """Whether somebody has an account already."""
    return User.objects.exists()


@transaction.atomic
def make_first_people(answers: dict[str, str], *, at: datetime) -> list[Account]:
    """Enter region, department and administrators as answered; all of them or none.

    Raises Refused ``operate.answer_invalid`` and what the operations of ``accounts`` raise.
    """
    _check(answers)
    region = operations.add_region(
        code=answers["region_code"],
        name=answers["region_name"],
        level=answers["region_level"],
        parent=None,
        by=BY,
        at=at,
    )
    department = operations.add_department(
        code=answers["department_code"],
        name=answers["department_name"],
        short_name=answers["department_short"],
        region=region,
        level=region.level,
        function="market",
        is_conference_member=True,
        by=BY,
        at=at,
    )
    found = []
    for option, (role, _) in ADMINISTRATORS.items():
        username, _, name = answers[option].partition("=")
        account = Account(username, name, ROLES[role].name, make_one_time_password())
        user = operations.open_account(
            username=username,
            name=name,
            department=department,
            password=account.password,
            one_time_until=at + ONE_TIME,
            by=BY,
            at=at,
        )
        operations.appoint(user=user, role=role, scope="all", by=BY, at=at)
        found.append(account)
    return found


def _check(answers: dict[str, str]) -> None:
    for question in QUESTIONS:
        cause = question.check(answers[question.option])
        if cause:
            raise Refused("operate.answer_invalid", name=question.flag, cause=cause)
