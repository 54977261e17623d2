"""Pages of 标签字库."""

from __future__ import annotations

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
from gongchou.registry.forms.tags import TagForm
from gongchou.registry.forms.versions import ReasonForm
from gongchou.registry.models import Tag
from gongchou.registry.operations import tags as operations
from gongchou.registry.permissions import lists as permissions
from gongchou.registry.queries import tags as queries
from gongchou.registry.tables import tags as tables
from gongchou.registry.views.versions import decides, keeps, reads
from gongchou.web.buttons import Button, why_not
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage


@reads
class TagList(ListPage):
    """标签字库: the tree beside the list."""

    title = "标签字库"
    table_class = tables.TagTable
    filter_class = tables.TagFilter
    template_name = "registry/tags.html"

    def rows(self) -> QuerySet[Tag]:
        """In use or ended ones of everybody, proposals within reach."""
        return queries.visible(self.by)

    def more(self) -> dict[str, Any]:
        """The tree of what is in use."""
        in_use = queries.visible(self.by).filter(state=Tag.State.IN_USE).order_by("dimension", "code")
        return {"tree": queries.tree(list(in_use))}


def _tag(request: SignedInRequest, pk: UUID) -> Tag:
    return get_object_or_404(queries.visible(request.user).select_related("proposed_by", "decided_by"), pk=pk)


@reads
@require_safe
def tag(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One tag: what it is for, how it came, where it stands."""
    found = _tag(request, pk)
    buttons = _buttons(request, found)
    context = {
        "title": found.name,
        "tag": found,
        "usage": queries.usage_counts().get(found.pk, queries.Usage()),
        "children": queries.visible(request.user).filter(parent=found).order_by("code"),
        "buttons": [button for button in buttons if not button.why_not],
        "obstacles": [button for button in buttons if button.why_not],
    }
    return render(request, "registry/tag.html", context)


def _buttons(request: SignedInRequest, found: Tag) -> list[Button]:
    if str(Duty.APPROVE_LIST) not in request.duties:
        return []

    def address(name: str) -> str:
        return reverse(f"registry:{name}", args=[found.pk])

    if found.state == Tag.State.PROPOSED:
        told = why_not(lambda: permissions.check_can_decide_tag(request.user, found))
        return [
            Button("同意", address("approve-tag"), True, "check-lg", told),
            Button("不同意", address("refuse-tag"), False, "x-lg", told),
        ]
    if found.state == Tag.State.IN_USE:
        told = why_not(lambda: permissions.check_can_end_tag(request.user, found))
        return [Button("停用", address("end-tag"), False, "x-circle", told)]
    return []


@keeps
def add_tag(request: SignedInRequest) -> HttpResponse:
    """提出标签."""
    form = TagForm(request.POST or None, by=request.user)

    def act(values: dict[str, Any]) -> Tag:
        return operations.propose_tag(**values, by=request.user, at=timezone.now())

    lead = "提出后由另一人审批，审批通过才能使用；全省使用的标签由上级主管部门审批。"
    back = reverse("registry:tags")
    page, done = "registry/versions_form.html", "已提出，等待审批。"
    return form_page(
        request, form, act, title="提出标签", done=done, button="提交", template=page, back=back, lead=lead
    )


@decides
@require_POST
def approve_tag(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """同意."""
    found = operations.approve_tag(tag=_tag(request, pk), by=request.user, at=timezone.now())
    messages.success(request, "已同意，标签可以使用。")
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


def _with_reason(operation: Any, word: str, done: str) -> Any:
    @decides
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        found = _tag(request, pk)

        def act(values: dict[str, Any]) -> str:
            operation(tag=found, **values, by=request.user, at=timezone.now())
            return reverse("registry:tags")

        form, back = ReasonForm(request.POST or None), found.get_absolute_url()
        return form_page(request, form, act, title=f"{word}：{found}", done=done, button=word, back=back)

    return page


refuse_tag = _with_reason(operations.refuse_tag, "不同意", "已答复提出部门。")
end_tag = _with_reason(operations.end_tag, "停用标签", "已停用；已有的标注保留，不再用于新的标注。")
