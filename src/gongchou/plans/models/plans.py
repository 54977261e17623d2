"""年度抽查工作计划: a department's or a level's plan of a year, and its versions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, User
from gongchou.plans.states.plans import AGREED, FILED_ONCE, OPEN, OUT, PlanState
from gongchou.registry.models import Item
from gongchou.registry.models.versions import paired, stamped_by, state_needs


class Plan(Recorded):
    """A plan of a year: what stays the same while it is revised. Its content is in ``PlanVersion`` and its lines."""

    class Kind(models.TextChoices):
        """Of one department, or of all departments of a level together (S0-3, S3-4)."""

        DEPARTMENT = "department", "部门内部计划"
        JOINT = "joint", "部门联合计划"

    year = models.PositiveIntegerField("年度")
    kind = models.CharField("计划类型", max_length=12, choices=Kind.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="plans", verbose_name="制定部门")

    class Meta:
        verbose_name = verbose_name_plural = "年度抽查计划"
        ordering = ("-year", "department__code", "kind", "id")
        constraints = (
            models.UniqueConstraint(fields=["year", "kind", "department"], name="one_plan_of_a_kind_a_year"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="a_plan_is_of_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.department}{self.year}年度{self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plans:plan", args=[self.pk])

    @property
    def is_joint(self) -> bool:
        """Whether it is the plan of all departments of a level."""
        return self.kind == Plan.Kind.JOINT

    @property
    def audit_place(self) -> str:
        """Where its department is."""
        return self.department.region.code

    @property
    def audit_department(self) -> str:
        """Its department."""
        return str(self.department_id)


class PlanVersion(Recorded):
    """A plan as it was agreed once. The next version is a revision with its reason (S2-3, S4-2.4).

    filed_with: 备案机关; receipt: its 备案号, once it has looked at the plan
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions", verbose_name="计划")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    name = models.CharField("计划名称", max_length=100)
    document_no = models.CharField("文号", max_length=60, blank=True)
    goals = models.TextField("工作要求", blank=True)
    reason = models.CharField("制定或调整原因", max_length=500)
    created_at = models.DateTimeField("起草时间")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="起草人")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = stamped_by("提交人")
    approved_at = models.DateTimeField("审批时间", null=True, blank=True)
    approved_by = stamped_by("审批人")
    returned_reason = models.CharField("退回原因", max_length=500, blank=True)
    filed_at = models.DateTimeField("备案时间", null=True, blank=True)
    filed_by = stamped_by("报备人")
    filed_with = models.CharField("备案机关", max_length=100, blank=True)
    received_at = models.DateTimeField("备案登记时间", null=True, blank=True)
    received_by = stamped_by("备案登记人")
    receipt = models.CharField("备案号", max_length=60, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    published_by = stamped_by("公布人")
    channel = models.CharField("公开渠道", max_length=100, blank=True)
    url = models.URLField("公开地址", max_length=300, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_by = stamped_by("终止人")
    end_note = models.CharField("办结说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "计划版本"
        ordering = ("plan", "-number", "id")
        constraints = (
            models.UniqueConstraint(fields=["plan", "number"], name="plan_number_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state="published"), name="plan_one_published"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state__in=list(OPEN)), name="plan_one_open"),
            *(
                paired(stamp, f"plan_{stamp}_pair")
                for stamp in ("submitted", "approved", "filed", "received", "published", "ended")
            ),
            state_needs(["review", *AGREED], Q(submitted_at__isnull=False), "plan_review_is_submitted"),
            state_needs(AGREED, Q(approved_at__isnull=False), "plan_approved_by_somebody"),
            state_needs(FILED_ONCE, Q(filed_at__isnull=False) & ~Q(filed_with=""), "plan_filed_with_somebody"),
            state_needs(OUT, Q(published_at__isnull=False) & ~Q(channel=""), "plan_out_somewhere"),
            state_needs(["superseded", "closed"], Q(ended_at__isnull=False), "plan_over_has_an_end"),
            models.CheckConstraint(condition=~Q(approved_by=F("submitted_by")), name="plan_second_person"),
        )

    def __str__(self) -> str:
        return f"{self.name}（第{self.number}版）"

    def get_absolute_url(self) -> str:
        """The page of its plan, turned to this version."""
        return f"{self.plan.get_absolute_url()}?version={self.number}"

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return PlanState(self.state).label

    @property
    def audit_place(self) -> str:
        """Where its department is."""
        return self.plan.audit_place

    @property
    def audit_department(self) -> str:
        """Its department."""
        return self.plan.audit_department


class Waiver(Recorded):
    """Why a version of a plan may break a rule in one place: the exception stands beside it for whoever approves it.

    A revision takes them along; what is written or taken back in it leaves the version before as it was.
    rule: code of ``plans.rules.checks``; item or line: where, or neither for the plan as a whole
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="waivers", verbose_name="计划版本")
    rule = models.CharField("规则", max_length=30)
    line = models.ForeignKey(
        "plans.Line", on_delete=models.PROTECT, null=True, blank=True, related_name="waivers", verbose_name="计划行"
    )
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="抽查事项"
    )
    place = models.CharField("位置", max_length=80, blank=True)  # the two above in one text, which is unique
    reason = models.CharField("理由", max_length=500)
    told = models.TextField("说明时的情况", blank=True)  # what the reason excused
    given_at = models.DateTimeField("说明时间")
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="说明人")
    ended_at = models.DateTimeField("撤销时间", null=True, blank=True)
    ended_by = stamped_by("撤销人")

    class Meta:
        verbose_name = verbose_name_plural = "例外说明"
        ordering = ("version", "rule", "given_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["version", "rule", "place"], condition=Q(ended_at=None), name="a_waiver_once"
            ),
            paired("ended", "waiver_ended_pair"),
        )

    def __str__(self) -> str:
        return f"{self.version}例外说明"

    @property
    def audit_place(self) -> str:
        """Where the plan's department is."""
        return self.version.audit_place

    @property
    def audit_department(self) -> str:
        """The plan's department."""
        return self.version.audit_department
