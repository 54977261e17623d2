"""抽查任务: one executable batch, who takes part with what, whom it leaves out and why, its work scheme."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, User
from gongchou.checklists.models import ChecklistVersion
from gongchou.plans.models.joint import Campaign
from gongchou.plans.models.lines import Line, LineVersion
from gongchou.plans.states.joint import InvitationState
from gongchou.plans.states.tasks import TaskState
from gongchou.registry.models import Item, Subject
from gongchou.registry.models.items import Ruled
from gongchou.registry.models.versions import paired, stamped_by, state_needs


class Task(Ruled, Recorded):
    """A task. It is joint when somebody else takes part; there is no other mark of it.

    source: a line of a plan; else a lead, a campaign or an instruction from above, told in ``source_note`` (R-57)
    pool, bases: 名单条件 and 抽查基数 as of a line
    """

    class Source(models.TextChoices):
        """Where a task comes from. Whatever is not in a plan is counted apart."""

        PLAN = "plan", "年度计划"
        LEAD = "lead", "问题线索"
        CAMPAIGN = "campaign", "专项行动"
        SUPERIOR = "superior", "上级部署"

    number = models.CharField("任务编号", max_length=80, unique=True)
    serial = models.PositiveIntegerField("序号")
    year = models.PositiveIntegerField("年度")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="tasks", verbose_name="组织部门")
    name = models.CharField("任务名称", max_length=100)
    state = models.CharField("状态", max_length=12, choices=TaskState.choices, default=TaskState.CREATED)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    source_note = models.CharField("来源说明", max_length=300, blank=True)
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="计划行"
    )
    round = models.PositiveSmallIntegerField("第几次抽取", default=1)
    rounds = models.PositiveSmallIntegerField("全年抽取次数", default=1)
    check_type = models.CharField("抽查类型", max_length=12, choices=LineVersion.CheckType.choices)
    form = models.CharField("联查形式", max_length=16, choices=LineVersion.Form.choices, blank=True)
    category = models.CharField("抽查类别", max_length=10, blank=True)
    begins_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    pool = models.JSONField("名单条件", default=dict, blank=True)
    bases = models.JSONField("抽查基数", default=dict, blank=True)
    pool_words = models.CharField("对象条件说明", max_length=300, blank=True)
    by_district = models.BooleanField("按区县分层", default=False)
    is_risk_based = models.BooleanField("信用风险分类抽查", default=False)
    is_list_public = models.BooleanField("公示抽取名单", default=False)
    note = models.TextField("任务说明", max_length=2000, blank=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="集中联合抽查"
    )
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="建立人")
    readied_at = models.DateTimeField("设置完成时间", null=True, blank=True)
    readied_by = stamped_by("设置完成人")
    suspended_from = models.CharField("暂停前的状态", max_length=12, choices=TaskState.choices, blank=True)
    ended_at = models.DateTimeField("取消时间", null=True, blank=True)
    ended_by = stamped_by("取消人")
    end_reason = models.CharField("取消原因", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽查任务"
        ordering = ("-year", "department__code", "-serial", "id")
        constraints = (
            models.UniqueConstraint(fields=["department", "year", "serial"], name="a_task_serial_once"),
            models.UniqueConstraint(
                fields=["line", "round"], condition=~Q(state="cancelled"), name="a_task_of_a_round_once"
            ),
            models.CheckConstraint(condition=Q(round__gte=1, round__lte=F("rounds")), name="a_task_is_of_its_rounds"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="a_task_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(source="plan", line__isnull=False) | (~Q(source="plan") & ~Q(source_note="")),
                name="a_task_says_where_it_comes_from",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["created", "cancelled", "suspended"]) | Q(readied_at__isnull=False),
                name="a_task_on_its_way_was_ready",
            ),
            state_needs(
                ["cancelled"], Q(ended_at__isnull=False) & ~Q(end_reason=""), "a_task_is_cancelled_with_reason"
            ),
            paired("readied", "task_readied_pair"),
            paired("ended", "task_ended_pair"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plans:task", args=[self.pk])

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return TaskState(self.state).label

    @property
    def audit_place(self) -> str:
        """Where the organiser is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """Who organises it."""
        return str(self.department_id)


