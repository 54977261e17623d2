"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

from gongchou.draws.sentences import SENTENCES
from gongchou.refusal import teach


class DrawsConfig(AppConfig):
    """Draws and their evidence."""

    name = "gongchou.draws"
    verbose_name = "抽取"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the sentences and lay out the desk."""
        from gongchou.draws.views import desk  # noqa: PLC0415 -- models are ready only now

        desk.lay_out()
        teach(SENTENCES)
