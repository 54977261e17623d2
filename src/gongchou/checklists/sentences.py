"""What people are told about forms."""

from __future__ import annotations

SENTENCES = {
    "checklists.sheet": "工作簿里没有名为“检查内容”（或 survey）的工作表，现有：{sheets}。请按模板填写，或把工作表改名。",
    "checklists.heading": "工作表“{sheet}”的第 1 行缺少栏目：{missing}。请按模板补上表头后重新上传。",
    "checklists.too_many": "工作表“{sheet}”超过 {most} 行，不像是一张检查表。请删去多余的行，或拆成几张表。",
    "checklists.empty": "“{column}”没有填写，请补上。",
    "checklists.long": "“{column}”超过 {most} 字，请缩短，或分成几道题。",
    "checklists.type": "题型“{text}”不能识别，可用的有：{known}。单选、多选后面空一格写选项组，例如“单选 yes_no”。",
    "checklists.required": "“必填”一栏写的是“{text}”，请写“是”或“否”，或留空。",
    "checklists.name": "代码“{name}”不能用，请以字母开头，只用字母、数字和下划线，例如 has_license；也可以留空，由系统编号。",
    "checklists.name_twice": "代码“{name}”用了不止一次，请改成不同的代码。",
    "checklists.group": "选项组“{group}”在“选项”工作表里没有，现有：{known}。请在“选项”中补上，或改正题型后面的名称。",
    "checklists.choice_twice": "选项组“{group}”里代码“{name}”用了不止一次，请改成不同的代码。",
    "checklists.unknown": "“{column}”提到的题目“{name}”不存在，请改成某一题的代码。",
    "checklists.end": "“{word}”没有对应的开始行，请删去这一行，或在前面补上开始行。",
    "checklists.unclosed": "这里开始的分组没有“{word}”，请在分组末尾补上一行。",
    "checklists.nothing": "没有一道要回答的题目。请至少填写一道题。",
    "checklists.name_taken": "本部门已有名为“{name}”的检查表。请换一个名称，或在那张表的页面上传新版。",
    "checklists.state": "“{name}”当前状态是“{state}”，不能变更为“{wanted}”。请刷新页面后按当前状态办理。",
    "checklists.same_person": "“{name}”是您本人上传的，须由另一人核对后启用。",
    "checklists.draft_waits": "“{name}”已有待启用的一版。请先启用或放弃它，再上传新的一版。",
    "checklists.same_file": "题目和适用事项与“{name}”完全相同，没有可更新的内容。",
    "checklists.xform": "这一版不能转成 XForm，转换程序的说明是：{told}。请照说明改好后提交新的一版（row 后面的数字是题目所在的行，表头算第 1 行）；其间可以下载 .xlsx 使用。",
    "checklists.composition": "页面送来的题目不完整，没有保存。请返回上一页，从那里继续；仍然不行的，请改用表格文件上传。",
    "checklists.too_long_for_page": "“{name}”太长，不便在页面上修改。请下载 .xlsx，改好后用“上传新版”提交。",
    "checklists.items_missing": "请选择这张表适用的抽查事项；对所有事项都适用的，请勾选“通用基础表”。",
    "checklists.base_has_items": "通用基础表适用于全部事项，不需要再选择事项。请取消其中一项。",
    "checklists.item_foreign": "事项“{item}”不在{department}当前可用的清单上，请换成本部门已公布或已认领的事项。",
}
