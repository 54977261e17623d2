"""What a worker is doing for a batch, so that a page can show how far it is."""

from __future__ import annotations

from django.db import models

from gongchou.accounts.models import User
from gongchou.draws.models.batches import Batch


class Work(models.Model):
    """A freeze, a draw or a large dispatch that was asked for. No record: what it leads to is, and says so itself.

    asked_by: None where the clock asked, once it had fetched the beacon
    failure: the sentence of what stopped it; the batch then stands where it stood
    """

    class Kind(models.TextChoices):
        """What is done."""

        FREEZE = "freeze", "冻结名单"
        DRAW = "draw", "抽取"
        DISPATCH = "dispatch", "派发"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="works", verbose_name="批次")
    kind = models.CharField("工作", max_length=8, choices=Kind.choices)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出人"
    )
    seen_at = models.DateTimeField("最近动静")
    stage = models.CharField("正在做", max_length=120, blank=True)
    done = models.PositiveIntegerField("已完成", default=0)
    whole = models.PositiveIntegerField("共", default=0)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    failure = models.TextField("未能完成的原因", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台工作"
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["batch"], condition=models.Q(ended_at=None), name="one_work_at_a_time_for_a_batch"
            ),
        )

    def __str__(self) -> str:
        return f"{self.batch.code} {self.get_kind_display()}"
