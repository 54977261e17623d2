"""The forms of the bureau: the base form after the national record of an inspection, and one for each of its items."""

from __future__ import annotations

import tempfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from gongchou.checklists import operations
from gongchou.checklists.operations import Brought
from gongchou.checklists.xlsform import read_form
from gongchou.demo.city import BUREAU, City
from gongchou.demo.items import MARKET
from gongchou.demo.people import Staff
from gongchou.registry.models import Item
from gongchou.sheets.writing import write_book

Rows = list[list[str]]
HEAD = ["题型", "代码", "题目", "填写说明", "必填", "显示条件", "检查依据"]
GROUPS = {
    "finding": {"ok": "符合", "bad": "不符合", "na": "不涉及"},
    "yes_no": {"yes": "是", "no": "否"},
    "method": {
        "on_site": "实地检查",
        "document": "书面检查",
        "others": "行政部门检查结果或专业意见",
        "testing": "检验检测",
        "online": "网络监测",
        "entrusted": "委托专业机构辅助",
    },
}
CHOICES: Rows = [
    ["选项组", "代码", "选项"],
    *([group, code, word] for group, words in GROUPS.items() for code, word in words.items()),
]
BASE: Rows = [
    HEAD,
    ["多选 method", "method", "核查方式", "", "是", "", ""],
    ["日期", "checked_on", "检查日期", "", "是", "", ""],
    ["单选 yes_no", "shown_card", "是否出示执法证件并告知权利", "", "是", "", "《行政处罚法》第五十五条"],
    ["文本", "findings", "主要检查情况", "如实记录，不写结论", "是", "", ""],
    ["照片", "photo", "现场照片", "", "", "", ""],
    ["单选 yes_no", "is_signed", "被检查对象是否签字", "", "是", "", ""],
    ["文本", "not_signed", "拒绝签字的原因和见证人", "", "是", "${is_signed} = 'no'", ""],
    ["签名", "inspector_1", "检查人员签名", "", "是", "", ""],
    ["签名", "inspector_2", "检查人员签名", "", "是", "", ""],
]


def make_checklists(city: City, staff: Staff, at: datetime) -> None:
    """Brought by the keeper of the bureau's list, put into use by its head."""
    _bring(city, staff, "随机抽查情况记录表（通用）", BASE, [], at)
    known = {item.code: item for item in Item.objects.filter(owner=city.departments[BUREAU])}
    for code, row in MARKET.items():
        name = f"{row.name.removesuffix('检查')}检查表"
        _bring(city, staff, name, _of_points(row.points.split("、"), row.category), [known[code]], at)


def _of_points(points: list[str], category: str) -> Rows:
    rows = [HEAD]
    for number, point in enumerate(points, 1):
        found, basis = f"point_{number}", f"演示省{category}监督管理条例"
        rows.append(["单选 finding", found, f"{point}是否符合要求", "", "是", "", basis])
        rows.append(["文本", f"{found}_note", f"{point}：发现的问题", "", "是", f"${{{found}}} = 'bad'", ""])
        rows.append(["照片", f"{found}_photo", f"{point}：证据照片", "", "", f"${{{found}}} = 'bad'", ""])
    return rows


def _bring(city: City, staff: Staff, name: str, survey: Rows, items: list[Item], at: datetime) -> None:
    home = city.departments[BUREAU]
    brought, keeper = _workbook(name, survey), staff.keeper(home.code)
    version = operations.open_checklist(
        department=home, name=name, is_base=not items, items=items, brought=brought, by=keeper, at=at
    )
    operations.publish(version=version, by=staff.head(home.code), at=at)


def _workbook(name: str, survey: Rows) -> Brought:
    """As anybody brings it: written, and read again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        with path.open("wb") as file:
            write_book(file, {"检查内容": survey, "选项": CHOICES})
        definition, _ = read_form(path)
        return Brought(definition, f"{name}.xlsx", sha256(path.read_bytes()).hexdigest())
