"""``python manage.py resume_imports``: hand imports whose worker fell silent to the workers again, once or for ever."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from gongchou.registry.tasks import resume


class Command(BaseCommand):
    """Exit code 0: looked; 1: the database cannot be used."""

    help = "把后台进程已失去响应的导入重新交给后台处理；--every 给出间隔秒数则一直运行"

    def add_arguments(self, parser: CommandParser) -> None:
        """How often."""
        parser.add_argument("--every", type=float, help="每隔多少秒一次；不给则只做一次")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were each time."""
        every = options["every"]
        while True:
            try:
                self.stdout.write(f"重新交给后台的导入：{resume(timezone.now())} 个")
            except (OperationalError, InterfaceError) as error:  # the database restarts; the job outlasts it
                self.stderr.write(f"数据库暂不可用：{error}")
                connection.close()
                if not every:
                    sys.exit(1)
            if not every:
                return
            time.sleep(every)
