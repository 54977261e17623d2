"""What people are told about tasks."""

from __future__ import annotations

SENTENCES = {
    "plans.task_state": "任务{number}当前状态是“{state}”，不能变更为“{wanted}”。请刷新页面后按当前状态办理。",
    "plans.task_set": "任务{number}当前状态是“{state}”，不能修改设置。待抽取的任务请先“退回设置”；名单锁定后不能再改。",
    "plans.task_not_ready": "任务{number}还不能抽取：{lacks}。请逐项补齐后再点“设置完成”。",
    "plans.task_source": "计划之外的任务只能来自问题线索、专项行动或上级部署。计划内的请在计划行页面建立。",
    "plans.task_source_note": "计划之外的任务须写明来源，例如线索编号、专项行动或上级文件名称和文号。",
    "plans.task_over": "结束日期{day}已经过去，建立后马上超期。请把日期改为今天或以后。",
    "plans.task_number_taken": "任务编号“{number}”已被使用。请在“任务编号规则”中换一个带部门简称的格式。",
    "plans.task_outside_line": "任务时间超出第{number}行计划的起止时间（{begins} 至 {ends}）。请改在计划时间内，或先按程序调整计划。",
    "plans.line_not_published": "第{number}行所在的计划当前是“{state}”。计划公布后才能建立任务。",
    "plans.line_over": "第{number}行“{state}”，不能再建立任务。",
    "plans.line_tasked": "第{number}行全年抽取{rounds}次，任务已经建齐。确需增加的，请先按程序调整计划。",
    "plans.task_planned": "任务{number}的{what}由计划确定，不能在任务中改变。确需改变的，请先按程序调整计划，再重新建立任务。",
    "plans.not_excluded": "“{name}”已经恢复，不在排除之列。请刷新页面查看。",
    "plans.checklist_foreign": "检查表“{name}”不适用于{department}所选的事项，或已停用。请换成适用的检查表，或在“表格库”中启用新版。",
    "plans.nothing_to_exclude": "没有选择要排除的对象，或所选对象已经排除。请在名单中选择。",
    "plans.scheme_published": "第{number}版工作方案已经公布。需要修改的，请编写新的一版。",
    "plans.strata_open": "任务“{name}”的抽查比例没有定下数量，不能抽取。请先在任务中填写比例或数量。",
    "plans.strata_group": "抽查比例中的“{name}”没有同名的对象标签或分库，分不出这一层。请先建立标签并标注对象，再冻结名单。",
    "plans.strata_levels": "任务“{name}”的比例按多个层级分别规定，一次抽取只能按一个层级。请由各级分别建立任务。",
}
