"""A whole 抽查频次 as officials write it, read back: the inverse of ``frequency.sentence``."""

from __future__ import annotations

import re
from functools import lru_cache

from gongchou.refusal import Refused
from gongchou.registry.frequency import (
    Frequency,
    Series,
    Times,
    TimesRow,
    TimesTable,
    read_times_or_none,
    read_visits,
)
from gongchou.registry.ratio.kinds import By
from gongchou.registry.ratio.read import key_of_grade, key_of_level, keyed_part

EXAMPLE = "每年1次、每年不少于2次、市级每年1次；县级每月1次、每年1次；同一检查对象每年不超过2次"
_OF_ONE = re.compile("(?:对)?同一")


@lru_cache(maxsize=4096)
def read_frequency(text: str) -> Frequency:
    """Read a whole rule: 每年1次；同一检查对象每年不超过2次, 市级每年1次；县级每月1次, 根据实际情况确定.

    Raises Refused ``registry.frequency_text``; for a rule that is understood but cannot be, ``registry.ratio_…``.
    """
    said = [re.sub(r"\s", "", one).strip("。") for one in re.split("[;；,，\n]", text)]
    parts = [one for one in said if one]
    visits = [one for one in parts if _OF_ONE.match(one)]
    try:
        if not parts or len(visits) > 1:
            raise Refused("registry.times_text", text=text)
        subject = read_visits(visits[0]) if visits else None
        return Frequency(_series([one for one in parts if one not in visits]), subject)
    except Refused as refused:
        if refused.code != "registry.times_text":
            raise
        raise Refused("registry.frequency_text", text=text.strip()[:60], example=EXAMPLE) from refused


def _series(parts: list[str]) -> Series:
    if not parts:
        return None
    if len(parts) == 1 and (times := _plain(parts[0])) is not _NOT_PLAIN:
        return times if isinstance(times, Times) else None
    rows = [keyed_part(one, read_times_or_none) for one in parts]
    found = [row for row in rows if row]
    if len(found) != len(rows):
        raise Refused("registry.times_text", text=parts[0])
    by, keys = _by([key for key, _ in found])
    return TimesTable(by, tuple(TimesRow(key, times) for key, (_, times) in zip(keys, found, strict=True)))


_NOT_PLAIN = object()


def _plain(text: str) -> object:
    try:
        return read_times_or_none(text)
    except Refused:
        return _NOT_PLAIN


def _by(words: list[str]) -> tuple[By, list[str]]:
    """What a table goes by, told by its names; one that mixes levels with groups is refused."""
    for by, key_of in ((By.LEVEL, key_of_level), (By.GRADE, key_of_grade)):
        keys = [key_of(word) for word in words]
        if all(keys):
            return by, keys
        if any(keys):
            raise Refused("registry.times_text", text=words[0])
    return By.GROUP, words
