"""Many rows, to see that a page asks the database as often for them as for a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any
from uuid import uuid4

import pytest
from django.db import models, transaction

from gongchou.audit.guard import open_for_writing
from tests.factories.lists import move_on

FEW_AND_MANY = [3, 45, pytest.param(100, marks=pytest.mark.night)]
"""A part of a page of a list, and two pages full and more; by night five."""


def many_approved(make: Callable[[str], Any], n: int) -> list[Any]:
    """Versions that may be published: the first one went through the operations, all others are its copies."""
    first = move_on(make("B000"), published=False)
    with open_for_writing():
        things = [_copied(first.thing, code=f"B{number:03}") for number in range(1, n)]
    return alike(first, things)


def alike(version: Any, things: Iterable[Any]) -> list[Any]:
    """A version, and its copies that belong to other things of the list."""
    with open_for_writing(), transaction.atomic():
        return [version, *(_copied_version(version, thing) for thing in things)]


def _copied_version(version: Any, thing: Any) -> Any:
    new = _copied(version, **{version.thing_field: thing})
    for field in version._meta.many_to_many:
        getattr(new, field.name).set(getattr(version, field.name).all())
    for relation in version._meta.related_objects:
        if relation.one_to_many:
            for part in relation.related_model.objects.filter(**{relation.field.name: version}):
                _copied(part, **{relation.field.name: new})
    return new


def _copied(row: models.Model, **own: Any) -> Any:
    new = copy(row)
    for name, value in {"pk": uuid4(), **own}.items():
        setattr(new, name, value)
    new.save(force_insert=True)
    return new
