"""检查: what one department does at one door, and the sheet it is done with."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded
from gongchou.draws.models import Visit
from gongchou.inspections.states import ResultState, Stage


class Worksheet(Recorded):
    """检查用表: the forms of a visit merged into one, kept as it was handed out (R-10). It never changes.

    digest: of the merged sheet, 64 hex digits; definition: as ``checklists.merging`` writes it
    """

    digest = models.CharField("摘要", max_length=64, unique=True)
    definition = models.JSONField("内容")
    made_at = models.DateTimeField("合成时间")

    class Meta:
        verbose_name = verbose_name_plural = "检查用表"
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        return self.digest[:12]


class Inspection(Recorded):
    """One object, one department (domain.md 4.7). The row comes soon after the dispatch (``operations.opening``).

    head: the revision that counts; due_on: last day for its results, None where that follows from the inspection
    """

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, db_index=False, related_name="inspections", verbose_name="户次"
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="检查部门")
    stage = models.CharField("检查进度", max_length=12, choices=Stage.choices, default=Stage.NOT_STARTED)
    state = models.CharField("结果状态", max_length=12, choices=ResultState.choices, default=ResultState.NOT_ENTERED)
    head: models.OneToOneField[Any, Any] = models.OneToOneField(
        "inspections.Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录"
    )
    due_on = models.DateField("录入期限", null=True, blank=True)
    is_due_provisional = models.BooleanField("期限暂定", default=False)
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)
    escalated_at = models.DateTimeField("督促时间", null=True, blank=True)
    opened_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "检查"
        ordering = ("visit", "department__code", "id")
        constraints = (
            models.UniqueConstraint(fields=["visit", "department"], name="a_department_inspects_a_door_once"),
            models.CheckConstraint(
                condition=Q(state="not_entered") | Q(head__isnull=False), name="what_is_reviewed_was_recorded"
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit} {self.department.short_name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("inspections:inspection", args=[self.pk])

    @property
    def state_word(self) -> str:
        """The state of its results in Chinese."""
        return ResultState(self.state).label

    @property
    def stage_word(self) -> str:
        """How far it is, in Chinese."""
        return Stage(self.stage).label

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Whose inspection it is."""
        return str(self.department_id)
