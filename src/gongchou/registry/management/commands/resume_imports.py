"""Hand imports whose worker fell silent to the workers again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gongchou.registry.tasks import resume


class Command(BaseCommand):
    """``manage.py resume_imports``: run it when a worker starts, and every minute."""

    help = "把后台进程已失去响应的导入重新交给后台处理"

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        self.stdout.write(f"重新交给后台的导入：{resume(timezone.now())} 个")
