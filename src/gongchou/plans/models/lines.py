"""计划行: what stays the same of a line, and what it says in each version of its plan."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded
from gongchou.plans.models.joint import Agreement, Campaign
from gongchou.plans.models.plans import Plan, PlanVersion
from gongchou.plans.states.plans import LineState
from gongchou.registry.models import Item, ItemVersion, JointItem, SupervisionMatter
from gongchou.registry.models.items import Ruled

MOST_ROUNDS = 12  # draws of one line in a year


class Line(Recorded):
    """A line of a plan by its number (序号), which it keeps through all revisions; tasks and invitations hang on it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines", verbose_name="计划")
    number = models.PositiveIntegerField("序号")
    state = models.CharField("状态", max_length=12, choices=LineState.choices, default=LineState.NOT_STARTED)

    class Meta:
        verbose_name = verbose_name_plural = "计划行"
        ordering = ("plan", "number", "id")
        constraints = (models.UniqueConstraint(fields=["plan", "number"], name="a_line_number_once"),)

    def __str__(self) -> str:
        return f"{self.plan}第{self.number}行"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plans:line", args=[self.pk])

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return LineState(self.state).label

    @property
    def audit_place(self) -> str:
        """Where the plan's department is."""
        return self.plan.audit_place

    @property
    def audit_department(self) -> str:
        """The plan's department."""
        return self.plan.audit_department


class LineVersion(Ruled, Recorded):
    """What a line says in one version of its plan (domain.md 2.8).

    pool: 对象范围 as ``plans.pool`` writes it; subject_words: the same as the public reads it
    bases: {"": n, "高校": n}: 抽查基数 that somebody counted by hand, of the whole or of a group of the ratio; where
        there is none the register is counted
    rounds: how many draws in the year; may the ratio be for the year as a whole says the ratio itself
    """

    class CheckType(models.TextChoices):
        """抽查类型."""

        TARGETED = "targeted", "定向"
        NON_TARGETED = "non_targeted", "不定向"

    class Mode(models.TextChoices):
        """抽查检查模式: who draws and who inspects."""

        PROVINCE_CITY = "province_city", "省抽市查"
        PROVINCE_COUNTY = "province_county", "省抽县查"
        CITY_CITY = "city_city", "市抽市查"
        CITY_COUNTY = "city_county", "市抽县查"
        COUNTY_COUNTY = "county_county", "县抽县查"
        LINKED = "linked", "省市县联动"

    class Form(models.TextChoices):
        """联查形式 (S3-5)."""

        COMPREHENSIVE = "comprehensive", "综合联查"
        BY_RISK = "by_risk", "风险分类联查"
        SPECIAL = "special", "专项整治联查"

    content = (
        "name", "check_type", "field", "category", "items", "joint_item", "subject_words", "pool", "bases", "ratio",
        "frequency", "rounds", "by_district", "is_risk_based", "begins_on", "ends_on", "time_note", "initiator",
        "lead_unit", "participants", "inspecting", "mode", "levels", "form", "campaign", "trade", "agreement", "matter",
        "note",
    )  # fmt: skip

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="lines", verbose_name="计划版本")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="versions", verbose_name="计划行")
    name = models.CharField("抽查计划名称", max_length=100)
    check_type = models.CharField("抽查类型", max_length=12, choices=CheckType.choices, default=CheckType.NON_TARGETED)
    field = models.CharField("抽查领域", max_length=60, blank=True)
    category = models.CharField("抽查类别", max_length=10, choices=ItemVersion.Kind.choices, default="general")
    items = models.ManyToManyField(Item, blank=True, related_name="plan_lines", verbose_name="抽查事项")
    joint_item = models.ForeignKey(
        JointItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="联合抽查事项"
    )
    subject_words = models.CharField("抽查对象范围", max_length=300, blank=True)
    pool = models.JSONField("名单条件", default=dict, blank=True)
    bases = models.JSONField("抽查基数", default=dict, blank=True)
    rounds = models.PositiveSmallIntegerField("全年抽取次数", default=1)
    by_district = models.BooleanField("按区县分层", default=False)
    is_risk_based = models.BooleanField("信用风险分类抽查", default=False)
    begins_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    time_note = models.CharField("时间说明", max_length=60, blank=True)
    initiator = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="initiated_lines", verbose_name="发起部门"
    )
    lead_unit = models.CharField("牵头处室", max_length=60, blank=True)
    participants = models.ManyToManyField(Department, blank=True, related_name="joined_lines", verbose_name="配合部门")
    inspecting = models.CharField("检查主体", max_length=200, blank=True)
    mode = models.CharField("抽查检查模式", max_length=16, choices=Mode.choices, blank=True)
    levels = models.JSONField("实施层级", default=list, blank=True)
    form = models.CharField("联查形式", max_length=16, choices=Form.choices, blank=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="lines", verbose_name="集中联合抽查"
    )
    trade = models.CharField("一业一查行业", max_length=60, blank=True)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="lines", verbose_name="跨区域协议"
    )
    matter = models.ForeignKey(
        SupervisionMatter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_lines",
        verbose_name="综合监管事项",
    )
    note = models.CharField("备注", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "计划行内容"
        ordering = ("version", "line__number", "id")
        constraints = (
            models.UniqueConstraint(fields=["version", "line"], name="a_line_once_in_a_version"),
            models.CheckConstraint(
                condition=Q(begins_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                name="a_line_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(rounds__gte=1, rounds__lte=MOST_ROUNDS), name="a_line_has_rounds"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of its line, turned to this version of the plan."""
        return f"{self.line.get_absolute_url()}?version={self.version.number}"

    @property
    def number(self) -> int:
        """序号."""
        return self.line.number

    @property
    def audit_name(self) -> str:
        """With its number and plan."""
        return f"{self.version.plan}第{self.number}行 {self.name}"

    @property
    def audit_place(self) -> str:
        """Where the plan's department is."""
        return self.version.audit_place

    @property
    def audit_department(self) -> str:
        """The plan's department."""
        return self.version.audit_department
