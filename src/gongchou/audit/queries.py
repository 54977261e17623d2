"""Searching the log, and reading a line as a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongchou.audit.models import Line
from gongchou.audit.verbs import verb_name


@dataclass(frozen=True)
class Reach:
    """How far somebody reads the log: beginnings of region codes, ids of departments. None is no limit.

    Who knows people makes it (``accounts``, which puts it on the request as ``log_reach``); this room knows nobody.
    """

    places: frozenset[str] | None = None
    departments: frozenset[str] | None = None


def visible_lines(reach: Reach) -> QuerySet[Line]:
    """The lines within reach, newest first. A line that names neither place nor department is for who sees all."""
    return find_lines(places=reach.places, departments=reach.departments)


def find_lines(
    *,
    about: str | None = None,
    by: str | None = None,
    verb: str | None = None,
    text: str = "",
    places: Collection[str] | None = None,
    departments: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Line]:
    """The lines that fit everything that is given, newest first.

    about, by: ids as the log keeps them (``audit_id``)
    text: part of a name or of the facts
    places, departments: how far the reader sees, as beginnings of region codes and ids of departments; a line in
        either is shown. None is no limit, an empty collection reaches nothing.
    since, until: from the first moment, before the second
    """
    given = {"about": about, "by": by, "verb": verb, "at__gte": since, "at__lt": until}
    lines = Line.objects.filter(**{name: value for name, value in given.items() if value is not None})
    if text:
        lines = lines.filter(matching(text))
    return lines.filter(_within(places, departments)).order_by("-index")


def matching(text: str) -> Q:
    """Lines with these words in a name or in the facts, and lines about what a room says has to do with them."""
    found = _found(text)
    in_names = Q(by_name__icontains=text) | Q(about_name__icontains=text)
    return in_names | Q(data__icontains=text) | Q(about__in=found) | Q(by__in=found)


def by_person(text: str) -> Q:
    """Lines of whoever has this in her name, or is called so otherwise in some room."""
    return Q(by_name__icontains=text) | Q(by__in=_found(text))


def _found(text: str) -> list[str]:
    return [own for finder in _FINDERS for own in finder(text)]


_FINDERS: list[Callable[[str], Collection[str]]] = []


def teach_finder(finder: Callable[[str], Collection[str]]) -> None:
    """A room knows which things and people (``audit_id``) a word stands for that no line holds; done when it starts."""
    _FINDERS.append(finder)


def _within(places: Collection[str] | None, departments: Collection[str] | None) -> Q:
    if places is None and departments is None:
        return Q()
    reach = Q(department__in=list(departments or ()))
    for place in places or ():
        reach |= Q(place__startswith=place)
    return reach


def line_sentence(line: Line) -> str:
    """When, who, did what, to which thing."""
    at = timezone.localtime(line.at)
    return f"{at:%Y-%m-%d %H:%M:%S} {line.by_name} {verb_name(line.verb)}：{line.about_name}"


def line_facts(line: Line) -> dict[str, Any]:
    """The facts the operation kept; of a line that somebody spoilt, none."""
    try:
        facts = json.loads(line.data)["facts"]
    except (ValueError, KeyError, TypeError):
        return {}
    return facts if isinstance(facts, dict) else {}
