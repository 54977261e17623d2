"""What people are told about tags."""

from __future__ import annotations

SENTENCES = {
    "registry.tag_code_taken": "标签编码“{number}”已被使用，请换一个编码。",
    "registry.tag_parent_state": "上级标签“{name}”不在使用中，不能在其下设置标签。请另选上级标签。",
    "registry.tag_needs_parent": "大类由省级统一设置。本市和本部门的标签请选择一个上级标签，设在其下。",
    "registry.tag_prefix": "本市和本部门的标签编码请以“{prefix}”开头，以免与其他地方的标签重复。",
    "registry.tag_dimension": "上级标签“{name}”属于另一个维度，请选择同一维度的上级标签。",
    "registry.tag_decided": "标签“{name}”当前状态是“{state}”，不需要审批。",
    "registry.tag_not_yours": (
        "标签“{name}”的使用范围是“{reach}”，不在您的审批权限内。全省使用的标签由上级主管部门审批。"
    ),
    "registry.tag_same_person": "标签“{name}”由您提出，按规定应由另一人审批。",
    "registry.tag_not_in_use": "标签“{name}”当前状态是“{state}”，不需要停用。",
    "registry.tag_has_children": "标签“{name}”下还有使用中的标签“{child}”，请先停用下级标签。",
}
