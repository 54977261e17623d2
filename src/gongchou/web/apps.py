"""The shell as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig

from gongchou.refusal import teach


class WebConfig(AppConfig):
    """The shell."""

    name = "gongchou.web"
    label = "web"

    def ready(self) -> None:
        """Teach the sentences of the shell."""
        teach({"web.export_too_large": "符合条件的有 {count} 条，一次最多导出 {most} 条。请加上筛选条件后分几次导出。"})
