"""检查表: a form, whose it is, and its versions with their questions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, User
from gongchou.checklists.states import OUT, VersionState
from gongchou.registry.models import Item
from gongchou.registry.models.versions import paired, stamped_by, state_needs


class Checklist(Recorded):
    """A form: the base form of whatever its department and those below it inspect, or one for some items."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="制定部门")
    name = models.CharField("名称", max_length=100)
    is_base = models.BooleanField("通用基础表", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "检查表"
        ordering = ("department__code", "name", "id")
        constraints = (models.UniqueConstraint(fields=["department", "name"], name="a_checklist_name_once"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("checklists:checklist", args=[self.pk])

    @property
    def audit_place(self) -> str:
        """Where its department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Whose it is."""
        return str(self.department_id)


class ChecklistVersion(Recorded):
    """What a form asks. definition: as ``xlsform.Definition`` writes it; digest: SHA-256 of the workbook, or of a
    definition that was written on a page.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="versions", verbose_name="检查表")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    items = models.ManyToManyField(Item, blank=True, related_name="checklists", verbose_name="适用事项")
    definition = models.JSONField("内容", default=dict)
    n_questions = models.PositiveIntegerField("题数")
    file_name = models.CharField("文件", max_length=200)
    digest = models.CharField("文件摘要", max_length=64)
    brought_at = models.DateTimeField("上传时间")
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="上传人")
    published_at = models.DateTimeField("启用时间", null=True, blank=True)
    published_by = stamped_by("启用人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_by = stamped_by("停用人")
    end_reason = models.CharField("停用原因", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查表版本"
        ordering = ("checklist", "-number", "id")
        constraints = (
            models.UniqueConstraint(fields=["checklist", "number"], name="a_checklist_version_once"),
            models.UniqueConstraint(fields=["checklist"], condition=Q(state="in_use"), name="one_checklist_in_use"),
            models.UniqueConstraint(fields=["checklist"], condition=Q(state="draft"), name="one_checklist_draft"),
            models.CheckConstraint(condition=~Q(published_by=F("brought_by")), name="a_checklist_has_two_people"),
            state_needs(OUT, Q(published_at__isnull=False), "a_checklist_out_was_published"),
            state_needs(["ended"], Q(ended_at__isnull=False) & ~Q(end_reason=""), "a_checklist_ends_with_reason"),
            paired("published", "checklist_published_pair"),
            paired("ended", "checklist_ended_pair"),
        )

    def __str__(self) -> str:
        return f"{self.checklist}（第{self.number}版）"

    def get_absolute_url(self) -> str:
        """The page of its form, turned to this version."""
        return f"{self.checklist.get_absolute_url()}?version={self.number}"

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return VersionState(self.state).label

    @property
    def questions(self) -> list[dict[str, Any]]:
        """Its rows in their order."""
        rows: list[dict[str, Any]] = self.definition["survey"]
        return rows

    @property
    def audit_place(self) -> str:
        """Where its department is."""
        return self.checklist.audit_place

    @property
    def audit_department(self) -> str:
        """Whose it is."""
        return self.checklist.audit_department
