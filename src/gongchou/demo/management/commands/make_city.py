"""``manage.py make_city``: fill an empty platform with the invented city, and say who may sign in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.accounts.roles import ROLES
from gongchou.demo.accounts import ACCOUNTS, PASSWORD
from gongchou.demo.build import FULL, SEED, SMALL, build
from gongchou.demo.words import CITY


class Command(BaseCommand):
    """Only where GONGCHOU_DEMO marks every page, and never beside anybody's data."""

    help = "用虚构的演示城市填充一个空平台（须设置 GONGCHOU_DEMO=1）"

    def add_arguments(self, parser: CommandParser) -> None:
        """How large, and by which seed."""
        parser.add_argument("--full", action="store_true", help="完整规模：约12万个检查对象、900名检查人员")
        parser.add_argument("--seed", type=int, default=SEED, help=f"随机种子（默认 {SEED}）；同一种子得到同一座城市")
        parser.add_argument("--accounts", action="store_true", help="只列出演示账号")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, then tell."""
        if not settings.IS_DEMO:
            raise CommandError("只有演示平台才能生成演示城市：请设置 GONGCHOU_DEMO=1，并使用单独的 GONGCHOU_HOME。")
        if not options["accounts"]:
            self._build(FULL if options["full"] else SMALL, options["seed"])
        self.stdout.write(table_of_accounts())

    def _build(self, size: Any, seed: int) -> None:
        if User.objects.exists():
            raise CommandError("平台里已有账号。演示城市只能建在空平台上，请换一个 GONGCHOU_HOME 或数据库。")
        self.stdout.write(f"正在生成{CITY}（虚构，种子 {seed}）……")
        counts = build(size, seed=seed, at=timezone.now(), say=self._say)
        self.stdout.write(
            "已生成：区划 {regions} 个，部门 {departments} 个，抽查事项 {items} 项，分库 {sub_libraries} 个，"
            "联合抽查事项 {joint_items} 项，检查对象 {subjects} 个（入库记录 {memberships} 条），"
            "检查人员 {inspectors} 名".format(**counts)
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def table_of_accounts() -> str:
    """Who may sign in, with which password, and what to try."""
    names = dict(User.objects.values_list("username", "name"))
    rows = [("账号", "姓名", "角色", "可以试试")]
    rows += [
        (one.username, names[one.username], ROLES[one.role].name, one.to_try)
        for one in ACCOUNTS
        if one.username in names
    ]
    lines = [
        "  ".join([*(_padded(cell, width) for cell, width in zip(row, (10, 18, 14), strict=False)), row[3]])
        for row in rows
    ]
    return "\n".join([f"\n演示账号（密码都是 {PASSWORD}）：\n", *(f"  {line}" for line in lines), ""])


def _padded(text: str, width: int) -> str:
    """As wide as so many Latin letters: a Chinese character takes the place of two."""
    return text + " " * max(0, width - sum(2 if ord(character) > 0x2E80 else 1 for character in text))
