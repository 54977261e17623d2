"""抽取批次 and its draws: what is frozen, what it draws from, and the files that prove it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, User
from gongchou.draws.states import LATE_UNCLOSED, NO_RESULT, BatchState, DrawState, Matching, Mode, Profile
from gongchou.plans.models import Task
from gongchou.registry.models.versions import paired, stamped_by, state_needs

AFTER_COMMIT = ["committed", "closed", "seeded", "drawn", "locked", "dispatched", "withdrawn"]
AFTER_SEED = ["drawn", "locked", "dispatched"]


class Batch(Recorded):
    """Draws that share one seed: one task alone, or those of several departments together.

    code: the campaign of the protocol, such as 990100-SCJG-2026-0007
    sources: before the last, in the order of the seed document, each as the protocol's parameters have it
    last: the source that comes last; of a public chain its round follows from ``beacon_at``
    settings: how inspectors are matched, what is left out, when receipts are given; see ``settings_of``
    seed: 64 hex digits, once it is known
    """

    code = models.CharField("批次号", max_length=54, unique=True)
    name = models.CharField("名称", max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="组织部门")
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    mode = models.CharField("性质", max_length=10, choices=Mode.choices)
    state = models.CharField("状态", max_length=12, choices=BatchState.choices, default=BatchState.DRAFT)
    profile = models.CharField("种子来源", max_length=1, choices=Profile.choices, default=Profile.PUBLIC)
    sources = models.JSONField("在先的来源", default=list, blank=True)
    last = models.JSONField("最后的来源", default=dict)
    lead_s = models.PositiveIntegerField("提前量（秒）", default=600)
    closes_at = models.DateTimeField("截止时间")
    beacon_at = models.DateTimeField("信标时间")
    disclosed_at = models.DateTimeField("回执开放时间", null=True, blank=True)
    is_sealed = models.BooleanField("名单密封", default=True)
    is_match_sealed = models.BooleanField("人员密封", default=True)
    matching = models.CharField("匹配方式", max_length=16, choices=Matching.choices, default=Matching.GLOBAL)
    settings = models.JSONField("设置", default=dict, blank=True)
    key_commitment = models.CharField("密钥承诺", max_length=64, blank=True)
    video = models.CharField("录像", max_length=300, blank=True)
    seed = models.CharField("种子", max_length=64, blank=True)
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="建立人")
    frozen_at = models.DateTimeField("冻结时间", null=True, blank=True)
    frozen_by = stamped_by("冻结人")
    committed_at = models.DateTimeField("承诺时间", null=True, blank=True)
    committed_by = stamped_by("复核人")
    closed_at = models.DateTimeField("实际截止时间", null=True, blank=True)
    closed_by = stamped_by("办理截止的人")
    seeded_at = models.DateTimeField("种子确定时间", null=True, blank=True)
    seeded_by = stamped_by("导入信标")
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)
    locked_by = stamped_by("锁定人")
    dispatched_at = models.DateTimeField("派发时间", null=True, blank=True)
    dispatched_by = stamped_by("派发人")
    ended_at = models.DateTimeField("撤回或放弃时间", null=True, blank=True)
    ended_by = stamped_by("撤回或放弃人")
    end_reason = models.CharField("撤回或放弃原因", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽取批次"
        ordering = ("-created_at", "id")
        constraints = (
            models.UniqueConstraint(fields=["department", "year", "serial"], name="a_batch_serial_once"),
            models.CheckConstraint(condition=Q(beacon_at__gt=F("closes_at")), name="the_beacon_comes_last"),
            models.CheckConstraint(condition=~Q(committed_by=F("frozen_by")), name="a_commitment_has_two_people"),
            state_needs(AFTER_COMMIT, Q(committed_at__isnull=False), "a_batch_under_way_was_committed"),
            state_needs(AFTER_SEED, Q(drawn_at__isnull=False) & ~Q(seed=""), "a_drawn_batch_has_its_seed"),
            state_needs(["withdrawn", "dropped"], ~Q(end_reason=""), "a_batch_ends_with_reason"),
            paired("frozen", "batch_frozen_pair"),
            paired("committed", "batch_committed_pair"),
            models.CheckConstraint(  # the clock closes too
                condition=Q(closed_by=None) | Q(closed_at__isnull=False), name="whoever_closed_did_so_at_a_time"
            ),
            models.CheckConstraint(  # the clock fetches the beacon too
                condition=Q(seeded_by=None) | Q(seeded_at__isnull=False), name="whoever_seeded_did_so_at_a_time"
            ),
            paired("locked", "batch_locked_pair"),
            paired("dispatched", "batch_dispatched_pair"),
            paired("ended", "batch_ended_pair"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("draws:batch", args=[self.pk])

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return BatchState(self.state).label

    @property
    def is_test(self) -> bool:
        """A practice run, marked on every page and in the bytes."""
        return self.mode == Mode.TEST

    @property
    def waits_until(self) -> datetime:
        """How long the clock waits for a party that promised a number: half of the time between close and beacon."""
        return self.closes_at + (self.beacon_at - self.closes_at) / 2

    @property
    def has_match(self) -> bool:
        """Whether inspectors are matched too."""
        return self.matching != Matching.NONE

    @property
    def hands(self) -> set[UUID]:
        """Who had a hand in it: whoever did a step, and so witnesses and audits nothing here."""
        stamps = ("created", "frozen", "committed", "closed", "seeded", "locked", "dispatched")
        return {pk for stamp in stamps if (pk := getattr(self, f"{stamp}_by_id"))}

    @property
    def all_sources(self) -> list[dict[str, Any]]:
        """In the order of the seed document."""
        return [*self.sources, self.last]

    @property
    def audit_place(self) -> str:
        """Where the organiser is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Who organises it."""
        return str(self.department_id)


class OfBatch(Recorded):
    """A row that belongs to a batch."""

    batch: models.ForeignKey[Batch, Batch]

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The page of its batch."""
        return self.batch.get_absolute_url()

    @property
    def audit_place(self) -> str:
        """Where the batch's organiser is."""
        return self.batch.audit_place

    @property
    def audit_department(self) -> str:
        """The batch's organiser."""
        return self.batch.audit_department


