"""``python manage.py draws_checkpoint``: tell the public log of new plans and sign it, once or again and again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from gongchou.draws.ledger import is_signed
from gongchou.draws.operations.log import Signer, log_plans, sign_log
from gongchou.draws.plainly import plainly
from gongchou.draws.queries.plans import to_log
from gongchou.refusal import Refused, sentence
from gongchou.rounds import RoundCommand


class Command(RoundCommand):
    """Exit code 0: signed, or nothing has come; 1: refused."""

    help = "为抽取公开日志签署检查点；--every 给出间隔秒数则一直运行"

    def round(self) -> None:
        """Sign what has come; when something is wrong with the log, stop, so that whoever watches hears of it."""
        try:
            with plainly():
                self._tell_of_plans()
                self._sign()
        except Refused as refused:
            self.stderr.write(sentence(refused))
            sys.exit(1)

    def _tell_of_plans(self) -> None:
        if to_log():
            log_plans(by=Signer(), at=datetime.now(UTC))

    def _sign(self) -> None:
        if is_signed():
            self.stdout.write("公开日志没有新的内容")
        else:
            self.stdout.write(f"检查点：{sign_log(by=Signer(), at=datetime.now(UTC)).size}条")
