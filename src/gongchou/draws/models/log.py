"""The public log of draws as it is kept: entries, checkpoints, what witnesses gave back. Rows are only added.

Each of the three is a chain of its own, and the head says how far each has come, as in the platform's log (``audit``).
"""

from __future__ import annotations

from typing import Any

from django.db import models

from gongchou.audit.models import NOTHING, Chained, ChainEnds, Given, Noted
from gongchou.draw.encoding import sha256_hex


class LogEntry(Chained):
    """One entry. data: its bytes, which are canonical JSON; type, authority, campaign and ``at`` serve search and
    follow from it.
    """

    is_recorded = True
    data = models.BinaryField("内容")
    type = models.CharField("类型", max_length=12)
    authority = models.CharField("部门编码", max_length=54)
    campaign = models.CharField("批次号", max_length=54, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开日志"
        ordering = ("index",)
        indexes = (
            models.Index(fields=["campaign", "type"], name="draw_log_campaign"),
            models.Index(fields=["authority", "index"], name="draw_log_authority"),
        )

    def __str__(self) -> str:
        return f"{self.index} {self.type}"

    def told(self) -> dict[str, Any]:
        """The bytes by their digest: two databases hand them over in two forms."""
        return super().told() | {"data": sha256_hex(bytes(self.data))}


class LogBlock(models.Model):
    """The root over ``ledger.BLOCK`` entries in a row, so that nobody reads the whole log to sign it or to prove one.

    It is made from the entries and believed in nothing: a root that is other leads to no signature and to no proof.
    """

    is_recorded = True
    index = models.BigIntegerField("序号", primary_key=True)
    root = models.CharField("子树根", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "公开日志分块"
        ordering = ("index",)

    def __str__(self) -> str:
        return f"{self.index}"


class LogHead(ChainEnds):
    """The one row that whoever adds to the log holds until the transaction ends."""

    is_recorded = True
    size = models.BigIntegerField("条数", default=0)
    latest = models.CharField("最近一条的摘要", max_length=64, default=NOTHING)

    class Meta:
        verbose_name = verbose_name_plural = "公开日志头"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="draws_one_head"),)

    def __str__(self) -> str:
        return f"{self.size}"


class LogCheckpoint(Noted):
    """A signed statement of this log.

    peaks: the roots of the complete subtrees at this size in hex, largest first; the next checkpoint goes on from them.
    """

    is_recorded = True
    peaks = models.TextField("子树根")

    class Meta:
        verbose_name = verbose_name_plural = "公开日志检查点"
        ordering = ("size",)

    def __str__(self) -> str:
        return f"公开日志 {self.size} 条"

    @property
    def audit_id(self) -> str:
        """Kind and size, for the platform's log."""
        return f"{self._meta.model_name}:{self.size}"

    @property
    def audit_name(self) -> str:
        """What it is called there."""
        return str(self)

    @property
    def audit_place(self) -> str:
        """The whole platform's."""
        return ""

    @property
    def audit_department(self) -> str:
        """Nobody's own."""
        return ""


class LogCosignature(Given):
    """What a witness said to a checkpoint of this log."""

    is_recorded = True
    checkpoint = models.ForeignKey(
        LogCheckpoint,
        to_field="size",
        on_delete=models.PROTECT,
        related_name="cosignatures",
        verbose_name="检查点条数",
    )
    witness = models.CharField("见证人", max_length=200)
    line = models.TextField("共签")

    class Meta:
        verbose_name = verbose_name_plural = "公开日志共签"
        ordering = ("checkpoint", "witness")
        constraints = (models.UniqueConstraint(fields=["checkpoint", "witness"], name="draws_cosigned_once"),)

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.witness}"


PROTECTED: tuple[type[models.Model], ...] = (LogEntry, LogCheckpoint, LogCosignature, LogHead)
"""What the log says: triggers hold it, ``damage.find_damage`` reads it; of blocks, which follow from it, the latter."""
