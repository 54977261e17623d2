"""Lines, checkpoints, and where the tree stands."""

from __future__ import annotations

from django.db import models


class Line(models.Model):
    """One operation: who did what to which thing, when. ``data`` is what is hashed, the other columns serve search.

    index: place in the log, from 0 without gaps.
    """

    index = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间", db_index=True)
    verb = models.CharField("操作", max_length=60, db_index=True)
    by = models.CharField("操作人编号", max_length=60, db_index=True)
    by_name = models.CharField("操作人", max_length=60)
    about = models.CharField("对象编号", max_length=100, db_index=True)
    about_name = models.CharField("对象", max_length=200)
    place = models.CharField("区划", max_length=12, blank=True)
    department = models.CharField("部门", max_length=60, blank=True)
    data = models.TextField("内容")
    leaf = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "操作日志"
        ordering = ("index",)

    def __str__(self) -> str:
        return f"{self.index} {self.verb}"


class Head(models.Model):
    """The one row that says how far the log has come; whoever adds a line holds it until the transaction ends."""

    size = models.BigIntegerField("行数", default=0)
    latest = models.CharField("最近一行的摘要", max_length=64, default="0" * 64)

    class Meta:
        verbose_name = verbose_name_plural = "日志头"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head"),)

    def __str__(self) -> str:
        return f"{self.size}"


class Checkpoint(models.Model):
    """A signed statement of size and root (C2SP tlog-checkpoint), with the cosignatures that have come in.

    peaks: the roots of the complete subtrees at this size, from which the next checkpoint goes on.
    """

    size = models.BigIntegerField("行数", primary_key=True)
    at = models.DateTimeField("时间")
    note = models.TextField("签名文本")
    peaks = models.JSONField("子树根")

    class Meta:
        verbose_name = verbose_name_plural = "检查点"
        ordering = ("size",)

    def __str__(self) -> str:
        return f"{self.size}"
