"""Pages of inspectors: the list, the dossier, and what is done to an entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.forms import inspectors as forms
from gongchou.registry.models import Inspector
from gongchou.registry.operations import inspectors as operations
from gongchou.registry.queries import conflicts, inspector_figures
from gongchou.registry.queries import inspectors as queries
from gongchou.registry.tables import inspectors as tables
from gongchou.seen import values_of
from gongchou.web.access import needs, signed_in
from gongchou.web.forms import ReasonForm, form_page, seen_by
from gongchou.web.lists import ListPage, is_glance

MOST_LINES = 100
reads = needs(Duty.READ_LIBRARIES, Duty.KEEP_LIBRARIES)
keeps = needs(Duty.KEEP_LIBRARIES)


def is_keeper(request: SignedInRequest) -> bool:
    """Tell whether somebody keeps libraries at all, for what the page offers."""
    return str(Duty.KEEP_LIBRARIES) in request.duties


@reads
class InspectorList(ListPage):
    """执法检查人员名录库."""

    request: SignedInRequest
    title = "执法检查人员名录库"
    table_class = tables.InspectorTable
    filter_class = tables.InspectorFilter
    template_name = "registry/inspectors.html"

    def rows(self) -> QuerySet[Inspector]:
        """Whom the person sees."""
        return queries.for_list(queries.visible(self.request.user), timezone.localdate())

    def more(self) -> dict[str, Any]:
        """The figures on top and what a keeper may do."""
        today, by = timezone.localdate(), self.request.user
        rows = inspector_figures.figures_by_department(by, today)
        total = inspector_figures.total(figures for _, figures in rows)
        ending = inspector_figures.n_ending(by, today)
        return {"figures": total, "ending": ending, "is_keeper": is_keeper(self.request)}


@reads
@require_safe
def inspector(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The dossier of an inspector."""
    rows = queries.visible(request.user).select_related("department", "third_party", "user", "batch__created_by")
    found = get_object_or_404(rows, pk=pk)
    is_kept = queries.kept(request.user).filter(pk=pk).exists()
    phone = found.phone if is_kept or found.user_id == request.user.pk else found.masked_phone
    context = dossier_context(request, found)
    name = "registry/inspector_glance.html" if is_glance(request) else "registry/inspector.html"
    return render(request, name, {**context, "is_kept": is_kept, "phone": phone})


@signed_in
@require_safe
def my_file(request: SignedInRequest) -> HttpResponse:
    """我的人员档案: what the library holds about the person who asks."""
    found = queries.find_own(request.user)
    if found is None:
        return render(request, "registry/inspector_none.html", {"title": "我的人员档案"})
    context = {**dossier_context(request, found), "title": "我的人员档案", "is_own": True, "phone": found.phone}
    return render(request, "registry/inspector.html", context)


def dossier_context(request: SignedInRequest, found: Inspector) -> dict[str, Any]:
    """All that is known of somebody; of a very long history the latest lines, unless all are asked for."""
    today, wants_all = timezone.localdate(), "all" in request.GET
    facts = found.facts.all() if wants_all else found.facts.all()[:MOST_LINES]
    n_facts = found.facts.count()
    certificates = found.certificates.order_by("ended_at", "replaced_by", "-valid_to")
    return {
        "title": found.name,
        "inspector": found,
        "certificates": [(each, state_of(each, today)) for each in certificates],
        "leaves": found.leaves.order_by("-begins_on"),
        "conflicts": conflicts.of_inspector(found),
        "tags": found.tags.all(),
        "items": queries.chosen_items(found),
        "facts": facts,
        "n_hidden": 0 if wants_all else max(0, n_facts - MOST_LINES),
        "today": today,
        "is_away": queries.leaves_on(today).filter(inspector=found).exists(),
    }


def state_of(certificate: Any, day: date) -> str:
    """One certificate's state: a code of ``CERTIFICATE_STATES``, ``ended``, ``replaced`` or ``early``."""
    if certificate.ended_at:
        return "ended"
    if certificate.replaced_by_id:
        return "replaced"
    if certificate.valid_from and certificate.valid_from > day:
        return "early"
    return queries.certificate_state(certificate.valid_to, day)


