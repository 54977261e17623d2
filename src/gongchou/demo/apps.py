"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The invented city."""

    name = "gongchou.demo"
    verbose_name = "演示数据"
