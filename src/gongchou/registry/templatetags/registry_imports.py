"""Times of imports, in words."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def lasting(seconds: int) -> str:
    """90 -> 2 分钟: in the larger unit, rounded up."""
    if seconds < 60:
        return f" {max(seconds, 1)} 秒"
    return f" {-(-seconds // 60)} 分钟"