def kept_inspector(request: SignedInRequest, pk: UUID) -> Inspector:
    """Somebody's row, for who keeps it; any other id is not there."""
    return get_object_or_404(queries.kept(request.user).select_related("department"), pk=pk)


# Forms ------------------------------------------------------------------------------------------


@keeps
@sensitive_post_parameters("masked_id", "phone")
def add_inspector(request: SignedInRequest) -> HttpResponse:
    """登记检查人员."""
    form = forms.InspectorForm(request.POST or None, by=request.user)

    def act(values: dict[str, Any]) -> Inspector:
        number, department = values.pop("number"), values.pop("department")
        return operations.register_inspector(
            number=number, department=department, values=values, by=request.user, at=timezone.now()
        )

    return form_page(
        request,
        form,
        act,
        title="登记检查人员",
        done="已登记入库。请继续登记执法证、资质与专长。",
        back=reverse("registry:inspectors"),
    )


@keeps
@sensitive_post_parameters("masked_id", "phone")
def change_inspector(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """变更登记信息."""
    found = kept_inspector(request, pk)
    form = forms.InspectorForm(request.POST or None, instance=found, by=request.user)
    name = found.name
    return form_page(
        request,
        form,
        lambda values: operations.change_inspector(
            inspector=found, values=values, seen=seen_by(request), by=request.user, at=timezone.now()
        ),
        title=f"变更信息：{name}",
        done="已保存，变更前后的内容记入档案。",
        shown=values_of(found, operations.CHANGEABLE),
        back=found.get_absolute_url(),
    )


FormOf = Callable[[SignedInRequest, Inspector], django_forms.Form]


def one_form(make_form: FormOf, act: Callable[..., Any], title: str, done: str, **context: Any) -> Callable[..., Any]:
    """A page with one form that does one thing to one inspector the person keeps."""

    @keeps
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        found = kept_inspector(request, pk)
        return form_page(
            request,
            make_form(request, found),
            lambda values: act(inspector=found, **values, by=request.user, at=timezone.now()),
            title=f"{title}：{found.name}",
            done=done,
            back=found.get_absolute_url(),
            **context,
        )

    return page


move_inspector = one_form(
    lambda request, found: forms.MoveForm(request.POST or None, by=request.user),
    operations.move_inspector,
    "调动",
    "已办理调动。",
    lead="调入单位须在您的维护范围内。登录账号不属于调入单位的，关联会自动解除。",
)
end_inspector = one_form(
    lambda request, found: ReasonForm(request.POST or None),
    operations.end_inspector,
    "办理失效",
    "已转为失效，不再参与抽取；档案保留。",
    lead="离岗离职、退休、调出的人员转为失效后不再参与抽取，档案保留，可以恢复。",
    button="转为失效",
)
restore_inspector = one_form(
    lambda request, found: ReasonForm(request.POST or None),
    operations.restore_inspector,
    "恢复",
    "已恢复有效。",
    button="恢复有效",
)
tag_inspector = one_form(
    lambda request, found: forms.TagsForm(request.POST or None, inspector=found, day=timezone.localdate()),
    operations.set_tags,
    "标注资质与专长",
    "已保存标注。",
    lead="标签来自标签字库，只列出使用中、用于检查人员的标签。没有所需标签的，请先在标签字库提出，经审批后使用。",
)
scope_inspector = one_form(
    lambda request, found: forms.ItemsForm(request.POST or None, inspector=found, day=timezone.localdate()),
    operations.set_items,
    "执法事项范围",
    "已保存事项范围。",
)
link_account = one_form(
    lambda request, found: forms.AccountForm(request.POST or None, inspector=found),
    operations.link_account,
    "关联登录账号",
    "已关联，本人登录后可查看自己的档案。",
    button="关联",
)


@keeps
@require_POST
def unlink_account(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """解除登录账号关联."""
    found = kept_inspector(request, pk)
    operations.unlink_account(inspector=found, by=request.user, at=timezone.now())
    messages.success(request, "已解除与登录账号的关联。")
    return redirect(found)


def own_or_404(request: SignedInRequest) -> Inspector:
    """The entry of the person who asks."""
    found = queries.find_own(request.user)
    if found is None:
        raise Http404
    return found
