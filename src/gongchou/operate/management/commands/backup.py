"""``./gongchou backup FILE``."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from gongchou.operate.backup import back_up
from gongchou.operate.speaking import SpeakingCommand, read_passphrase


class Command(SpeakingCommand):
    """The platform goes on working meanwhile."""

    help = "把平台数据备份到一个新文件；运行期间平台照常使用"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, help="备份文件，不能是已有的文件")
        parser.add_argument("--passphrase-file", type=Path, help="口令文件：其第一行用来加密密钥并放入备份")

    def act(self, **options: Any) -> None:
        """Say what is in it, and what is not."""
        began = monotonic()
        passphrase = read_passphrase(options["passphrase_file"])
        path = options["file"].absolute()
        made = back_up(path, home=settings.HOME, at=timezone.now(), passphrase=passphrase)
        manifest = made.manifest
        self.say(f"备份完成：{path}")
        self.say(f"平台：{manifest.site}")
        self.say(
            f"大小 {made.size / 1e6:.1f} MB，{len(manifest.tables)}张表{manifest.n_rows}行，日志{manifest.log_size}行"
        )
        self.say(f"用时 {monotonic() - began:.1f} 秒")
        self.say(f"摘要（请登记）：{made.digest}")
        self.say("备份里没有：")
        for name, why in sorted(manifest.left.items()):
            self.say(f"  {name}：{why}")
        if not manifest.sealed:
            self.say(f"密钥没有放入备份，请确认已有离线备份：{'、'.join(manifest.keys)}")
