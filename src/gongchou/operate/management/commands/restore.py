"""``./gongchou restore FILE``."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from gongchou.audit.damage import damage_sentence
from gongchou.operate.restore import Restored, restore
from gongchou.operate.speaking import SpeakingCommand, read_passphrase


class Command(SpeakingCommand):
    """Exit codes are in docs/operate/backup.md."""

    help = "把备份恢复到空的数据库和平台文件夹（由 GONGCHOU_HOME 和 DATABASE_URL 指定）"
    requires_system_checks: list[str] = []  # noqa: RUF012 -- as Django declares it

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path, help="备份文件")
        parser.add_argument("--passphrase-file", type=Path, help="备份时的口令文件，用来取回密钥")
        parser.add_argument(
            "--without-keys", action="store_true", help="密钥确已丢失：换用新的平台密钥，日志暂不能签名"
        )

    def act(self, **options: Any) -> None:
        """Say what was brought back, and what somebody must look at."""
        began = monotonic()
        passphrase = read_passphrase(options["passphrase_file"])
        path, is_without = options["file"].absolute(), options["without_keys"]
        done = restore(path, home=settings.HOME, at=timezone.now(), passphrase=passphrase, without_keys=is_without)
        manifest = done.manifest
        self.say(
            f"恢复完成：{manifest.n_rows}行，日志{manifest.log_size}行及其根核对一致，用时 {monotonic() - began:.1f} 秒"
        )
        self.say(f"备份时间：{manifest.made_at}")
        self.say(f"平台（请与登记的公钥核对）：{manifest.site}")
        for warning in _warnings(done):
            self.say(f"注意：{warning}")
        self.say("登录会话没有恢复，所有人须重新登录。")


def _warnings(done: Restored) -> list[str]:
    found = []
    if done.damage:
        found.append(f"操作日志在备份之前已被改动：{damage_sentence(done.damage)}。")
    if done.lost:
        found.append(
            f"本机曾为更长的日志签名，备份之后的{done.lost}行没有恢复，检查点将拒绝签署。"
            "处理办法见 docs/operate/audit.md。"
        )
    if done.in_draws:
        found.append(f"抽取的数据在备份之前已被改动：{damage_sentence(done.in_draws)}。")
    if done.lost_entries:
        found.append(
            f"本机曾为更长的公开日志签名，备份之后的{done.lost_entries}条没有恢复，抽取将不能写入公开日志。"
            "处理办法见 docs/operate/draws.md。"
        )
    if "keys/audit.key" in done.gone:
        found.append("没有日志密钥，暂不能签署检查点。处理办法见 docs/operate/audit.md。")
    draws = [name for name in done.gone if name != "keys/audit.key"]
    if draws:
        found.append(f"缺少抽取的密钥：{'、'.join(draws)}。处理办法见 docs/operate/draws.md。")
    return found
