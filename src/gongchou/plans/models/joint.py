"""部门联合: campaigns, agreements with other regions; invitations, questions to the conference, proposals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, Region, User
from gongchou.plans.states.joint import OVER, InvitationState, ProposalState, QuestionState
from gongchou.registry.models import Item
from gongchou.registry.models.versions import paired, stamped_by, state_needs


class Campaign(Recorded):
    """部门联合集中抽查: joint inspections of a level in one window, with a number to reach (S0-4, S1-6).

    n_tasks: how many joint tasks it shall have
    """

    name = models.CharField("名称", max_length=100)
    year = models.PositiveIntegerField("年度")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    organiser = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="组织部门")
    begins_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    n_tasks = models.PositiveIntegerField("目标任务数", default=1)
    source = models.CharField("依据文件", max_length=200)
    note = models.CharField("说明", max_length=500, blank=True)
    set_at = models.DateTimeField("设定时间")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="设定人")
    ended_at = models.DateTimeField("取消时间", null=True, blank=True)
    ended_by = stamped_by("取消人")
    end_reason = models.CharField("取消原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "集中联合抽查"
        ordering = ("-year", "begins_on", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=["year", "region", "name"], name="a_campaign_name_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="a_campaign_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(n_tasks__gte=1), name="a_campaign_has_a_target"),
            paired("ended", "campaign_ended_pair"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_place(self) -> str:
        """Where it is held."""
        return self.region.code

    @property
    def audit_department(self) -> str:
        """Who organises it."""
        return str(self.organiser_id)


class Agreement(Recorded):
    """跨区域合作协议: with whom of another city or province joint inspections are agreed (S2-4)."""

    name = models.CharField("协议名称", max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="签署部门")
    partner = models.CharField("对方地区和部门", max_length=200)
    fields = models.CharField("合作领域", max_length=200, blank=True)
    document_no = models.CharField("文号或存档号", max_length=60, blank=True)
    signed_on = models.DateField("签署日期")
    valid_to = models.DateField("有效期至", null=True, blank=True)
    set_at = models.DateTimeField("登记时间")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="登记人")
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_by = stamped_by("终止人")
    end_reason = models.CharField("终止原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "跨区域协议"
        ordering = ("-signed_on", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=["department", "name"], name="an_agreement_name_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("signed_on")), name="an_agreement_ends_after_signing"
            ),
            paired("ended", "agreement_ended_pair"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Who signed."""
        return str(self.department_id)


class Invitation(Recorded):
    """邀请: one department is asked to take part in one line. It answers with its own items and how many people.

    n_people: inspectors for a visit that it can send; reason: why it declined, left or was charged by the conference
    """

    line = models.ForeignKey("plans.Line", on_delete=models.PROTECT, related_name="invitations", verbose_name="计划行")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="受邀部门")
    state = models.CharField("答复", max_length=10, choices=InvitationState.choices, default=InvitationState.INVITED)
    message = models.CharField("邀请说明", max_length=500, blank=True)
    asked_at = models.DateTimeField("邀请时间")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="邀请人")
    items = models.ManyToManyField(Item, blank=True, related_name="+", verbose_name="参加的抽查事项")
    n_people = models.PositiveSmallIntegerField("每户派出人数", default=1)
    reason = models.CharField("理由", max_length=500, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = stamped_by("答复人")
    changed_at = models.DateTimeField("其后变动时间", null=True, blank=True)
    changed_by = stamped_by("其后变动经办人")

    class Meta:
        verbose_name = verbose_name_plural = "联合抽查邀请"
        ordering = ("line", "department__code", "-asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["line", "department"],
                condition=~Q(state__in=list(OVER)),
                name="a_department_is_asked_once_at_a_time",
            ),
            state_needs(["accepted", "declined", "left"], Q(answered_at__isnull=False), "an_answer_has_a_time"),
            state_needs(["declined", "left", "revoked"], ~Q(reason=""), "an_invitation_says_why"),
            paired("answered", "invitation_answered_pair"),
            paired("changed", "invitation_changed_pair"),
        )

    def __str__(self) -> str:
        return f"邀请{self.department}参加{self.line}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plans:invitation", args=[self.pk])

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return InvitationState(self.state).label

    @property
    def audit_place(self) -> str:
        """Where the invited department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Who is invited."""
        return str(self.department_id)


class Question(Recorded):
    """提请联席会议协调: what two departments could not settle, and what the conference decided (S3-4)."""

    line = models.ForeignKey("plans.Line", on_delete=models.PROTECT, related_name="questions", verbose_name="计划行")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, related_name="questions", verbose_name="有分歧的邀请"
    )
    state = models.CharField("状态", max_length=10, choices=QuestionState.choices, default=QuestionState.OPEN)
    text = models.CharField("提请协调的事由", max_length=500)
    raised_at = models.DateTimeField("提请时间")
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="提请人")
    meeting_on = models.DateField("上会日期", null=True, blank=True)
    decision = models.CharField("协调结果", max_length=500, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decided_by = stamped_by("决定人")

    class Meta:
        verbose_name = verbose_name_plural = "联席会议协调事项"
        ordering = ("state", "raised_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(state="open"), name="one_open_question_an_invitation"
            ),
            state_needs(["decided", "settled"], Q(decided_at__isnull=False) & ~Q(decision=""), "a_decision_says_what"),
            paired("decided", "question_decided_pair"),
        )

    def __str__(self) -> str:
        return f"{self.invitation.department}：{self.text[:30]}"

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return QuestionState(self.state).label

    @property
    def audit_place(self) -> str:
        """Where the invited department is."""
        return self.invitation.audit_place

    @property
    def audit_department(self) -> str:
        """Whose line it is about."""
        return self.line.audit_department


class Proposal(Recorded):
    """A joint inspection that the platform proposes from the plans as they stand (S1-8, R-34, R-35).

    key: digest of what is proposed; the same is not proposed again once somebody has refused it
    told: why: {"n_subjects": in the pools of all, "n_saved": visits saved (expected), "begins_on", "ends_on", "tags"}
    """

    class Kind(models.TextChoices):
        """What fits together."""

        DEPARTMENTS = "departments", "多部门同类对象"
        ITEMS = "items", "本部门多个事项"
        LEVELS = "levels", "省市县联动"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    year = models.PositiveIntegerField("年度")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    lines = models.ManyToManyField("plans.Line", related_name="proposals", verbose_name="计划行")
    key = models.CharField("标识", max_length=64, unique=True)
    told = models.JSONField("理由", default=dict)
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    found_at = models.DateTimeField("提出时间")
    reason = models.CharField("处理说明", max_length=500, blank=True)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decided_by = stamped_by("处理人")
    made = models.ForeignKey(
        "plans.Line", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="形成的计划行"
    )

    class Meta:
        verbose_name = verbose_name_plural = "联合抽查建议"
        ordering = ("state", "-found_at", "id")
        constraints = (
            state_needs(["accepted", "adjusted", "refused"], Q(decided_at__isnull=False), "a_proposal_is_decided_by"),
            state_needs(["adjusted", "refused"], ~Q(reason=""), "a_proposal_is_decided_with_reason"),
            paired("decided", "proposal_decided_pair"),
        )

    def __str__(self) -> str:
        return f"{self.year}年{self.get_kind_display()}建议"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plans:proposal", args=[self.pk])

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return ProposalState(self.state).label

    @property
    def audit_place(self) -> str:
        """Where it would be."""
        return self.region.code
