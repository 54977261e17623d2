"""The cells of one inspector into values, or every reason why not. Pure: what words mean is given.

It adds to the cell readers of imports what is particular about people: the check digit of an identity number, several
certificates in one row, several tags in one cell. No reason repeats an identity number or a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, TypeVar

from gongchou.refusal import Refused, sentence
from gongchou.registry.imports import cells as readers
from gongchou.registry.imports.cells import EMPTY, CellRefused, Value
from gongchou.registry.models import Inspector
from gongchou.registry.rules import identity

T = TypeVar("T")
E = TypeVar("E")

FIELDS = {
    "number": "编号",
    "name": "姓名",
    "gender": "性别",
    "department": "所在单位",
    "unit": "内设部门",
    "category": "人员类别",
    "post": "职务",
    "certificate_kinds": "执法证类别",
    "certificate_numbers": "执法证编号",
    "certificate_ends": "有效期至",
    "tags": "资质与专长",
    "phone": "手机号",
    "identity": "身份证号",
}
"""The cells that are read, by the names people know them under."""

KIND = "行政执法证"
"""What a certificate is when nobody says."""

_PARTS = re.compile(r"[;；\n、]")


class Reason(NamedTuple):
    """Why a cell cannot be used. field: of ``FIELDS``; told: the sentence for whoever mends the file."""

    field: str
    code: str
    told: str


class Paper(NamedTuple):
    """A certificate; ``ends`` is its last day, as 2027-12-31."""

    kind: str
    number: str
    ends: str


@dataclass(frozen=True)
class InspectorValues:
    """One person, clean. person: values of ``Inspector`` by field; department and tags: what the given words mean."""

    number: str
    department: str
    person: dict[str, str]
    tags: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()


def inspector_values(
    cells: Mapping[str, str], *, departments: Mapping[str, str], tags: Mapping[str, str]
) -> InspectorValues | list[Reason]:
    """Read one person.

    cells: field of ``FIELDS`` -> text; a field that is missing is empty
    departments, tags: word (code or name) -> id, of those that may be used
    """
    row = _Row(cells)
    words = readers.words
    number = row.read("number", readers.needed(readers.plain_number), "")
    department = row.read("department", partial(_known, departments, "keeper"), "")
    person = {
        "name": row.read("name", readers.needed(words(60)), ""),
        "gender": row.read("gender", readers.one_of([("男", "男"), ("女", "女")], {}), ""),
        "unit": row.read("unit", words(60), ""),
        "category": row.read("category", readers.one_of(Inspector.Category.choices, {}), "") or "civil_servant",
        "post": row.read("post", readers.one_of(Inspector.Post.choices, {}), "") or "staff",
        "phone": row.read("phone", _mobile, ""),
        "masked_id": row.read("identity", _masked, ""),
    }
    borne: tuple[str, ...] = row.read("tags", partial(_tags, tags), ())
    papers = row.read_papers()
    if row.reasons:
        return row.reasons
    plain = {name: str(value or "") for name, value in person.items()}
    return InspectorValues(str(number), str(department), plain, borne, papers)


@dataclass
class _Row:
    """The cells of a row and what was found wrong with them so far."""

    cells: Mapping[str, str]
    reasons: list[Reason] = field(default_factory=list)

    def read(self, name: str, parse: Callable[[str], T], empty: E) -> T | E:
        try:
            return parse(readers.tidy(self.cells.get(name, "")))
        except CellRefused as refused:
            told = sentence(Refused(refused.code, **{"column": FIELDS[name], **refused.facts}))
            self.reasons.append(Reason(name, refused.code, told))
            return empty

    def read_papers(self) -> tuple[Paper, ...]:
        """As many certificates as there are numbers; one kind serves all, each has its own end."""
        nothing: list[str] = []
        numbers = self.read("certificate_numbers", _numbers, nothing)
        if not numbers:
            return ()
        kinds = self.read("certificate_kinds", partial(_as_many, len(numbers), may_share=True), nothing) or [KIND]
        ends = self.read("certificate_ends", partial(_ends, len(numbers)), nothing)
        if len(kinds) == 1:
            kinds = kinds * len(numbers)
        return tuple(map(Paper, kinds, numbers, ends)) if len(ends) == len(numbers) == len(kinds) else ()


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(text) if part.strip() and part.strip() not in EMPTY]


def _numbers(text: str) -> list[str]:
    return [identity.plain_number(str(readers.plain_number(part))) for part in _parts(text)]


def _as_many(count: int, text: str, *, may_share: bool = False) -> list[str]:
    parts = _parts(text)
    if len(parts) != count and not (may_share and len(parts) < 2):
        raise CellRefused("papers_uneven", count=len(parts), numbers=count)
    return parts


def _ends(count: int, text: str) -> list[str]:
    if not _parts(text):
        raise CellRefused("paper_endless")
    return [str(readers.day_or_forever(part)) for part in _as_many(count, text)]


def _known(table: Mapping[str, str], what: str, text: str) -> str:
    if text in EMPTY:
        raise CellRefused(f"{what}_missing")
    if text not in table:
        raise CellRefused(f"{what}_unknown", value=text[:40])
    return table[text]


def _tags(table: Mapping[str, str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_known(table, "tag", part) for part in _parts(text)))


def _mobile(text: str) -> Value:
    number = "" if text in EMPTY else identity.plain_number(text)
    if number and not identity.is_mobile_number(number):
        raise CellRefused("mobile")
    return number


def _masked(text: str) -> Value:
    number = "" if text in EMPTY else identity.plain_number(text)
    if not number or identity.is_masked_identity(number):
        return number
    if not identity.is_identity_number(number):
        raise CellRefused("identity_check")
    return identity.masked_identity(number)