class Draw(OfBatch):
    """The draw of one task. code: its id in the protocol; plan: the item whose one live draw it is.

    folder: where its files lie in the bundle: empty where it is alone, else its code and a slash

    universe: how many the registry holds of what the task speaks of; left_out: reason code -> how many
    ratio: of a supplementary draw that is not to draw the task's own number, the rule that makes it
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="draws", verbose_name="批次")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="draws", verbose_name="任务")
    seq = models.PositiveSmallIntegerField("次序")
    code = models.CharField("抽取号", max_length=54)
    folder = models.CharField("证据目录", max_length=60, blank=True)
    plan = models.CharField("计划项", max_length=200)
    state = models.CharField("状态", max_length=16, choices=DrawState.choices, default=DrawState.LIVE)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="代替"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supplements", verbose_name="补充抽取自"
    )
    ratio = models.JSONField("自定数量", default=dict, blank=True)
    ratio_reason = models.CharField("自定数量的理由", max_length=200, blank=True)
    universe = models.PositiveIntegerField("名录中的对象数", default=0)
    left_out = models.JSONField("排除", default=dict, blank=True)
    commitment = models.CharField("承诺值", max_length=64, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = stamped_by("撤回人")
    seconded_by = stamped_by("撤回的第二人")
    withdraw_reason = models.CharField("撤回理由", max_length=40, blank=True)
    withdraw_note = models.CharField("撤回说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽取"
        ordering = ("batch", "seq", "id")
        constraints = (
            models.UniqueConstraint(fields=["batch", "seq"], name="a_draw_seq_once"),
            models.UniqueConstraint(fields=["batch", "code"], name="a_draw_code_once"),
            models.UniqueConstraint(fields=["batch", "task"], name="a_task_once_in_a_batch"),
            models.CheckConstraint(
                condition=Q(state="live", withdrawn_at=None) | (~Q(state="live") & ~Q(withdrawn_at=None)),
                name="a_withdrawn_draw_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(withdrawn_by=F("seconded_by")), name="a_late_withdrawal_has_two_people"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.task.name}"

    @property
    def is_withdrawn(self) -> bool:
        """Given up; it stays where everybody sees it."""
        return self.state != DrawState.LIVE

    @property
    def state_word(self) -> str:
        """The state in Chinese; what has no result does not count as valid, nor a source as fixed that never was."""
        if self.state == DrawState.LIVE and self.batch.drawn_at is None:
            return NO_RESULT
        if self.state == DrawState.WITHDRAWN_LATE and self.batch.closed_at is None:
            return LATE_UNCLOSED
        return DrawState(self.state).label

    @property
    def moves_task(self) -> bool:
        """Whether its task goes along with it: not in practice, nor for a supplementary draw."""
        return self.batch.mode == Mode.OFFICIAL and self.parent_id is None


class Withdrawal(OfBatch):
    """A request to give up a draw whose sources are fixed: one person asks, another agrees or does not."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="withdrawals", verbose_name="批次")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="withdrawals", verbose_name="抽取")
    reason = models.CharField("理由", max_length=40)
    note = models.CharField("说明", max_length=500, blank=True)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="提出人")
    agreed_at = models.DateTimeField("同意时间", null=True, blank=True)
    agreed_by = stamped_by("同意人")
    refused_at = models.DateTimeField("不同意时间", null=True, blank=True)
    refused_by = stamped_by("不同意人")
    refuse_reason = models.CharField("不同意的理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "撤回申请"
        ordering = ("batch", "asked_at", "id")
        constraints = (
            models.UniqueConstraint(fields=["draw"], condition=Q(refused_at=None), name="a_withdrawal_is_asked_once"),
            models.CheckConstraint(condition=~Q(agreed_by=F("asked_by")), name="a_withdrawal_has_two_people"),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(refused_at=None), name="a_withdrawal_has_one_answer"
            ),
            paired("agreed", "withdrawal_agreed_pair"),
            paired("refused", "withdrawal_refused_pair"),
        )

    def __str__(self) -> str:
        return f"{self.draw.code} 撤回"


