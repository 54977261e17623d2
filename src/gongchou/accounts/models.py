"""Regions, departments, people, appointments."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q

from gongchou.accounts.roles import ADMINISTRATORS, ROLES, RoleCode


class Recorded(models.Model):
    """A table that is written to by operations only, with a line of audit each."""

    is_recorded: ClassVar = True
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    @property
    def audit_id(self) -> str:
        """Kind and id, for the log."""
        return f"{self._meta.model_name}:{self.pk}"

    @property
    def audit_name(self) -> str:
        """What the log calls it."""
        return str(self)

    @property
    def audit_place(self) -> str:
        """Region code of whose affair it is."""
        return ""

    @property
    def audit_department(self) -> str:
        """Id of the department whose affair it is."""
        return ""


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
        ordering = ("code",)
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

    code = models.CharField("编码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departments", verbose_name="区划")
    function = models.CharField("职能类别", max_length=30)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="units", verbose_name="上级机构"
    )
    line_parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="line_units", verbose_name="上级主管部门"
    )
    is_internal_unit = models.BooleanField("内设机构", default=False)
    is_conference_member = models.BooleanField("联席会议成员", default=False)
    is_active = models.BooleanField("有效", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        ordering = ("code",)

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


class User(Recorded, AbstractBaseUser):
    """A person who signs in. There is no superuser: whoever must do something has a role for it."""

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="users", verbose_name="部门")
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("开设时间")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.region.code

    @property
    def audit_department(self) -> str:
        """The department."""
        return str(self.department_id)


class Appointment(Recorded):
    """A role that somebody holds, and how far it reaches: rows of departments, in a region, in fields of the list."""

    class Scope(models.TextChoices):
        """The five scopes every official knows."""

        ALL = "all", "全部"
        CUSTOM = "custom", "自定"
        OWN = "own", "本部门"
        BELOW = "below", "本部门及以下"
        SELF = "self", "仅本人"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments", verbose_name="账号")
    role = models.CharField("角色", max_length=30, choices=[(role.code, role.name) for role in ROLES.values()])
    scope = models.CharField("数据范围", max_length=10, choices=Scope.choices)
    departments = models.ManyToManyField(Department, blank=True, related_name="+", verbose_name="自定部门")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, verbose_name="区划范围")
    fields = models.JSONField("事项领域", default=list, blank=True)
    granted_at = models.DateTimeField("授予时间")
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="授予人")
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ("granted_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at=None, role__in=ADMINISTRATORS),
                name="administrators_exclude_one_another",
            ),
            models.UniqueConstraint(fields=["user", "role"], condition=Q(ended_at=None), name="a_role_is_held_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} {ROLES[RoleCode(self.role)].name}"

    @property
    def audit_place(self) -> str:
        """Where the person's department is."""
        return self.user.audit_place

    @property
    def audit_department(self) -> str:
        """The person's department."""
        return self.user.audit_department
