"""Pages and moves that the three lists share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.forms.items import ItemForm
from gongchou.registry.forms.joint import JointItemForm
from gongchou.registry.forms.matters import MatterForm
from gongchou.registry.forms.versions import ReasonForm, VersionForm, content_of
from gongchou.registry.models import Version
from gongchou.registry.operations import versions as operations
from gongchou.registry.queries import items, joint, matters
from gongchou.registry.queries import versions as queries
from gongchou.registry.states.lists import OPEN
from gongchou.registry.views.buttons import buttons_for
from gongchou.web.access import needs
from gongchou.web.facts import facts
from gongchou.web.forms import form_page, seen_by

reads = needs(Duty.READ_LIBRARIES)
keeps = needs(Duty.KEEP_LIST)
decides = needs(Duty.APPROVE_LIST)


@dataclass(frozen=True)
class Kind:
    """What one list calls its things, and how they are written."""

    word: str
    list_word: str
    list_page: str
    form: type[VersionForm]
    with_parts: Callable[[QuerySet[Any]], QuerySet[Any]]


KINDS = {
    "items": Kind("抽查事项", "抽查事项清单", "registry:items", ItemForm, items.with_parts),
    "joint": Kind("部门联合抽查事项", "部门联合抽查事项清单", "registry:joint-items", JointItemForm, joint.with_parts),
    "matters": Kind("跨部门综合监管事项", "跨部门综合监管事项清单", "registry:matters", MatterForm, matters.with_parts),
}


def kind_named(kind: str) -> Kind:
    """The list of an address, or a page that is not there."""
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def visible_versions(request: SignedInRequest, kind: str) -> QuerySet[Any]:
    """What this person sees of a list, or a page that is not there."""
    kind_named(kind)
    return queries.visible_versions(queries.KINDS[kind], request.user)


def _version(request: SignedInRequest, kind: str, pk: UUID) -> Version:
    version: Version = get_object_or_404(visible_versions(request, kind), pk=pk)
    return version


def versions_of(request: SignedInRequest, kind: str, thing: UUID) -> list[Version]:
    """The versions of a thing that this person sees, newest first; none is a page that is not there."""
    parts = kind_named(kind).with_parts
    field = queries.KINDS[kind].thing_field
    rows = parts(visible_versions(request, kind).filter(**{field: thing}).order_by("-number"))
    found = list(rows.select_related("created_by", "submitted_by", "approved_by", "published_by", "ended_by"))
    if not found:
        raise Http404
    return found


def thing_page(
    request: SignedInRequest, kind: str, pk: UUID, template: str, more: Callable[[Any], dict[str, Any]]
) -> HttpResponse:
    """A thing: the version that is asked for, else the one in force, else what was published or is newest; its
    history; what can be done.

    more: what the kind of list adds, asked with the version shown
    """
    versions = versions_of(request, kind, pk)
    asked = request.GET.get("version", "")
    published = [one for one in versions if one.state == "published"]
    used = queries.find_in_force(versions[0].thing, timezone.localdate())
    shown = next((one for one in versions if str(one.number) == asked), None)
    shown = shown or next((one for one in versions if one == used), (published or versions)[0])
    earlier = next((one for one in versions if one.number < shown.number), None)
    buttons = buttons_for(shown, request.user, request.duties)
    context = {
        "title": shown.name,
        "kind": kind,
        "words": kind_named(kind),
        "list_address": reverse(kind_named(kind).list_page),
        "version": shown,
        "versions": versions,
        "facts": facts([*queries.told(shown), ("制定或调整原因", shown.reason)]),
        "changes": [one for one in queries.compare(earlier, shown) if one.is_changed] if earlier else [],
        "earlier": earlier,
        "buttons": [button for button in buttons if not button.why_not],
        "obstacles": [button for button in buttons if button.why_not],
        "used": used,
        "forthcoming": next((one for one in published if used and one.number > used.number), None),
        "open_version": next((one for one in versions if one.state in OPEN and one != shown), None),
        **more(shown),
    }
    return render(request, template, context)


@reads
@require_safe
def compare(request: SignedInRequest, kind: str, pk: UUID) -> HttpResponse:
    """两个版本并列."""
    versions = versions_of(request, kind, pk)
    by_number = {str(one.number): one for one in versions}
    new = by_number.get(request.GET.get("new", ""), versions[0])
    old = by_number.get(request.GET.get("old", "")) or next((one for one in versions if one.number < new.number), new)
    rows = queries.compare(old, new)
    changed = [row for row in rows if row.is_changed]
    context = {
        "title": f"版本比较：{new.name}",
        "kind": kind,
        "versions": versions,
        "old": old,
        "new": new,
        "rows": rows if "all" in request.GET else changed,
        "n_rows": len(rows),
        "n_changed": len(changed),
        "thing": new.thing,
    }
    return render(request, "registry/versions_compare.html", context)


def add_thing(request: SignedInRequest, kind: str) -> HttpResponse:
    """A new thing on a list, as a draft."""
    words = kind_named(kind)
    form = _form(request, words.form, is_new=True, initial=_defaults(request))

    def act(values: dict[str, Any]) -> Version:
        content = {name: value for name, value in values.items() if name not in words.form.identity}
        told = {"code": values["code"], "owner": values["owner"], "content": content}
        return operations.draft(kind=kind, **told, by=request.user, at=timezone.now())

    title = f"新增{words.word}"
    return _content_page(
        request, form, act, title, "草稿已保存。补齐内容、核对无误后，请提交审核。", reverse(words.list_page)
    )


def _form(request: SignedInRequest, form_class: type[VersionForm], **own: Any) -> VersionForm:
    return form_class(request.POST or None, by=request.user, on=timezone.localdate(), **own)


def _defaults(request: SignedInRequest) -> dict[str, Any]:
    return {"valid_from": timezone.localdate(), "owner": request.user.department_id, "reason": "首次制定"}


def _content_page(
    request: SignedInRequest,
    form: VersionForm,
    act: Callable[[dict[str, Any]], Any],
    title: str,
    done: str,
    back: str,
    **more: Any,
) -> HttpResponse:
    more |= {"template": "registry/versions_form.html", "button": "保存草稿", "back": back}
    return form_page(request, form, act, title=title, done=done, **more)


@keeps
def change(request: SignedInRequest, kind: str, pk: UUID) -> HttpResponse:
    """修改草稿."""
    version = _version(request, kind, pk)
    form_class = kind_named(kind).form
    initial = content_of(form_class, version, is_amended=False)
    form = _form(request, form_class, initial=initial)

    def act(values: dict[str, Any]) -> Version:
        seen = seen_by(request)
        return operations.edit(version=version, content=values, seen=seen, by=request.user, at=timezone.now())

    title, back = f"修改：{version.name}", version.get_absolute_url()
    return _content_page(request, form, act, title, "草稿已保存。", back, shown=queries.shown(version), is_told=True)


@keeps
def amend(request: SignedInRequest, kind: str, pk: UUID) -> HttpResponse:
    """起草新版本."""
    version = _version(request, kind, pk)
    form_class = kind_named(kind).form
    initial = content_of(form_class, version, is_amended=True)
    form = _form(request, form_class, initial=initial)

    def act(values: dict[str, Any]) -> Version:
        return operations.amend(thing=version.thing, content=values, by=request.user, at=timezone.now())

    done = "新版本草稿已保存，现行版本继续有效。"
    return _content_page(request, form, act, f"起草新版本：{version.name}", done, version.get_absolute_url())


def _move(operation: Callable[..., Any], done: str, access: Callable[[Any], Any]) -> Any:
    """A button that does one thing to a version at once."""

    @access
    @require_POST
    def press(request: SignedInRequest, kind: str, pk: UUID) -> HttpResponse:
        version = operation(version=_version(request, kind, pk), by=request.user, at=timezone.now())
        messages.success(request, done)
        return HttpResponseRedirect(version.get_absolute_url(), status=303)

    return press


submit = _move(operations.submit, "已提交，等待另一名审核人审核。", keeps)
withdraw = _move(operations.withdraw, "草稿已撤回。", keeps)
approve = _move(operations.approve, "已审核通过，可放入下一版次公布。", decides)
abolish = _move(operations.abolish, "已废止。", decides)
refuse_end = _move(operations.refuse_end, "未同意废止，事项继续有效。", decides)


def _with_reason(operation: Callable[..., Any], word: str, done: str, access: Callable[[Any], Any]) -> Any:
    """A page that asks for the reason first."""

    @access
    def page(request: SignedInRequest, kind: str, pk: UUID) -> HttpResponse:
        version = _version(request, kind, pk)

        def act(values: dict[str, Any]) -> Any:
            return operation(version=version, **values, by=request.user, at=timezone.now())

        back = version.get_absolute_url()
        form = ReasonForm(request.POST or None)
        return form_page(request, form, act, title=f"{word}：{version.name}", done=done, button=word, back=back)

    return page


send_back = _with_reason(operations.send_back, "退回修改", "已退回起草人。", decides)
ask_end = _with_reason(operations.ask_end, "提出废止", "已提出，等待另一名审核人决定；决定前事项继续有效。", keeps)


@decides
@require_safe
def publish_version(request: SignedInRequest, kind: str, pk: UUID) -> HttpResponse:
    """To the page that publishes its list."""
    version = _version(request, kind, pk)
    return redirect(f"{reverse('registry:publish', args=[kind])}?department={version.thing.owner_id}")
