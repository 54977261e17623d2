"""What people are told about plans that come as tables."""

from __future__ import annotations

SENTENCES = {
    "plans.import_header": "没有找到计划行的表头（按第{line}行读到：{found}）。表格须有“抽查计划名称”一栏和至少另一栏，例如“抽查事项”“抽查比例”；请核对文件，或下载模板填写。",
    "plans.import_empty": "表头下面没有计划行（示例行不算）。请填好后重新上传。",
    "plans.import_too_many": "文件超过{most}行，一次最多导入{most}行。请分成几个文件。",
    "plans.import_stale": "上传的文件已过期，或不是您为这份计划上传的。请重新上传。",
    "plans.import_moved": "您核对之后，计划或文件的结果有了变化，没有导入任何一行。请按下面重新核对的结果再确认。",
    "plans.import_nothing": "没有可以导入的内容：表中各行与计划一致，或都有问题。请改好后重新上传。",
    "plans.initiator_foreign": "{department}不能作为这份计划的发起部门。部门内部计划只能由制定部门发起；联合计划由本地联席会议成员单位发起。",
    "plans.row_number_twice": "序号{number}在第{line}行已经用过。请改成不同的序号，或清空由系统编号。",
    "plans.row_twice": "与第{line}行内容完全相同，不重复导入。确是两行的，请填写不同的序号。",
    "plans.cell_percent": "“{text}”可能是{one}，也可能是{other}。请带百分号写明，例如“{one}”。",
    "plans.cell_missing": "没有填写抽查计划名称，请补上。",
    "plans.cell_long": "“{text}…”有{n}个字，最多{most}个字，请缩短。",
    "plans.cell_choice": "“{text}”不在可填的内容里，请填：{choices}。",
    "plans.cell_whole": "“{text}”不是1至{most}的整数，请改正或清空。",
    "plans.cell_day": "“{text}”不是日期，请写成“2026-03-01”或“2026年3月1日”。",
    "plans.cell_unknown": "没有找到{what}“{text}”。请核对名称，或改填编码。",
    "plans.cell_ambiguous": "有{n}个{what}叫“{text}”，请改填编码。",
    "plans.cell_base": "“{text}”不是户数，请写成“60”，或“高校：3；中小学：20”。",
    "plans.cell_condition": "“{text}”不是能识别的名单条件。请写成“主体类别：企业”，可用的条件：{choices}。",
    "plans.cell_formula": "“{text}”是没有算出结果的公式。请用表格软件打开后存为数值，再上传。",
    "plans.cell_harmful": "“{text}”含有看不见的控制字符，请重新输入这一格。",
}
