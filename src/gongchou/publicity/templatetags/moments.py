"""Moments as the public reads them: by the clock of this place and by that of the whole world."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def two_clocks(at: datetime | None) -> SafeString | str:
    """2026-03-02 10:00:00（UTC 03-02 02:00:00）; nothing where there is no moment."""
    if at is None:
        return ""
    here, there = timezone.localtime(at), at.astimezone(UTC)
    return format_html(
        '<time datetime="{}"><span class="whole">{}</span> <span class="utc">（UTC {}）</span></time>',
        there.strftime("%Y-%m-%dT%H:%M:%SZ"),
        here.strftime("%Y-%m-%d %H:%M:%S"),
        there.strftime("%Y-%m-%d %H:%M:%S"),
    )
