"""What is counted over the kept files of a draw, so that no page reads them again."""

from __future__ import annotations

from django.db import models

from gongchou.draws.models.batches import Batch


class Figures(models.Model):
    """Figures of a batch that was drawn. They are no record: made from the evidence, and made again at any time.

    comparison: as ``comparison.to_store`` has it, empty for a draw alone
    units: draw -> stratum -> keeping unit -> [objects in the frame, drawn]
    tickets: how many objects have their ticket in each of ``figuring.BINS`` equal parts, each object once
    people: department -> ids of its people who could be dealt
    """

    batch = models.OneToOneField(
        Batch, on_delete=models.CASCADE, primary_key=True, related_name="figures", verbose_name="批次"
    )
    comparison = models.JSONField("联合与各抽的对比", default=dict, blank=True)
    units = models.JSONField("各管辖单位", default=dict, blank=True)
    tickets = models.JSONField("票号分布", default=list, blank=True)
    people = models.JSONField("可抽的人员", default=dict, blank=True)
    made_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "抽取统计"
        ordering = ("batch",)

    def __str__(self) -> str:
        return f"{self.batch.code} 统计"
