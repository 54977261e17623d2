"""Pages of the lines of plans: the list by territory and department, one line, its form; what a plan breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.models import User
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.plans.forms.lines import LineForm, line_initial
from gongchou.plans.forms.plans import ReasonForm, SuggestForm
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.operations import lines as operations
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries import joint
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.outlook import Outlook
from gongchou.plans.queries.pool_words import words_of_lines
from gongchou.plans.rules import tasks as task_rules
from gongchou.plans.states.joint import OVER, InvitationState
from gongchou.plans.states.plans import OUT, PlanState
from gongchou.plans.tables import plans as tables
from gongchou.plans.views.plans import keeps, reads, shown_of, version_of
from gongchou.refusal import Refused, allowed
from gongchou.registry.queries.items import office_of
from gongchou.web.access import needs
from gongchou.web.facts import facts
from gongchou.web.forms import form_page, seen_by
from gongchou.web.lists import ListPage, ticked

MOST_TOLD = 20
Act = Callable[[dict[str, Any]], Any]
reads_or_keeps = needs(Duty.READ_PLANS, Duty.KEEP_PLAN)


@reads
class LineList(ListPage):
    """计划行 of all published plans, by territory (块) and department line (条)."""

    title = "计划执行"
    table_class = tables.LineTable
    filter_class = tables.LineFilter
    template_name = "plans/lines.html"

    def rows(self) -> QuerySet[LineVersion]:
        """Everybody reads what was published."""
        return queries.with_parts(queries.standing())


def _lines(request: SignedInRequest, line: UUID) -> list[LineVersion]:
    """What a line says in the versions this person sees, newest first; none is a page that is not there."""
    rows = queries.visible_lines(request.user).filter(line=line).order_by("-version__number")
    found = list(rows)
    if not found:
        raise Http404
    return found


@reads_or_keeps
@require_safe
def line(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One line: what it says, what it would draw, whom it asks, what was changed."""
    rows = _lines(request, pk)
    version = shown_of([row.version for row in rows], request.GET.get("version", ""))
    shown = next(row for row in rows if row.version_id == version.pk)
    outlook = Outlook([shown])
    earlier = next((row for row in rows if row.version.number < version.number and row.version.state in OUT), None)
    may_edit = allowed(permissions.check_can_edit_line, request.user, shown)
    context = {
        "title": shown.name,
        "line": shown,
        "version": version,
        "rows": rows,
        "facts": facts(queries.told(shown, words_of_lines([shown]))),
        "drawn": outlook.drawn[0],
        "by_district": _by_district(outlook),
        "changes": queries.differences(earlier, shown) if earlier else (),
        "earlier": earlier,
        "may_edit": may_edit,
        "may_drop": may_edit and allowed(permissions.check_can_drop_line, request.user, shown),
        "waivers": queries.waivers_of(version).filter(line=shown.line_id),
        **_joint(request, shown),
        "tasks": shown.line.tasks.order_by("serial"),
        "may_task": allowed(_check_may_task, request.user, shown),
    }
    return render(request, "plans/line.html", context)


def _check_may_task(by: User, shown: LineVersion) -> None:
    permissions.check_can_keep(by, shown.initiator)
    first, last = shown.begins_on, shown.ends_on
    if first is None or last is None:
        raise Refused("plans.line_not_published", number=shown.number, state=shown.version.state_word)
    task_rules.check_may_be_tasked(shown, begins_on=first, ends_on=last)


def _joint(request: SignedInRequest, shown: LineVersion) -> dict[str, Any]:
    """Who was asked and what they answered, and who is named and not asked yet."""
    rows = list(shown.line.invitations.select_related("department").exclude(state=InvitationState.REVOKED))
    mine = set(joint.visible_invitations(request.user).filter(line=shown.line_id).values_list("pk", flat=True))
    for row in rows:
        row.may_open = row.pk in mine  # type: ignore[attr-defined]  # for the template
    asked = {row.department_id for row in rows if row.state not in OVER}
    is_draft = shown.version.state == PlanState.DRAFT  # of another version it is history
    uninvited = [one for one in shown.participants.all() if is_draft and one.pk not in asked]
    return {"invitations": rows, "uninvited": uninvited}


def _by_district(outlook: Outlook) -> list[tuple[str, int]]:
    counted = outlook.sizes(0).by_level.get("county", {})
    return queries.named_regions(counted)


