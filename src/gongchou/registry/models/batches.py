"""Imports: where rows came from, how far a batch has come, and what it refused."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, Region, User


class ColumnMap(Recorded):
    """How the columns of one source are called here, remembered by what its header looks like.

    header: digest of the header; columns: heading -> field, or "" for one that is kept aside.
    """

    kind = models.CharField("名录", max_length=20)
    header = models.CharField("表头摘要", max_length=64)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="部门")
    columns = models.JSONField("栏目对应", default=dict)
    used_at = models.DateTimeField("最近使用")

    class Meta:
        verbose_name = verbose_name_plural = "栏目对应"
        ordering = ("-used_at", "id")
        constraints = (models.UniqueConstraint(fields=["kind", "header", "department"], name="one_map_per_header"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.header[:8]}"


class ImportBatch(Recorded):
    """One file that somebody brought, from upload to the last row taken. It stays as the source of its rows.

    n_read = n_new + n_changed + n_same + n_refused once it is done.
    columns: [[heading, field], …] in the order of the file; field as in ``ColumnMap``, or "-" for one not taken over.
    done_rows: rows of the file that are behind us; a worker that died goes on from here.
    has_repeats: whether a key stands in the file more than once; None until a dry run has looked.
    blanks: what an empty cell says about a value that is known.
    removed_at: when the file and the refused rows were removed, which are not kept for ever.
    sub_library: where licences go whose file has no column for it; samples: what the dry run met (``imports.samples``).
    """

    class Kind(models.TextChoices):
        """What the rows are."""

        SUBJECTS = "subjects", "检查对象"
        INSPECTORS = "inspectors", "执法检查人员"
        LICENCES = "licences", "分库与许可"

    class Blanks(models.TextChoices):
        """What becomes of a known value whose cell is empty in the file."""

        KEEP = "keep", "保留原值"
        CLEAR = "clear", "清空原值"

    class State(models.TextChoices):
        """UPLOADED -> CHECKING -> CHECKED -> RUNNING -> DONE; at any time FAILED or GIVEN_UP."""

        UPLOADED = "uploaded", "已上传"
        CHECKING = "checking", "核对中"
        CHECKED = "checked", "待确认"
        RUNNING = "running", "导入中"
        DONE = "done", "已完成"
        FAILED = "failed", "未能完成"
        GIVEN_UP = "given_up", "已放弃"

    kind = models.CharField("名录", max_length=20, choices=Kind.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="导入部门")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="默认区划")
    sub_library = models.ForeignKey(
        "registry.SubLibrary", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="默认分库"
    )
    file_name = models.CharField("文件名", max_length=200)
    file_path = models.CharField("存放位置", max_length=300)
    file_digest = models.CharField("文件摘要", max_length=64)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    header_line = models.PositiveIntegerField("表头所在行", default=1)
    encoding = models.CharField("编码", max_length=20, blank=True)
    columns = models.JSONField("栏目对应", default=list)
    is_full = models.BooleanField("全量更新", default=False)
    blanks = models.CharField("空白单元格", max_length=5, choices=Blanks.choices, default=Blanks.KEEP)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.UPLOADED)
    failure = models.CharField("未能完成的原因", max_length=500, blank=True)
    n_read = models.PositiveIntegerField("读入", default=0)
    n_new = models.PositiveIntegerField("新增", default=0)
    n_changed = models.PositiveIntegerField("更新", default=0)
    n_same = models.PositiveIntegerField("不变", default=0)
    n_refused = models.PositiveIntegerField("错误", default=0)
    n_vanished = models.PositiveIntegerField("未再出现", default=0)
    n_rows = models.PositiveIntegerField("总行数", null=True)
    has_repeats = models.BooleanField("有重复的行", null=True)
    done_rows = models.PositiveIntegerField("已处理到", default=0)
    samples = models.JSONField("核对示例", default=dict)
    created_at = models.DateTimeField("上传时间")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="上传人")
    started_at = models.DateTimeField("开始时间", null=True)
    beat_at = models.DateTimeField("最近进展", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    removed_at = models.DateTimeField("移除文件时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ("-created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "department"],
                condition=Q(state="running"),
                name="one_import_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:import", args=[self.pk])

    @property
    def has_nothing_to_take(self) -> bool:
        """It was looked at, and every row is wrong; what is there already can be put on record."""
        n_taken = self.n_new + self.n_changed + self.n_same + self.n_vanished
        return self.state == self.State.CHECKED and not n_taken

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.region.code

    @property
    def audit_department(self) -> str:
        """Who imports."""
        return str(self.department_id)


class RefusedRow(models.Model):
    """A row that was not taken: where it stands, all its cells, and why, cell by cell.

    cells: the texts as read; reasons: [{column (heading), code, told}].
    """

    is_recorded = True
    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="refused_rows", verbose_name="批次")
    line = models.PositiveIntegerField("行号")
    cells = models.JSONField("内容")
    reasons = models.JSONField("原因")

    class Meta:
        verbose_name = verbose_name_plural = "未导入的行"
        ordering = ("batch", "line", "id")
        constraints = (models.UniqueConstraint(fields=["batch", "line"], name="a_row_is_refused_once"),)

    def __str__(self) -> str:
        return f"第 {self.line} 行"
