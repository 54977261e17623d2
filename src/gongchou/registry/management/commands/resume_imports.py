"""``python manage.py resume_imports``: hand imports whose worker fell silent to the workers again, once or for ever."""

from __future__ import annotations

from django.utils import timezone

from gongchou.registry.tasks import resume
from gongchou.rounds import RoundCommand


class Command(RoundCommand):
    """Exit code 0: looked; 1: the database cannot be used."""

    help = "把后台进程已失去响应的导入重新交给后台处理；--every 给出间隔秒数则一直运行"

    def round(self) -> None:
        """Say how many there were."""
        self.stdout.write(f"重新交给后台的导入：{resume(timezone.now())} 个")
