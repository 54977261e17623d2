"""抽查比例 as a rule: how large a share of the subjects an item asks for, in exact numbers.

``amount`` reads one share or count, ``kinds`` are the rules made of them, ``stored`` writes and reads them as JSON,
``read`` reads them from the words of officials.
Source: domain.md 2.2; no framework is known here.
"""

from __future__ import annotations

from gongchou.registry.ratio.amount import Amount, plain, read_amount
from gongchou.registry.ratio.kinds import (
    GRADES,
    LEVEL_NAMES,
    AsNeeded,
    By,
    Choice,
    Flat,
    Level,
    Option,
    Part,
    Ratio,
    Table,
    is_within,
    key_name,
    peak,
    sentence,
)
from gongchou.registry.ratio.read import read_ratio
from gongchou.registry.ratio.stored import FLAGS, ratio_from_json, ratio_to_json

__all__ = [
    "FLAGS",
    "GRADES",
    "LEVEL_NAMES",
    "Amount",
    "AsNeeded",
    "By",
    "Choice",
    "Flat",
    "Level",
    "Option",
    "Part",
    "Ratio",
    "Table",
    "is_within",
    "key_name",
    "peak",
    "plain",
    "ratio_from_json",
    "ratio_to_json",
    "read_amount",
    "read_ratio",
    "sentence",
]
