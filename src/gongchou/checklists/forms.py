"""Input about forms: a workbook, or questions written on the page, with what they are for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings

from gongchou.accounts.forms.choices import DepartmentChoice, offer
from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.checklists.composing import ASKED, KEPT, OPEN, PICKING, Composition, composition_in
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.operations import Brought
from gongchou.checklists.queries import choosable_items, visible
from gongchou.checklists.states import VersionState
from gongchou.checklists.xlsform import TYPES, Definition, Fault, read_form
from gongchou.refusal import Refused, sentence
from gongchou.registry.forms.fields import ListedField, searched
from gongchou.registry.imports import files
from gongchou.registry.imports.reading import check_upload
from gongchou.registry.models import Item
from gongchou.registry.queries.items import office_of

MOST_MB = 5
MOST_SHOWN = 30
WRITTEN_HERE = "在页面上编写"
MOST_MERGED = 30


class WorkbookField(forms.FileField):
    """An .xlsx with a form in it, as a ``Brought``; else everything that is wrong with it, row by row."""

    def __init__(self) -> None:
        super().__init__(
            label="文件",
            help_text="按模板填写的 .xlsx：一张工作表写题目，一张写选项；XLSForm 格式的也可以。",
            widget=forms.FileInput(attrs={"accept": ".xlsx"}),
            error_messages={
                "required": "请选择要上传的文件。",
                "empty": "文件是空的，没有任何内容。请检查后重新选择文件。",
            },
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Raises ValidationError with one sentence for each fault."""
        file = super().clean(data, initial)
        try:
            return _brought(file)
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused


def _brought(file: Any) -> Brought:
    if check_upload(file, min(MOST_MB, settings.UPLOAD_MB)) != ".xlsx":
        raise Refused("registry.file_type", suffix=PurePath(file.name).suffix)
    kept = files.keep(file.chunks(), ".xlsx")
    made, faults = read_form(files.whereabouts(kept.path))
    if faults:
        raise forms.ValidationError(list(_sentences(faults)))
    return Brought(made, PurePath(file.name).name[:200], kept.digest)


def _sentences(faults: list[Fault]) -> list[str]:
    told = [f"“{one.sheet}”第{one.line}行：{sentence(one.refused)}" for one in faults[:MOST_SHOWN]]
    more = len(faults) - len(told)
    return [*told, f"还有{more}处问题，请改好以上各处后再传。"] if more else told


class VersionForm(forms.Form):
    """The next version of a form."""

    items = ListedField(Item.objects.none(), label="适用事项", required=False, widget=searched(True))
    brought: forms.Field = WorkbookField()

    def __init__(self, data: Any, sent: Any, *, checklist: Checklist) -> None:
        now = checklist.versions.filter(state=VersionState.IN_USE).first() or checklist.versions.first()
        super().__init__(data, sent, initial={"items": list(now.items.all()) if now else []})
        offer(self, "items", choosable_items([checklist.department]))
        if checklist.is_base:
            del self.fields["items"]

    def clean(self) -> dict[str, Any]:
        """A base form has no items."""
        return {"items": [], **(super().clean() or {})}


class PreviewForm(forms.Form):
    """Which versions somebody wants to see as one sheet."""

    version = forms.ModelMultipleChoiceField(ChecklistVersion.objects.none(), label="检查表", widget=searched(True))

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data)
        rows = visible(by).filter(state__in=(VersionState.DRAFT, VersionState.IN_USE))
        offer(self, "version", rows.prefetch_related("items__versions"))

    def clean_version(self) -> Any:
        """As many as one visit may have."""
        chosen = self.cleaned_data["version"]
        if len(chosen) > MOST_MERGED:
            raise forms.ValidationError(f"一次最多合并{MOST_MERGED}张检查表，请减少几张。")
        return chosen


class ChecklistForm(forms.Form):
    """A new form."""

    department = DepartmentChoice(label="制定部门")
    name = forms.CharField(label="名称", max_length=100, help_text="例如“餐饮服务监督检查表”。")
    is_base = forms.BooleanField(
        label="通用基础表", required=False, help_text="本部门和下级部门的每次检查都要填的表，不选事项。"
    )
    items = ListedField(Item.objects.none(), label="适用事项", required=False, widget=searched(True))
    brought: forms.Field = WorkbookField()

    def __init__(self, data: Any, sent: Any, *, by: User) -> None:
        home = office_of(by.department)
        super().__init__(data, sent, initial={"department": home.pk})
        own = departments_within(by, Duty.KEEP_LIST).filter(is_internal_unit=False, is_active=True)
        offer(self, "department", own)
        offer(self, "items", choosable_items(own))


# On a page ---------------------------------------------------------------------------------------

