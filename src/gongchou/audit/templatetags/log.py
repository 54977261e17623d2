"""Links from any page to the lines about what it shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("audit/log_link.html", takes_context=True)
def log_link(context: dict[str, Any], *things: Any, words: str = "操作记录", by: Any = None) -> dict[str, Any]:
    """A button to the lines about some things, or by a person; only for who may read the log.

    things: whatever an operation is about, or lists of it
    """
    found = [one for thing in things for one in (thing if isinstance(thing, (list, tuple)) else [thing])]
    asked = [("about", one.audit_id) for one in found] if by is None else [("who", by.audit_id)]
    duties = getattr(context["request"], "duties", None) or frozenset()
    address = f"{reverse('audit:lines')}?{urlencode(asked)}"
    return {"address": address, "words": words, "is_shown": "read_audit" in duties}
