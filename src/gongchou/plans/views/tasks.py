"""Pages of tasks: the list, one task with all that lacks to be ready, its parties, its pool, its scheme."""

from __future__ import annotations

from collections.abc import Callable
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
from gongchou.checklists.queries import not_served
from gongchou.plans.forms import tasks as forms
from gongchou.plans.forms.plans import ReasonForm
from gongchou.plans.models import Exclusion, LineVersion, Participant, Scheme, Task
from gongchou.plans.operations import parties
from gongchou.plans.operations import tasks as operations
from gongchou.plans.permissions import tasks as permissions
from gongchou.plans.permissions.plans import check_can_keep
from gongchou.plans.queries import plans as plan_queries
from gongchou.plans.queries import tasks as queries
from gongchou.plans.queries.outlook import pool_of
from gongchou.plans.queries.pool_words import pool_words
from gongchou.plans.rules import tasks as rules
from gongchou.plans.states.joint import InvitationState
from gongchou.plans.tables import tasks as tables
from gongchou.plans.views.plans import decides, keeps, reads
from gongchou.refusal import allowed
from gongchou.registry.queries.versions import newest_name
from gongchou.web.access import needs
from gongchou.web.buttons import why_not
from gongchou.web.forms import form_page, seen_by
from gongchou.web.lists import ListPage, ticked

