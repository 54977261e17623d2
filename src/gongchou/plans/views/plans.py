"""Pages of annual plans: the list, one plan with its lines, its way, its versions side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.plans.forms import plans as forms
from gongchou.plans.models import PlanVersion
from gongchou.plans.norms import Day, NormCode
from gongchou.plans.operations import plans as operations
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries import joint
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules import checks
from gongchou.plans.states.plans import OPEN, PlanState
from gongchou.plans.tables import plans as tables
from gongchou.plans.views.buttons import buttons_for
from gongchou.refusal import allowed
from gongchou.seen import values_of
from gongchou.web.access import needs
from gongchou.web.forms import form_page, seen_by
from gongchou.web.lists import ListPage

reads = needs(Duty.READ_PLANS)
keeps = needs(Duty.KEEP_PLAN)
decides = needs(Duty.APPROVE_PLAN)
coordinates = needs(Duty.COORDINATE)


@reads
class PlanList(ListPage):
    """年度抽查计划."""

    title = "年度抽查计划"
    table_class = tables.PlanTable
    filter_class = tables.PlanFilter
    template_name = "plans/plans.html"

    def rows(self) -> QuerySet[PlanVersion]:
        """Published ones of everybody, drafts within reach."""
        return queries.counted(queries.visible(self.by))


@keeps
def add_plan(request: SignedInRequest) -> HttpResponse:
    """建立年度计划."""
    form = forms.OpenForm(request.POST or None, by=request.user, today=timezone.localdate())

    def act(values: dict[str, Any]) -> PlanVersion:
        return operations.open_plan(**values, by=request.user, at=timezone.now())

    done = "计划已建立。请添加计划行：可按清单补齐、导入表格，也可逐行填写。"
    return form_page(request, form, act, title="建立年度计划", done=done, back=reverse("plans:plans"))


def version_of(request: SignedInRequest, pk: UUID) -> PlanVersion:
    """A version that this person sees, or a page that is not there."""
    return get_object_or_404(queries.visible(request.user), pk=pk)


def versions_of(request: SignedInRequest, plan: UUID) -> list[PlanVersion]:
    """The versions of a plan that this person sees, newest first; none is a page that is not there."""
    rows = queries.visible(request.user).filter(plan=plan).order_by("-number")
    stamps = ("created_by", "submitted_by", "approved_by", "filed_by", "received_by", "published_by", "ended_by")
    found = list(rows.select_related(*stamps))
    if not found:
        raise Http404
    return found


def shown_of(versions: list[PlanVersion], asked: str) -> PlanVersion:
    """The version that is asked for, else the one that stands, else the newest."""
    standing = next((one for one in versions if one.state == PlanState.PUBLISHED), None)
    drafted = next((one for one in versions if one.state in OPEN), None)
    return next((one for one in versions if str(one.number) == asked), None) or drafted or standing or versions[0]


@reads
@require_safe
def plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One plan: its lines with what each would draw, what is not in order, its way, its versions."""
    versions = versions_of(request, pk)
    version = shown_of(versions, request.GET.get("version", ""))
    survey = Survey(version, on=timezone.localdate())
    buttons = buttons_for(version, request.user, request.duties)
    is_open = version.state in OPEN
    found = checks.findings(survey) if is_open else []
    context = {
        "title": version.name,
        "version": version,
        "versions": versions,
        "rows": [(line, survey.drawn[line.line_id]) for line in survey.lines],
        "buttons": [button for button in buttons if not button.why_not],
        # That the year is not over yet is no obstacle worth telling.
        "obstacles": [button for button in buttons if button.why_not and button.words != "办结"],
        "may_write": allowed(permissions.check_can_edit, request.user, version),
        "may_add": version.state == PlanState.DRAFT and _may_add(request, version),
        "n_blocking": sum(one.is_blocking for one in found),
        "n_waived": sum(one.waiver is not None for one in found),
        "n_noted": sum(not one.is_blocking and one.waiver is None for one in found),
        "is_open": is_open,
        "may_continue": not survey.lines and queries.find_year_before(version.plan) is not None,
        "may_invite": version.state == PlanState.DRAFT and bool(joint.not_asked(version)),
        "due": _due(survey),
        "to_revise": joint.to_revise(version) if version.state == PlanState.PUBLISHED else (),
        "open_version": next((one for one in versions if one.state in OPEN and one != version), None),
    }
    return render(request, "plans/plan.html", context)


