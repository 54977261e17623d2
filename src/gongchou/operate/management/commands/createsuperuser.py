"""``./gongchou createsuperuser``, which Django would bring along: here there is nobody who may do everything."""

from __future__ import annotations

from typing import Any

from gongchou.operate.speaking import SpeakingCommand
from gongchou.refusal import Refused


class Command(SpeakingCommand):
    """It takes whatever options Django's takes, and refuses them all."""

    help = "本平台没有超级用户；首批管理员由 init 建立"
    requires_system_checks: list[str] = []  # noqa: RUF012 -- as Django declares it

    def run_from_argv(self, argv: list[str]) -> None:
        """Refuse before any option is looked at."""
        super().run_from_argv(argv[:2])

    def act(self, **options: Any) -> None:
        """Say who does what instead."""
        raise Refused("operate.no_superuser")