_LABELS = {
    "label": "题目",
    "name": "代码",
    "hint": "填写说明",
    "list_name": "选项组",
    "basis": "检查依据",
    "severity": "严重程度",
    "relevant": "显示条件",
    "constraint": "校验条件",
    "constraint_message": "校验提示",
    "calculation": "计算公式",
    "appearance": "外观",
}
_HINTS = {
    "name": "字母开头；留空由系统编号",
    "list_name": "同名的选项组各题共用，改一处全都改；留空用本题代码",
    "severity": "一般、较重或严重",
    "relevant": "例如 ${has_license} = 'no'，留空总是显示",
    "constraint": "例如 . >= 0，点代表本题的答案",
    "constraint_message": "不满足校验条件时给检查人员看的话",
    "calculation": "题型为“计算”时填写",
}
_LONG = ("label", "hint", "basis")
_RARE = ("relevant", "constraint", "constraint_message", "calculation", "appearance")
_DEEPER, _BACK = ("begin_group", "begin_repeat"), ("end_group", "end_repeat")
_DEEPEST = 3


class QuestionsWidget(forms.Widget):
    """The rows of a form, one of them open; the buttons do their work on the server and bring the rows back."""

    template_name = "checklists/widgets/questions.html"
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__()
        self.faults: dict[int, list[str]] = {}  # row, from 1 -> what is wrong

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """A Composition; or the Refused that reading it came to."""
        try:
            return composition_in(data)
        except Refused as refused:
            return refused

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What is shown of each row."""
        made = value if isinstance(value, Composition) else Composition()
        if self.faults and made.open is None:
            made.open = min(self.faults) - 1
        return {
            **super().get_context(name, None, attrs),
            "kept": KEPT,
            "sheet": made.to_json(),
            "rows": list(self._rows(made)),
            "types": TYPES.items(),
            "groups": sorted(made.groups),
        }

    def _rows(self, made: Composition) -> Iterator[dict[str, Any]]:
        depth = 0
        for at, row in enumerate(made.rows):
            depth -= row.get("type") in _BACK
            yield {
                **row,
                "at": at,
                "number": at + 1,
                "depth": max(0, min(depth, _DEEPEST)),
                "word": TYPES.get(row.get("type", ""), "（未选题型）"),
                "faults": self.faults.get(at + 1, ()),
                **(_opened(made, row) if at == made.open else {}),
            }
            depth += row.get("type") in _DEEPER


def _opened(made: Composition, row: dict[str, str]) -> dict[str, Any]:
    kind, group = row.get("type", ""), row.get("list_name", "")
    is_end, is_picking = kind in _BACK, kind in PICKING
    shown = [name for name in ASKED if name in _LABELS and (is_picking or name != "list_name")]
    inputs = [_input(name, row) for name in shown]
    return {
        "is_open": True,
        "kind": kind,
        "is_end": is_end,
        "is_picking": is_picking,
        "is_required": row.get("required") == "yes",
        "common": [one for one in inputs if one["name"] not in _RARE],
        "rare": [one for one in inputs if one["name"] in _RARE],
        "has_rare": any(row.get(name) for name in _RARE),
        "choices": made.groups.get(group, ""),
        "n_others": sum(other.get("list_name") == group for other in made.rows) - 1 if group else 0,
    }


def _input(name: str, row: dict[str, str]) -> dict[str, Any]:
    told = {"label": _LABELS[name], "hint": _HINTS.get(name, ""), "value": row.get(name, "")}
    return {"name": name, "field": OPEN + name, "is_long": name in _LONG, **told}


class QuestionsField(forms.Field):
    """Questions written on the page, as a ``Brought``; else everything that is wrong with them, row by row."""

    widget = QuestionsWidget

    def __init__(self) -> None:
        super().__init__(label="题目")

    def clean(self, value: Any) -> Any:
        """Raises ValidationError with one sentence for each fault, and marks the rows."""
        try:
            if isinstance(value, Refused):
                raise value
            definition, faults = value.checked()
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused
        if faults:
            self.widget.faults = _by_row(faults)
            raise forms.ValidationError([f"第{one.line}行：{sentence(one.refused)}" for one in faults[:MOST_SHOWN]])
        return Brought(definition, WRITTEN_HERE, _digest(definition))


def _by_row(faults: Iterable[Fault]) -> dict[int, list[str]]:
    told: dict[int, list[str]] = {}
    for one in faults:
        told.setdefault(one.line, []).append(sentence(one.refused))
    return told


def _digest(definition: Definition) -> str:
    text = json.dumps(definition.to_json(), ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()


class ComposedForm(ChecklistForm):
    """A new form, written on the page."""

    brought = QuestionsField()


class ComposedVersionForm(VersionForm):
    """The next version of a form, written on the page."""

    brought = QuestionsField()

    def __init__(self, data: Any, sent: Any, *, checklist: Checklist) -> None:
        super().__init__(data, sent, checklist=checklist)
        self.now = checklist.versions.filter(state=VersionState.IN_USE).first()

    def clean(self) -> dict[str, Any]:
        """What was not changed is the file that it was."""
        told = super().clean()
        brought = told.get("brought")
        if brought and self.now and brought.definition.to_json() == self.now.definition:
            told["brought"] = brought._replace(digest=self.now.digest)
        return told