speaks = needs(Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
MOST_SHOWN = 200
Act = Callable[[dict[str, Any]], Any]


@reads
class TaskList(ListPage):
    """抽查任务."""

    title = "抽查任务"
    table_class = tables.TaskTable
    filter_class = tables.TaskFilter
    template_name = "plans/tasks.html"

    def rows(self) -> QuerySet[Task]:
        """Of the departments within reach."""
        return queries.visible(self.by).prefetch_related("participants__department")

    def more(self) -> dict[str, Any]:
        """How many come from plans, and how many do not."""
        counts = queries.counts_by_source(queries.visible(self.by).filter(year=timezone.localdate().year))
        names = dict(Task.Source.choices)
        return {"sources": [(code, names[code], n) for code, n in counts.items()], "year": timezone.localdate().year}


def task_of(request: SignedInRequest, pk: UUID) -> Task:
    """A task that this person sees, or a page that is not there."""
    return get_object_or_404(queries.visible(request.user), pk=pk)


@reads
@require_safe
def task(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One task."""
    shown, by = task_of(request, pk), request.user
    parties = list(queries.parties_of(shown))
    may_set = allowed(permissions.check_can_set, by, shown)
    for one in parties:
        one.may_answer = allowed(permissions.check_can_answer, by, one, InvitationState.ACCEPTED)  # type: ignore[attr-defined]
        one.may_revoke = may_set and allowed(permissions.check_can_revoke, by, one)  # type: ignore[attr-defined]
        one.may_set = may_set or allowed(permissions.check_can_keep_party, by, one)  # type: ignore[attr-defined]
        one.item_words = "、".join(f"{item.code} {newest_name(item)}" for item in one.items.all())  # type: ignore[attr-defined]
        without = not_served(one.checklists.all(), one.items.all())
        one.without_form = "、".join(item.code for item in without)  # type: ignore[attr-defined]
    today, wanted = timezone.localdate(), request.GET.get("who", "").strip()[:60]
    context = {
        "title": shown.name,
        "task": shown,
        "line": queries.line_of(shown),
        "parties": parties,
        "pool": queries.look_at_pool(shown, wanted),
        "wanted": wanted,
        "pool_words": pool_words([pool_of(shown)])[0],
        "schemes": list(shown.schemes.select_related("written_by", "published_by")),
        "exclusions": list(shown.exclusions.filter(ended_at=None).select_related("subject", "set_by")[:MOST_SHOWN]),
        "may_set": may_set,
        "may_keep": allowed(check_can_keep, by, shown.department),
        "may_ready": may_set,
        "lacks": why_not(lambda: rules.check_is_ready(shown, on=today)) if may_set else "",
        "may_reopen": allowed(permissions.check_can_reopen, by, shown),
        "may_suspend": allowed(permissions.check_can_suspend, by, shown),
        "may_cancel": allowed(permissions.check_can_cancel, by, shown),
        "is_late": queries.overdue(Task.objects.filter(pk=shown.pk), today).exists(),
    }
    return render(request, "plans/task.html", context)


@keeps
def add_from_line(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """建立任务 from a line of a published plan."""
    line: LineVersion = get_object_or_404(plan_queries.visible_lines(request.user), pk=pk)
    if request.method == "GET":
        check_can_keep(request.user, line.initiator)
    number = queries.next_round(line.line)
    form = forms.FromLineForm(request.POST or None, line=line, number=number, today=timezone.localdate())

    def act(values: dict[str, Any]) -> Task:
        return operations.create_from_line(line=line, content=values, by=request.user, at=timezone.now())

    days = f"{line.begins_on or '未定'} 至 {line.ends_on or '未定'}"
    lead = f"对象、比例、参加部门都从计划带来，建立后还可以细化。计划时间：{days}。"
    title, back = f"建立任务：{line.name}", line.get_absolute_url()
    return form_page(request, form, act, title=title, done="任务已建立。", button="建立任务", back=back, lead=lead)


@keeps
def add_apart(request: SignedInRequest) -> HttpResponse:
    """建立临时任务."""
    form = forms.ApartForm(request.POST or None, by=request.user, today=timezone.localdate())

    def act(values: dict[str, Any]) -> Task:
        told = {name: values[name] for name in ("department", "source", "source_note")}
        content = {**form.content(), "campaign": values["campaign"]}
        return operations.create_apart(**told, content=content, by=request.user, at=timezone.now())

    lead = "计划之外的任务单独统计，只能来自问题线索、专项行动或上级部署。"
    return _set_page(request, form, act, "建立临时任务", "任务已建立。", reverse("plans:tasks"), lead=lead)


def _set_page(
    request: SignedInRequest, form: forms.TaskForm, act: Act, title: str, done: str, back: str, **more: Any
) -> HttpResponse:
    more |= {"template": "plans/line_form.html", "button": "保存任务", "back": back}
    return form_page(request, form, act, title=title, done=done, **more)


@keeps
def change_task(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """修改任务设置."""
    shown = task_of(request, pk)
    if request.method == "GET":
        permissions.check_can_set(request.user, shown)
    planned = queries.planned(queries.line_of(shown))
    initial = forms.task_initial(shown)
    form = forms.TaskForm(request.POST or None, by=request.user, planned=planned, initial=initial)

    def act(values: dict[str, Any]) -> Task:
        content, seen = form.content(), seen_by(request)
        return operations.edit(task=shown, content=content, seen=seen, by=request.user, at=timezone.now())

    title, back = f"修改任务：{shown.number}", shown.get_absolute_url()
    more: dict[str, Any] = {"task": shown, "lead": _planned_words(shown)}
    return _set_page(request, form, act, title, "已保存。", back, shown=queries.shown(shown), is_told=True, **more)


def _planned_words(shown: Task) -> str:
    told = queries.planned_words(shown)
    return f"由计划确定，在这里不能改：{'；'.join(told)}。需要改的，请按程序调整计划。" if told else ""


def _asked(operation: Callable[..., Any], word: str, done: str, access: Callable[[Any], Any]) -> Any:
    """A page that asks for the reason first."""

    @access
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        shown = task_of(request, pk)

        def act(values: dict[str, Any]) -> Any:
            return operation(task=shown, **values, by=request.user, at=timezone.now())

        title, back = f"{word}：{shown.number}", shown.get_absolute_url()
        form = ReasonForm(request.POST or None)
        return form_page(request, form, act, title=title, done=done, button=word, back=back)

    return page


reopen = _asked(operations.reopen, "退回或恢复", "任务可以继续办理。", keeps)
suspend = _asked(operations.suspend, "暂停任务", "任务已暂停。", keeps)
cancel = _asked(operations.cancel, "取消任务", "任务已取消，原因已记录。", decides)


@keeps
@require_POST
def make_ready(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """设置完成."""
    done = operations.make_ready(task=task_of(request, pk), by=request.user, at=timezone.now())
    messages.success(request, "设置完成，可以抽取。")
    return HttpResponseRedirect(done.get_absolute_url(), status=303)


@keeps
def invite_to_task(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """邀请部门参加任务."""
    shown = task_of(request, pk)
    form = forms.TaskInviteForm(request.POST or None, task=shown)

    def act(values: dict[str, Any]) -> Task:
        return parties.invite(task=shown, **values, by=request.user, at=timezone.now())

    title, back = f"邀请部门：{shown.number}", shown.get_absolute_url()
    return form_page(request, form, act, title=title, done="邀请已发出。", button="发出邀请", back=back)


def _party(request: SignedInRequest, pk: UUID) -> Participant:
    rows = Participant.objects.filter(task__in=queries.visible(request.user).order_by().values("pk"))
    return get_object_or_404(rows.select_related("task__department", "department"), pk=pk)


@speaks
def answer_task(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """答复任务邀请."""
    party = _party(request, pk)

    def act(values: dict[str, Any]) -> Task:
        return parties.answer(participant=party, **values, by=request.user, at=timezone.now()).task

    title, back = f"答复：{party.task.number}", party.task.get_absolute_url()
    form = forms.TaskAnswerForm(request.POST or None)
    return form_page(request, form, act, title=title, done="已答复。", button="提交答复", back=back)


@keeps
def set_participant(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """设定事项和人数."""
    party = _party(request, pk)
    form = forms.ParticipantForm(request.POST or None, participant=party, today=timezone.localdate())

    def act(values: dict[str, Any]) -> Task:
        told = {**values, "seen": seen_by(request)}
        return parties.set_participant(participant=party, **told, by=request.user, at=timezone.now()).task

    title, back = f"{party.department.short_name}的事项和人数", party.task.get_absolute_url()
    more: dict[str, Any] = {"back": back, "shown": queries.shown_party(party), "is_told": True}
    return form_page(request, form, act, title=title, done="已保存。", **more)


@keeps
def revoke_participant(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """撤销任务邀请."""
    party = _party(request, pk)

    def act(values: dict[str, Any]) -> Task:
        return parties.revoke(participant=party, **values, by=request.user, at=timezone.now()).task

    title, back = f"撤销邀请：{party.department.short_name}", party.task.get_absolute_url()
    form = ReasonForm(request.POST or None)
    return form_page(request, form, act, title=title, done="邀请已撤销。", button="撤销邀请", back=back)


@keeps
def exclude_subjects(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """排除对象: those that were ticked in the sample of the pool, with the reason."""
    shown = task_of(request, pk)
    chosen = queries.subjects_in(shown).filter(pk__in=ticked(request))

    def act(values: dict[str, Any]) -> Task:
        return operations.exclude(task=shown, subjects=chosen, **values, by=request.user, at=timezone.now())

    form = ReasonForm(request.POST if "reason" in request.POST else None)
    title, back = f"排除对象：{shown.number}", shown.get_absolute_url()
    lead = "、".join(f"{one.name}（{one.number}）" for one in chosen[:20]) or "没有选择对象。"
    more: dict[str, Any] = {"template": "plans/chosen.html", "chosen": [one.pk for one in chosen], "lead": lead}
    more |= {"back": back, "note": "排除的对象和理由会列在任务上，抽取前后都能看到。"}
    return form_page(request, form, act, title=title, done="已排除，理由已记录。", button="排除", **more)


@keeps
@require_POST
def include_subject(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """恢复被排除的对象."""
    rows = Exclusion.objects.filter(task__in=queries.visible(request.user).order_by().values("pk"), ended_at=None)
    done = operations.include(exclusion=get_object_or_404(rows, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, "已恢复。")
    return HttpResponseRedirect(done.task.get_absolute_url(), status=303)


@keeps
def write_scheme(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """编写工作方案."""
    shown = task_of(request, pk)
    latest = shown.schemes.first()
    initial = {name: getattr(latest, name) for name in queries.SCHEME} if latest else None
    form = forms.SchemeForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> Task:
        told: dict[str, Any] = {"content": values, "seen": seen_by(request)}
        return operations.write_scheme(task=shown, **told, by=request.user, at=timezone.now()).task

    title, back = f"工作方案：{shown.number}", shown.get_absolute_url()
    more: dict[str, Any] = {"back": back, "shown": queries.shown_scheme(shown), "is_told": True}
    return form_page(request, form, act, title=title, done="方案已保存，公布后生效。", **more)


@speaks
def publish_scheme(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """公布工作方案."""
    rows = Scheme.objects.filter(task__in=queries.visible(request.user).order_by().values("pk"))
    scheme = get_object_or_404(rows.select_related("task__department"), pk=pk)

    def act(values: dict[str, Any]) -> Task:
        return operations.publish_scheme(scheme=scheme, **values, by=request.user, at=timezone.now()).task

    title, back = f"公布：{scheme}", scheme.task.get_absolute_url()
    form = forms.PublishSchemeForm(request.POST or None)
    return form_page(request, form, act, title=title, done="方案已公布。", button="公布", back=back)
