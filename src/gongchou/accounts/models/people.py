"""Accounts, and the roles their owners hold."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from gongchou.accounts.models.base import Recorded
from gongchou.accounts.models.organisation import Department, Region
from gongchou.accounts.roles import ADMINISTRATORS, ROLES, RoleCode


class User(Recorded, AbstractBaseUser):
    """A person who signs in. There is no superuser: whoever must do something has a role for it.

    one_time_until: the password was set by somebody else; it must be changed, and is of no use after this
    session_round: sessions belong to one round; raising it ends them all
    """

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="users", verbose_name="部门")
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("开设时间")
    one_time_until = models.DateTimeField("一次性密码有效期至", null=True, blank=True)
    session_round = models.PositiveIntegerField("会话轮次", default=0)

    last_login = None  # sign-ins are lines of the log

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Compare, and only that: Django would save a newer hash in passing, past the log."""
        return check_password(raw_password, self.password)

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """What a session must carry to be of this password and this round."""
        told = f"{self.password}:{self.session_round}"
        return salted_hmac("gongchou.accounts.session", told, secret=secret, algorithm="sha256").hexdigest()

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.region.code

    @property
    def audit_department(self) -> str:
        """The department."""
        return str(self.department_id)


_NOT_OVER = Q(ended_at=None, refused_at=None)


class Appointment(Recorded):
    """A role that somebody holds, and how far it reaches: rows of departments, in a region, in fields of the list.

    One security administrator asks for it, another grants or refuses it; until then it gives nothing.
    Where nobody is named (``requested_by``, ``granted_by``, ``ended_by``), it was the installer.
    """

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
    requested_at = models.DateTimeField("申请时间")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="申请人")
    reason = models.CharField("申请理由", max_length=200, blank=True)
    granted_at = models.DateTimeField("授予时间", null=True, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="确认人")
    refused_at = models.DateTimeField("退回时间", null=True, blank=True)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="退回人")
    refusal = models.CharField("退回理由", max_length=200, blank=True)
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="收回人")

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ("requested_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["user"],
                condition=_NOT_OVER & Q(role__in=ADMINISTRATORS),
                name="administrators_exclude_one_another",
            ),
            models.UniqueConstraint(fields=["user", "role"], condition=_NOT_OVER, name="a_role_is_held_once"),
            models.CheckConstraint(
                condition=Q(granted_at=None, granted_by=None)
                | Q(granted_at__isnull=False, granted_by__isnull=False, requested_by__isnull=False)
                | Q(granted_at__isnull=False, granted_by=None, requested_by=None),
                name="a_grant_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(requested_by=None) | Q(granted_by=None) | ~Q(granted_by=F("requested_by")),
                name="two_people_grant_a_role",
            ),
            models.CheckConstraint(
                condition=(Q(requested_by=None) | ~Q(requested_by=F("user")))
                & (Q(granted_by=None) | ~Q(granted_by=F("user"))),
                name="nobody_grants_to_herself",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None, refused_by=None)
                | Q(refused_at__isnull=False, refused_by__isnull=False, granted_at=None),
                name="a_refusal_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, granted_at__isnull=False),
                name="only_what_was_granted_ends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.role_name}"

    @property
    def role_name(self) -> str:
        """What the role is called."""
        return ROLES[RoleCode(self.role)].name

    @property
    def is_waiting(self) -> bool:
        """Whether it has been asked for and not been answered."""
        return self.granted_at is None and self.refused_at is None

    @property
    def is_held(self) -> bool:
        """Whether it gives its duties now."""
        return self.granted_at is not None and self.ended_at is None

    @property
    def audit_place(self) -> str:
        """Where the person's department is."""
        return self.user.audit_place

    @property
    def audit_department(self) -> str:
        """The person's department."""
        return self.user.audit_department
