"""Small words for the pages of inspectors."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.953 as 95.3%; nothing to divide by as a dash. Rounded down, so that 100% means all."""
    return "—" if share is None else f"{int(share * 1000) / 10:.1f}%"
