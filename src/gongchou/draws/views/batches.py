"""Pages on which a batch is prepared: the list, one batch with its steps, what is set, who takes part."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries.people import people_with
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.draws import forms, permissions, tables
from gongchou.draws.models import Batch, Contribution, Draw, OfBatch, Work
from gongchou.draws.operations import batches as operations
from gongchou.draws.operations import committing
from gongchou.draws.queries import batches as queries
from gongchou.draws.queries import withdrawals
from gongchou.draws.queries.afterwards import to_approve
from gongchou.draws.queries.preparation import preparation_of
from gongchou.draws.queries.sources import all_source_words
from gongchou.draws.queries.verdicts import verdicts_of
from gongchou.draws.rules import check_has_lists, check_is_ready, check_is_witnessed
from gongchou.draws.states import BatchState
from gongchou.draws.tasks import ask
from gongchou.draws.views.afterwards import afterwards_of
from gongchou.draws.views.comparison import comparison_of
from gongchou.draws.views.overview import overview_of
from gongchou.draws.views.steps import buttons_for
from gongchou.plans.models import Task
from gongchou.plans.queries.tasks import visible as visible_tasks
from gongchou.plans.sheet import Sheet
from gongchou.refusal import Refused, allowed, sentence
from gongchou.web.access import needs
from gongchou.web.forms import ReasonForm, form_page, seen_by
from gongchou.web.lists import ListPage, taken_out
from gongchou.web.take_away import workbook

BASIS = "数量依据中的比例以排除以后可抽的户数为基数，下限不足一户的进为一户；按户数写的照写。"

reads = needs(Duty.READ_PLANS, Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
keeps = needs(Duty.KEEP_PLAN)
works = needs(Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
decides = needs(Duty.APPROVE_PLAN)


@reads
class BatchList(ListPage):
    """抽取批次."""

    title = "抽取批次"
    table_class = tables.BatchTable
    filter_class = tables.BatchFilter
    template_name = "draws/batches.html"

    def rows(self) -> QuerySet[Batch]:
        """With a task within reach."""
        return queries.visible(self.by).prefetch_related("draws__task")

    def more(self) -> dict[str, Any]:
        """What waits to be drawn, promised, signed."""
        now = timezone.now()
        return {
            "to_draw": list(queries.to_draw(self.by).exclude(draws__batch__in=_prepared())[:20]),
            "to_promise": list(queries.to_promise(self.by)),
            "to_sign": [one for one in queries.to_sign(self.by) if allowed(check_is_witnessed, one.batch, now)],
            "today": timezone.localdate(),
            "to_approve": list(to_approve(self.by)[:20]),
            "to_answer": list(withdrawals.to_answer(self.by)),
        }


def _prepared() -> QuerySet[Batch]:
    return Batch.objects.filter(state__in=(BatchState.DRAFT, BatchState.FROZEN))


def batch_of(request: SignedInRequest, pk: UUID) -> Batch:
    """A batch that this person sees, or a page that is not there."""
    return get_object_or_404(queries.visible(request.user), pk=pk)


@reads
@require_safe
def batch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One batch: where it stands, what comes next, what was said of it."""
    shown, by = batch_of(request, pk), request.user
    context = {
        "title": shown.name,
        "batch": shown,
        "overview": overview_of(shown, by=by, at=timezone.now()),
        "work": shown.works.first(),
        "comparison": comparison_of(shown),
        "afterwards": afterwards_of(shown, by=by, at=timezone.now()),
        "verdicts": verdicts_of(shown),
        **buttons_for(shown, by, request.duties, at=timezone.now()),
    }
    return render(request, "draws/batch.html", context)


