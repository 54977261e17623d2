"""``python manage.py expire_papers``: once a day, after midnight, mark and remove what has run out by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from gongchou.registry.operations.claims import suspend_what_changed
from gongchou.registry.operations.papers import expire_papers
from gongchou.registry.operations.uploads import remove_old_uploads


class Command(BaseCommand):
    """Running it twice a day does nothing the second time."""

    help = (
        "将到期许可对应的入库记录转为失效，统计到期的执法证，暂停不再符合清单新版本的认领，"
        "移除过了保存期限的上传文件（每日运行一次）"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """For which day."""
        parser.add_argument("--day", type=date.fromisoformat, help="按哪一天计算（YYYY-MM-DD）；不给则为今天")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how much there was."""
        now = timezone.now()
        day = options["day"] or timezone.localdate(now)
        found = expire_papers(day=day, at=now)
        self.stdout.write(f"许可到期：{found.n_memberships}条入库记录转为失效")
        self.stdout.write(
            f"执法证：{found.n_expired}本已过期（不作改动，按检查当日判断），其中{found.n_today}本昨日到期"
        )
        self.stdout.write(f"清单新版本生效：{suspend_what_changed(on=day, at=now)}项认领不再符合，已暂停")
        self.stdout.write(f"上传文件：{remove_old_uploads(at=now)}次导入的文件已过保存期限，已移除")
