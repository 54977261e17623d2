"""How figures of plans are read."""

from __future__ import annotations

from typing import Any

from django import template

from gongchou.plans.sheet import words_of

register = template.Library()


@register.filter
def expected(value: Any) -> str:
    """An expected number in whole ones."""
    return words_of(value)
