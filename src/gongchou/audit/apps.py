"""The room as Django knows it."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created

from gongchou.audit.sentences import SENTENCES
from gongchou.refusal import teach


def keys_folder() -> Path:
    """Where the platform keeps its keys."""
    return Path(settings.HOME) / "keys"


class AuditConfig(AppConfig):
    """Guards every connection from the moment it opens."""

    name = "gongchou.audit"
    verbose_name = "留痕"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Watch connections."""
        from gongchou.audit import guard  # noqa: PLC0415 -- models are ready only now

        teach(SENTENCES)
        connection_created.connect(guard.watch, dispatch_uid="gongchou.audit")
