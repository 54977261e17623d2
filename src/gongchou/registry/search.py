"""Finding a subject by any part of its name, its address or its number, or by the pinyin initials of its name.

Every subject has one short text (``SubjectText``) in which a search looks for the words as they stand. Reading a
million such texts takes 0.15 s (PostgreSQL) to 0.3 s (SQLite) and needs no index to keep; see ADR 6.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from string import ascii_lowercase, digits
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import GreaterThan

from gongchou.registry.models import Subject, SubjectText
from gongchou.registry.queries.among import among

LONGEST_QUERY = 60
MOST_WORDS = 5
MOST_FOUND = 2000  # a hundred pages; who finds more says another word rather than turn them
_UNSAID = re.compile(r"""[()\[\]<>{}《》【】“”‘’"',，。、;；:：·\-—_/\\|]+""")


def normal(text: str) -> str:
    """Text as it is compared: half-width, lower case, without brackets and marks."""
    return " ".join(_UNSAID.sub("", unicodedata.normalize("NFKC", text)).lower().split())


class _Letters(dict[str, str]):
    """Character -> first letter of the reading pypinyin lists first; spaces fall away, all else stays."""

    def __missing__(self, sign: str) -> str:
        return sign


@cache
def _first_letters() -> _Letters:
    letters = {chr(point): unicodedata.normalize("NFD", told)[0] for point, told in _readings().items()}
    themselves = {sign: sign for sign in ascii_lowercase + digits}
    return _Letters({**letters, **themselves, " ": ""})


def _initials(said: str) -> str:
    return "".join(map(_first_letters().__getitem__, said))


def _readings() -> dict[int, str]:
    """Code point -> readings: one module of pypinyin alone; the whole would bring 50 MB of phrases into each worker."""
    package = find_spec("pypinyin")
    assert package is not None  # noqa: S101 -- it is required
    own = PathFinder.find_spec("pinyin_dict", package.submodule_search_locations)
    assert own is not None and own.loader is not None  # noqa: S101 -- it has always had this module
    module = module_from_spec(own)
    own.loader.exec_module(module)
    found: dict[int, str] = module.pinyin_dict
    return found


def initials(text: str) -> str:
    """Pinyin initials of a name: 演示餐饮店 -> yscyd. Letters and digits stay, marks fall away."""
    return _initials(normal(text))


def text_of(number: str, name: str, address: str) -> str:
    """The text that is searched for one subject."""
    said = normal(name)
    return f"{said}\n{_initials(said)}\n{number.lower()}\n{normal(address)}"


def refresh(rows: Iterable[tuple[UUID, str, str, str]]) -> None:
    """Make the texts of some subjects again. rows: id, number, name, address."""
    field = SubjectText._meta.get_field("subject")
    table = connection.ops.quote_name(SubjectText._meta.db_table)
    sql = (
        f"INSERT INTO {table} (subject_id, text) VALUES (%s, %s) "  # noqa: S608 -- our own table's name
        "ON CONFLICT (subject_id) DO UPDATE SET text = excluded.text"
    )
    values = [(field.get_db_prep_value(pk, connection), text_of(*words)) for pk, *words in rows]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


class Found(NamedTuple):
    """Subjects in which the words occur, how many, and whether there are more; all of them are not counted."""

    rows: QuerySet[Subject]
    n: int | None
    is_cut: bool


def matching(
    subjects: QuerySet[Subject], asked: str, most: int | None = MOST_FOUND, few: QuerySet[Any] | None = None
) -> Found:
    """Those among some subjects in which every word of a query occurs: the first ``most`` found, or all with None.

    few: ids of a small part of the register that holds all of them; only these texts are read then
    The texts are read at once, not when the rows are: a list is counted and shown, and goes through them once.
    """
    words = normal(asked[:LONGEST_QUERY]).split()[:MOST_WORDS]
    if not words:
        return Found(subjects.none(), 0, is_cut=False)
    texts = SubjectText.objects.filter(*map(_occurs, words))
    if few is not None:
        texts = texts.filter(subject__in=few)
    if most is None:
        return Found(subjects.filter(pk__in=texts.values("subject")), None, is_cut=False)
    # Every other condition goes in here: to look whether some rows are among the found ones reads a text for each row.
    within = texts.filter(Exists(subjects.filter(pk=OuterRef("subject"))))
    ids = list(_ids(_in_one_order(within))[: most + 1])
    first = ids[:most]
    return Found(subjects.filter(pk__in=among(first, "uuid")), len(first), is_cut=len(ids) > most)


def _occurs(word: str) -> Q | GreaterThan:
    """In SQLite three quarters of the time of ``LIKE``, which compares letter by letter.

    PostgreSQL guesses how rare a word is from ``LIKE`` alone: one that is rare it looks for in all texts at once, with
    several processes; taken for common, it goes through them by their key, six times as long.
    """
    if connection.vendor == "postgresql":
        return Q(text__contains=word)
    return GreaterThan(StrIndex("text", Value(word)), 0)


def _in_one_order(texts: QuerySet[SubjectText]) -> QuerySet[SubjectText]:
    """So that each page of a cut search is cut from the same ones.

    PostgreSQL may begin anywhere, and goes by the key in no more time. SQLite reads in the order of its rows anyway;
    asked to go by the key, it needs 2.6 s for a rare word among a million instead of 0.3 s.
    """
    return texts.order_by("pk") if connection.vendor == "postgresql" else texts


def _ids(texts: QuerySet[SubjectText]) -> QuerySet[SubjectText, str]:
    """As the database writes them: to make thousands of UUIDs takes longer than to find them."""
    return texts.values_list(Cast("subject", TextField()), flat=True)