def _due(survey: Survey) -> tuple[date, str, bool | None] | None:
    """The day by which the plan is to be out, the document, and whether it was; None for what is not decided yet."""
    applied = survey.norms.get(NormCode.PLAN_DUE)
    if applied is None or not isinstance(applied.demand, Day) or survey.is_revision:
        return None
    due, out = applied.demand.of(survey.plan.year), survey.version.published_at
    on_time = timezone.localdate(out) <= due if out else (None if survey.today <= due else False)
    return due, applied.source, on_time


def _may_add(request: SignedInRequest, version: PlanVersion) -> bool:
    own = request.user.department
    return allowed(permissions.check_can_write_line, request.user, version, version.plan.department) or allowed(
        permissions.check_can_write_line, request.user, version, own
    )


@keeps
def change_plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """修改计划说明."""
    version = version_of(request, pk)
    shown = values_of(version, operations.HEAD)
    form = forms.HeadForm(request.POST or None, initial={name: getattr(version, name) for name in operations.HEAD})

    def act(values: dict[str, Any]) -> PlanVersion:
        seen = seen_by(request)
        return operations.edit_plan(version=version, content=values, seen=seen, by=request.user, at=timezone.now())

    title, back = f"修改说明：{version.name}", version.get_absolute_url()
    return form_page(request, form, act, title=title, done="已保存。", back=back, shown=shown, is_told=True)


def _move(operation: Callable[..., Any], done: str, access: Callable[[Any], Any]) -> Any:
    """A button that does one thing to a version at once."""

    @access
    @require_POST
    def press(request: SignedInRequest, pk: UUID) -> HttpResponse:
        version = operation(version=version_of(request, pk), by=request.user, at=timezone.now())
        messages.success(request, done)
        return HttpResponseRedirect(version.get_absolute_url(), status=303)

    return press


submit = _move(operations.submit, "已提交，等待另一名负责人审批。", keeps)
approve = _move(operations.approve, "已批准。请报市场监管部门备案，然后公布。", decides)


def _asked(operation: Callable[..., Any], form: type[Any], word: str, done: str, access: Callable[[Any], Any]) -> Any:
    """A page that asks for something first."""

    @access
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        version = version_of(request, pk)

        def act(values: dict[str, Any]) -> Any:
            return operation(version=version, **values, by=request.user, at=timezone.now())

        title, back = f"{word}：{version.name}", version.get_absolute_url()
        filled = form(request.POST or None)
        return form_page(request, filled, act, title=title, done=done, button=word, back=back)

    return page


send_back = _asked(
    operations.send_back, forms.ReasonForm, "退回修改", "已退回编制人。", needs(Duty.APPROVE_PLAN, Duty.COORDINATE)
)
withdraw = _asked(
    operations.withdraw,
    forms.ReasonForm,
    "撤回",
    "草稿已撤回。已公布的计划照旧执行；没有公布过的，可以重新建立。",
    keeps,
)
file = _asked(
    operations.file, forms.FileForm, "报备案", "已报备案，可以公布。", needs(Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
)
receive = _asked(operations.receive, forms.ReceiveForm, "登记备案", "已登记备案。", coordinates)
publish = _asked(operations.publish, forms.PublishForm, "公布", "已公布。", decides)
close = _asked(operations.close, forms.CloseForm, "办结", "计划已办结。", decides)


@keeps
def revise(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """调整计划: a new version from the published one, with its reason."""
    version = version_of(request, pk)

    def act(values: dict[str, Any]) -> PlanVersion:
        return operations.revise(plan=version.plan, **values, by=request.user, at=timezone.now())

    lead = "调整后的计划同样须经审批、备案后公布；公布前仍按现行计划执行。"
    title, back = f"调整计划：{version.name}", version.get_absolute_url()
    form = forms.ReasonForm(request.POST or None)
    return form_page(
        request, form, act, title=title, done="已起草新版本，请修改计划行。", button="开始调整", back=back, lead=lead
    )


@reads
@require_safe
def compare(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """两个版本并列: lines that came, went and changed."""
    versions = versions_of(request, pk)
    by_number = {str(one.number): one for one in versions}
    new = by_number.get(request.GET.get("new", ""), versions[0])
    old = by_number.get(request.GET.get("old", "")) or next((one for one in versions if one.number < new.number), new)
    rows = queries.compare(old, new)
    counts = {word: sum(row.word == word for row in rows) for word in ("增", "减", "改")}
    shown = rows if "all" in request.GET else [row for row in rows if row.word != "不变"]
    context = {
        "title": f"版本比较：{new.name}",
        "plan": new.plan,
        "versions": versions,
        "old": old,
        "new": new,
        "rows": shown,
        "n_rows": len(rows),
        "counts": counts,
    }
    return render(request, "plans/plan_compare.html", context)
