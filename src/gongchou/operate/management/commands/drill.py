"""``./gongchou drill``: prove that a backup of this platform can be brought back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from gongchou.audit.damage import damage_sentence
from gongchou.operate.drill import drill
from gongchou.operate.speaking import SpeakingCommand

STEPS = {"backup": "备份", "restore": "恢复", "compare": "核对", "start": "启动和试运行"}


class Command(SpeakingCommand):
    """Exit code 0: proven; anything else: not."""

    help = "备份恢复演练：备份、恢复到临时处、逐项核对、试运行，并报告用时；不改动平台数据"

    def act(self, **options: Any) -> None:
        """Say how it went and how long it took."""
        done = drill(home=settings.HOME, at=timezone.now(), say=self.say)
        for step, took in done.seconds.items():
            self.say(f"  {STEPS[step]}：{took:.1f} 秒")
        size = done.made.size / 1e6
        self.say(f"恢复用时（RTO，恢复、核对、启动）：{done.recovery_s:.1f} 秒；备份文件 {size:.1f} MB")
        self.say(f"可能丢失的数据（RPO）：两次备份的间隔，加上备份用时 {done.seconds['backup']:.1f} 秒")
        if done.damage:
            self.say(f"注意：操作日志在备份之前已被改动：{damage_sentence(done.damage)}。")
        if done.in_draws:
            self.say(f"注意：抽取的数据在备份之前已被改动：{damage_sentence(done.in_draws)}。")
        self.say("演练通过。")
