"""Accounts and appointments: opened by one administrator, appointed by two others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gongchou.accounts import operations
from gongchou.accounts.models import Appointment, Region, User
from gongchou.accounts.roles import Duty, RoleCode
from gongchou.demo.accounts import ACCOUNTS, EXPERT, FIRST, INSPECTOR, PASSWORD, Account, head_of, keeper_of
from gongchou.demo.city import BY, City


class Staff:
    """The people of the city by account; ``by`` of everything that follows."""

    def __init__(self, city: City, at: datetime) -> None:
        self.city, self.people = city, dict[str, User]()
        for account in ACCOUNTS:
            if account.username in FIRST:
                self._open_first(account, at)

    def __getitem__(self, username: str) -> User:
        return self.people[username]

    def keeper(self, department: str) -> User:
        """Who keeps the list of a department: the office of the conference where it has nobody yet."""
        return self.people.get(keeper_of(department)) or self["ssjb"]

    def head(self, department: str) -> User:
        """Who approves it."""
        return self.people.get(head_of(department)) or self["ssjb_fzr"]

    def _open_first(self, account: Account, at: datetime) -> None:
        home = self.city.departments[account.department]
        user = operations.open_account(
            username=account.username, name=account.name, department=home, password=PASSWORD, by=BY, at=at
        )
        operations.appoint(user=user, role=account.role, scope=account.scope, by=BY, at=at)
        self.people[account.username] = user

    def add(self, account: Account, at: datetime) -> User:
        """Open an account, ask for its role and grant it."""
        user = self.open(account.username, account.name, account.department, at)
        region = self.city.region if account.is_bound_to_city else None
        asked = self.ask(user, account.role, account.scope, at, region)
        operations.confirm_appointment(appointment=asked, by=self["aqgly2"], at=at)
        return user

    def open(self, username: str, name: str, department: str, at: datetime) -> User:
        """As the system administrator does."""
        home = self.city.departments[department]
        user = operations.open_account(
            username=username, name=name, department=home, password=PASSWORD, by=self["xtgly"], at=at
        )
        self.people[username] = user
        return user

    def ask(self, user: User, role: RoleCode, scope: str, at: datetime, region: Region | None = None) -> Appointment:
        """As the first security administrator does."""
        return operations.request_appointment(
            user=user, role=role, scope=scope, region=region, reason="演示岗位需要", by=self["aqgly1"], at=at
        )


def hire(city: City, departments: Iterable[str], at: datetime) -> Staff:
    """Everybody of the table, and a keeper and a head for each of these departments."""
    staff = Staff(city, at)
    for account in ACCOUNTS:
        if account.username not in (*FIRST, INSPECTOR, EXPERT):
            staff.add(account, at)
    for code in departments:
        _add_pair(staff, code, at)
    return staff


def _add_pair(staff: Staff, code: str, at: datetime) -> None:
    short = staff.city.departments[code].short_name
    for username, word, role in (
        (keeper_of(code), "联络员", RoleCode.LIAISON),
        (head_of(code), "负责人", RoleCode.HEAD),
    ):
        if username not in staff.people:
            staff.add(Account(username, f"演示{short}{word}", code, role, "own", False, ""), at)


def leave_a_request(staff: Staff, at: datetime) -> None:
    """Something for the second security administrator to decide."""
    user = staff.open("scjg_xin", "演示新到任经办", "SCJG", at)
    staff.ask(user, RoleCode.PLAN_CLERK, "own", at)


def tell(staff: Staff, at: datetime) -> None:
    """What lies in the inboxes on the first day."""
    office = staff["ssjb"]
    keepers = staff.city.region.departments.filter(is_active=True)
    operations.broadcast(
        duty=Duty.KEEP_LIST,
        departments=keepers,
        title="请核对本部门抽查事项清单（演示）",
        body="第一版清单已公布。请各部门联络员核对本部门事项的依据、比例和频次，需要调整的起草新版本。",
        link="/registry/items/",
        by=office,
        at=at,
    )
    _send(
        staff,
        "task",
        "一项清单草稿待您审核",
        "市局联络员已提交抽查事项新版本，请审核。",
        "/registry/items/",
        "scjg_fzr",
        at,
    )
    _send(
        staff,
        "task",
        "有市级事项待认领",
        "市级清单已公布，请认领与本区职权相符的事项。",
        "/registry/claims/",
        "qj_lly",
        at,
    )
    _send(
        staff, "task", "一件角色申请待您确认", "请核对申请理由和数据范围后确认或退回。", "/people/roles/", "aqgly2", at
    )
    _send(staff, "warning", "部分执法证即将到期", "请提醒持证人员及时换证。", "/registry/certificates/", "scjg_jb", at)


def _send(staff: Staff, kind: str, title: str, body: str, link: str, to: str, at: datetime) -> None:
    operations.send_message(to=[staff[to]], kind=kind, title=title, body=body, link=link, by=BY, at=at)