@keeps
def add_line(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """增加计划行; from an item of a list where one is named."""
    version = version_of(request, pk)
    form = _form(request, version, _first_values(request, version))

    def act(values: dict[str, Any]) -> str:
        operations.add_line(version=version, content=form.content(), by=request.user, at=timezone.now())
        return version.get_absolute_url()

    back = version.get_absolute_url()
    title = f"增加计划行：{version.name}"
    return _line_page(request, form, act, title, "计划行已增加。", back, version=version)


@keeps
def suggest_lines(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """按清单补齐: a line for each due item that has none."""
    version = version_of(request, pk)
    form = SuggestForm(request.POST or None)
    if version.plan.is_joint:
        del form.fields["by_risk"]

    def act(values: dict[str, Any]) -> PlanVersion:
        told = {"by_risk": values.get("by_risk", False), "by": request.user, "at": timezone.now()}
        return operations.add_from_list(version=version, **told)

    lead = (
        "为清单上还没有列入计划的每个应抽事项增加一行，比例、频次、对象库照清单带入，时间先按3月至11月，之后逐行修改。"
    )
    title, back = f"按清单补齐：{version.name}", version.get_absolute_url()
    return form_page(request, form, act, title=title, done="已按清单补齐。", button="补齐", back=back, lead=lead)


@keeps
@require_POST
def continue_lines(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """沿用上年计划行."""
    version = operations.continue_lines(version=version_of(request, pk), by=request.user, at=timezone.now())
    messages.success(request, "已沿用上年的计划行，日期顺延一年。请核对事项、比例和配合部门。")
    return HttpResponseRedirect(version.get_absolute_url(), status=303)


def _form(request: SignedInRequest, version: PlanVersion, initial: dict[str, Any]) -> LineForm:
    return LineForm(request.POST or None, by=request.user, plan=version.plan, initial=initial)


def _first_values(request: SignedInRequest, version: PlanVersion) -> dict[str, Any]:
    own = office_of(request.user.department).pk
    told = {"initiator": own if version.plan.is_joint else version.plan.department_id, "rounds": 1}
    return {**told, "levels": [version.plan.department.region.level]}


def _line_page(
    request: SignedInRequest, form: LineForm, act: Act, title: str, done: str, back: str, **more: Any
) -> HttpResponse:
    more |= {"template": "plans/line_form.html", "button": "保存计划行", "back": back}
    return form_page(request, form, act, title=title, done=done, **more)


def _line_version(request: SignedInRequest, pk: UUID) -> LineVersion:
    return get_object_or_404(queries.visible_lines(request.user), pk=pk)


@keeps
def change_line(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """修改计划行. Who saves second reads what the first one saved, and loses nothing."""
    shown = queries.visible_lines(request.user).filter(pk=pk).first()
    if shown is None:
        return _gone(request)
    if request.method == "GET":  # what was typed is never lost to a refusal
        permissions.check_can_edit_line(request.user, shown)
    form = _form(request, shown.version, line_initial(shown))

    def act(values: dict[str, Any]) -> str:
        content, seen = form.content(), seen_by(request)
        operations.edit_line(line=shown, content=content, seen=seen, by=request.user, at=timezone.now())
        return shown.version.get_absolute_url()

    title, back = f"修改第{shown.number}行：{shown.name}", shown.get_absolute_url()
    words = queries.shown(shown)
    return _line_page(
        request, form, act, title, "计划行已保存。", back, shown=words, is_told=True, version=shown.version
    )


def _gone(request: SignedInRequest) -> HttpResponse:
    """Somebody dropped the line while it was being written: what was typed can be kept as a line of its own."""
    if not is_key(request.POST.get("of", "")):
        raise Http404
    version = version_of(request, UUID(request.POST["of"]))
    form = _form(request, version, {})
    form.full_clean()
    form.add_error(None, "这一行刚被别人删除。您填写的内容都在下面；仍要保留的，请点“作为新行保存”。")
    address = reverse("plans:add-line", args=[version.pk])
    told = {"form": form, "title": "计划行已被删除", "button": "作为新行保存", "action": address, "version": version}
    return render(request, "plans/line_form.html", {**told, "back": version.get_absolute_url()}, status=409)


def is_key(text: str) -> bool:
    """Whether a text names a row at all."""
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@keeps
def drop_line(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """删除计划行."""
    shown = _line_version(request, pk)

    def act(values: dict[str, Any]) -> str:
        operations.drop_line(line=shown, **values, by=request.user, at=timezone.now())
        return shown.version.get_absolute_url()

    title, back = f"删除第{shown.number}行：{shown.name}", shown.get_absolute_url()
    return form_page(
        request, ReasonForm(request.POST or None), act, title=title, done="计划行已删除。", button="删除", back=back
    )


@keeps
def drop_lines(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """删除所选: those that were ticked on the page of the plan."""
    version = version_of(request, pk)
    chosen = queries.with_parts(version.lines.filter(pk__in=ticked(request)))

    def act(values: dict[str, Any]) -> PlanVersion:
        return operations.drop_lines(version=version, lines=chosen, **values, by=request.user, at=timezone.now())

    form = ReasonForm(request.POST if "reason" in request.POST else None)
    told = [f"第{one.number}行 {one.name}" for one in chosen]
    more = f"等{len(told)}行" if len(told) > MOST_TOLD else ""
    lead = "、".join(told[:MOST_TOLD]) + more or "没有选择计划行。"
    context: dict[str, Any] = {"template": "plans/chosen.html", "chosen": [one.pk for one in chosen], "lead": lead}
    title, back = f"删除计划行：{version.name}", version.get_absolute_url()
    return form_page(request, form, act, title=title, done="已删除。", button="删除", back=back, **context)
