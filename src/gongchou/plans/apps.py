"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig

from gongchou.plans import sentences
from gongchou.refusal import teach


class PlansConfig(AppConfig):
    """Plans and tasks."""

    name = "gongchou.plans"
    verbose_name = "计划与任务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach all sentences and lay out the desk."""
        from gongchou.plans.views import desk  # noqa: PLC0415 -- models are ready only now

        desk.lay_out()
        for found in iter_modules(sentences.__path__, f"{sentences.__name__}."):
            teach(import_module(found.name).SENTENCES)
