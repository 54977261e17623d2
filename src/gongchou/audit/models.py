"""Lines, what is signed about them, and how far all that has come."""

from __future__ import annotations

from typing import Any

from django.db import models

from gongchou.draw.encoding import dump_json, sha256_hex

NOTHING = "0" * 64  # the digest before the first row
BLOCK = 1 << 10  # lines whose subtree root is kept: a proof reads two blocks and one root of each other


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


class ChainEnds(models.Model):
    """How far the chains of a log's checkpoints and cosignatures have come; whoever adds to one holds the row."""

    n_checkpoints = models.BigIntegerField("检查点数", default=0)
    checkpoint = models.CharField("最近一个检查点的摘要", max_length=64, default=NOTHING)
    n_cosignatures = models.BigIntegerField("共签数", default=0)
    cosignature = models.CharField("最近一个共签的摘要", max_length=64, default=NOTHING)

    class Meta:
        abstract = True


class Head(ChainEnds):
    """The one row that says how far each chain has come; whoever adds to one holds it until the transaction ends."""

    size = models.BigIntegerField("行数", default=0)
    latest = models.CharField("最近一行的摘要", max_length=64, default=NOTHING)

    class Meta:
        verbose_name = verbose_name_plural = "日志头"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head"),)

    def __str__(self) -> str:
        return f"{self.size}"


class Block(models.Model):
    """The root over ``BLOCK`` lines in a row, so that a proof need not read the whole log."""

    index = models.BigIntegerField("序号", primary_key=True)
    root = models.CharField("子树根", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "日志分块"
        ordering = ("index",)

    def __str__(self) -> str:
        return f"{self.index}"


class Chained(models.Model):
    """A row whose digest covers its columns and the row before it, counted from 0 without gaps."""

    index = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        abstract = True

    def told(self) -> dict[str, Any]:
        """The columns that are neither place nor digest."""
        fields = [field.attname for field in self._meta.concrete_fields]
        return {name: getattr(self, name) for name in fields if name not in ("index", "digest")}

    def digest_after(self, prev: str) -> str:
        """What the digest must be behind the row with this digest."""
        told = {name: value if isinstance(value, int) else str(value) for name, value in self.told().items()}
        return sha256_hex(dump_json({**told, "index": self.index, "prev": prev}))


class Noted(Chained):
    """A statement of size and root under a log's signature (C2SP tlog-checkpoint)."""

    size = models.BigIntegerField("行数", unique=True)
    note = models.TextField("签名文本")

    class Meta:
        abstract = True


class Given(Chained):
    """What a witness gave back: it has seen a checkpoint, and that it continues the one it saw before.

    at: when the witness signed, by its own clock
    """

    witness: models.CharField[str, str]
    line: models.TextField[str, str]

    class Meta:
        abstract = True


class Checkpoint(Noted):
    """A signed statement of this log.

    peaks: the roots of the complete subtrees at this size in hex, largest first; the next checkpoint goes on from them.
    """

    peaks = models.TextField("子树根")

    class Meta:
        verbose_name = verbose_name_plural = "检查点"
        ordering = ("index",)

    def __str__(self) -> str:
        return f"{self.size}"


class Cosignature(Given):
    """What a witness said to a checkpoint of this log."""

    size = models.BigIntegerField("检查点行数")
    witness = models.CharField("见证人", max_length=200)
    line = models.TextField("共签")

    class Meta:
        verbose_name = verbose_name_plural = "共签"
        ordering = ("index",)
        constraints = (models.UniqueConstraint(fields=["size", "witness"], name="audit_cosigned_once"),)

    def __str__(self) -> str:
        return f"{self.size} {self.witness}"


PROTECTED: tuple[type[models.Model], ...] = (Line, Block, Checkpoint, Cosignature, Head)
"""Every table of the log: triggers hold it, ``damage.find_damage`` reads it."""