class Stratum(OfBatch):
    """A part of a draw's frame: how many it holds, how many are drawn, and the rule that made the number."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name="批次")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="strata", verbose_name="抽取")
    code = models.CharField("层号", max_length=54)
    label = models.CharField("层", max_length=120)
    size = models.PositiveIntegerField("对象数")
    n = models.PositiveIntegerField("应抽")
    reserve = models.PositiveIntegerField("备选", default=0)
    rule = models.CharField("数量依据", max_length=300)
    cutoff = models.CharField("末位票号", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "层"
        ordering = ("draw", "code", "id")
        constraints = (
            models.UniqueConstraint(fields=["draw", "code"], name="a_stratum_once"),
            models.CheckConstraint(condition=Q(n__lte=F("size")), name="no_more_drawn_than_there_are"),
        )

    def __str__(self) -> str:
        return f"{self.draw.code} {self.label}"


class Evidence(OfBatch):
    """A file of a batch's bundle, or beside it for auditors: it lies in the store under its digest and never changes.

    path: its place in the bundle; what only auditors may see begins with ``auditor/``
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="evidence", verbose_name="批次")
    path = models.CharField("路径", max_length=200)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.BigIntegerField("字节数")
    kept_at = models.DateTimeField("存入时间")

    class Meta:
        verbose_name = verbose_name_plural = "证据文件"
        ordering = ("batch", "path", "id")
        constraints = (models.UniqueConstraint(fields=["batch", "path"], name="a_file_of_a_batch_once"),)

    def __str__(self) -> str:
        return f"{self.batch.code}/{self.path}"


class Contribution(OfBatch):
    """A party's part of the seed: its commitment before the batch is committed, the secret after (source ``cr``)."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="contributions", verbose_name="批次")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="参与方")
    commitment = models.CharField("承诺值", max_length=64, blank=True)
    promised_at = models.DateTimeField("承诺时间", null=True, blank=True)
    promised_by = stamped_by("承诺人")
    secret = models.CharField("秘密数", max_length=64, blank=True)
    revealed_at = models.DateTimeField("揭示时间", null=True, blank=True)
    revealed_by = stamped_by("揭示人")

    class Meta:
        verbose_name = verbose_name_plural = "种子参与方"
        ordering = ("batch", "department__code", "id")
        constraints = (
            models.UniqueConstraint(fields=["batch", "department"], name="a_party_contributes_once"),
            paired("promised", "contribution_promised_pair"),
            paired("revealed", "contribution_revealed_pair"),
        )

    def __str__(self) -> str:
        return f"{self.batch.code} {self.department.short_name}"


class Reading(OfBatch):
    """What dice or a lottery showed, typed by one person and confirmed by another.

    number: of the source, from 1; 0 where it decides a substitution
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="readings", verbose_name="批次")
    number = models.PositiveSmallIntegerField("来源序号")
    substitution = models.ForeignKey(
        "draws.Substitution",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="readings",
        verbose_name="人员重抽",
    )
    value = models.CharField("读数", max_length=300)
    read_at = models.DateTimeField("录入时间")
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="录入人")
    confirmed_at = models.DateTimeField("核对时间", null=True, blank=True)
    confirmed_by = stamped_by("核对人")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_by = stamped_by("作废人")

    class Meta:
        verbose_name = verbose_name_plural = "来源读数"
        ordering = ("batch", "number", "read_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["batch", "number"], condition=Q(voided_at=None, number__gt=0), name="a_source_is_read_once"
            ),
            models.UniqueConstraint(
                fields=["substitution"], condition=Q(voided_at=None), name="a_substitution_is_read_once"
            ),
            models.CheckConstraint(
                condition=Q(number=0, substitution__isnull=False) | Q(number__gt=0, substitution=None),
                name="a_reading_is_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(confirmed_by=F("read_by")), name="a_reading_has_two_people"),
            paired("confirmed", "reading_confirmed_pair"),
            paired("voided", "reading_voided_pair"),
        )

    def __str__(self) -> str:
        return f"{self.batch.code} 来源{self.number}"


class Attendance(OfBatch):
    """A witness or observer who was there and says so on the own account (R-52)."""

    class Role(models.TextChoices):
        """As what."""

        WITNESS = "witness", "见证人"
        OBSERVER = "observer", "观察员"
        DISCIPLINE = "discipline", "纪检监察"
        NOTARY = "notary", "公证"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="attendances", verbose_name="批次")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="人员")
    role = models.CharField("身份", max_length=12, choices=Role.choices)
    asked_at = models.DateTimeField("邀请时间")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="邀请人")
    signed_at = models.DateTimeField("签到时间", null=True, blank=True)
    remark = models.CharField("意见", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "见证"
        ordering = ("batch", "asked_at", "id")
        constraints = (models.UniqueConstraint(fields=["batch", "user"], name="a_witness_once"),)

    def __str__(self) -> str:
        return f"{self.batch.code} {self.user.name}"
