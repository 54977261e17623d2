"""Pages of joint work: invitations and their answers, the agenda of the conference, campaigns and agreements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.plans.forms import joint as forms
from gongchou.plans.forms.plans import ReasonForm
from gongchou.plans.models import Agreement, Campaign, Invitation, LineVersion, PlanVersion, Question
from gongchou.plans.operations import campaigns, joint
from gongchou.plans.permissions import joint as permissions
from gongchou.plans.queries import joint as queries
from gongchou.plans.queries import matters
from gongchou.plans.queries import plans as plan_queries
from gongchou.plans.states.joint import InvitationState
from gongchou.plans.tables import joint as tables
from gongchou.plans.views.plans import coordinates, keeps, reads, version_of
from gongchou.refusal import allowed
from gongchou.registry.models import MatterVersion
from gongchou.web.access import needs
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

Form = type[django_forms.Form]
View = Callable[..., HttpResponse]
Access = Callable[[View], View]
speaks = needs(Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
takes_part = needs(Duty.KEEP_PLAN, Duty.APPROVE_PLAN, Duty.COORDINATE)


@takes_part
class InvitationList(ListPage):
    """联合抽查邀请."""

    title = "联合抽查邀请"
    table_class = tables.InvitationTable
    filter_class = tables.InvitationFilter
    template_name = "plans/invitations.html"

    def rows(self) -> QuerySet[Invitation]:
        """To and from the departments within reach."""
        return queries.visible_invitations(self.by)


def _invitation(request: SignedInRequest, pk: UUID) -> Invitation:
    return get_object_or_404(queries.visible_invitations(request.user), pk=pk)


@takes_part
@require_safe
def invitation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One invitation: to what, the answer, what the conference was asked, what can be done."""
    shown = _invitation(request, pk)
    by, draft = request.user, queries.draft_of(shown)
    line = plan_queries.visible_lines(by).filter(line=shown.line_id).order_by("-version__number").first()
    question = queries.open_question(shown)
    context = {
        "title": f"{shown.department.short_name}：{line.name if line else '计划行已删除'}",
        "invitation": shown,
        "line": line,
        "questions": list(shown.questions.select_related("raised_by", "decided_by").order_by("-raised_at")),
        "question": question,
        "may_answer": allowed(permissions.check_can_answer, by, shown, InvitationState.ACCEPTED),
        "may_leave": allowed(permissions.check_can_leave, by, shown),
        "may_revoke": allowed(permissions.check_can_revoke, by, shown, draft),
        "may_raise": question is None and allowed(permissions.check_can_raise, by, shown),
        "may_decide": question is not None and allowed(permissions.check_can_decide, by, question),
        "may_settle": question is not None and allowed(permissions.check_can_settle, by, question),
    }
    return render(request, "plans/invitation.html", context)


