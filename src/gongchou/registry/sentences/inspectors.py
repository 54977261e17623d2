"""What people are told about inspectors when something may not be."""

from __future__ import annotations

SENTENCES = {
    "registry.inspector_number_taken": "内部编号“{number}”已被使用。请核对编号；同一人调入的，请由原单位办理“调动”。",
    "registry.expert_without_body": (
        "人员类别为“第三方专家”的，请选择其所属的第三方机构；机构不在列表中的，请先登记机构。"
    ),
    "registry.body_without_expert": (
        "只有“第三方专家”和“协助检查人员”可以选择第三方机构。请清空该栏，或更正人员类别。"
    ),
    "registry.body_ended": "第三方机构“{body}”已停用，不能选用。请另选机构，或先恢复该机构。",
    "registry.inspector_inactive": "“{name}”当前为失效状态，不能办理此项。请先在档案页恢复该人员。",
    "registry.inspector_active": "“{name}”当前已是有效状态，无需恢复。",
    "registry.already_there": "“{name}”已在“{department}”，无需调动。请另选调入单位。",
    "registry.department_ended": "“{department}”已停用，不能作为所在单位。请选择承接其职责的单位。",
    "registry.nothing_changed": "没有需要保存的改动。",
    "registry.certificate_dates": "有效期至（{valid_to}）早于有效期自（{valid_from}）。请核对证件上的日期。",
    "registry.certificate_held": "此人已登记证件“{kind} {number}”。需要延长有效期的，请在该证件上办理“换发”。",
    "registry.certificate_elsewhere": (
        "证件“{kind} {number}”已登记在其他人员名下，一个证号只能有一名持证人。"
        "请核对证号；确属重号的，请先由对方单位注销。"
    ),
    "registry.renewal_shorter": "换发后的有效期须晚于现有效期（{valid_to}）。请核对新证件上的日期。",
    "registry.certificate_over": "证件“{kind} {number}”已注销或已换发，不能再办理。请刷新页面，查看最新的证件。",
    "registry.tag_not_usable": (
        "标签“{tags}”不能用于该人员：标签须为使用中、用于检查人员，且在本单位可用的范围内。请重新选择。"
    ),
    "registry.leave_dates": "结束日期（{ends_on}）早于开始日期（{begins_on}）。请核对后重新填写。",
    "registry.leave_overlaps": (
        "“{name}”在 {begins_on} 至 {ends_on} 已登记离岗，与所填日期重叠。请调整日期，或先撤销已登记的离岗。"
    ),
    "registry.leave_revoked": "这条离岗已经撤销，无需再次办理。",
    "registry.account_linked": "“{name}”已关联登录账号，一人一个账号。需要更换的，请先解除现有关联。",
    "registry.account_taken": "账号“{username}”已与另一名检查人员关联。请核对账号，或先解除原有关联。",
    "registry.account_elsewhere": (
        "账号“{username}”不属于“{department}”，不能关联。人员已调动的，请先由系统管理员变更账号的部门。"
    ),
    "registry.account_disabled": "账号“{username}”已停用，不能关联。请联系系统管理员启用，或另选账号。",
    "registry.account_not_linked": "“{name}”没有关联登录账号，无需解除。",
    "registry.body_code_taken": "统一社会信用代码“{number}”的机构已经登记。请在第三方机构列表中查找使用。",
    "registry.body_active": "第三方机构“{body}”当前为有效状态，无需恢复。",
    "registry.body_in_use": (
        "第三方机构“{body}”名下还有 {n_people} 名有效人员。请先将这些人员办理失效或变更机构，再停用机构。"
    ),
    "registry.staff_year": "年度“{year}”不在可填范围内。请填写 2000 至 {latest} 之间的年份。",
    "registry.staff_count": "应入库人数须为 1 以上的整数。",
}
