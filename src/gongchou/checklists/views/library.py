"""The list of forms, one form with its versions and questions, bringing and putting into use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.checklists import forms, operations, permissions, queries, tables
from gongchou.checklists.merging import merge
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.printing import in_words
from gongchou.checklists.states import VersionState
from gongchou.checklists.xlsform import TYPES
from gongchou.refusal import allowed
from gongchou.registry.queries.versions import newest_name
from gongchou.web.access import needs
from gongchou.web.buttons import Button, why_not
from gongchou.web.desk import Card, Task, register
from gongchou.web.forms import ReasonForm, form_page
from gongchou.web.lists import ListPage

reads = needs(Duty.READ_LIBRARIES)
keeps = needs(Duty.KEEP_LIST)
decides = needs(Duty.APPROVE_LIST)


@reads
class ChecklistList(ListPage):
    """表格库."""

    title = "表格库"
    table_class = tables.ChecklistTable
    filter_class = tables.ChecklistFilter
    template_name = "checklists/checklists.html"

    def rows(self) -> QuerySet[ChecklistVersion]:
        """All that she sees, with what they are for."""
        return queries.visible(self.by).prefetch_related("items__versions")


def version_of(request: SignedInRequest, pk: UUID) -> ChecklistVersion:
    """What this person sees, or a page that is not there."""
    return get_object_or_404(queries.visible(request.user), pk=pk)


def checklist_of(request: SignedInRequest, pk: UUID) -> Checklist:
    """The same of a form."""
    return get_object_or_404(queries.visible_checklists(request.user), pk=pk)


@reads
@require_safe
def checklist(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One form: the version asked for, else the newest that is in use, else the newest."""
    shown = checklist_of(request, pk)
    versions = list(queries.visible(request.user).filter(checklist=shown).prefetch_related("items__versions"))
    asked = next((one for one in versions if str(one.number) == request.GET.get("version")), None)
    version = asked or next((one for one in versions if one.state == VersionState.IN_USE), versions[0])
    buttons = list(_buttons(request, version))
    choices: dict[str, list[str]] = {}
    for one in version.definition["choices"]:
        choices.setdefault(one["list_name"], []).append(one["label"])
    words = in_words(version.definition)
    context = {
        "title": shown.name,
        "checklist": shown,
        "version": version,
        "versions": versions,
        "item_words": "；".join(f"{item.code} {newest_name(item)}" for item in version.items.all()),
        "rows": [_row(one, choices, words) for one in version.questions],
        "buttons": [one for one in buttons if not one.why_not],
        "obstacles": [one for one in buttons if one.why_not],
    }
    return render(request, "checklists/checklist.html", context)


def _row(question: dict[str, Any], choices: dict[str, list[str]], words: Callable[[str], str]) -> dict[str, Any]:
    picked = "、".join(choices.get(question.get("list_name", ""), ()))
    told = {name: words(question.get(name, "")) for name in ("relevant", "constraint")}
    return {**question, **told, "word": TYPES[question["type"]], "choices": picked}


def _buttons(request: SignedInRequest, version: ChecklistVersion) -> Iterator[Button]:
    by, is_draft = request.user, version.state == VersionState.DRAFT
    if is_draft and str(Duty.APPROVE_LIST) in request.duties:
        told = why_not(lambda: permissions.check_can_publish(by, version))
        yield Button("启用", _address("publish", version), True, "check-lg", told)
    if allowed(permissions.check_can_bring_version, by, version.checklist):
        address = f"{reverse('checklists:revise', args=[version.checklist_id])}?version={version.number}"
        yield Button("在页面上修改", address, picture="pencil")
        yield Button("上传新版", reverse("checklists:bring", args=[version.checklist_id]), picture="upload")
    if allowed(permissions.check_can_drop, by, version):
        yield Button("放弃这一版", _address("drop", version), picture="x-lg")
    if allowed(permissions.check_can_end, by, version):
        yield Button("停用", _address("end", version), picture="x-circle")
    yield Button("预览", _address("preview", version), picture="eye")
    yield Button("打印空白表", _address("blank", version), picture="printer")
    yield Button("下载", f"{_address('take', version)}?export=1", picture="download")
    yield Button("下载 XForm", f"{_address('xform', version)}?export=1", picture="download")


