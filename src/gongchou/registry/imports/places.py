"""Words for regions and departments, as registers use them, into the rows they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from gongchou.accounts.models import Department, Region
from gongchou.registry.imports.cells import EMPTY, CellRefused, Value

_LEVELS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "开发区",
    "街道办事处",
    "街道",
    "地区",
    "省",
    "市",
    "区",
    "县",
    "镇",
    "乡",
    "盟",
    "旗",
)


@dataclass
class Table:
    """Word -> ids (hex) it may mean, and what it takes where a cell is empty."""

    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, str] = field(default_factory=dict)  # id -> name
    default: str = ""

    def add(self, pk: UUID, name: str, words: Iterable[str]) -> None:
        """Let words mean a row."""
        self.names[pk.hex] = name
        for word in words:
            self.ids[word].add(pk.hex)

    def find(self, text: str, what: str) -> Value:
        """The id a text means. Raises CellRefused ``…_missing``, ``…_unknown``, ``…_unclear``."""
        if text in EMPTY:
            if not self.default:
                raise CellRefused(f"{what}_missing")
            return self.default
        found = self.ids.get(text) or self.ids.get("".join(text.split())) or set()
        if len(found) != 1:
            raise CellRefused(f"{what}_unclear" if found else f"{what}_unknown", value=text[:40])
        return next(iter(found))


@dataclass
class Places:
    """What words mean for the one who imports: only rows within her reach are in the tables."""

    regions: Table = field(default_factory=Table)
    keepers: Table = field(default_factory=Table)
    libraries: Table = field(default_factory=Table)
    tags: Table = field(default_factory=Table)
    area: dict[str, str] = field(default_factory=dict)  # regions of the department, ended ones too: id -> name
    today: date = date.min
    others: dict[str, str] = field(default_factory=dict)  # all departments: id -> short name
    licensed: frozenset[str] = frozenset()  # sub-libraries that ask for a licence

    @property
    def names(self) -> dict[str, str]:
        """Id -> name of whatever a row can point to."""
        return {**self.others, **self.area, **self.libraries.names, **self.tags.names}

    def region(self, text: str) -> Value:
        """A region by code, name or path of names."""
        return self.regions.find(text, "region")

    def keeper(self, text: str) -> Value:
        """A department by code or name."""
        return self.keepers.find(text, "keeper")

    def library(self, text: str) -> Value:
        """A sub-library by code or name."""
        return self.libraries.find(text, "library")

    def tag(self, text: str) -> Value:
        """A qualification by code or name; none is none."""
        return None if text in EMPTY else self.tags.find(text, "tag")


def regions_table(root: Region, on: date, default: Region | None) -> Table:
    """A region and all below it that are in force on a day."""
    children: dict[UUID | None, list[Region]] = defaultdict(list)
    for region in Region.objects.all():
        children[region.parent_id].append(region)
    table, waiting = Table(default=default.pk.hex if default else ""), [(root, _above(root))]
    while waiting:
        region, above = waiting.pop()
        if region.valid_from <= on and (region.valid_to is None or region.valid_to > on):
            table.add(region.pk, region.name, _names(region.name, above) | _codes(region.code))
        waiting += [(child, (*above, region.name)) for child in children[region.pk]]
    return table


def _above(region: Region) -> tuple[str, ...]:
    return (*_above(region.parent), region.parent.name) if region.parent else ()


def _names(name: str, above: tuple[str, ...]) -> set[str]:
    """东区, 演示市东区, 演示省演示市东区, and the same where the levels are left out."""
    paths = {"".join(above[start:]) for start in range(len(above) + 1)}
    paths |= {"".join(map(_short, above[start:])) for start in range(len(above))}
    return {path + own for path in paths for own in (name, _short(name))}


def _short(name: str) -> str:
    """济南 for 济南市: registers often leave the level out."""
    end = next((level for level in _LEVELS if name.endswith(level) and len(name) > len(level) + 1), "")
    return name.removesuffix(end)


def _codes(code: str) -> set[str]:
    """Codes are written with 6, 9 or 12 digits, those of higher levels filled with zeros."""
    return {code} | {code.ljust(width, "0") for width in (6, 9, 12) if width > len(code)}


def departments_table(departments: Iterable[Department], default: Department) -> Table:
    """Departments by code, name and short name."""
    table = Table(default=default.pk.hex)
    for own in departments:
        table.add(own.pk, own.short_name, {own.code, own.name, own.short_name} - {""})
    return table
