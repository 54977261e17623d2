"""Input about forms: a workbook with what it is for."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings

from gongchou.accounts.forms.choices import DepartmentChoice, offer
from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.operations import Brought
from gongchou.checklists.queries import choosable_items, visible
from gongchou.checklists.states import VersionState
from gongchou.checklists.xlsform import Fault, read_form
from gongchou.refusal import Refused, sentence
from gongchou.registry.forms.fields import ListedField, searched
from gongchou.registry.imports import files
from gongchou.registry.imports.reading import check_upload
from gongchou.registry.models import Item
from gongchou.registry.queries.items import office_of

MOST_MB = 5
MOST_SHOWN = 30
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
    brought = WorkbookField()

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
    brought = WorkbookField()

    def __init__(self, data: Any, sent: Any, *, by: User) -> None:
        home = office_of(by.department)
        super().__init__(data, sent, initial={"department": home.pk})
        own = departments_within(by, Duty.KEEP_LIST).filter(is_internal_unit=False, is_active=True)
        offer(self, "department", own)
        offer(self, "items", choosable_items(own))
