"""Regions and departments as trees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries.reach import departments_within, regions_within
from gongchou.accounts.roles import Duty

T = TypeVar("T", Department, Region)


@dataclass
class Node(Generic[T]):
    """One of a tree, and what is under it. ``is_open`` on the way to the one that is looked at."""

    thing: T
    under: list[Node[T]] = field(default_factory=list)
    is_open: bool = False
    is_chosen: bool = False

    @property
    def is_ended(self) -> bool:
        """Whether it is past."""
        return self.thing.valid_to is not None


def visible_departments(by: User) -> QuerySet[Department]:
    """The departments somebody keeps, past ones too."""
    return departments_within(by, Duty.KEEP_ORGANISATION).select_related("region", "parent", "line_parent", "liaison")


def visible_regions(by: User) -> QuerySet[Region]:
    """The regions somebody keeps, past ones too."""
    return regions_within(by, Duty.KEEP_ORGANISATION).select_related("parent", "predecessor")


def tree_of(things: Iterable[T], chosen: T | None = None) -> list[Node[T]]:
    """Make a tree of what is given; whose parent is not among them stands at the top."""
    nodes: dict[UUID | None, Node[T]] = {thing.pk: Node(thing) for thing in things}
    roots: list[Node[T]] = []
    for node in nodes.values():
        parent = nodes.get(node.thing.parent_id)
        (parent.under if parent else roots).append(node)
    on_the_way = nodes.get(chosen.pk) if chosen else None
    if on_the_way:
        on_the_way.is_chosen = True
    while on_the_way and not on_the_way.is_open:
        on_the_way.is_open = True
        on_the_way = nodes.get(on_the_way.thing.parent_id)
    return roots


def depths(things: Iterable[T]) -> list[tuple[int, T]]:
    """Every node with its depth, parents first: how a choice shows a tree."""
    under: dict[UUID | None, list[T]] = defaultdict(list)
    found = list(things)
    known = {thing.pk for thing in found}
    for thing in found:
        under[thing.parent_id if thing.parent_id in known else None].append(thing)
    told: list[tuple[int, T]] = []

    def go(parent: UUID | None, depth: int) -> None:
        for thing in under[parent]:
            told.append((depth, thing))
            go(thing.pk, depth + 1)

    go(None, 0)
    return told
