"""A whole rule as officials write it, read back: the inverse of ``sentence``, and what else stands in real plans.

What could mean two things is refused rather than guessed: a wrong ratio draws the wrong number of subjects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from gongchou.refusal import Refused
from gongchou.registry.ratio.amount import AFTER, BEFORE, NUMBER, UNIT, read_amount, tidy
from gongchou.registry.ratio.kinds import (
    ONCE_AND_MORE,
    AsNeeded,
    By,
    Choice,
    Flat,
    Level,
    Option,
    Part,
    Ratio,
    Table,
)

EXAMPLE = "3%、不低于3%、60-70家、市级2%；县级10%、A级3%；B级4%；C级5%；D级6%"
_AS_NEEDED = re.compile(
    "(?:根据|按照?|视)(?:工作)?(?:实际情况|实际需要|实际|需要|情况|需)(?:确定|而定|安排)?|按需(?:确定)?"
)
_AMOUNT = f"(?:{BEFORE})?{NUMBER}(?:{UNIT})?(?:-{NUMBER})?(?:{UNIT})(?:{AFTER})?"
_GAP = "[;,、/。]?"

# Levels and grades, of which several may share an amount: 市、县级3%, A、B类1%.
_LEVELS = {"省": Level.PROVINCE, "市": Level.CITY, "县": Level.COUNTY, "区": Level.COUNTY, "镇": Level.TOWN}
_SAME = (
    (r"[区县]\(市[、,]?[区县]?\)|县\(区\)|区\(县\)|区县|县区|县市区|市县区(?=级)", "县"),
    ("乡镇|镇街|街镇|街道", "镇"),
)
_LEVEL = "[省市县区镇](?:本?级)?"
_GRADE = "[A-D](?:[级类]|级?企业|类企业)?"
_KEYS = {
    By.LEVEL: re.compile(f"(?P<keys>{_LEVEL}(?:[、和及]?{_LEVEL})*)[::为]?(?P<amount>{_AMOUNT}){_GAP}"),
    By.GRADE: re.compile(f"(?P<keys>{_GRADE}(?:[、和及]?{_GRADE})*)[::为]?(?P<amount>{_AMOUNT}){_GAP}"),
}

# One amount with what officials add to it.
_HEAD = re.compile(
    "(?P<usual>一般|原则上)?(?P<yearly>每年|年度)?(?P<usual_too>一般|原则上)?(?P<amount>.+?)(?P<per_year>/年度?)?"
)
_SPLIT = re.compile(
    "(?:可以?)?(?:在?年度?内|在?全年|全年内)?(?:可以?)?分(?:批次?|期|次)(?:完成|实施|开展|进行|抽查)?|分布(?:于|在|到)?全年"
)
_SPECIAL = re.compile("或者?按照?专项(?:抽查|检查)?计划(?:执行|确定|开展)?")
_BRACKETED = re.compile(r"[(（]([^()（）]*)[)）]$")
_OPTION = re.compile(f"(?P<amount>{_AMOUNT})(?:抽查?|检查)?(?P<times>\\d{{1,2}}|[一两二三四五六七八九十])次")
_NO_NAME = re.compile(
    "[^%‰]*?(?:[%‰]|或|其中).*|大?约|按(?:比例)?|每[年次]?|抽查?|抽取|(?:抽查|抽取)?比例|全年|年度|一般|原则上?|至[少多]"
    "|总数?的?|占|(?:随机)?(?:检查|抽查|抽取)|随机|共"
)
N = TypeVar("N")


@lru_cache(maxsize=4096)
def read_ratio(text: str) -> Ratio:
    """Read a whole rule: 不低于3%或按专项计划, 市级2%；县级10%, A3% B4%, 高校30%；中小学50%, 20%一次或10%两次, 按实际.

    Raises Refused ``registry.ratio_text``; for a rule that is understood but cannot be, ``registry.ratio_…``.
    """
    for read in (_as_needed, _choice, _keyed, _flat, _groups):
        found = read(text)
        if found is not None:
            return found
    raise Refused("registry.ratio_text", text=text.strip()[:60], example=EXAMPLE)


def _as_needed(text: str) -> Ratio | None:
    return AsNeeded() if _AS_NEEDED.fullmatch(tidy(text).strip("。;,")) else None


def _choice(text: str) -> Ratio | None:
    found = [_OPTION.fullmatch(part.strip(",;、")) for part in tidy(text).strip("。").split("或")]
    options = [Option(read_amount(one["amount"]), _times(one["times"])) for one in found if one]
    return Choice(tuple(options)) if len(options) == len(found) > 1 else None


def _times(text: str) -> int:
    return int(text) if text.isdecimal() else ONCE_AND_MORE.index("两" if text == "二" else text)


def _keyed(text: str) -> Ratio | None:
    """A table by level or grade, whose keys are few: so it may be written without any separator."""
    said = tidy(text)
    for by, pattern in _KEYS.items():
        plain = _same_levels(said) if by == By.LEVEL else said.upper()
        if re.fullmatch(f"(?:{pattern.pattern.replace('?P<keys>', '?:').replace('?P<amount>', '?:')})+", plain):
            rows = ((key, read_amount(one["amount"])) for one in pattern.finditer(plain) for key in _keys(by, one))
            return Table(by, tuple(Part(key, amount) for key, amount in rows))
    return None


def _same_levels(said: str) -> str:
    for words, one in _SAME:
        said = re.sub(words, one, said)
    return said


def _keys(by: By, found: re.Match[str]) -> list[str]:
    known = _LEVELS if by == By.LEVEL else dict.fromkeys("ABCD")
    return [str(known[letter] or letter) for letter in found["keys"] if letter in known]


def key_of_level(word: str) -> str:
    """县（区）级 -> county; "" for what is no level."""
    said = _same_levels(tidy(word))
    return str(_LEVELS[said[0]]) if re.fullmatch(_LEVEL, said) else ""


def key_of_grade(word: str) -> str:
    """A类 -> A; "" for what is no grade."""
    said = tidy(word).upper()
    return said[0] if re.fullmatch(_GRADE, said) else ""


# Groups in words --------------------------------------------------------------------------------


def _groups(text: str) -> Ratio | None:
    """A table by groups: the names are anybody's, so each row must be set off from the next."""
    for separator in ("[;；\n]", "[;；\n,，]", "[;；\n,，\\s]"):
        rows = [keyed_part(one, read_amount) for one in re.split(separator, text) if one.strip("。 　\t\r")]
        found = [row for row in rows if row]
        if found and len(found) == len(rows) and not any(key_of_level(key) or key_of_grade(key) for key, _ in found):
            return Table(By.GROUP, tuple(Part(key, amount) for key, amount in found))
    return None


