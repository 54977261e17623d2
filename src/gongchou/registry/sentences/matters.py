"""What people are told about supervision matters and pilots."""

from __future__ import annotations

SENTENCES = {
    "registry.matter_lead_idle": "“{name}”没有写明牵头部门“{department}”的监管责任，请补充。",
    "registry.matter_alone": (
        "“{name}”只写了一个部门的责任。跨部门综合监管事项至少涉及两个部门，请补充其他部门的监管责任。"
    ),
    "registry.pilot_exists": "{year}年度已登记过试点“{name}”，请在该试点中登记进展。",
    "registry.pilot_state": "试点“{name}”当前是“{state}”，不能变更为“{wanted}”。",
    "registry.pilot_summary": "试点“{name}”总结时请写明做法、成效和可推广的经验。",
}
