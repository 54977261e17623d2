"""The facts of a line as a reader sees them: what was before, what is now, and whatever else was kept.

Operations keep a change as ``{"from": …, "to": …}``, as ``[old, new]`` under the name of a column, as ``old`` beside
``new``, or as a mapping of these under ``changed``. Names of columns are told in the words of their model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from gongchou.audit.models import Line
from gongchou.audit.queries import line_facts

WORDS = {
    "added": "增加",
    "address": "地址",
    "agent": "浏览器",
    "asked": "筛选条件",
    "asked_reason": "提出理由",
    "at": "时间",
    "before": "原值",
    "begins_on": "开始日期",
    "blanks": "空白单元格",
    "bundle": "审计包的摘要",
    "cause": "原因",
    "changes": "调整内容",
    "channel": "公开渠道",
    "checklists": "检查表",
    "code": "编码",
    "codes": "编码",
    "columns": "列对应",
    "content": "内容",
    "count": "数量",
    "day": "日期",
    "days": "天数",
    "decision": "决定",
    "department": "部门",
    "departments": "部门",
    "digest": "摘要",
    "digests": "摘要",
    "does_all": "全部事项",
    "done_rows": "已处理行数",
    "doors": "户次",
    "draw": "抽取号",
    "duty": "职责",
    "ends_on": "结束日期",
    "event": "日志序号",
    "expected": "核对时的结果",
    "factors": "验证方式",
    "failure": "未能完成的原因",
    "fields": "项目",
    "file": "文件",
    "filed_with": "备案机关",
    "form": "形式",
    "frequency": "抽查频次",
    "header": "表头所在行",
    "inspector": "检查人员编号",
    "is_full": "全量更新",
    "item": "事项编码",
    "kind": "类别",
    "kinds": "类别",
    "lead": "组长编号",
    "left_out": "排除数",
    "level": "层级",
    "library": "分库",
    "line": "计划行",
    "lines": "文件中的行（首行、末行）",
    "list": "列表",
    "log_size": "日志行数",
    "lost": "丢失的日志行数",
    "made_at": "备份时间",
    "matter": "事项编码",
    "meeting_on": "上会日期",
    "message": "邀请说明",
    "missing": "未按时揭示",
    "mode": "性质",
    "most": "上限",
    "n_emptied": "清空的值",
    "n_people": "每户人数",
    "n_rows": "行数",
    "n_tasks": "目标任务数",
    "new": "新值",
    "note": "说明",
    "number": "编号",
    "numbers": "编号",
    "old": "原值",
    "on": "日期",
    "partner": "对方",
    "pattern": "编号格式",
    "plans": "计划",
    "predecessor": "沿革自",
    "rank": "位次",
    "ratio": "抽查比例",
    "reason": "理由",
    "receipt": "备案号",
    "region": "区划",
    "removed": "减少",
    "requested_by": "申请人账号",
    "role": "角色",
    "round": "信标轮次",
    "rows": "记录",
    "rule": "规则",
    "scope": "数据范围",
    "seed": "种子",
    "sheet": "工作表",
    "signed_on": "签署日期",
    "source": "来源",
    "source_note": "来源说明",
    "state": "状态",
    "still_on": "仍标注的数量",
    "subject": "检查对象编号",
    "suspended_claims": "暂停的认领数",
    "tag": "标签",
    "task": "任务编号",
    "title": "标题",
    "to": "收件人账号",
    "to_draw": "应抽数",
    "told": "说明",
    "unfilled": "空缺席位",
    "units": "执行单位",
    "unlinked": "同时解除账号关联",
    "until": "有效期至",
    "url": "链接",
    "username": "账号",
    "uses": "用途",
    "value": "要求",
    "versions": "版本",
    "waived": "例外说明",
    "was": "原状态",
    "what": "事由",
    "witnesses": "见证人",
    "year": "年度",
}


_VALUES: dict[str, dict[str, str]] = {}


def teach_values(codes: Mapping[str, Mapping[str, str]]) -> None:
    """Add what a room calls the codes of facts that are no column of its models, fact -> code -> words; done once."""
    for key, words in codes.items():
        _VALUES.setdefault(key, {}).update(words)


@dataclass(frozen=True)
class Change:
    """One value before and after."""

    name: str
    old: str
    new: str


def changes_of(line: Line) -> list[Change]:
    """What the operation changed."""
    told = _Told(line.about)
    return [Change(told.name(key), told.shown(key, old), told.shown(key, new)) for key, old, new in told.changes(line)]


def notes_of(line: Line) -> list[tuple[str, str]]:
    """What else it kept; what is empty, or only names the columns that are told as changes, is left out."""
    told, facts = _Told(line.about), line_facts(line)
    changed = {key for key, _, _ in told.changes(line)}
    rest = {key: value for key, value in facts.items() if not told.is_change(key, value, facts)}
    if changed and set(rest.get("fields") or ()) <= changed:
        rest.pop("fields", None)
    return [(told.name(key), told.shown(key, value)) for key, value in rest.items() if value not in (None, "", [], {})]


def content_of(line: Line) -> str:
    """All of it as one text, for a cell of a sheet."""
    changes = [f"{one.name}：{one.old} → {one.new}" for one in changes_of(line)]
    return "；".join([*changes, *(f"{name}：{value}" for name, value in notes_of(line))])


class _Told:
    """What the columns of a kind of thing are called."""

    def __init__(self, about: str) -> None:
        model = _models().get(about.partition(":")[0])
        fields = model._meta.get_fields() if model else ()
        self.fields = {field.name: field for field in fields if isinstance(field, models.Field)}

    def name(self, key: str) -> str:
        if key in self.fields:
            return str(self.fields[key].verbose_name)
        return WORDS.get(key, key)

    def shown(self, key: str, value: Any) -> str:
        if isinstance(value, dict):
            return "；".join(f"{self.name(name)}：{self.shown(name, part)}" for name, part in value.items()) or "（空）"
        if isinstance(value, list) and key == "fields":
            return "、".join(self.name(str(part)) for part in value)
        if isinstance(value, list):
            return "、".join(self.shown(key, part) for part in value) or "（空）"
        if value is None or value == "":
            return "（空）"
        if isinstance(value, bool):
            return "是" if value else "否"
        choices = _VALUES.get(key, {}) | dict(getattr(self.fields.get(key), "flatchoices", ()))
        return str(choices.get(value, value))

    def is_change(self, key: str, value: Any, facts: dict[str, Any]) -> bool:
        is_pair = key in ("old", "new") and {"old", "new"} <= facts.keys()
        return is_pair or self._is_pair(key, value) or (key == "changed" and isinstance(value, dict))

    def _is_pair(self, key: str, value: Any) -> bool:
        """A change of one column; two values of a column that holds many are not one."""
        if isinstance(value, dict):
            return value.keys() == {"from", "to"}
        field = self.fields.get(key)
        is_one = field is not None and not field.many_to_many and not isinstance(field, models.JSONField)
        return isinstance(value, list) and len(value) == 2 and is_one

    def changes(self, line: Line) -> Iterator[tuple[str, Any, Any]]:
        facts = line_facts(line)
        for key, value in facts.items():
            if key == "changed" and isinstance(value, dict):
                yield from ((name, *_ends(pair)) for name, pair in value.items())
            elif self._is_pair(key, value):
                yield (key, *_ends(value))
        old, new = facts.get("old"), facts.get("new")
        if isinstance(old, dict) and isinstance(new, dict):
            yield from ((name, old.get(name), value) for name, value in new.items() if old.get(name) != value)
        elif {"old", "new"} <= facts.keys():
            yield ("new", old, new)


def _ends(pair: Any) -> tuple[Any, Any]:
    if isinstance(pair, dict):
        return pair.get("from"), pair.get("to")
    return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else (None, pair)


def _models() -> dict[str, type[models.Model]]:
    return {str(model._meta.model_name): model for model in apps.get_models()}
