"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

from gongchou.checklists.sentences import SENTENCES
from gongchou.refusal import teach


class ChecklistsConfig(AppConfig):
    """The library of forms."""

    name = "gongchou.checklists"
    verbose_name = "表格库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the sentences and lay out the desk."""
        from gongchou.checklists.views import library  # noqa: PLC0415 -- models are ready only now

        library.lay_out()
        teach(SENTENCES)
