"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    """What the public sees."""

    name = "gongchou.publicity"
    verbose_name = "公示"
    default_auto_field = "django.db.models.BigAutoField"
