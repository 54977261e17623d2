"""What people are told about plans and their lines."""

from __future__ import annotations

SENTENCES = {
    "plans.state": "“{name}”当前状态是“{state}”，不能变更为“{wanted}”。请刷新页面后按当前状态办理。",
    "plans.not_draft": "“{name}”当前状态是“{state}”，不能修改。审批中的请审批人先退回；已公布的请按程序“调整计划”。",
    "plans.open_version": "“{name}”已有一个未公布的版本（{state}）。请先办完该版本，再进行调整。",
    "plans.not_published": "“{name}”尚未公布，直接修改草稿即可，不需要调整程序。",
    "plans.same_person": "“{name}”由您提交，按规定应由另一名负责人审批。",
    "plans.exists": "{department}{year}年度的{kind}已经建立，请在该计划中修改；已公布的请按程序调整。",
    "plans.joint_exists": "{year}年度的部门联合计划已由{department}建立。一个地区一年只有一份联合计划，请在其中填写本部门发起的行。",
    "plans.no_lines": "“{name}”还没有计划行，不能提交。请先添加或导入计划行。",
    "plans.blocked": "“{name}”还有{n}处不符合要求，不能提交：{first}请在“核对”页逐条修改，或写明例外理由。",
    "plans.blocked_since": "“{name}”有{n}处现在不符合要求，不能批准：{first}请退回修改。",
    "plans.nothing_to_suggest": "“{name}”已经覆盖清单上的全部应抽事项，没有需要补齐的计划行。",
    "plans.nothing_to_continue": "没有可以沿用的{year}年度计划，或者本计划已经有计划行。请按清单补齐、导入表格或逐行增加。",
    "plans.not_filed": "“{name}”当前状态是“{state}”，没有待登记的备案。",
    "plans.received": "“{name}”已登记备案（{receipt}），不需要重复登记。",
    "plans.lines_unfinished": "“{name}”{lines}尚未完成或取消，不能办结。请先完成任务，或按程序调整计划取消这些行。",
    "plans.line_has_tasks": "第{number}行已下达任务（{task}），计划中不能没有这一行。请先取消任务，或保留这一行。",
    "plans.line_foreign": "第{number}行不属于这份计划，请重新选择。",
    "plans.dates_reversed": "结束日期（{ends}）早于开始日期（{begins}），请核对后把两个日期对调或改正。",
    "plans.dates_outside": "日期{day}不在{year}年度内。跨年度的工作请分别列入两个年度的计划。",
    "plans.own_participant": "{department}是发起部门，不必再列为配合部门，请从配合部门中去掉。",
    "plans.not_a_member": "{department}不是联席会议成员单位，不能列为配合部门。确需参加的，请先由双随机办在“机构管理”中登记为成员单位。",
    "plans.waiver_ended": "这条例外理由已经撤销：{reason}",
    "plans.waived": "这里已写明例外理由：{reason}要改写的，请先撤销原来的说明。",
    "plans.not_waivable": "“{rule}”是必须满足的要求，不能以说明理由代替。请按提示修改计划行。",
    "plans.norm_text": "“{name}”看不懂“{text}”。请照这样写：{example}",
    "plans.norm_same": "{region}{year}年“{name}”已设定为“{value}”，没有变化。",
    "plans.norm_out_of_reach": "您的数据范围不包括整个{region}，不能设定那里的工作指标。请由该地双随机办设定。",
    "plans.pattern": "编号格式“{pattern}”不能用：花括号内只能写简称、年度、序号，其中年度和序号必须各写一次。例如：{example}",
}
