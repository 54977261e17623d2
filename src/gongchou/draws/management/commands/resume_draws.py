"""``python manage.py resume_draws``: hand freezes and draws whose worker fell silent to the workers again."""

from __future__ import annotations

from django.utils import timezone

from gongchou.draws.tasks import resume
from gongchou.rounds import RoundCommand


class Command(RoundCommand):
    """Exit code 0: looked; 1: the database cannot be used."""

    help = "把后台进程已失去响应的冻结和抽取重新交给后台处理；--every 给出间隔秒数则一直运行"

    def round(self) -> None:
        """Say how many there were."""
        self.stdout.write(f"重新交给后台的冻结和抽取：{resume(timezone.now())} 个")
