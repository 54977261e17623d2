"""What people are told about versions and editions of any list."""

from __future__ import annotations

SENTENCES = {
    "registry.code_taken": "编码“{number}”已被使用，请核对后换一个编码；要调整已有事项的，请在该事项页面起草新版本。",
    "registry.version_state": "“{name}”当前状态是“{state}”，不能变更为“{wanted}”。请刷新页面后按当前状态办理。",
    "registry.version_not_draft": "“{name}”当前状态是“{state}”，不能修改。需要修改的，请审核人先退回。",
    "registry.version_open": "“{name}”已有一个未公布的版本（{state}）。请先办完该版本，再起草新版本。",
    "registry.version_not_published": "“{name}”尚未公布或已不在清单中，没有可以办理此项的版本。",
    "registry.version_incomplete": "“{name}”还不能提交，缺少：{missing}。请点“修改”补充完整。",
    "registry.version_same_person": "“{name}”由您提交，按规定应由另一名审核人审核。",
    "registry.end_asked": "“{name}”已有人提出废止，正在等待审批。",
    "registry.end_not_asked": "“{name}”尚未提出废止。请先由清单维护人员提出并说明原因。",
    "registry.end_same_person": "“{name}”由您提出废止，按规定应由另一名审核人决定。",
    "registry.edition_empty": "没有勾选要公布的版本，上一版以来也没有废止的事项。请至少勾选一个已通过审核的版本；还没有的，请先送审。",
    "registry.edition_foreign": "“{name}”不属于这份清单或这个部门，不能放入本版次。请重新选择。",
    "registry.edition_name_taken": "本部门已有名为“{name}”的版次，请换一个名称，例如加上年份或版次。",
}