@reads
@require_safe
def comparison(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """联合与各抽的对比 as it is counted for the first time, or as a workbook."""
    shown = batch_of(request, pk)
    told = comparison_of(shown, counts=True)
    sheet: Sheet | None = told["sheet"] if told else None
    if "export" not in request.GET or sheet is None:
        return render(request, "draws/comparison.html", {"batch": shown, "comparison": told})
    name = f"{shown.code}-{sheet.title}"
    taken_out.send(Sheet, request=request, title=name, n_rows=len(sheet.rows), asked={"批次": shown.code})
    return workbook(request, name, sheet.taken_away(), len(sheet.rows))


@reads
@require_safe
def progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How far the work behind a batch is; when it is over, the page is loaded anew."""
    shown = batch_of(request, pk)
    work = shown.works.first()
    answer = render(request, "draws/progress.html", {"batch": shown, "work": work})
    if work is None or work.ended_at is not None:
        answer.headers["HX-Refresh"] = "true"
    return answer


@keeps
def open_batch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """组织抽取 for a task that is ready."""
    task: Task = get_object_or_404(visible_tasks(request.user), pk=pk)
    if request.method == "GET":
        permissions.check_can_keep(request.user, task.department)
        check_is_ready(task)
    earliest, now = withdrawals.next_beacon_from(task), timezone.now()
    initial = forms.fresh_initial(task, now, earliest=earliest)
    form = forms.BatchForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> Batch:
        return operations.open_batch(task=task, content=form.content(), by=request.user, at=timezone.now())

    lead = f"任务 {task.number} {task.name}。先定时间和来源，再冻结名单；正式承诺须由另一人复核。"
    if earliest and earliest > now:
        since = timezone.localtime(earliest)
        lead += f"上一次抽取在来源截止或信标时间以后撤回，信标时间须在 {since:%Y-%m-%d %H:%M} 以后。"
    told: dict[str, Any] = {
        "title": "组织抽取",
        "done": "抽取批次已建立。",
        "back": task.get_absolute_url(),
        "lead": lead,
    }
    return set_page(request, form, act, **told)


@keeps
def change_batch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """修改设置."""
    shown = batch_of(request, pk)
    if request.method == "GET":
        permissions.check_can_prepare(request.user, shown)
    form = forms.BatchForm(request.POST or None, initial=forms.batch_initial(shown))
    told = queries.content_of(shown)

    def act(values: dict[str, Any]) -> Batch:
        seen = seen_by(request)
        return operations.edit(batch=shown, content=form.content(), seen=seen, by=request.user, at=timezone.now())

    back = shown.get_absolute_url()
    words: dict[str, Any] = {"title": f"修改设置：{shown.code}", "done": "设置已保存。"}
    return set_page(request, form, act, back=back, shown=told, **words)


def set_page(request: HttpRequest, form: forms.BatchForm, act: Any, **told: Any) -> HttpResponse:
    """The form of a batch in its sections."""
    return form_page(request, form, act, template="draws/batch_form.html", button="保存", is_told=True, **told)


@keeps
def join(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """加入任务."""
    shown = batch_of(request, pk)
    form = forms.JoinForm(request.POST or None, by=request.user, batch=shown)

    def act(values: dict[str, Any]) -> Batch:
        return operations.add_task(batch=shown, task=values["task"], by=request.user, at=timezone.now())

    lead = "同批的任务用同一个种子：各部门抽中的对象尽量重合，一次上门办完。"
    told: dict[str, Any] = {"title": f"加入任务：{shown.code}", "done": "任务已加入。", "button": "加入", "lead": lead}
    return form_page(request, form, act, back=shown.get_absolute_url(), **told)


@keeps
@require_POST
def leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """移出任务."""
    draw = get_object_or_404(Draw, pk=pk, batch__in=queries.visible(request.user))
    act = partial(operations.remove_task, draw=draw, by=request.user, at=timezone.now())
    return act_at_once(request, draw.batch, act, "任务已移出。")


def act_at_once(request: HttpRequest, shown: OfBatch | Batch, act: Callable[[], Any], done: str) -> HttpResponse:
    """Do something at once and come back to the page of what is shown; a refusal is told on it."""
    try:
        act()
    except Refused as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(shown.get_absolute_url(), status=303)


@keeps
def name_parties(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """种子参与方."""
    shown = batch_of(request, pk)
    if request.method == "GET":
        permissions.check_can_prepare(request.user, shown)
    form = forms.PartiesForm(request.POST or None, batch=shown)

    def act(values: dict[str, Any]) -> Batch:
        departments = values["departments"]
        return operations.name_parties(batch=shown, departments=departments, by=request.user, at=timezone.now())

    told: dict[str, Any] = {
        "title": f"种子参与方：{shown.code}",
        "done": "参与方已确定。",
        "back": shown.get_absolute_url(),
    }
    return form_page(request, form, act, **told)


def _contribution(request: SignedInRequest, pk: UUID) -> Contribution:
    return get_object_or_404(queries.contributions(request.user), pk=pk)


@keeps
def promise(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """提交承诺."""
    row = _contribution(request, pk)
    form = forms.PromiseForm(request.POST or None)

    def act(values: dict[str, Any]) -> str:
        operations.promise(contribution=row, commitment=values["commitment"], by=request.user, at=timezone.now())
        return reverse("draws:batches")

    told: dict[str, Any] = {
        "title": f"提交种子承诺：{row.batch.code}",
        "done": "承诺已提交。",
        "button": "提交承诺",
        "row": row,
    }
    return form_page(request, form, act, template="draws/promise.html", **told)


@keeps
def reveal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """揭示秘密数."""
    row = _contribution(request, pk)
    form = forms.RevealForm(request.POST or None)

    def act(values: dict[str, Any]) -> str:
        committing.reveal(contribution=row, secret=values["secret"], by=request.user, at=timezone.now())
        return reverse("draws:batches")

    told: dict[str, Any] = {
        "title": f"揭示秘密数：{row.batch.code}",
        "done": "已揭示，并写入公开日志。",
        "button": "揭示",
    }
    return form_page(request, form, act, back=reverse("draws:batches"), **told)


@reads
@require_safe
def preparation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """准备情况: one page a leader can sign."""
    shown = batch_of(request, pk)
    context = {
        "title": f"准备情况：{shown.code}",
        "batch": shown,
        "sources": all_source_words(shown),
        "settings": queries.setting_words(shown),
        "lead_minutes": -(-shown.lead_s // 60),
        "basis": BASIS,
        "refused": "",
    }
    try:
        check_has_lists(shown)
        context["preparation"] = preparation_of(shown, at=timezone.now())
    except Refused as refused:
        context["refused"] = sentence(refused)
    return render(request, "draws/preparation.html", context)


@keeps
@require_POST
def freeze(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """冻结名单: handed to a worker."""
    shown = batch_of(request, pk)
    permissions.check_can_freeze(request.user, shown)
    ask(shown, Work.Kind.FREEZE, by=request.user, at=timezone.now())
    return HttpResponseRedirect(shown.get_absolute_url(), status=303)


def _reason_page(request: SignedInRequest, shown: Batch, act: Any, **told: Any) -> HttpResponse:
    return form_page(request, ReasonForm(request.POST or None), act, back=shown.get_absolute_url(), **told)


@works
def thaw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """解除冻结."""
    shown = batch_of(request, pk)
    if request.method == "GET":
        permissions.check_can_thaw(request.user, shown)

    def act(values: dict[str, Any]) -> Batch:
        return operations.thaw(batch=shown, reason=values["reason"], by=request.user, at=timezone.now())

    told: dict[str, Any] = {"title": f"解除冻结：{shown.code}", "done": "已解除冻结，可以修改。", "button": "解除冻结"}
    return _reason_page(request, shown, act, **told)


@works
def drop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """放弃批次."""
    shown = batch_of(request, pk)
    if request.method == "GET":
        permissions.check_can_drop(request.user, shown)

    def act(values: dict[str, Any]) -> Batch:
        return operations.drop(batch=shown, reason=values["reason"], by=request.user, at=timezone.now())

    return _reason_page(request, shown, act, title=f"放弃批次：{shown.code}", done="批次已放弃。", button="放弃批次")


@decides
@require_POST
def commit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """复核并公开承诺."""
    shown = batch_of(request, pk)
    done = "承诺已公开，并写入公开日志。此后名单和参数不能再改。"
    return act_at_once(
        request, shown, partial(committing.commit, batch=shown, by=request.user, at=timezone.now()), done
    )


def witnesses_for(shown: Batch) -> QuerySet[User]:
    """Who may be asked to witness: whoever reads plans or the log somewhere, but for those with a hand in it."""
    everywhere = Department.objects.all()
    found = people_with(Duty.READ_PLANS, everywhere) | people_with(Duty.READ_AUDIT, everywhere)
    return User.objects.filter(pk__in=found.order_by().values("pk")).exclude(pk__in=shown.hands).order_by("username")
