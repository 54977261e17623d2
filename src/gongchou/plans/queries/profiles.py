"""Alike subjects, counted: the whole register in one reading, for as many pools at once as a year's plans have.

Subjects of one grade and one district that stand in the same pools have the same chances in every draw, so whatever
is forecast for one of them holds for all. A city of 120,000 has some thousands of such profiles.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import CharField, Model
from django.db.models.functions import Cast
from numpy.typing import NDArray

from gongchou.accounts.models import Region
from gongchou.accounts.queries import and_below
from gongchou.plans.pool import Pool
from gongchou.plans.queries.register import region_tree, upwards
from gongchou.registry.models import Membership, Subject, SubjectTag, Tag

Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]
N_BITS = 62  # of a whole number that has a sign


@dataclass(frozen=True)
class Profiles:
    """P kinds of alike subjects, those that stand in no pool among them.

    sizes: how many subjects, shape (P,); grades: "A" to "D" or "", P of them; districts: codes of counties, or of the
    region itself where there is none above it, P of them; members: whether it stands in a pool, shape (P, L)
    """

    sizes: NDArray[np.int64]
    grades: tuple[str, ...]
    districts: tuple[str, ...]
    members: Mask

    @property
    def pool_sizes(self) -> NDArray[np.int64]:
        """Subjects of each pool, shape (L,)."""
        return self.sizes @ self.members


def profiles_of(pools: Sequence[Pool]) -> Profiles:
    """Read the register once and count alike subjects, in a fixed order."""
    register = _Register(pools)
    members = [register.members(pool) for pool in pools]
    grades, districts = register.column("grade"), register.districts()
    keys = [grades.codes, districts.codes, *_packed(members)]
    first, sizes = _alike(keys, register.n)
    standing = np.array([mask[first] for mask in members], dtype=np.bool_).reshape(len(pools), len(first)).T
    found = Profiles(sizes, grades.told(first), districts.told(first), standing)
    return _in_order(found)


def _packed(masks: Sequence[Mask]) -> Iterable[Codes]:
    """Masks as the bits of whole numbers."""
    for start in range(0, len(masks), N_BITS):
        bits = np.zeros(len(masks[0]), dtype=np.int64)
        for at, mask in enumerate(masks[start : start + N_BITS]):
            bits |= mask.astype(np.int64) << at
        yield bits


def _alike(keys: Iterable[Codes], n: int) -> tuple[Codes, Codes]:
    """The first of each kind of rows whose keys are all equal, and how many there are of it."""
    codes = np.zeros(n, dtype=np.int64)
    for key in keys:
        values, own = np.unique(key, return_inverse=True)
        _, codes = np.unique(codes * len(values) + own, return_inverse=True)
    _, first, sizes = np.unique(codes, return_index=True, return_counts=True)
    return first, sizes


def _in_order(found: Profiles) -> Profiles:
    """The same from every reading, in whatever order a database gives its rows."""
    rows = zip(found.districts, found.grades, map(bytes, found.members), strict=True)
    order = [at for at, _ in sorted(enumerate(rows), key=lambda row: row[1])]
    grades, districts = (tuple(told[at] for at in order) for told in (found.grades, found.districts))
    return Profiles(found.sizes[order], grades, districts, found.members[order])


class _Column:
    """A column as numbers, each standing for one of few values, so that a condition looks at each value once."""

    def __init__(self, values: Iterable[Any]) -> None:
        known: dict[Any, int] = {}
        self.codes = np.array([known.setdefault(value, len(known)) for value in values], dtype=np.int64)
        self.values = list(known)

    def has(self, is_wanted: Callable[[Any], bool]) -> Mask:
        """Whether the value of each row is wanted."""
        return np.array([is_wanted(value) for value in self.values], dtype=np.bool_)[self.codes]

    def told(self, rows: Codes) -> tuple[Any, ...]:
        """The values of some rows."""
        return tuple(self.values[code] for code in self.codes[rows].tolist())


_COLUMNS = {  # condition of a pool -> column of a subject
    "regions": "region",
    "grades": "grade",
    "kinds": "kind",
    "scales": "scale",
    "industries": "industry",
    "keepers": "keeper",
    "not_visited_since": "visited_on",
    "established_before": "established_on",
}
_IDS = ("pk", "region", "keeper")


class _Register:
    """The columns that some pools ask for, and who stands where. Each condition is looked at once."""

    def __init__(self, pools: Sequence[Pool]) -> None:
        asked = {_COLUMNS[name] for pool in pools for name in _COLUMNS if getattr(pool, name)}
        names = ["pk", *sorted({"grade", "region", *asked})]
        # Of a million ids only those of a few regions and keepers are ever looked at as what they are.
        told = [Cast(name, CharField()) if name in _IDS else name for name in names]
        rows = Subject.objects.filter(state=Subject.State.ACTIVE).order_by().values_list(*told)
        columns = list(zip(*rows.iterator(chunk_size=20_000), strict=True)) or [()] * len(names)
        self.row_of: dict[str, int] = {pk: row for row, pk in enumerate(columns[0])}
        self.n = len(self.row_of)
        self._columns = {name: _Column(values) for name, values in zip(names[1:], columns[1:], strict=True)}
        self._entries = self._read_entries(pools)
        self._tags = self._read_tags(pools)
        self._masks: dict[Hashable, Mask] = {}
        self._below: dict[tuple[type[Model], str], list[UUID]] = {}

    def column(self, name: str) -> _Column:
        """A column that was asked for."""
        return self._columns[name]

    def _read_entries(self, pools: Sequence[Pool]) -> dict[tuple[UUID, str], list[int]]:
        """Sub-library and licence -> rows of the subjects with such an entry in force."""
        asking = [pool for pool in pools if pool.libraries or pool.licences]
        if not asking:
            return {}
        rows = Membership.objects.filter(state=Membership.State.ACTIVE).order_by()
        if all(pool.libraries for pool in asking):
            rows = rows.filter(sub_library__in={one for pool in asking for one in pool.libraries})
        has_licences = any(pool.licences for pool in asking)
        return self._rows_by(rows, "sub_library", *["licence_name"] * has_licences)

    def _read_tags(self, pools: Sequence[Pool]) -> dict[tuple[UUID, str], list[int]]:
        if not any(pool.tags for pool in pools):
            return {}
        return self._rows_by(SubjectTag.objects.filter(ended_at=None).order_by(), "tag")

    def _rows_by(self, rows: Any, of: str, word: str = "") -> dict[tuple[UUID, str], list[int]]:
        told = rows.values_list(Cast("subject", CharField()), Cast(of, CharField()), *[word] if word else [])
        found: dict[tuple[str, str], list[int]] = {}
        for subject, *key in told.iterator(chunk_size=20_000):
            row = self.row_of.get(subject)
            if row is not None:
                found.setdefault((key[0], key[1] if word else ""), []).append(row)
        return {(UUID(own), name): at for (own, name), at in found.items()}

    def members(self, pool: Pool) -> Mask:
        """Which rows stand in a pool."""
        found = np.ones(self.n, dtype=np.bool_)
        for name, column in _COLUMNS.items():
            if wanted := getattr(pool, name):
                found &= self._known((name, wanted), partial(self._mask, name, column, wanted))
        if pool.libraries or pool.licences:
            key = ("entries", pool.libraries, pool.licences)
            found &= self._known(key, lambda: self._entered(pool.libraries, pool.licences))
        if pool.tags:
            found &= self._known(("tags", pool.tags), lambda: self._tagged(pool.tags))
        return found

    def _known(self, key: Hashable, make: Callable[[], Mask]) -> Mask:
        if key not in self._masks:
            self._masks[key] = make()
        return self._masks[key]

    def _mask(self, name: str, column: str, wanted: Any) -> Mask:
        """One condition on a column, as ``subjects_of`` asks the database for it."""
        match name:
            case "regions":
                return self._has_id(column, self._all_below(Region, wanted))
            case "keepers":
                return self._has_id(column, {UUID(own) for own in wanted})
            case "industries":
                return self.column(column).has(lambda value: value.startswith(wanted))
            case "not_visited_since":
                return self.column(column).has(lambda day: day is None or day < wanted)
            case "established_before":
                return self.column(column).has(lambda day: day is not None and day < wanted)
        return self.column(column).has(lambda value: value in wanted)

    def _has_id(self, column: str, wanted: set[UUID]) -> Mask:
        return self.column(column).has(lambda own: UUID(own) in wanted)

    def _entered(self, libraries: Sequence[str], licences: Sequence[str]) -> Mask:
        own = {UUID(one) for one in libraries}
        fitting = [
            rows
            for (library, licence), rows in self._entries.items()
            if (not own or library in own) and (not licences or licence in licences)
        ]
        return self._standing(fitting)

    def _tagged(self, tags: Sequence[str]) -> Mask:
        wanted = self._all_below(Tag, tags)
        return self._standing(rows for (tag, _), rows in self._tags.items() if tag in wanted)

    def _standing(self, rows: Iterable[list[int]]) -> Mask:
        found = np.zeros(self.n, dtype=np.bool_)
        for own in rows:
            found[own] = True
        return found

    def _all_below(self, model: type[Model], roots: Sequence[str]) -> set[UUID]:
        for root in roots:
            if (model, root) not in self._below:
                self._below[model, root] = and_below(model, UUID(root))
        return {pk for root in roots for pk in self._below[model, root]}

    def districts(self) -> _Column:
        """The county of each subject, or its own region where no county is above it."""
        tree, regions = region_tree(), self.column("region")
        codes = []
        for own in map(UUID, regions.values):
            levels = dict(upwards(tree, own))
            codes.append(levels.get(Region.Level.COUNTY.value, tree[own][1]))
        return _Column(codes[at] for at in regions.codes.tolist())
