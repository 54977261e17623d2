"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from gongchou.operate.sentences import SENTENCES
from gongchou.refusal import teach


class OperateConfig(AppConfig):
    """Installation, backup, restore, drill."""

    name = "gongchou.operate"
    verbose_name = "运维"

    def ready(self) -> None:
        """Teach the sentences, and to the log the verbs of copies, which pages show but never do."""
        teach(SENTENCES)
        import_module("gongchou.operate.operations")  # the log's tables are known only now