def _address(name: str, version: ChecklistVersion) -> str:
    return reverse(f"checklists:{name}", args=[version.pk])


def _sent(request: SignedInRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@keeps
def add_checklist(request: SignedInRequest) -> HttpResponse:
    """新建检查表."""
    form = forms.ChecklistForm(*_sent(request), by=request.user)

    def act(values: dict[str, Any]) -> ChecklistVersion:
        return operations.open_checklist(**values, by=request.user, at=timezone.now())

    back = reverse("checklists:checklists")
    done = "已上传，由另一人核对后启用。"
    more: dict[str, Any] = {"template": "checklists/bring.html", "button": "上传", "back": back}
    return form_page(request, form, act, title="新建检查表", done=done, **more)


@keeps
def bring(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """上传新版."""
    shown = checklist_of(request, pk)
    form = forms.VersionForm(*_sent(request), checklist=shown)

    def act(values: dict[str, Any]) -> ChecklistVersion:
        return operations.bring_version(checklist=shown, **values, by=request.user, at=timezone.now())

    title, done = f"上传新版：{shown.name}", "已上传，由另一人核对后启用；在此之前仍用原来的一版。"
    more: dict[str, Any] = {"template": "checklists/bring.html", "button": "上传", "back": shown.get_absolute_url()}
    return form_page(request, form, act, title=title, done=done, **more)


@decides
@require_POST
def publish(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """启用."""
    done = operations.publish(version=version_of(request, pk), by=request.user, at=timezone.now())
    messages.success(request, "已启用，可以在任务中选用。")
    return HttpResponseRedirect(done.get_absolute_url(), status=303)


def _with_reason(operation: Callable[..., Any], word: str, done: str, access: Callable[[Any], Any]) -> Any:
    @access
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        version = version_of(request, pk)

        def act(values: dict[str, Any]) -> ChecklistVersion:
            ended: ChecklistVersion = operation(version=version, **values, by=request.user, at=timezone.now())
            return ended

        form, back = ReasonForm(request.POST or None), version.get_absolute_url()
        return form_page(request, form, act, title=f"{word}：{version}", done=done, button=word, back=back)

    return page


drop = _with_reason(operations.drop, "放弃", "这一版已放弃，记录保留。", needs(Duty.KEEP_LIST, Duty.APPROVE_LIST))
end = _with_reason(operations.end, "停用", "已停用；已经选用它的任务不受影响。", decides)


@reads
@require_safe
def preview(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """预览: a version as it is filled in; nothing is kept."""
    version = version_of(request, pk)
    context = {"title": f"预览：{version}", "back": version, "sheet": merge([queries.part_of(version)])}
    return render(request, "checklists/preview.html", context)


@reads
@require_safe
def preview_merged(request: SignedInRequest) -> HttpResponse:
    """合并预览: what a visit would be asked with several forms; nothing is kept."""
    form = forms.PreviewForm(request.GET or None, by=request.user)
    sheet = merge(map(queries.part_of, form.cleaned_data["version"])) if form.is_valid() else None
    return render(request, "checklists/preview.html", {"title": "合并预览", "form": form, "sheet": sheet})


# The desk ---------------------------------------------------------------------------------------


def _deciding(request: SignedInRequest) -> Iterator[Task]:
    n = queries.to_publish(request.user).count()
    yield Task("待启用的检查表", n, "张", f"{reverse('checklists:checklists')}?state=draft&mine=publish")


def lay_out() -> None:
    """Put the card of the room on the desk."""
    register(Card("表格库待您决定", _deciding, frozenset({str(Duty.APPROVE_LIST)}), order=24))
