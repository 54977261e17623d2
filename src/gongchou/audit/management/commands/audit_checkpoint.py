"""``python manage.py audit_checkpoint``: sign how far the log has come, once or again and again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from gongchou.audit.checkpoints import make_checkpoint
from gongchou.refusal import Refused, sentence
from gongchou.rounds import RoundCommand

HARMLESS = "audit.log_empty"


class Command(RoundCommand):
    """Exit code 0: signed; 1: refused."""

    help = "为操作日志签署检查点；--every 给出间隔秒数则一直运行"

    def round(self) -> None:
        """Sign; when something is wrong with the log, stop, so that whoever watches the job hears of it."""
        try:
            checkpoint = make_checkpoint(at=datetime.now(UTC))
        except Refused as refused:
            self.stderr.write(sentence(refused))
            if refused.code != HARMLESS or not self.every:
                sys.exit(1)
        else:
            self.stdout.write(f"检查点：{checkpoint.size}行")
