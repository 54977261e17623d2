"""What the public is told of a draw, in words that need no explanation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gongchou.draw.seed import strength_of
from gongchou.draws.models import Batch
from gongchou.draws.queries.sources import source_words
from gongchou.draws.states import Profile

COMMITTED, CLOSED, SEEDED, DRAWN, WITHDRAWN, OVERDUE = "committed", "closed", "seeded", "drawn", "withdrawn", "overdue"
STATES: Final = {
    COMMITTED: "已公开承诺，等待随机数",
    CLOSED: "来源已截止，等待随机数",
    SEEDED: "随机数已产生，正在抽取",
    DRAWN: "已抽取",
    WITHDRAWN: "已撤回",
    OVERDUE: "时间已过，尚未公布结果",
}
"""As the public needs it: what a department does with the result afterwards is no state of the draw."""
ALARMING: Final = frozenset({WITHDRAWN, OVERDUE})

ENTRIES: Final = {
    "commit": "承诺",
    "reveal": "揭示秘密数",
    "reading": "来源读数",
    "close": "来源截止",
    "seed": "确定种子",
    "result": "抽取结果",
    "match": "匹配结果",
    "replace": "替换对象",
    "substitute": "席位重抽",
    "withdraw": "撤回",
    "audit": "审计",
    "disclose": "公开化名",
    "outcome": "检查结果",
}
"""Type of a log entry -> what it says."""


def entry(kind: str, body: Mapping[str, Any]) -> str:
    """What an entry says; of a reading its value too, so that whoever typed another one before is seen."""
    told = ENTRIES.get(kind, kind)
    if kind != "reading":
        return told
    of = f"第{body['event']}号席位重抽" if "event" in body else f"第{body['source']}个来源"
    return f"{told} {of}：{body['value']}；{'录入' if body['second'] is None else '核对'}"


def strength(batch: Batch) -> str:
    """What comes last into the seed, by the source itself and not by what the batch was called."""
    return str(Profile(strength_of([batch.last])).label)


GUARDS: Final = {
    Profile.PUBLIC: "到点以前谁也不知道这个数，谁也改不了：主办单位、平台和产生它的任何一家机构都不能左右结果。",
    Profile.PRIVATE: "到点以前谁也不知道这个数，前提是运行它的单位没有串通：凑够家数就能提前算出，只有一家的全凭它。",
    Profile.LOTTERY: "开奖由彩票机构当众进行，主办单位左右不了；防不住的是彩票机构自己，可能的结果也比信标少。",
    Profile.DIGITS: "防得住主办单位事先挑选结果，防不住在场的人串通报假数，所以要结合见证人和录像来看。",
}
"""What a last source protects against, in one sentence for a citizen."""


ENDINGS: Final = {
    Profile.PUBLIC: "所以承诺的人不知道结果，知道随机数的人改不了承诺：谁也挑不了。",
    Profile.PRIVATE: "承诺的人改不了随机数，知道随机数的人改不了承诺；前提是没有人能提前算出这个信标。",
    Profile.LOTTERY: "承诺在先，开奖在后：承诺的人挑不了结果，开奖以后承诺也改不了。",
    Profile.DIGITS: "承诺在摇号之前，事先挑不了结果；摇号当时有没有作假，要看见证人和录像。",
}
"""What follows from promise and close before the last source, and no more than follows."""


def ending(batch: Batch) -> str:
    """What its order of events proves."""
    return ENDINGS[Profile(strength_of([batch.last]))]


def guard(batch: Batch) -> str:
    """What its strength means."""
    return GUARDS[Profile(strength_of([batch.last]))]


def source(told: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A source of the seed in words. names: code of a department -> its name"""
    if told["type"] == "cr":
        return f"{names.get(told['party'], told['party'])}事先承诺的秘密数"
    return source_words(told)
