"""Regions and departments: two trees that change slowly and forget nothing."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from gongchou.accounts.models.base import Recorded


class Region(Recorded):
    """行政区划: province to town, and development zones. It keeps its row when it is merged or renamed."""

    class Level(models.TextChoices):
        """From the whole province down."""

        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "县（区）"
        TOWN = "town", "乡镇（街道）"

    class Kind(models.TextChoices):
        """Development zones have statistical codes and no civil ones; people need both."""

        CIVIL = "civil", "行政区"
        ZONE = "zone", "开发区"

    code = models.CharField("代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.CIVIL)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="沿革自"
    )
    valid_from = models.DateField("启用日期", default=date(1949, 10, 1))
    valid_to = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ("code", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="region_code_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="region_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_place(self) -> str:
        """Its own code."""
        return self.code


class Department(Recorded):
    """部门及其内设机构. Two axes that are never one: territory (``region``) and line of command (``line_parent``)."""

    class Level(models.TextChoices):
        """A station of a county bureau sits in a town."""

        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "县（区）"
        TOWN = "town", "所、乡镇（街道）"

    code = models.CharField("编码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departments", verbose_name="区划")
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    function = models.CharField("职能类别", max_length=30)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="units", verbose_name="上级机构"
    )
    line_parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="line_units", verbose_name="上级主管部门"
    )
    is_internal_unit = models.BooleanField("内设机构", default=False)
    is_conference_member = models.BooleanField("联席会议成员", default=False)
    liaison = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="联络员"
    )
    is_active = models.BooleanField("有效", default=True)
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_to = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_active=True, valid_to=None) | Q(is_active=False, valid_to__isnull=False),
                name="department_is_active_until_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(is_internal_unit=False) | Q(parent__isnull=False), name="an_internal_unit_is_inside_one"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_place(self) -> str:
        """Its region."""
        return self.region.code

    @property
    def audit_department(self) -> str:
        """Itself."""
        return str(self.pk)
