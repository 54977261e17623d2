"""跨部门综合监管事项, among them 综合监管一件事, and the pilots of reform."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, Region, User
from gongchou.registry.models.joint import JointItem
from gongchou.registry.models.subjects import SubLibrary
from gongchou.registry.models.versions import Listed, Version, version_constraints
from gongchou.registry.states.lists import PilotState


class OneThing(models.TextChoices):
    """综合监管一件事: the eight fields that Shandong named (S1), and room for more."""

    PREPAID_CARDS = "prepaid_cards", "单用途商业预付卡消费"
    MEDICAL = "medical", "医疗服务"
    ELDERLY_CARE = "elderly_care", "养老服务"
    CATERING = "catering", "餐饮服务"
    VOCATIONAL = "vocational", "职业技能培训"
    CONSTRUCTION = "construction", "建设项目"
    NEW_TRANSPORT = "new_transport", "交通新业态"
    DANGEROUS_GOODS = "dangerous_goods", "危化品安全"
    OTHER = "other", "其他领域"


class SupervisionMatter(Listed):
    """跨部门综合监管事项. Once a year somebody looks whether it still holds (R-14)."""

    page = "matter"

    review_by = models.DateField("应复核日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "跨部门综合监管事项"
        ordering = ("code",)

    def is_overdue(self, on: date) -> bool:
        """Whether the yearly review should have happened before this day."""
        return self.review_by is not None and self.review_by < on


class MatterVersion(Version):
    """What a matter says from one day on: responsibility, subject, content, method (S0-8, domain.md 2.3)."""

    thing_field = "matter"
    content = (
        "name", "field", "one_thing", "lead", "duties", "subject", "sub_libraries", "details", "methods", "basis",
        "joint_items", "valid_from", "valid_to",
    )  # fmt: skip

    matter = models.ForeignKey(
        SupervisionMatter, on_delete=models.PROTECT, related_name="versions", verbose_name="监管事项"
    )
    field = models.CharField("领域", max_length=60)
    one_thing = models.CharField("综合监管一件事", max_length=20, choices=OneThing.choices, blank=True)
    lead = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="牵头部门")
    subject = models.CharField("监管对象", max_length=300, blank=True)
    sub_libraries = models.ManyToManyField(SubLibrary, blank=True, related_name="+", verbose_name="对象名录库")
    details = models.TextField("监管内容", blank=True)
    methods = models.JSONField("监管方式", default=list)
    basis = models.JSONField("监管依据", default=list)
    joint_items = models.ManyToManyField(
        JointItem, blank=True, related_name="matter_versions", verbose_name="关联的联合抽查事项"
    )

    class Meta:
        verbose_name = verbose_name_plural = "跨部门综合监管事项版本"
        ordering = ("matter__code", "-number", "id")
        constraints = tuple(version_constraints("matter", "matter_version"))


class MatterDuty(Recorded):
    """监管责任 of one department in a matter."""

    version = models.ForeignKey(MatterVersion, on_delete=models.PROTECT, related_name="duties", verbose_name="版本")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="部门")
    duty = models.CharField("监管责任", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "监管责任"
        ordering = ("version", "department__code", "id")
        constraints = (models.UniqueConstraint(fields=["version", "department"], name="a_department_has_one_duty"),)

    def __str__(self) -> str:
        return f"{self.department}：{self.duty}"


class Pilot(Recorded):
    """改革试点 (S0-10, S1-11); how it went is in its steps."""

    name = models.CharField("试点名称", max_length=100)
    level = models.CharField("试点层级", max_length=10, choices=[("nation", "国家级"), *Region.Level.choices[:3]])
    year = models.PositiveIntegerField("年度")
    matter = models.ForeignKey(
        SupervisionMatter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pilots",
        verbose_name="监管事项",
    )
    unit = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="pilots", verbose_name="试点单位")
    state = models.CharField("状态", max_length=10, choices=PilotState.choices, default=PilotState.APPLIED)
    summary = models.TextField("试点总结", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "改革试点"
        ordering = ("-year", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=["name", "year", "unit"], name="a_pilot_once_a_year"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "spread"]) | ~Q(summary=""), name="a_pilot_done_has_a_summary"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:pilot", args=[self.pk])

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return PilotState(self.state).label

    @property
    def audit_place(self) -> str:
        """Where the unit is."""
        return self.unit.audit_place

    @property
    def audit_department(self) -> str:
        """The unit."""
        return str(self.unit_id)


class PilotStep(models.Model):
    """What happened in a pilot; rows are only added."""

    is_recorded = True
    id = models.BigAutoField(primary_key=True)
    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="steps", verbose_name="试点")
    at = models.DateTimeField("时间")
    state = models.CharField("状态", max_length=10, choices=PilotState.choices)
    told = models.TextField("内容")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "试点进展"
        ordering = ("pilot", "-at", "-id")

    def __str__(self) -> str:
        return self.told
