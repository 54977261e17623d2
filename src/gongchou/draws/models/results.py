"""What came out: objects by rank, visits with their seats, and what changed afterwards, each change a new row."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, User
from gongchou.draws.models.batches import Batch, Draw, OfBatch, Stratum
from gongchou.registry.models import Inspector, Item, StandingTeam, Subject
from gongchou.registry.models.versions import paired, stamped_by


class Hit(OfBatch):
    """An object that a draw selected or keeps in reserve. pid: as it stands in the frame; ticket: 64 hex digits."""

    class Place(models.TextChoices):
        """How it stands now; ``rank`` never changes."""

        SELECTED = "selected", "抽中"
        RESERVE = "reserve", "备选"
        REPLACED = "replaced", "已被替换"
        CAME_IN = "came_in", "递补"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name="批次")
    # Their constraints begin with these and find their rows: an index of its own would be written for nothing.
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, db_index=False, related_name="hits", verbose_name="抽取")
    stratum = models.ForeignKey(
        Stratum, on_delete=models.PROTECT, db_index=False, related_name="hits", verbose_name="层"
    )
    rank = models.PositiveIntegerField("位次")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="hits", verbose_name="检查对象")
    pid = models.CharField("名单中的化名", max_length=54)
    ticket = models.CharField("票号", max_length=64)
    place = models.CharField("结果", max_length=10, choices=Place.choices)

    class Meta:
        verbose_name = verbose_name_plural = "抽中的对象"
        ordering = ("draw", "stratum__code", "rank", "id")
        constraints = (
            models.UniqueConstraint(fields=["stratum", "rank"], name="a_rank_once"),
            models.UniqueConstraint(fields=["draw", "subject"], name="an_object_once_in_a_draw"),
        )

    def __str__(self) -> str:
        return f"{self.draw.code} {self.stratum.code}-{self.rank}"


class Visit(OfBatch):
    """One object, one door: all draws of the batch that selected it are served by one team on one day."""

    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, db_index=False, related_name="visits", verbose_name="批次"
    )  # one_door_in_a_batch begins with it
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="visits", verbose_name="检查对象")
    pid = models.CharField("名单中的化名", max_length=54)
    unit = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="执行单位"
    )
    visit_on = models.DateField("检查日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查户次"
        ordering = ("batch", "subject__number", "id")
        constraints = (models.UniqueConstraint(fields=["batch", "subject"], name="one_door_in_a_batch"),)

    def __str__(self) -> str:
        return f"{self.batch.code} {self.subject.name}"


class Seat(OfBatch):
    """A slot of a visit's team and who was dealt to it; a new deal ends this row and adds another (R-66).

    number: of the slot, from 1; kind: deal, repair, substitute or unfilled; event: index in the log of what ended it
    team: the standing team that was dealt as a whole; each of its people then has a row, member from 1, the lead first
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name="批次")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="seats", verbose_name="户次")
    number = models.PositiveSmallIntegerField("席位")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="部门")
    wanted = models.CharField("要求", max_length=200, blank=True)
    inspector = models.ForeignKey(
        Inspector, on_delete=models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="检查人员"
    )
    team = models.ForeignKey(
        StandingTeam, on_delete=models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="检查小组"
    )
    member = models.PositiveSmallIntegerField("组内次序", default=1)
    load = models.PositiveIntegerField("当时已承担", default=0)
    deck = models.CharField("牌号", max_length=64, blank=True)
    kind = models.CharField("方式", max_length=12)
    seated_at = models.DateTimeField("确定时间")
    ended_at = models.DateTimeField("更换时间", null=True, blank=True)
    event = models.BigIntegerField("更换的日志序号", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "席位"
        ordering = ("visit", "number", "seated_at", "member", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["visit", "number", "member"], condition=Q(ended_at=None), name="a_seat_is_held_once"
            ),
            models.CheckConstraint(
                condition=Q(member__gte=1) & (Q(member=1) | Q(team__isnull=False)), name="only_a_team_is_many"
            ),
            models.CheckConstraint(condition=Q(team=None) | Q(inspector__isnull=False), name="a_team_is_its_people"),
            models.UniqueConstraint(
                fields=["visit", "inspector"], condition=Q(ended_at=None), name="nobody_twice_in_a_team"
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit} 席位{self.number}"

    @property
    def holder(self) -> str:
        """Who was dealt to it, by name: a standing team as a whole."""
        return self.team.name if self.team else self.inspector.name if self.inspector else "空缺"


class Joining(OfBatch):
    """A lower-level department does its own items on a visit that was drawn above it (三级联动)."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="joinings", verbose_name="批次")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="joinings", verbose_name="户次")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="joinings", verbose_name="加入的部门"
    )
    items = models.ManyToManyField(Item, related_name="+", verbose_name="检查事项")
    n_people = models.PositiveSmallIntegerField("人数")
    joined_at = models.DateTimeField("加入时间")
    joined_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="加入人")

    class Meta:
        verbose_name = verbose_name_plural = "三级联动"
        ordering = ("batch", "visit__subject__number", "department__code", "id")
        constraints = (
            models.UniqueConstraint(fields=["visit", "department"], name="a_department_joins_a_visit_once"),
            models.CheckConstraint(condition=Q(n_people__gt=0), name="somebody_joins"),
        )

    def __str__(self) -> str:
        return f"{self.visit} {self.department.short_name}"

    @property
    def audit_department(self) -> str:
        """Who joins."""
        return str(self.department_id)


class Replacement(OfBatch):
    """An object that is objectively void gave its place to the next of the reserve. event: index in the log."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name="批次")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="replacements", verbose_name="抽取")
    out = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="replacements", verbose_name="退出的对象")
    into = models.OneToOneField(
        Hit, on_delete=models.PROTECT, null=True, blank=True, related_name="came_for", verbose_name="递补的对象"
    )
    reason = models.CharField("理由", max_length=40)
    note = models.CharField("说明", max_length=500, blank=True)
    evidence = models.CharField("证据摘要", max_length=64)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="提出人")
    approved_at = models.DateTimeField("同意时间", null=True, blank=True)
    approved_by = stamped_by("同意人")
    refused_at = models.DateTimeField("不同意时间", null=True, blank=True)
    refused_by = stamped_by("不同意人")
    answer = models.CharField("不同意的理由", max_length=200, blank=True)
    event = models.BigIntegerField("日志序号", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "对象替换"
        ordering = ("batch", "asked_at", "id")
        constraints = (
            models.UniqueConstraint(fields=["out"], condition=Q(refused_at=None), name="a_replacement_is_asked_once"),
            models.CheckConstraint(condition=~Q(approved_by=F("asked_by")), name="a_replacement_has_two_people"),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(refused_at=None), name="a_replacement_has_one_answer"
            ),
            paired("approved", "replacement_approved_pair"),
            paired("refused", "replacement_refused_pair"),
        )

    def __str__(self) -> str:
        return f"{self.draw.code} {self.out.subject.name}"

    def get_absolute_url(self) -> str:
        """Its own page."""
        return reverse("draws:replacement", args=[self.pk])


