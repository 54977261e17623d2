"""标签字库: the controlled vocabulary for items, subjects and inspectors."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, User


class Tag(Recorded):
    """A label of one dimension. Big classes come from the province; a place may add small ones below them.

    Source: domain.md 2.6.
    """

    class Dimension(models.TextChoices):
        """What a tag speaks about."""

        INDUSTRY = "industry", "行业"
        AREA = "area", "区域"
        RISK = "risk", "信用风险"
        LICENCE = "licence", "许可"
        FOCUS = "focus", "重点监管"
        QUALIFICATION = "qualification", "资质"
        SPECIALITY = "speciality", "业务专长"
        OTHER = "other", "其他"

    class Reach(models.TextChoices):
        """Who may use it."""

        PROVINCE = "province", "全省"
        CITY = "city", "本市"
        DEPARTMENT = "department", "本部门"

    class State(models.TextChoices):
        """A tag is used only when somebody else has approved it."""

        PROPOSED = "proposed", "待审批"
        IN_USE = "in_use", "使用中"
        REFUSED = "refused", "未通过"
        ENDED = "ended", "已停用"

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    dimension = models.CharField("维度", max_length=20, choices=Dimension.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级标签"
    )
    is_for_items = models.BooleanField("用于事项", default=False)
    is_for_subjects = models.BooleanField("用于检查对象", default=False)
    is_for_inspectors = models.BooleanField("用于检查人员", default=False)
    reach = models.CharField("使用范围", max_length=12, choices=Reach.choices, default=Reach.CITY)
    owner = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="tags", verbose_name="设置部门")
    needs_professional = models.BooleanField("需专业监管", default=False)
    needs_expert = models.BooleanField("需配专家", default=False)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.PROPOSED)
    valid_to = models.DateField("有效期至", null=True, blank=True)
    reason = models.CharField("设置理由", max_length=300, blank=True)
    proposed_at = models.DateTimeField("提出时间", null=True, blank=True)
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出人"
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decision = models.CharField("审批意见", max_length=300, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    end_reason = models.CharField("停用原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "标签"
        ordering = ("dimension", "code")
        constraints = (
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="tag_second_person"),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="tag_end_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_for_items=True) | Q(is_for_subjects=True) | Q(is_for_inspectors=True),
                name="a_tag_is_for_something",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:tag", args=[self.pk])

    @property
    def uses_words(self) -> str:
        """What it may be put on."""
        uses = [("事项", self.is_for_items), ("对象", self.is_for_subjects), ("人员", self.is_for_inspectors)]
        return "、".join(word for word, is_so in uses if is_so)

    @property
    def audit_place(self) -> str:
        """Where its department is."""
        return self.owner.region.code

    @property
    def audit_department(self) -> str:
        """Its department."""
        return str(self.owner_id)
