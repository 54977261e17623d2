"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

from gongchou.inspections.sentences import SENTENCES
from gongchou.refusal import teach


class InspectionsConfig(AppConfig):
    """Inspections and their results."""

    name = "gongchou.inspections"
    verbose_name = "检查"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the sentences and lay out the desk."""
        from gongchou.inspections.views import results  # noqa: PLC0415 -- models are ready only now

        results.lay_out()
        teach(SENTENCES)
