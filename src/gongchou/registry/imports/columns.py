"""What the columns of a file mean: headings that people use, and the field each of them fills."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from gongchou.draw.encoding import sha256_hex
from gongchou.registry.imports.cells import Parse
from gongchou.registry.imports.places import Places

ASIDE, LEFT_OUT = "", "-"  # instead of a field: kept with the other columns; not taken over
NO_FIELD = {ASIDE: "另存备查", LEFT_OUT: "不导入"}
MOST_COLUMNS = 300  # of one file
COUNTERS = frozenset({"序号", "序", "行号", "行次", "项次", "顺序号", "编号顺序", "排序", "no", "#"})
"""Columns that only count the rows of one file: kept aside, they would be other in every file, for every row."""
LINE, REASON = "原文件行号", "原因"  # columns our failed-rows workbooks add; they are left out when these come back


class Headed(Protocol):
    """What is known by its heading: ``label``, or one of ``words``."""

    @property
    def field(self) -> str:
        """What it fills."""

    @property
    def label(self) -> str:
        """Its own heading."""

    @property
    def words(self) -> tuple[str, ...]:
        """Other headings for it."""


@dataclass(frozen=True)
class Column:
    """A field that a register can fill.

    words: other headings for it; parse: the parser, made when the places are known;
    is_few: few different texts, so that a parser may remember them.
    """

    field: str
    label: str
    words: tuple[str, ...]
    parse: Callable[[Places], Parse]
    is_needed: bool = False
    is_few: bool = False
    is_long: bool = False


def plainly(parse: Parse) -> Callable[[Places], Parse]:
    """For parsers that need no places."""
    return lambda places: parse


def column(field: str, label: str, words: str, parse: Parse, **more: bool) -> Column:
    """A column that needs no places; ``words`` are parted by blanks."""
    return Column(field, label, tuple(words.split()), plainly(parse), **more)


def normal_heading(text: str) -> str:
    """A heading as it is compared: 企业名称（全称）* is 企业名称."""
    told = unicodedata.normalize("NFKC", text)
    return re.sub(r"\(.*?\)|\[.*?\]|[\s*:：★]", "", told)


def recognise(headings: Iterable[str], columns: Sequence[Headed]) -> dict[str, str]:
    """Heading -> field where a heading is known, left out where it only counts rows, else kept aside. Each field is
    filled by one column, the best word.
    """
    headings = list(headings)
    found: dict[str, str] = {}
    for own in columns:
        for word in (own.label, *own.words):
            match = next((h for h in headings if h not in found and normal_heading(h) == normal_heading(word)), None)
            if match is not None:
                found[match] = own.field
                break
    found |= dict.fromkeys(added_by_us(headings), LEFT_OUT)
    return {heading: found.get(heading, LEFT_OUT if _only_counts(heading) else ASIDE) for heading in headings}


def _only_counts(heading: str) -> bool:
    return normal_heading(heading).lower().rstrip(".") in COUNTERS


def added_by_us(headings: Sequence[str]) -> Sequence[str]:
    """The last columns, where they are those that a failed-rows workbook adds."""
    told = [normal_heading(heading) for heading in headings[-2:]]
    if told == [LINE, REASON]:
        return headings[-2:]
    return headings[-1:] if told and told[-1] == REASON else []


def n_known(headings: Iterable[str], columns: Sequence[Headed]) -> int:
    """How many of the first of these are known."""
    own = unique(islice(headings, MOST_COLUMNS))
    return sum(field not in (ASIDE, LEFT_OUT) for field in recognise(own, columns).values())


def unique(headings: Iterable[str]) -> list[str]:
    """Headings by which a column can be named: 第3列 for one without, 地址(2) for the second of a name."""
    found: list[str] = []
    for at, text in enumerate(headings, 1):
        name = re.sub(r"\s+", " ", text).strip()[:60] or f"第{at}列"
        again = next(n for n in range(1, len(found) + 2) if (name if n == 1 else f"{name}({n})") not in found)
        found.append(name if again == 1 else f"{name}({again})")
    return found


def header_digest(headings: Iterable[str]) -> str:
    """By which a header is known again; the columns that a failed-rows workbook adds do not count."""
    return sha256_hex("\n".join(h for h in headings if normal_heading(h) not in (LINE, REASON)).encode())


def remembered(headings: Iterable[str], guessed: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """The guess, corrected by what was chosen for this header before."""
    return {heading: kept.get(heading, guessed[heading]) for heading in headings}
