"""Tags of the shell: icons, menu entries, links that keep the query."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_urlconf, resolve, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gongchou.web.access import Access, access_of

register = template.Library()
SPRITE = "vendor/bootstrap-icons/1.13.2/icons.svg"


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is decoration and screen readers pass it by."""
    told = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"></use></svg>', told, static(SPRITE), name)


@register.filter
def phrase(text: str) -> str:
    """What somebody wrote, to be followed by a full stop of ours."""
    return text.strip().rstrip("。")


@register.simple_tag
def options(choices: Iterable[dict[str, Any]]) -> SafeString:
    """Draw the options of a select as Django would; its two templates for each took a quarter of a list's time."""
    told = ((str(own["value"]), flatatt(own["attrs"]), _UNCHOSEN.get(own["label"], own["label"])) for own in choices)
    return format_html_join("", '\n  <option value="{}"{}>{}</option>', told)


_UNCHOSEN = {"---------": "请选择"}


@register.simple_tag(takes_context=True)
def entry(context: dict[str, Any], name: str, words: str, picture: str) -> SafeString:
    """A line of the menu, shown only to those whom its view lets in; every page has dozens, so it has no template."""
    request: HttpRequest = context["request"]
    address, access = _where(name, get_urlconf() or settings.ROOT_URLCONF)
    if access is None or not access.lets_in(getattr(request, "duties", None)):
        return SafeString("")
    is_current = request.path == address or (address != "/" and request.path.startswith(address))
    return format_html(
        '<li><a href="{}"{}>{} {}</a></li>', address, _CURRENT if is_current else "", icon(picture), words
    )


_CURRENT = SafeString(' class="active" aria-current="page"')


@cache
def _where(name: str, urlconf: str) -> tuple[str, Access | None]:
    """The address of a line and whom its view lets in; every page asks for every line, and no answer ever changes."""
    address = reverse(name, urlconf)
    return address, access_of(resolve(address, urlconf).func)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The query of this page with some parts changed; None takes a part out."""
    asked = context["request"].GET.copy()
    for key, value in changes.items():
        asked.pop(key, None)
        if value is not None:
            asked[key] = value
    return f"?{asked.urlencode()}"


@register.filter
def grouped(count: int) -> str:
    """1234567 -> 1,234,567, which can be read at a glance."""
    return f"{count:,}"
