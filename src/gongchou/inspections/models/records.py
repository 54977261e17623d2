"""What was sent: records in revisions, each kept byte for byte; what each item came to; files; what a reviewer said."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from gongchou.accounts.models import Recorded, User
from gongchou.inspections.models.visits import Inspection, Worksheet
from gongchou.inspections.states import Measure, Outcome, ResultCode, Standing, Verdict
from gongchou.registry.models import Item


class OfInspection(Recorded):
    """A row that belongs to an inspection."""

    inspection: models.ForeignKey[Any, Inspection]

    class Meta:
        abstract = True

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.inspection.audit_place

    @property
    def audit_department(self) -> str:
        """Whose inspection it is."""
        return self.inspection.audit_department


class Instance(OfInspection):
    """A record that one phone began. Its id is the phone's own and never changes."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="instances", verbose_name="检查")
    standing = models.CharField("效力", max_length=12, choices=Standing.choices)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="记录人")
    created_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = verbose_name_plural = "检查记录"
        ordering = ("inspection", "created_at", "id")

    def __str__(self) -> str:
        return f"{self.inspection} {self.pk.hex[:8]}"


class Revision(OfInspection):
    """A record as it was sent. body: the bytes of the request as text; digest: their SHA-256, 64 hex digits.

    claimed_at: what the phone's clock said when it sent; offset_s: how far that is from ours, in seconds
    receipt: what was answered, so that every later answer is the same
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="revisions", verbose_name="检查")
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, db_index=False, related_name="revisions", verbose_name="检查记录"
    )
    number = models.PositiveIntegerField("版本号")
    sheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="+", verbose_name="检查用表")
    digest = models.CharField("摘要", max_length=64)
    body = models.TextField("内容")
    outcome = models.CharField("检查情况", max_length=12, choices=Outcome.choices)
    receipt = models.TextField("回执")
    received_at = models.DateTimeField("收到时间")
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="提交人")
    claimed_at = models.DateTimeField("手机时间", null=True, blank=True)
    offset_s = models.BigIntegerField("手机时钟偏差（秒）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查记录版本"
        ordering = ("inspection", "received_at", "id")
        constraints = (models.UniqueConstraint(fields=["instance", "number"], name="a_revision_of_a_record_once"),)

    def __str__(self) -> str:
        return f"{self.instance} 第{self.number}版"

    @property
    def told(self) -> dict[str, Any]:
        """The record as the phone wrote it."""
        record: dict[str, Any] = json.loads(self.body)
        return record


class Result(OfInspection):
    """What one item came to at one object, by one department (R-86), as a revision tells it."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="results", verbose_name="检查")
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, db_index=False, related_name="results", verbose_name="检查记录版本"
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", verbose_name="检查事项")
    is_checked = models.BooleanField("是否检查")
    problem = models.CharField("发现问题情况", max_length=2000, blank=True)
    handling = models.CharField("处置情况", max_length=2000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查结果"
        ordering = ("revision", "item__code", "id")
        constraints = (models.UniqueConstraint(fields=["revision", "item"], name="an_item_has_one_result"),)

    def __str__(self) -> str:
        return f"{self.inspection} {self.item.code}"


class Coded(models.Model):
    """A code of a result; several may apply, none twice. Written with its result only."""

    is_recorded = True
    result: models.ForeignKey[Any, Result]

    class Meta:
        abstract = True
        ordering = ("result", "code")


class ResultWord(Coded):
    """检查结果 by the national codes."""

    result = models.ForeignKey(
        Result, on_delete=models.PROTECT, db_index=False, related_name="words", verbose_name="检查结果"
    )
    code = models.CharField("结果", max_length=20, choices=ResultCode.choices)

    class Meta(Coded.Meta):
        verbose_name = verbose_name_plural = "结果代码"
        constraints = (models.UniqueConstraint(fields=["result", "code"], name="a_result_code_once"),)

    def __str__(self) -> str:
        return ResultCode(self.code).label


class ResultMeasure(Coded):
    """后续处置措施 by the national codes."""

    result = models.ForeignKey(
        Result, on_delete=models.PROTECT, db_index=False, related_name="measures", verbose_name="检查结果"
    )
    code = models.CharField("措施", max_length=20, choices=Measure.choices)

    class Meta(Coded.Meta):
        verbose_name = verbose_name_plural = "后续处置措施"
        constraints = (models.UniqueConstraint(fields=["result", "code"], name="a_measure_once"),)

    def __str__(self) -> str:
        return Measure(self.code).label


class Exhibit(OfInspection):
    """A file that a revision names: a photo, a voice note, a signature. It may come later than the record.

    sha256: of the file sent; original: of what the camera gave, before it was made smaller and marked
    """

    class Kind(models.TextChoices):
        """What it is."""

        PHOTO = "photo", "照片"
        AUDIO = "audio", "录音"
        SIGNATURE = "signature", "签名"
        FILE = "file", "文件"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="exhibits", verbose_name="检查")
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, db_index=False, related_name="exhibits", verbose_name="检查记录版本"
    )
    sha256 = models.CharField("摘要", max_length=64, db_index=True)
    size = models.PositiveIntegerField("字节数")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    question = models.CharField("对应题目", max_length=200, blank=True)
    caption = models.CharField("说明", max_length=200, blank=True)
    taken_at = models.DateTimeField("拍摄时间（手机）", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    accuracy_m = models.FloatField("精度（米）", null=True, blank=True)
    original = models.CharField("原件摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查证据"
        ordering = ("revision", "taken_at", "id")
        constraints = (models.UniqueConstraint(fields=["revision", "sha256"], name="an_exhibit_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sha256[:8]}"


class Attachment(Recorded):
    """A file that has come whole, and is what its name says. It lies in the store under its digest."""

    sha256 = models.CharField("摘要", max_length=64, unique=True)
    size = models.PositiveIntegerField("字节数")
    media_type = models.CharField("类型", max_length=40)
    width = models.PositiveIntegerField("宽（像素）", null=True, blank=True)
    height = models.PositiveIntegerField("高（像素）", null=True, blank=True)
    exif = models.JSONField("照片自带信息", default=dict, blank=True)
    stored_at = models.DateTimeField("收到时间")
    stored_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="上传人")

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ("stored_at", "id")

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:8]}"

    @property
    def audit_department(self) -> str:
        """Whose people sent it."""
        return str(self.stored_by.department_id)


class Review(OfInspection):
    """审核 of a revision by somebody who did not record it (R-91, R-92)."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="reviews", verbose_name="检查")
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="reviews", verbose_name="检查记录版本"
    )
    verdict = models.CharField("审核结果", max_length=10, choices=Verdict.choices)
    opinion = models.CharField("审核意见", max_length=500, blank=True)
    reviewed_at = models.DateTimeField("审核日期")
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="审核员")

    class Meta:
        verbose_name = verbose_name_plural = "审核"
        ordering = ("inspection", "reviewed_at", "id")
        constraints = (models.CheckConstraint(condition=Q(verdict="pass") | ~Q(opinion=""), name="a_no_says_why"),)

    def __str__(self) -> str:
        return f"{self.inspection} {self.get_verdict_display()}"
