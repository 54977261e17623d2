"""What people are told about conflicts of interest when something may not be."""

from __future__ import annotations

SENTENCES = {
    "registry.conflict_own_only": "申报与您本人有关的回避，申报人须为“本人”。",
    "registry.conflict_dates": "回避期限的止（{ends_on}）早于起（{begins_on}）。请核对后重新填写。",
    "registry.conflict_over": (
        "回避期限的止（{ends_on}）早于今天（{on}），申报后不会生效。请核对日期；长期回避的，起止都不填。"
    ),
    "registry.conflict_exists": (
        "“{name}”与“{subject}”之间已有一条回避申报（{decision}），仍在生效。如情况有变，请先由负责人作出决定或解除。"
    ),
    "registry.conflict_not_yours": "这条回避不在您审批的范围内。请由该人员所在单位的负责人决定。",
    "registry.conflict_same_person": "您是这条回避的登记人，不能由本人作出决定。请由另一名负责人办理。",
    "registry.conflict_oneself": "这条回避与您本人有关，不能由本人决定或解除。请由上级或另一名负责人办理。",
    "registry.conflict_decided": "这条回避已有决定（{decision}），不能重复决定。请刷新页面查看。",
    "registry.conflict_not_upheld": "只有决定为“应当回避”的可以解除；这条当前为“{decision}”。",
}
