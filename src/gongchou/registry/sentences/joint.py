"""What people are told about joint items."""

from __future__ import annotations

SENTENCES = {
    "registry.joint_type_unnamed": (
        "“{name}”有多个发起部门，请为每个发起部门写明对应的检查对象类型；同一类型只能有一个发起部门。"
    ),
    "registry.joint_alone": "“{name}”的发起部门“{department}”没有其他配合部门。请至少选择一个配合部门。",
    "registry.joint_item_dropped": (
        "“{name}”包含的事项“{item}”不在已公布的清单中。请先公布该事项，或从联合抽查事项中移出。"
    ),
    "registry.department_unknown": "第{line}行的部门“{name}”没有找到。请使用部门的全称、简称或编码。",
    "registry.department_unclear": "有不止一个部门叫“{name}”（第{line}行）。请改用部门的全称或编码。",
}
