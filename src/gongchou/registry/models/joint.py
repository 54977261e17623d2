"""部门联合抽查事项清单: who calls whom to inspect which subjects together, for which items."""

from __future__ import annotations

from django.db import models

from gongchou.accounts.models import Department, Recorded
from gongchou.registry.models.items import Item, Ruled
from gongchou.registry.models.subjects import SubLibrary
from gongchou.registry.models.tags import Tag
from gongchou.registry.models.versions import Listed, Version, version_constraints


class JointItem(Listed):
    """部门联合抽查事项; its code is the 序号 of the list."""

    page = "joint-item"

    class Meta:
        verbose_name = verbose_name_plural = "部门联合抽查事项"
        ordering = ("code",)


class JointItemVersion(Ruled, Version):
    """What a joint item says from one day on (domain.md 2.2).

    basis: [{law, article}]; levels, subject_kinds: codes. Who initiates is in ``JointInitiator``, by type of subject.
    """

    thing_field = "joint_item"
    content = (
        "field", "name", "items", "subject_kinds", "sub_library", "initiators", "participants", "ratio", "frequency",
        "time", "levels", "level_note", "basis", "tags", "valid_from", "valid_to",
    )  # fmt: skip

    joint_item = models.ForeignKey(
        JointItem, on_delete=models.PROTECT, related_name="versions", verbose_name="联合抽查事项"
    )
    field = models.CharField("抽查领域", max_length=60)
    items = models.ManyToManyField(Item, related_name="joint_versions", verbose_name="抽查事项")
    subject_kinds = models.JSONField("检查对象类别", default=list)
    sub_library = models.ForeignKey(
        SubLibrary, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对应对象库"
    )
    participants = models.ManyToManyField(Department, related_name="+", verbose_name="配合部门")
    time = models.CharField("实施时间", max_length=60, blank=True)
    levels = models.JSONField("实施层级", default=list)
    level_note = models.CharField("层级说明", max_length=200, blank=True)
    basis = models.JSONField("检查依据", default=list)
    tags = models.ManyToManyField(Tag, blank=True, related_name="joint_versions", verbose_name="标签")

    class Meta:
        verbose_name = verbose_name_plural = "部门联合抽查事项版本"
        ordering = ("joint_item__code", "-number", "id")
        constraints = tuple(version_constraints("joint_item", "joint_version"))


class JointInitiator(Recorded):
    """发起部门: exactly one for each type of subject (R-12); one row with an empty type where there is only one."""

    version = models.ForeignKey(
        JointItemVersion, on_delete=models.PROTECT, related_name="initiators", verbose_name="版本"
    )
    subject_type = models.CharField("检查对象类型", max_length=60, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="发起部门")

    class Meta:
        verbose_name = verbose_name_plural = "发起部门"
        ordering = ("version", "subject_type", "id")
        constraints = (
            models.UniqueConstraint(fields=["version", "subject_type"], name="one_initiator_for_a_type_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.subject_type}：{self.department}" if self.subject_type else str(self.department)
