"""The first region, the first department, the first administrators: once, before there is anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from gongchou.accounts import operations
from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.operations import Installer
from gongchou.accounts.passwords import make_one_time_password
from gongchou.accounts.roles import ROLES, RoleCode
from gongchou.audit.files import write_whole
from gongchou.audit.keys import make_keys, read_secret, read_vkeys
from gongchou.draw import note
from gongchou.draws import keys as draw_keys
from gongchou.draws.models import LogEntry
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


def _is_filled(answer: str) -> str:
    return "" if answer else "不能为空"


@dataclass(frozen=True)
class Question:
    """Something ``init`` must know: an option of it, what people are asked, and what is wrong with an answer.

    otherwise: what follows from the other answers; it is not asked, and the option is for whoever wants another
    """

    option: str
    words: str
    check: Callable[[str], str] = _is_filled
    otherwise: Callable[[dict[str, str]], str] | None = None

    @property
    def flag(self) -> str:
        """As it is written on a command line."""
        return f"--{self.option.replace('_', '-')}"


def _is_code(answer: str) -> str:
    return "" if answer.isascii() and answer.isdigit() and 2 <= len(answer) <= 12 else "应为2至12位数字"


def _is_level(answer: str) -> str:
    return "" if answer in Region.Level.values else f"应为 {'、'.join(Region.Level.values)} 之一"


def _is_person(answer: str) -> str:
    username, name = split_person(answer, "-")
    return "" if username and name and not set(username) & set(" /\\") else "应写成 姓名 或 账号=姓名"


def _level_of(answers: dict[str, str]) -> str:
    """As civil codes have it: two digits each for province, city and county, then towns."""
    code = answers["region_code"]
    steps = [code[2:4], code[4:6], code[6:]]
    n_steps = max((place for place, step in enumerate(steps, 1) if step.strip("0")), default=0)
    return str(Region.Level.values[n_steps])


def _short_name(answers: dict[str, str]) -> str:
    return answers["department_name"].removeprefix(answers["region_name"])[:20]


def split_person(answer: str, username: str) -> tuple[str, str]:
    """User name and name from 账号=姓名, or from a name alone."""
    first, is_both, second = answer.partition("=")
    return (first.strip(), second.strip()) if is_both else (username, answer.strip())


QUESTIONS = (
    Question("region_code", "本级行政区划代码（如 990100）", _is_code),
    Question("region_name", "本级行政区划名称（如 演示市）"),
    Question(
        "region_level", "区划层级（province 省、city 市、county 县区、town 乡镇），缺省由代码得出", _is_level, _level_of
    ),
    Question("department_name", "牵头部门全称（如 演示市市场监督管理局）"),
    Question("department_short", "牵头部门简称，缺省由全称得出", otherwise=_short_name),
    Question("department_code", "牵头部门编码，缺省 SCJG", otherwise=lambda answers: "SCJG"),
    *(
        Question(option, f"{ROLES[role].name}的姓名（账号为 {username}；要另取账号，写成 账号=姓名）", _is_person)
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
    """The public key of the log, and whether it was made now: once, for the log has one signer.

    Raises Refused ``audit.key_name``, ``operate.log_key_lost``, ``operate.log_key_differs`` and as ``read_secret``.
    """
    path = folder / "audit.key"
    if not path.exists():
        if has_people() or path.with_suffix(".vkey").exists():
            raise Refused("operate.log_key_lost", file=path)
        return str(make_keys(folder, f"{site}/audit")), True
    return str(_paired(path)), False


def _paired(path: Path) -> note.VerifierKey:
    """The public key of a secret one, whose file is made anew where it is missing."""
    public, vkey = read_secret(path).public, path.with_suffix(".vkey")
    if not vkey.exists():
        write_whole(vkey, f"{public}\n".encode())
    if read_vkeys(vkey, note.ED25519)[0] != public:
        raise Refused("operate.log_key_differs", file=vkey)
    return public


def make_draw_keys(folder: Path) -> list[note.VerifierKey]:
    """The keys behind draws that were missing and are made now; under the name of the platform's own log.

    Raises Refused ``operate.draw_key_lost``, ``operate.log_key_differs`` and as ``read_secret``.
    """
    for file in draw_keys.ROLES:
        path = folder / f"{file}.key"
        if path.exists():
            _paired(path)
        elif path.with_suffix(".vkey").exists() or LogEntry.objects.exists():
            raise Refused("operate.draw_key_lost", file=path)
    site = read_secret(folder / "audit.key").public.name.removesuffix("/audit")
    return draw_keys.make_keys(site, folder=folder)


def has_people() -> bool:
    """Whether somebody has an account already."""
    return User.objects.exists()


def is_set_up() -> bool:
    """Whether there are tables already, and somebody in them."""
    return User._meta.db_table in connection.introspection.table_names() and has_people()


def check_set_up() -> None:
    """Raises Refused ``operate.not_set_up``."""
    if not has_people():
        raise Refused("operate.not_set_up")


def complete(answers: dict[str, str]) -> dict[str, str]:
    """Answers with what follows from them. Raises Refused ``operate.answer_invalid`` for the first wrong one."""
    for question in QUESTIONS:
        if question.otherwise and not answers[question.option]:
            answers = answers | {question.option: question.otherwise(answers)}
        cause = question.check(answers[question.option])
        if cause:
            raise Refused("operate.answer_invalid", name=question.flag, cause=cause)
    names = [split_person(answers[option], username)[1] for option, (_, username) in ADMINISTRATORS.items()]
    if len(set(names)) < len(names):
        raise Refused("operate.answer_invalid", name="管理员", cause="各类管理员须由不同的人担任；同名的请在姓名后注明")
    return answers


@transaction.atomic
def make_first_people(answers: dict[str, str], *, at: datetime) -> list[Account]:
    """Enter region, department and administrators as answered (``complete``); all of them or none.

    Raises Refused as the operations of ``accounts`` do.
    """
    told: dict[str, Any] = {"by": BY, "at": at}
    region = _first_region(answers, told)
    department = _first_department(answers, region, told)
    return [
        _administrator(role, *split_person(answers[option], usual), department, told)
        for option, (role, usual) in ADMINISTRATORS.items()
    ]


def _first_region(answers: dict[str, str], told: dict[str, Any]) -> Region:
    code, name, level = (answers[f"region_{part}"] for part in ("code", "name", "level"))
    return operations.add_region(code=code, name=name, level=level, parent=None, **told)


def _first_department(answers: dict[str, str], region: Region, told: dict[str, Any]) -> Department:
    """The one that leads; it sits in the joint conference."""
    return operations.add_department(
        code=answers["department_code"],
        name=answers["department_name"],
        short_name=answers["department_short"],
        region=region,
        function="market",
        is_conference_member=True,
        **told,
    )


def _administrator(role: RoleCode, username: str, name: str, department: Department, told: dict[str, Any]) -> Account:
    """Open an account with a password that is good for a week and for one sign-in; give it its role."""
    account = Account(username, name, ROLES[role].name, make_one_time_password())
    user = operations.open_account(
        username=username,
        name=name,
        department=department,
        password=account.password,
        one_time_until=told["at"] + ONE_TIME,
        **told,
    )
    operations.appoint(user=user, role=role, scope="all", **told)
    return account
