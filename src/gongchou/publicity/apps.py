"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

from gongchou.refusal import teach

SENTENCES = {
    "publicity.bundle_no_room": (
        "服务器的磁盘写不下证据包（{cause}），我们不提供半份；证据本身没有变化。腾出空间后再下载即可。"
    ),
    "publicity.locked": "从您的网络试错的次数太多，请在 {minutes} 分钟后再试。没有回执码的，请向组织抽取的部门补领。",
    "publicity.slow_down": "尝试过于频繁，请在 {seconds} 秒后再试。",
}


class PublicityConfig(AppConfig):
    """What the public sees."""

    name = "gongchou.publicity"
    verbose_name = "公示"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the sentences."""
        teach(SENTENCES)
