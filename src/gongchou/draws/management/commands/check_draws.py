"""``python manage.py check_draws``: is everything behind the draws as it was?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gongchou.audit.damage import damage_sentence
from gongchou.draws.damage import find_damage
from gongchou.draws.models import Batch, Evidence, LogCheckpoint, LogEntry
from gongchou.refusal import Refused, sentence


class Command(BaseCommand):
    """Exit code 0: untouched; 1: touched, or could not be told."""

    help = "核查抽取：公开日志、证据文件、每个批次的各行数据；发现改动则指出第一处，退出码为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        """Some batches, or all."""
        parser.add_argument("batch", nargs="*", help="批次号；不给则核查全部批次")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was read, or the first damage."""
        try:
            batches = [_batch(code) for code in options["batch"]]
            damage = find_damage(batches or None)
        except Refused as refused:
            self._end(sentence(refused))
        if damage:
            self._end(f"发现改动：{damage_sentence(damage)}。")
        n_batches = len(batches) or Batch.objects.count()
        files = Evidence.objects.filter(batch__in=batches) if batches else Evidence.objects.all()
        self.stdout.write(
            f"完整：公开日志{LogEntry.objects.count()}条，{LogCheckpoint.objects.count()}个检查点，"
            f"批次{n_batches}个，证据文件{files.count()}个，未发现改动。"
        )

    def _end(self, text: str) -> None:
        self.stderr.write(text)
        sys.exit(1)


def _batch(code: str) -> Batch:
    found = Batch.objects.filter(code=code).first()
    if found is None:
        raise Refused("draws.batch_unknown", code=code)
    return found
