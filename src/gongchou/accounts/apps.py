"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and where they belong."""

    name = "gongchou.accounts"
    verbose_name = "人与机构"
    default_auto_field = "django.db.models.BigAutoField"
