"""``python manage.py audit_checkpoint``: sign how far the log has come, once or again and again."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from gongchou.audit.checkpoints import make_checkpoint
from gongchou.refusal import Refused, sentence

HARMLESS = "audit.log_empty"


class Command(BaseCommand):
    """Exit code 0: signed; 1: refused."""

    help = "为操作日志签署检查点；--every 给出间隔秒数则一直运行"

    def add_arguments(self, parser: CommandParser) -> None:
        """How often."""
        parser.add_argument("--every", type=float, help="每隔多少秒一次；不给则只做一次")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign; when something is wrong with the log, stop, so that whoever watches the job hears of it."""
        every = options["every"]
        while True:
            try:
                checkpoint = make_checkpoint(at=datetime.now(UTC))
                self.stdout.write(f"检查点：{checkpoint.size}行")
            except Refused as refused:
                self.stderr.write(sentence(refused))
                if refused.code != HARMLESS or not every:
                    sys.exit(1)
            except OperationalError as error:  # the database restarts; the job outlasts it
                self.stderr.write(f"数据库暂不可用：{error}")
                connection.close()
                if not every:
                    sys.exit(1)
            if not every:
                return
            time.sleep(every)
