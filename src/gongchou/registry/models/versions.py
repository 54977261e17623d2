"""What the three lists have in common: a thing that stays the same, its versions, the editions they come out in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, User
from gongchou.registry.states.lists import APPROVED, OPEN, OUT, VersionState


class Listed(Recorded):
    """A thing on a list, by its code; whose it is. All else may change and is in its versions."""

    page: ClassVar[str]  # the name of its address

    code = models.CharField("编码", max_length=30, unique=True)
    owner = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="制定部门")

    class Meta:
        abstract = True
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse(f"registry:{self.page}", args=[self.pk])

    @property
    def audit_place(self) -> str:
        """Where its owner is."""
        return self.owner.region.code

    @property
    def audit_department(self) -> str:
        """Its owner."""
        return str(self.owner_id)


class Edition(Recorded):
    """One coming-out of a department's list: its name, why, when, where (R-2). What is in it is found by its moment."""

    class Kind(models.TextChoices):
        """Which list."""

        ITEMS = "items", "抽查事项清单"
        JOINT = "joint", "部门联合抽查事项清单"
        MATTERS = "matters", "跨部门综合监管事项清单"

    kind = models.CharField("清单", max_length=10, choices=Kind.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="公布部门")
    number = models.PositiveIntegerField("版次")
    name = models.CharField("名称", max_length=100)
    reason = models.CharField("调整原因", max_length=500)
    url = models.URLField("公开地址", max_length=300, blank=True)
    published_at = models.DateTimeField("公布时间")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="公布人")

    class Meta:
        verbose_name = verbose_name_plural = "清单版次"
        ordering = ("-published_at", "id")
        constraints = (
            models.UniqueConstraint(fields=["kind", "department", "number"], name="an_edition_number_once"),
            models.UniqueConstraint(fields=["kind", "department", "name"], name="an_edition_name_once"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:edition", args=[self.pk])

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.region.code

    @property
    def audit_department(self) -> str:
        """Who publishes."""
        return str(self.department_id)


def stamped_by(label: str) -> Any:
    """The person of a stamp that may still be missing."""
    return models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class Version(Recorded):
    """The content of a listed thing from one day on. The thing's own field is named by ``thing_field``.

    ended: who asked for abolition and why, and who agreed; a superseded version is ended by its successor.
    """

    thing_field: ClassVar[str]
    area_field: ClassVar[str] = "field"  # holds its 领域, to some of which appointments may be bound
    content: ClassVar[tuple[str, ...]]  # the fields that a reader compares, in the order of the form

    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    name = models.CharField("名称", max_length=100)
    reason = models.CharField("制定或调整原因", max_length=500)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name="版次"
    )
    created_at = models.DateTimeField("起草时间")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="起草人")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = stamped_by("提交人")
    approved_at = models.DateTimeField("审核时间", null=True, blank=True)
    approved_by = stamped_by("审核人")
    returned_reason = models.CharField("退回原因", max_length=500, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    published_by = stamped_by("公布人")
    end_reason = models.CharField("废止原因", max_length=500, blank=True)
    end_asked_at = models.DateTimeField("提出废止时间", null=True, blank=True)
    end_asked_by = stamped_by("提出废止人")
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_by = stamped_by("终止人")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name}（第{self.number}版）"

    def get_absolute_url(self) -> str:
        """The page of its thing, turned to this version."""
        return f"{self.thing.get_absolute_url()}?version={self.number}"

    @property
    def thing(self) -> Listed:
        """What this is a version of."""
        thing: Listed = getattr(self, self.thing_field)
        return thing

    @property
    def area(self) -> str:
        """The field of the list it belongs to (领域)."""
        return str(getattr(self, self.area_field))

    @property
    def audit_name(self) -> str:
        """With the code, by which people look for the whole history of a thing."""
        return f"{self.thing.code} {self}"

    @property
    def audit_place(self) -> str:
        """Where the owner is."""
        return self.thing.audit_place

    @property
    def audit_department(self) -> str:
        """The owner."""
        return self.thing.audit_department

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return VersionState(self.state).label


def version_constraints(thing: str, prefix: str) -> Iterable[models.BaseConstraint]:
    """What the database holds for every kind of version, whatever a program does."""
    stamps = ("submitted", "approved", "published", "end_asked", "ended")
    return (
        models.UniqueConstraint(fields=[thing, "number"], name=f"{prefix}_number_once"),
        models.UniqueConstraint(fields=[thing], condition=Q(state="published"), name=f"{prefix}_one_published"),
        models.UniqueConstraint(fields=[thing], condition=Q(state__in=list(OPEN)), name=f"{prefix}_one_open"),
        *(paired(stamp, f"{prefix}_{stamp}_pair") for stamp in stamps),
        state_needs(["review", *APPROVED], Q(submitted_at__isnull=False), f"{prefix}_review_is_submitted"),
        state_needs(APPROVED, Q(approved_at__isnull=False), f"{prefix}_approved_by_somebody"),
        state_needs(OUT, Q(published_at__isnull=False, edition__isnull=False), f"{prefix}_out_in_an_edition"),
        state_needs(["superseded", "abolished"], Q(ended_at__isnull=False), f"{prefix}_over_has_an_end"),
        state_needs(
            ["abolished"], Q(end_asked_at__isnull=False) & ~Q(end_reason=""), f"{prefix}_abolished_with_reason"
        ),
        models.CheckConstraint(condition=~Q(approved_by=F("submitted_by")), name=f"{prefix}_second_person"),
        models.CheckConstraint(
            condition=~Q(state="abolished") | ~Q(ended_by=F("end_asked_by")), name=f"{prefix}_end_second_person"
        ),
        models.CheckConstraint(
            condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name=f"{prefix}_ends_after_it_begins"
        ),
    )


def paired(stamp: str, name: str) -> models.CheckConstraint:
    """Who and when are known both or neither: ``stamp_at`` and ``stamp_by``."""
    both = Q(**{f"{stamp}_at__isnull": False, f"{stamp}_by__isnull": False})
    return models.CheckConstraint(
        condition=both | Q(**{f"{stamp}_at__isnull": True, f"{stamp}_by__isnull": True}), name=name
    )


def state_needs(states: Iterable[str], what: Q, name: str) -> models.CheckConstraint:
    """In these states this holds."""
    return models.CheckConstraint(condition=~Q(state__in=[str(state) for state in states]) | what, name=name)