def keyed_part(text: str, read: Callable[[str], N]) -> tuple[str, N] | None:
    """高校30% as its name and what ``read`` makes of the rest; None where there is no such name. The rest is as long as
    it can be: 不低于 belongs to it.
    """
    said = re.sub(r"\s", "", text).strip("。")
    for at in range(len(said)):
        try:
            found = read(said[at:])
        except Refused:
            continue
        key = said[:at].rstrip(":：")
        return (key, found) if re.search(r"[^\W\d_]", key) and not _NO_NAME.fullmatch(key) else None
    return None


# One amount -------------------------------------------------------------------------------------


def _flat(text: str) -> Ratio | None:
    parts = _clauses(text)
    head = _HEAD.fullmatch(tidy(_SPECIAL.sub("", parts[0]))) if parts else None
    if head is None:
        return None
    rest = _Rest(parts[1:])
    try:
        amount = read_amount(head["amount"])
    except Refused as refused:
        if refused.code != "registry.ratio_amount":
            raise
        return None
    flags = {
        "is_usual": bool(head["usual"] or head["usual_too"]),
        "is_yearly": bool(head["yearly"] or head["per_year"]) or rest.is_yearly,
        "or_special_plan": bool(_SPECIAL.search(parts[0])) or rest.or_special_plan,
    }
    return Flat(amount, **flags, may_split=rest.may_split, parts=tuple(rest.parts)) if rest.is_clear else None


def _clauses(text: str) -> list[str]:
    """What stands between commas, and in brackets at the end of a clause."""
    said = re.sub(r"\s", "", text)
    found = [re.sub(_BRACKETED, r"，\1", one) for one in re.split("[,，;；。]", said)]
    return [clause for one in found for clause in one.split("，") if clause]


class _Rest:
    """What follows the amount: flags in words, and 其中…, after which more parts may follow without that word."""

    def __init__(self, clauses: Iterable[str]) -> None:
        self.may_split = self.or_special_plan = self.is_yearly = False
        self.is_clear, self.parts = True, list[Part]()
        for clause in clauses:
            self._take(clause)

    def _take(self, clause: str) -> None:
        if _SPLIT.fullmatch(clause):
            self.may_split = True
        elif _SPECIAL.fullmatch(clause):
            self.or_special_plan = True
        elif clause in ("每年", "按年", "年度"):
            self.is_yearly = True
        else:
            self._take_part(clause)

    def _take_part(self, clause: str) -> None:
        found = keyed_part(clause.removeprefix("其中"), read_amount)
        is_part = clause.startswith("其中") or bool(self.parts)
        if found and is_part:
            self.parts.append(Part(*found))
        self.is_clear = self.is_clear and bool(found) and is_part
