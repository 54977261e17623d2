"""The closed lists of reasons that a draw commits to: for leaving out, replacing, dealing again, withdrawing.

Of several reasons to leave somebody out the first in this order is told.
"""

from __future__ import annotations

from typing import Final

REASONS: Final = {
    "exclude": {
        "deregistered": "已注销、吊销或撤销",
        "moved_away": "已迁出",
        "suspended": "歇业",
        "not_in_library": "不在库",
        "drawn_before": "原抽取已抽中",
        "set_aside": "经办人写明理由排除",
        "too_new": "成立时间不满足条件",
        "inspected_recently": "近期已检查",
        "cap_reached": "本年度检查次数已达上限",
        "campaign_drawn": "同一集中抽查中已由他部门抽中",
        "in_hand": "另有检查任务在办",
        "no_ratio": "抽查比例中没有对应的类别",
    },
    "replace": {"deregistered": "注销", "duplicate": "重复", "not_found": "查无下落", "out_of_scope": "不属管辖"},
    "substitute": {"absent": "因故不能参加", "recusal": "回避", "unfilled": "空缺补配"},
    "v": "vdp1",
    "withdraw": {
        "error_in_frame": "名录有误",
        "error_in_parameters": "参数有误",
        "source_failed": "种子来源失效",
    },
}


TELLING: Final = ("drawn_before", "cap_reached", "campaign_drawn", "in_hand")
"""Who reads one of these beside an enterprise learns that it was drawn elsewhere."""


def words(kind: str, code: str) -> str:
    """A reason in Chinese. kind: exclude, replace, substitute, withdraw."""
    told: dict[str, str] = REASONS[kind]  # type: ignore[assignment]
    return told.get(code, code)


def choices(kind: str) -> list[tuple[str, str]]:
    """What can be chosen."""
    told: dict[str, str] = REASONS[kind]  # type: ignore[assignment]
    return list(told.items())
