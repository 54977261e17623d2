"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig

from gongchou.accounts.fields import take_fields_from
from gongchou.refusal import teach
from gongchou.registry import sentences


class RegistryConfig(AppConfig):
    """Lists and libraries."""

    name = "gongchou.registry"
    verbose_name = "一单两库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach all sentences, lay out the desk, and tell the rooms below what only this one knows."""
        from gongchou.accounts.queries.glance import mark_people  # noqa: PLC0415 -- models are ready only now
        from gongchou.audit.facts import teach_values  # noqa: PLC0415
        from gongchou.audit.queries import teach_finder  # noqa: PLC0415
        from gongchou.registry import words  # noqa: PLC0415
        from gongchou.registry.queries.fields import fields_in_use  # noqa: PLC0415
        from gongchou.registry.queries.imports import that_brought  # noqa: PLC0415
        from gongchou.registry.queries.inspectors import has_file  # noqa: PLC0415
        from gongchou.registry.views import desk  # noqa: PLC0415

        take_fields_from(fields_in_use)
        mark_people("has_file", has_file())
        desk.lay_out()
        teach_values(words.codes())
        teach_finder(that_brought)
        for found in iter_modules(sentences.__path__, f"{sentences.__name__}."):
            teach(import_module(found.name).SENTENCES)
