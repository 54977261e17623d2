"""What people are told about standing teams when something may not be."""

from __future__ import annotations

SENTENCES = {
    "registry.team_number_taken": "小组编号“{number}”已被使用（撤销的小组也保留编号）。请另编一个号。",
    "registry.team_ended": "检查小组“{team}”已经撤销，不能再办理。需要时请设立新的小组。",
    "registry.team_size": "检查小组应有 {least} 至 {most} 人，所选为 {n_people} 人。请增减组员后再保存。",
    "registry.team_lead": "组长“{name}”不在所选的组员中。请把组长也选为组员，或另选组长。",
    "registry.team_helper": (
        "“{name}”的人员类别为“{category}”，只能协助检查，不能编入检查小组。请改选有执法资格的人员。"
    ),
    "registry.team_member_elsewhere": (
        "“{name}”所在的“{department}”与小组所在的“{team}”不属于同一个局，不能编入。请只选本局及其内设机构、所里的人员。"
    ),
    "registry.team_member_taken": "“{name}”已在检查小组“{team}”。一人同时只能在一个小组，请先把此人从原小组调出。",
    "registry.team_moved": (
        "小组“{number}”设在“{department}”，文件中写的是别的单位；小组不能换单位。请更正文件，或撤销后另编号设立。"
    ),
    "registry.team_row": "小组“{number}”：{told}。请更正后重新导入。",
    "registry.team_line": "文件第 {line} 行：{told}。请更正后重新导入。",
    "registry.team_named_twice": (
        "“{name}”在文件中同时编入小组“{number}”和“{other}”。一人同时只能在一个小组，请只留一处后重新导入。"
    ),
    "registry.team_together": (
        "与小组“{other}”之间有人员调动，而“{other}”没有导入；为免有人落空或重复，两组都不动。请一并更正后重新导入。"
    ),
    "registry.team_header": (
        "文件前 10 行内没有找到表头。须有“小组编号”“小组名称”“单位代码”“人员编号”四栏，可以有“组长”一栏。"
    ),
    "registry.team_empty": "文件中没有任何小组。请核对是否选错了工作表或文件。",
    "registry.team_unreadable": "文件读不出来：{told}请用 Excel 另存为 .xlsx 或 .csv 后重试。",
    "registry.team_too_large": "文件超过 {most} MB。请分成几个文件导入。",
}
