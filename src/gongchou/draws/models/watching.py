"""Groups of subjects of which the office asks whether chance alone can explain how seldom or often they are drawn."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, User
from gongchou.draws.models.batches import Draw
from gongchou.registry.models import Subject
from gongchou.registry.models.versions import paired, stamped_by


class WatchGroup(Recorded):
    """关注组: subjects with something in common; never a single one. Its subjects stay as they were named.

    A group that could be changed would be changed until it shows something; another question is another group.
    """

    class Kind(models.TextChoices):
        """What they have in common."""

        PERSON = "person", "同一法定代表人（负责人）"
        ADDRESS = "address", "同一地址或楼宇"
        AGENT = "agent", "同一代办机构"
        OTHER = "other", "其他"

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("共同点", max_length=10, choices=Kind.choices)
    reason = models.CharField("关注理由", max_length=500)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="设立部门")
    subjects = models.ManyToManyField(Subject, related_name="+", verbose_name="对象")
    created_at = models.DateTimeField("设立时间")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="设立人")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = stamped_by("结束人")
    end_reason = models.CharField("结束理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "关注组"
        ordering = ("-created_at", "id")
        constraints = (
            paired("ended", "watch_group_ended_pair"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(end_reason=""), name="a_watch_group_ends_with_reason"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("draws:watch-group", args=[self.pk])

    @property
    def audit_place(self) -> str:
        """Where its department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Whose office watches."""
        return str(self.department_id)


class WatchedFrame(models.Model):
    """Which subjects of a group stood in the frame of a draw: subject -> stratum. No record: read from the evidence."""

    group = models.ForeignKey(WatchGroup, on_delete=models.CASCADE, related_name="frames", verbose_name="关注组")
    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="+", verbose_name="抽取")
    strata = models.JSONField("各对象的层", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "关注组所在名单"
        ordering = ("group", "draw", "id")
        constraints = (models.UniqueConstraint(fields=["group", "draw"], name="a_frame_once_for_a_group"),)

    def __str__(self) -> str:
        return f"{self.group} {self.draw.code}"
