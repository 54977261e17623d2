"""``./gongchou changepassword``, which Django would bring along: passwords change by operations, with a line of log."""

from __future__ import annotations

from typing import Any

from gongchou.operate.speaking import SpeakingCommand
from gongchou.refusal import Refused


class Command(SpeakingCommand):
    """As ``createsuperuser``."""

    help = "本平台不在命令行修改密码；由系统管理员重置"
    requires_system_checks: list[str] = []  # noqa: RUF012 -- as Django declares it

    def run_from_argv(self, argv: list[str]) -> None:
        """Refuse before any option is looked at."""
        super().run_from_argv(argv[:2])

    def act(self, **options: Any) -> None:
        """Say who does it instead."""
        raise Refused("operate.no_changing_passwords")
