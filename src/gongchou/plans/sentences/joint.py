"""What people are told about joint work."""

from __future__ import annotations

SENTENCES = {
    "plans.nobody_invited": "没有选择要邀请的部门。请至少选择一个联席会议成员单位。",
    "plans.invited": "{department}已经在邀请之列，不需要重复邀请；请在计划行页面查看其答复。",
    "plans.invitation_state": "对{department}的邀请当前是“{state}”，不能变更为“{wanted}”。请刷新页面后按当前状态办理。",
    "plans.reason_missing": "谢绝邀请须写明理由，例如无相应监管职责、时间冲突。请补充后再提交。",
    "plans.items_missing": "接受邀请须选择{department}参加的抽查事项。清单上没有合适事项的，请先认领，或说明理由后谢绝。",
    "plans.item_not_usable": "事项“{item}”不在{department}当前可用的清单上，请换成本部门已公布或已认领的事项。",
    "plans.joint_published": "{department}参加的联合计划已经公布，不能直接退出或撤销。请由发起部门启动计划调整，在草稿中把该部门移出配合部门，或提请联席会议协调。",
    "plans.speaks_for_itself": "{department}有自己的计划管理员，由其本人答复；意见不一致的，可以提请联席会议协调。",
    "plans.line_on_its_way": "“{name}”正在办理（{state}），内容不能再变。请先由制定部门退回修改，再办理；已公布的按计划调整程序办理。",
    "plans.question_open": "与{department}的分歧已提请联席会议协调，正在等待决定。",
    "plans.question_closed": "这件协调事项已是“{state}”：{decision}",
    "plans.meeting_over": "上会日期{day}已经过去。请填写今天或以后的日期；已经开过的会，请直接记录协调决定。",
    "plans.not_coordinator": "您的数据范围不包括整个{region}，不能办理那里的统筹事项。请由该地双随机办办理。",
    "plans.proposal_decided": "这条建议已是“{state}”，不需要重复处理。",
    "plans.proposal_gone": "这条建议涉及的计划行已经调整，不再成立。请重新查找。",
    "plans.proposal_differs": "这些计划行的{what}不同，不能直接合并。请用“调整后采纳”写明合并后以哪个为准。",
    "plans.no_draft": "{year}年度没有正在编制的计划可以写入。请先建立联合计划，或对已公布的计划启动调整，再采纳建议。",
    "plans.name_taken": "已有名为“{name}”的记录，请换一个名称，例如加上年份或批次。",
    "plans.campaign_ended": "“{name}”已经取消，不需要重复办理。",
    "plans.campaign_has_lines": "“{name}”有{n}行已公布的计划，不能取消。请先按程序调整这些计划行。",
    "plans.agreement_ended": "“{name}”已经终止，不需要重复办理。",
}
