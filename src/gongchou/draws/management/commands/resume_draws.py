"""``python manage.py resume_draws``: close what is due, and hand work whose worker fell silent to the workers again."""

from __future__ import annotations

from django.utils import timezone

from gongchou.draws.tasks import close_due, resume, seed_due
from gongchou.rounds import RoundCommand


class Command(RoundCommand):
    """Exit code 0: looked; 1: the database cannot be used."""

    help = (
        "到时自动截止种子来源、获取信标，并把后台进程已失去响应的冻结和抽取重新交给后台处理；"
        "--every 给出间隔秒数则一直运行"
    )

    def round(self) -> None:
        """Say how many there were."""
        at = timezone.now()
        n, waiting = close_due(at)  # first: it must not wait, whatever becomes of the rest
        if n:
            self.stdout.write(f"到时自动截止的批次：{n} 个")
        for told in waiting:
            self.stdout.write(f"还不能自动截止：{told}")
        n, waiting = seed_due(at)
        if n:
            self.stdout.write(f"到时自动确定种子的批次：{n} 个")
        for told in waiting:
            self.stdout.write(f"还不能自动确定种子：{told}")
        self.stdout.write(f"重新交给后台的冻结和抽取：{resume(at)} 个")