@keeps
def invite(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """邀请部门 to a line of a draft."""
    line: LineVersion = get_object_or_404(plan_queries.visible_lines(request.user), pk=pk)
    form = forms.InviteForm(request.POST or None, line=line)

    def act(values: dict[str, Any]) -> LineVersion:
        return joint.invite(line=line, **values, by=request.user, at=timezone.now())

    lead = "受邀部门在“联合抽查邀请”中答复；意见不一致的，可以提请联席会议协调。"
    title, back = f"邀请部门：{line.name}", line.get_absolute_url()
    return form_page(request, form, act, title=title, done="邀请已发出。", button="发出邀请", back=back, lead=lead)


@keeps
def invite_all(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """邀请全部配合部门: whoever the lines name and nobody has asked yet."""
    version = version_of(request, pk)
    found = queries.not_asked(version)

    def act(values: dict[str, Any]) -> PlanVersion:
        return joint.invite_all(version=version, **values, by=request.user, at=timezone.now())

    n = sum(len(departments) for _, departments in found)
    lead = f"共{len(found)}行、{n}个邀请。各部门在“联合邀请”中分别答复。"
    form, back = forms.InviteAllForm(request.POST or None), version.get_absolute_url()
    title = f"邀请全部配合部门：{version.name}"
    return form_page(
        request, form, act, title=title, done=f"已发出{n}个邀请。", button="发出邀请", back=back, lead=lead
    )


@speaks
def answer(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """答复邀请."""
    shown = _invitation(request, pk)
    form = forms.AnswerForm(request.POST or None, invitation=shown, today=timezone.localdate())

    def act(values: dict[str, Any]) -> Invitation:
        return joint.answer(invitation=shown, **values, by=request.user, at=timezone.now())

    back = shown.get_absolute_url()
    return form_page(request, form, act, title="答复联合邀请", done="答复已送达。", button="提交答复", back=back)


def _about(operation: Callable[..., Any], name: str, form: Form, word: str, done: str, access: Access) -> Any:
    """A page that asks for something about an invitation first."""

    @access
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        shown = _invitation(request, pk)

        def act(values: dict[str, Any]) -> Any:
            operation(**{name: shown}, **values, by=request.user, at=timezone.now())
            return shown.get_absolute_url()

        title, back = f"{word}：{shown.department.short_name}", shown.get_absolute_url()
        return form_page(request, form(request.POST or None), act, title=title, done=done, button=word, back=back)

    return page


leave = _about(joint.leave, "invitation", ReasonForm, "退出联合抽查", "已退出，发起部门会看到理由。", speaks)
revoke = _about(joint.revoke, "invitation", ReasonForm, "撤销邀请", "邀请已撤销。", keeps)
raise_question = _about(
    joint.raise_question, "invitation", forms.QuestionForm, "提请联席会议协调", "已列入联席会议协调事项。", speaks
)


@takes_part
class QuestionList(ListPage):
    """联席会议协调事项."""

    title = "联席会议协调事项"
    table_class = tables.QuestionTable
    filter_class = tables.QuestionFilter

    def rows(self) -> QuerySet[Question]:
        """About the invitations within reach."""
        return queries.visible_questions(self.by)


def _on_question(operation: Callable[..., Any], form: Form, word: str, done: str, access: Access) -> Any:
    """A page that asks for something about a question first."""

    @access
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        question: Question = get_object_or_404(queries.visible_questions(request.user), pk=pk)
        back = question.invitation.get_absolute_url()

        def act(values: dict[str, Any]) -> str:
            operation(question=question, **values, by=request.user, at=timezone.now())
            return back

        title = f"{word}：{question.invitation.department.short_name}"
        filled, lead = form(request.POST or None), f"提请事由：{question.text}"
        return form_page(request, filled, act, title=title, done=done, button=word, back=back, lead=lead)

    return page


schedule = _on_question(joint.schedule, forms.ScheduleForm, "安排上会", "已列入会议议程。", coordinates)
decide = _on_question(joint.decide, forms.DecisionForm, "协调决定", "决定已记录，双方都能看到。", coordinates)
settle = _on_question(joint.settle, forms.SettleForm, "双方商定", "已记录商定结果。", speaks)


@reads
class CampaignList(ListPage):
    """部门联合集中抽查."""

    title = "集中联合抽查"
    table_class = tables.CampaignTable
    filter_class = tables.CampaignFilter
    template_name = "plans/campaigns.html"

    @property
    def hidden(self) -> tuple[str, ...]:  # type: ignore[override]
        """Who does not coordinate ends none."""
        return () if str(Duty.COORDINATE) in self.request.duties else ("actions",)  # type: ignore[attr-defined]

    def rows(self) -> QuerySet[Campaign]:
        """All of them."""
        return queries.visible_campaigns(self.by)


@coordinates
def add_campaign(request: SignedInRequest) -> HttpResponse:
    """设立集中联合抽查."""
    form = forms.CampaignForm(request.POST or None, by=request.user, today=timezone.localdate())

    def act(values: dict[str, Any]) -> str:
        region = values.pop("region")
        campaigns.add_campaign(region=region, content=values, by=request.user, at=timezone.now())
        return reverse("plans:campaigns")

    back = reverse("plans:campaigns")
    return form_page(request, form, act, title="设立集中联合抽查", done="已设立。", back=back)


@coordinates
def end_campaign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """取消集中联合抽查."""
    campaign: Campaign = get_object_or_404(queries.visible_campaigns(request.user), pk=pk)
    back = reverse("plans:campaigns")

    def act(values: dict[str, Any]) -> str:
        campaigns.end_campaign(campaign=campaign, **values, by=request.user, at=timezone.now())
        return back

    form = ReasonForm(request.POST or None)
    return form_page(request, form, act, title=f"取消：{campaign}", done="已取消。", button="取消", back=back)


@reads
class AgreementList(ListPage):
    """跨区域协议."""

    title = "跨区域协议"
    table_class = tables.AgreementTable
    filter_class = tables.AgreementFilter
    template_name = "plans/agreements.html"

    @property
    def hidden(self) -> tuple[str, ...]:  # type: ignore[override]
        """Who keeps no plans ends none."""
        return () if str(Duty.KEEP_PLAN) in self.request.duties else ("actions",)  # type: ignore[attr-defined]

    def rows(self) -> QuerySet[Agreement]:
        """All of them."""
        return queries.visible_agreements(self.by)


@keeps
def add_agreement(request: SignedInRequest) -> HttpResponse:
    """登记跨区域协议."""
    form = forms.AgreementForm(request.POST or None, by=request.user)

    def act(values: dict[str, Any]) -> str:
        department = values.pop("department")
        values["fields"] = values.pop("fields_agreed")
        campaigns.add_agreement(department=department, content=values, by=request.user, at=timezone.now())
        return reverse("plans:agreements")

    back = reverse("plans:agreements")
    return form_page(request, form, act, title="登记跨区域协议", done="已登记。", back=back)


@keeps
def end_agreement(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """终止跨区域协议."""
    agreement: Agreement = get_object_or_404(queries.visible_agreements(request.user), pk=pk)
    back = reverse("plans:agreements")

    def act(values: dict[str, Any]) -> str:
        campaigns.end_agreement(agreement=agreement, **values, by=request.user, at=timezone.now())
        return back

    form = ReasonForm(request.POST or None)
    return form_page(request, form, act, title=f"终止：{agreement}", done="已终止。", button="终止", back=back)


@reads
class MatterList(ListPage):
    """综合监管落实."""

    title = "综合监管落实"
    table_class = tables.MatterTable
    filter_class = tables.MatterFilter
    template_name = "plans/matters.html"

    @property
    def year(self) -> int:
        """The year asked for, else this one."""
        asked = self.request.GET.get("year", "")
        return int(asked) if asked.isdecimal() and len(asked) == 4 else timezone.localdate().year

    def rows(self) -> QuerySet[MatterVersion]:
        """All that is in force."""
        return matters.carried_out(self.by, self.year, timezone.localdate())

    def more(self) -> dict[str, Any]:
        """Which year, and those beside it."""
        return {"year": self.year}