class Participant(Recorded):
    """A department in a task, the organiser too: its items and forms, and how many of its people make a visit.

    sends: people one by one, or a standing team as a whole, which then has at least ``n_people`` members who may go
    """

    class Sends(models.TextChoices):
        """派出方式 (R-62)."""

        PEOPLE = "people", "按人员"
        TEAM = "team", "按检查小组"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="participants", verbose_name="任务")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="部门")
    state = models.CharField("答复", max_length=10, choices=InvitationState.choices)
    is_lead = models.BooleanField("牵头", default=False)
    items = models.ManyToManyField(Item, blank=True, related_name="+", verbose_name="抽查事项")
    checklists = models.ManyToManyField(ChecklistVersion, blank=True, related_name="+", verbose_name="检查表")
    n_people = models.PositiveSmallIntegerField("每户人数", default=2)
    sends = models.CharField("派出方式", max_length=6, choices=Sends.choices, default=Sends.PEOPLE)
    qualification = models.CharField("人员要求", max_length=100, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = stamped_by("答复人")

    class Meta:
        verbose_name = verbose_name_plural = "参加部门"
        ordering = ("task", "-is_lead", "department__code", "id")
        constraints = (
            models.UniqueConstraint(fields=["task", "department"], name="a_department_is_in_a_task_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(is_lead=True), name="a_task_has_one_lead"),
            models.CheckConstraint(condition=Q(n_people__gte=1, n_people__lte=20), name="a_participant_sends_people"),
            paired("answered", "participant_answered_pair"),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.department}"

    @property
    def by_team(self) -> bool:
        """Whether it sends a standing team."""
        return self.sends == self.Sends.TEAM

    @property
    def state_word(self) -> str:
        """The state in Chinese."""
        return InvitationState(self.state).label

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.audit_place

    @property
    def audit_department(self) -> str:
        """The department."""
        return str(self.department_id)


class Exclusion(Recorded):
    """A subject that a task leaves out of its pool, and why: listed and counted, never silent (R-48)."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="exclusions", verbose_name="任务")
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="检查对象"
    )
    reason = models.CharField("排除理由", max_length=200)
    set_at = models.DateTimeField("排除时间")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="排除人")
    ended_at = models.DateTimeField("恢复时间", null=True, blank=True)
    ended_by = stamped_by("恢复人")

    class Meta:
        verbose_name = verbose_name_plural = "排除的对象"
        ordering = ("task", "set_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["task", "subject"], condition=Q(ended_at=None), name="a_subject_is_left_out_once"
            ),
            paired("ended", "exclusion_ended_pair"),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.subject}"

    @property
    def audit_place(self) -> str:
        """Where the task's organiser is."""
        return self.task.audit_place

    @property
    def audit_department(self) -> str:
        """The task's organiser."""
        return self.task.audit_department


class Scheme(Recorded):
    """工作方案 of a task, in versions; the published one is public (R-32)."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="schemes", verbose_name="任务")
    number = models.PositiveIntegerField("版本号")
    goals = models.TextField("工作目标")
    duties = models.TextField("检查内容和部门分工")
    measures = models.TextField("实施步骤和措施")
    deadlines = models.TextField("时限要求")
    url = models.URLField("公开地址", max_length=300, blank=True)
    written_at = models.DateTimeField("编写时间")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="编写人")
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    published_by = stamped_by("公布人")

    class Meta:
        verbose_name = verbose_name_plural = "工作方案"
        ordering = ("task", "-number", "id")
        constraints = (
            models.UniqueConstraint(fields=["task", "number"], name="a_scheme_number_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(published_at=None), name="one_scheme_being_written"),
            paired("published", "scheme_published_pair"),
        )

    def __str__(self) -> str:
        return f"{self.task.number}工作方案（第{self.number}版）"

    @property
    def audit_place(self) -> str:
        """Where the task's organiser is."""
        return self.task.audit_place

    @property
    def audit_department(self) -> str:
        """The task's organiser."""
        return self.task.audit_department
