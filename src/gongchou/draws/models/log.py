"""The public log of draws as it is kept: entries, checkpoints, what witnesses gave back. Rows are only added."""

from __future__ import annotations

from django.db import models


class LogEntry(models.Model):
    """One entry. data: its bytes, which are canonical JSON; the other columns serve search and follow from it."""

    is_recorded = True
    index = models.BigIntegerField("序号", primary_key=True)
    data = models.BinaryField("内容")
    type = models.CharField("类型", max_length=12)
    authority = models.CharField("部门编码", max_length=54)
    campaign = models.CharField("批次号", max_length=54, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开日志"
        ordering = ("index",)
        indexes = (models.Index(fields=["campaign", "type"], name="draw_log_campaign"),)

    def __str__(self) -> str:
        return f"{self.index} {self.type}"


class LogHead(models.Model):
    """The one row that whoever adds to the log holds until the transaction ends."""

    is_recorded = True
    size = models.BigIntegerField("条数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "公开日志头"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="draws_one_head"),)

    def __str__(self) -> str:
        return f"{self.size}"


class LogCheckpoint(models.Model):
    """A statement of size and root under the log's signature."""

    is_recorded = True
    size = models.BigIntegerField("条数", primary_key=True)
    note = models.TextField("签名文本")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开日志检查点"
        ordering = ("size",)

    def __str__(self) -> str:
        return f"{self.size}"


class LogCosignature(models.Model):
    """What a witness gave back. at: when it signed, by its own clock."""

    is_recorded = True
    checkpoint = models.ForeignKey(LogCheckpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField("见证人", max_length=200)
    line = models.TextField("共签")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开日志共签"
        ordering = ("checkpoint", "witness")
        constraints = (models.UniqueConstraint(fields=["checkpoint", "witness"], name="draws_cosigned_once"),)

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.witness}"
