"""同源管理: the entries of 互联网+监管 and 权责清单 that items must agree with (R-7)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongchou.accounts.models import Department, Recorded, User


class OfficialImport(Recorded):
    """A file of entries as it was brought: the source of the rows, and what came of it."""

    source = models.CharField("来源", max_length=15)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="部门")
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField("文件摘要", max_length=64)
    is_full = models.BooleanField("全量", default=False)
    n_new = models.PositiveIntegerField("新增", default=0)
    n_changed = models.PositiveIntegerField("更新", default=0)
    n_same = models.PositiveIntegerField("不变", default=0)
    n_ended = models.PositiveIntegerField("终止", default=0)
    at = models.DateTimeField("导入时间")
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="导入人")

    class Meta:
        verbose_name = verbose_name_plural = "监管事项与权责清单导入"
        ordering = ("-at", "id")

    def __str__(self) -> str:
        return self.file_name

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Whose entries they are."""
        return str(self.department_id)


class OfficialEntry(Recorded):
    """An entry as the other system has it. A changed one is a new row; the old row keeps its end."""

    class Source(models.TextChoices):
        """Where the entry stands."""

        INTERNET_PLUS = "internet_plus", "互联网+监管"
        DUTY_LIST = "duty_list", "权责清单"

    source = models.CharField("来源", max_length=15, choices=Source.choices)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="official_entries", verbose_name="部门"
    )
    code = models.CharField("编码", max_length=60)
    name = models.CharField("名称", max_length=200)
    basis = models.TextField("依据", blank=True)
    brought = models.ForeignKey(
        OfficialImport, on_delete=models.PROTECT, related_name="entries", verbose_name="导入批次"
    )
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "监管事项与权责清单条目"
        ordering = ("source", "code", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["source", "department", "code"], condition=Q(ended_at=None), name="an_official_entry_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Whose entry it is."""
        return str(self.department_id)