class Substitution(OfBatch):
    """A seat that is to be dealt again from a later round. event: index of its request in the log.

    source: the source that decides, as the log has it; round: of a beacon, that decides
    nonce: 64 hex digits that hide, until the match is open, whom the request concerns
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="substitutions", verbose_name="批次")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="substitutions", verbose_name="席位")
    reason = models.CharField("理由", max_length=40)
    note = models.CharField("说明", max_length=500, blank=True)
    nonce = models.CharField("遮蔽数", max_length=64)
    source = models.JSONField("来源", default=dict)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="提出人")
    event = models.BigIntegerField("日志序号", unique=True)
    round = models.BigIntegerField("信标轮次", null=True, blank=True)
    is_void = models.BooleanField("逾时无效", default=False)
    dealt_at = models.DateTimeField("重抽时间", null=True, blank=True)
    dealt_by = stamped_by("重抽人")
    into = models.OneToOneField(
        Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="came_by", verbose_name="新席位"
    )

    class Meta:
        verbose_name = verbose_name_plural = "人员重抽"
        ordering = ("batch", "event")
        constraints = (
            models.UniqueConstraint(fields=["seat"], condition=Q(is_void=False), name="a_seat_is_asked_for_once"),
            paired("dealt", "substitution_dealt_pair"),
        )

    def __str__(self) -> str:
        return f"{self.batch.code} 重抽{self.event}"

    def get_absolute_url(self) -> str:
        """Its own page."""
        return reverse("draws:substitution", args=[self.pk])
