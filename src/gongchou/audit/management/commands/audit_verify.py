"""``python manage.py audit_verify``: is the log as it was written?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gongchou.audit.apps import keys_folder
from gongchou.audit.damage import check_holds, damage_sentence, find_damage
from gongchou.audit.keys import read_public
from gongchou.audit.models import Checkpoint, Cosignature
from gongchou.audit.proofs import log_size
from gongchou.refusal import Refused, sentence


class Command(BaseCommand):
    """Exit code 0: untouched; 1: touched, or could not be told."""

    help = "核查操作日志：每一行、每个检查点、每个共签；发现改动则指出第一处，退出码为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        """What somebody outside kept may be given."""
        parser.add_argument("--keys", type=Path, help="公钥所在文件夹；不给则用平台自己的")
        parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="见证人保存的检查点文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was read, or the first damage."""
        try:
            keys = read_public(options["keys"]) if options["keys"] else None
            damage = find_damage(keys)
            for path in options["checkpoint"]:
                damage = damage or check_holds(path.read_bytes(), keys or read_public(keys_folder()))
        except Refused as refused:
            self._end(sentence(refused))
        if damage:
            self._end(f"发现改动：{damage_sentence(damage)}。")
        counts = (log_size(), Checkpoint.objects.count(), Cosignature.objects.count())
        self.stdout.write("日志完整：{}行，{}个检查点，{}个共签，未发现改动。".format(*counts))

    def _end(self, text: str) -> None:
        self.stderr.write(text)
        sys.exit(1)
