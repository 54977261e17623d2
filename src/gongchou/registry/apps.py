"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig

from gongchou.refusal import teach
from gongchou.registry import sentences


class RegistryConfig(AppConfig):
    """Lists and libraries."""

    name = "gongchou.registry"
    verbose_name = "一单两库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the sentences of every aggregate; put the cards of the room on the desk."""
        from gongchou.audit.queries import teach_finder  # noqa: PLC0415 -- models are ready only now
        from gongchou.registry.queries.imports import that_brought  # noqa: PLC0415
        from gongchou.registry.views import desk  # noqa: PLC0415

        desk.lay_out()
        teach_finder(that_brought)
        for found in iter_modules(sentences.__path__, f"{sentences.__name__}."):
            teach(import_module(found.name).SENTENCES)
