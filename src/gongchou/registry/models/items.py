"""抽查事项清单: items, their versions, claims by lower units, ceilings of general items."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongchou.accounts.models import Department, Recorded, Region, User
from gongchou.registry.frequency import Frequency, frequency_from_json
from gongchou.registry.frequency import sentence as frequency_sentence
from gongchou.registry.models.subjects import SubLibrary
from gongchou.registry.models.tags import Tag
from gongchou.registry.models.versions import Listed, Version, version_constraints
from gongchou.registry.ratio import Ratio, ratio_from_json
from gongchou.registry.ratio import sentence as ratio_sentence
from gongchou.registry.states.lists import ClaimState


class Method(models.TextChoices):
    """检查方式 (S3)."""

    ON_SITE = "on_site", "实地核查"
    DOCUMENT = "document", "书面检查"
    ONLINE = "online", "网络监测"
    TESTING = "testing", "检验检测"
    AUDIT = "audit", "财务审计"
    SURVEY = "survey", "调查咨询"
    OFF_SITE = "off_site", "非现场监管"


class Ruled(models.Model):
    """A row with a ratio and a frequency as ``registry.ratio`` and ``registry.frequency`` write them."""

    ratio = models.JSONField("抽查比例", default=dict)
    frequency = models.JSONField("抽查频次", default=dict)

    class Meta:
        abstract = True

    @property
    def ratio_rule(self) -> Ratio:
        """The ratio as a rule."""
        return ratio_from_json(self.ratio)

    @property
    def frequency_rule(self) -> Frequency:
        """The frequency as a rule."""
        return frequency_from_json(self.frequency)

    @property
    def ratio_words(self) -> str:
        """The ratio as officials write it."""
        return ratio_sentence(self.ratio_rule) if self.ratio else ""

    @property
    def frequency_words(self) -> str:
        """The frequency as officials write it."""
        return frequency_sentence(self.frequency_rule) if self.frequency else ""


class Item(Listed):
    """抽查事项: what stays the same while its content is amended. Its content is in ``ItemVersion``."""

    page = "item"

    class Meta:
        verbose_name = verbose_name_plural = "抽查事项"
        ordering = ("code",)


class ItemVersion(Ruled, Version):
    """What an item says from one day on (domain.md 2.2).

    basis: [{law, article}]; materials: [{name, note}]; results: [{result, follow_up}]; sub_items: [text];
    levels, subject_kinds, methods: codes. over_reason: why a general item may exceed its ceiling (R-5).
    """

    class Kind(models.TextChoices):
        """事项类别 (R-3): a key item has no ceiling (R-4)."""

        GENERAL = "general", "一般检查事项"
        KEY = "key", "重点检查事项"

    thing_field = "item"
    area_field = "category"
    content = (
        "name", "category", "kind", "basis", "inspecting_subject", "levels", "subject_kinds", "sub_library", "ratio",
        "frequency", "over_reason", "methods", "details", "sub_items", "materials", "results", "qualification",
        "inspector_requirement", "responsible_unit", "lead_unit", "internet_plus_code", "duty_list_code", "work_guide",
        "tags", "valid_from", "valid_to",
    )  # fmt: skip

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions", verbose_name="事项")
    category = models.CharField("领域", max_length=60)
    kind = models.CharField("事项类别", max_length=10, choices=Kind.choices, default=Kind.GENERAL)
    basis = models.JSONField("检查依据", default=list)
    inspecting_subject = models.CharField("抽查主体", max_length=100, blank=True)
    levels = models.JSONField("实施层级", default=list)
    subject_kinds = models.JSONField("检查对象类别", default=list)
    sub_library = models.ForeignKey(
        SubLibrary, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对应对象库"
    )
    over_reason = models.CharField("超过比例上限的理由", max_length=500, blank=True)
    methods = models.JSONField("检查方式", default=list)
    details = models.TextField("检查内容及要求", blank=True)
    sub_items = models.JSONField("检查子项", default=list, blank=True)
    materials = models.JSONField("检查材料", default=list, blank=True)
    results = models.JSONField("检查结果及后续处置", default=list, blank=True)
    qualification = models.ForeignKey(
        Tag, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所需专业资格"
    )
    inspector_requirement = models.CharField("检查人员要求", max_length=200, blank=True)
    responsible_unit = models.CharField("责任处室", max_length=60, blank=True)
    lead_unit = models.CharField("牵头单位", max_length=60, blank=True)
    internet_plus_code = models.CharField("互联网+监管事项编码", max_length=60, blank=True)
    duty_list_code = models.CharField("权责清单编码", max_length=60, blank=True)
    work_guide = models.TextField("随机抽查工作指引", blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="item_versions", verbose_name="标签")

    class Meta:
        verbose_name = verbose_name_plural = "抽查事项版本"
        ordering = ("item__code", "-number", "id")
        constraints = tuple(version_constraints("item", "item_version"))


class Claim(Ruled, Recorded):
    """认领: a lower unit's decision to use an item from above (R-6). The next decision is a new row.

    ratio, frequency: its own, where it adapted them; empty means as in the list.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="claims", verbose_name="事项")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="claims", verbose_name="认领部门")
    state = models.CharField("状态", max_length=12, choices=ClaimState.choices, default=ClaimState.CLAIMED)
    note = models.CharField("说明", max_length=500, blank=True)
    claimed_at = models.DateTimeField("认领时间")
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="认领人")
    suspended_at = models.DateTimeField("暂停时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by_name = models.CharField("经办人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "事项认领"
        ordering = ("item__code", "department__code", "-claimed_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["item", "department"], condition=Q(ended_at=None), name="a_department_claims_an_item_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(ended_at__isnull=False), name="a_released_claim_is_ended"
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_at__isnull=False),
                name="a_suspended_claim_since_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.department} 认领 {self.item}"

    @property
    def audit_place(self) -> str:
        """Where the claiming department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Who claims."""
        return str(self.department_id)

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return ClaimState(self.state).label


class RatioCeiling(Recorded):
    """一般检查事项比例上限 of a region in a year, as some document says (R-5). Where there is none, none applies."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    year = models.PositiveIntegerField("年度")
    most = models.DecimalField("比例上限（%）", max_digits=7, decimal_places=4)
    source = models.CharField("依据文件", max_length=200)
    set_at = models.DateTimeField("设定时间")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="设定人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "一般事项比例上限"
        ordering = ("-year", "region__code", "-set_at", "id")
        constraints = (
            models.UniqueConstraint(fields=["region", "year"], condition=Q(ended_at=None), name="one_ceiling_a_year"),
            models.CheckConstraint(condition=Q(most__gt=0, most__lte=100), name="a_ceiling_is_a_share"),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.year}年 {self.most.normalize():f}%"

    @property
    def audit_place(self) -> str:
        """Where it applies."""
        return self.region.code
