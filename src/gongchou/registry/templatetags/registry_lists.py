"""Words of a version's fields, for the printed lists."""

from __future__ import annotations

from django import template

from gongchou.registry.models import Version
from gongchou.registry.models.versions import Listed
from gongchou.registry.queries.versions import field_words, newest_name

register = template.Library()


@register.filter
def words(version: Version, name: str) -> str:
    """One field as a reader sees it."""
    return field_words(version, name)


@register.filter
def newest(thing: Listed) -> str:
    """Code and public name of a thing on a list."""
    return f"{thing.code} {newest_name(thing)}"
