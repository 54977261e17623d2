"""What documents demand of the plans of a place in a year: configuration, never code."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongchou.accounts.models import Department, Recorded, Region, User
from gongchou.plans.norms import name_of
from gongchou.registry.models.versions import paired, stamped_by


class Norm(Recorded):
    """工作指标: one demand of one document on a region and what is below it, for a year.

    code: a kind of ``plans.norms``, which reads ``value``; source: the document, and where in it
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="区划")
    year = models.PositiveIntegerField("年度")
    code = models.CharField("指标", max_length=30)
    value = models.CharField("要求", max_length=300)
    source = models.CharField("依据文件", max_length=200)
    set_at = models.DateTimeField("设定时间")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="设定人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_by = stamped_by("停用人")

    class Meta:
        verbose_name = verbose_name_plural = "工作指标"
        ordering = ("-year", "region__code", "code", "-set_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["region", "year", "code"], condition=Q(ended_at=None), name="one_norm_of_a_code_a_year"
            ),
            paired("ended", "norm_ended_pair"),
        )

    def __str__(self) -> str:
        return f"{self.region}{self.year}年{name_of(self.code)}"

    @property
    def audit_place(self) -> str:
        """Where it applies."""
        return self.region.code


class Numbering(Recorded):
    """任务编号规则 of a department for a year: 简称, 年度 and 序号 in braces (domain.md 2.9)."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="部门")
    year = models.PositiveIntegerField("年度")
    pattern = models.CharField("编号格式", max_length=60)
    set_at = models.DateTimeField("设定时间")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="设定人")

    class Meta:
        verbose_name = verbose_name_plural = "任务编号规则"
        ordering = ("-year", "department__code", "id")
        constraints = (
            models.UniqueConstraint(fields=["department", "year"], name="one_numbering_a_department_and_year"),
        )

    def __str__(self) -> str:
        return self.pattern

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Whose tasks are numbered."""
        return str(self.department_id)
