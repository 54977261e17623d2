"""执法检查人员名录库: who may be assigned, with what papers, when not, and to whom not."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, User
from gongchou.audit.naming import coded_name
from gongchou.registry.models.batches import ImportBatch
from gongchou.registry.models.subjects import Fact, Subject
from gongchou.registry.models.tags import Tag


def masked_phone(phone: str) -> str:
    """First three and last four digits of a mobile number; of anything shorter, nothing."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


class ThirdParty(Recorded):
    """第三方机构 that lends experts or tests; it can never be the subject of a task (R-132).

    Every department may ask any of them for help; ``keeper`` is who entered it and keeps its entry.
    """

    code = models.CharField("统一社会信用代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=100)
    speciality = models.CharField("专业领域", max_length=100, blank=True)
    keeper = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="登记单位")
    is_active = models.BooleanField("有效", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "第三方机构"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list it stands in."""
        return reverse("registry:third-parties")

    @property
    def audit_place(self) -> str:
        """Where its keeper is."""
        return self.keeper.region.code

    @property
    def audit_department(self) -> str:
        """Its keeper."""
        return str(self.keeper_id)


class Inspector(Recorded):
    """检查人员. ``number`` is the key of imports. Source: domain.md 2.5.

    masked_id: the identity number with all but the first 3 and last 2 characters as *; the whole is not kept.
    """

    class Category(models.TextChoices):
        """人员类别 (R-16)."""

        CIVIL_SERVANT = "civil_servant", "公务员"
        QUALIFIED = "qualified", "有执法资格人员"
        DAILY = "daily", "日常监管人员"
        EXPERT = "expert", "第三方专家"
        ASSISTANT = "assistant", "协助检查人员"

    class Post(models.TextChoices):
        """职务."""

        BUREAU_LEADER = "bureau_leader", "局领导"
        SECTION_HEAD = "section_head", "科室正职"
        SECTION_DEPUTY = "section_deputy", "科室副职"
        STATION_HEAD = "station_head", "所长正职"
        STATION_DEPUTY = "station_deputy", "所长副职"
        STAFF = "staff", "一般干部"

    class State(models.TextChoices):
        """Only active ones are drawn (R-19)."""

        ACTIVE = "active", "有效"
        INACTIVE = "inactive", "失效"

    number = models.CharField("内部编号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=60)
    initials = models.CharField("拼音首字母", max_length=60, blank=True)
    gender = models.CharField("性别", max_length=1, blank=True, choices=[("男", "男"), ("女", "女")])
    masked_id = models.CharField("身份证号（隐去）", max_length=18, blank=True)
    phone = models.CharField("手机号", max_length=20, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="inspectors", verbose_name="所在单位"
    )
    unit = models.CharField("内设部门", max_length=60, blank=True)
    category = models.CharField("人员类别", max_length=20, choices=Category.choices, default=Category.CIVIL_SERVANT)
    post = models.CharField("职务", max_length=20, choices=Post.choices, default=Post.STAFF)
    station = models.CharField("管辖片区", max_length=60, blank=True)
    education = models.CharField("最高学历", max_length=30, blank=True)
    title = models.CharField("职称", max_length=30, blank=True)
    serves_since = models.DateField("从事本岗起始日期", null=True, blank=True)
    is_expert = models.BooleanField("专家", default=False)
    third_party = models.ForeignKey(
        ThirdParty, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name="第三方机构"
    )
    does_all_items = models.BooleanField("全部事项", default=True)
    items = models.ManyToManyField("registry.Item", blank=True, related_name="+", verbose_name="执法事项范围")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+", verbose_name="资质与专长")
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="inspector", verbose_name="登录账号"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ACTIVE)
    state_reason = models.CharField("原因", max_length=200, blank=True)
    digest = models.CharField("内容摘要", max_length=32, blank=True)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="入库的导入"
    )
    vanished_at = models.DateTimeField("全量更新中未再出现", null=True, blank=True)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "执法检查人员"
        ordering = ("number",)
        indexes = (models.Index(fields=["department", "number"], name="inspector_department"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(category="expert") | Q(is_expert=True), name="an_outside_expert_is_an_expert"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The dossier."""
        return reverse("registry:inspector", args=[self.pk])

    @property
    def masked_phone(self) -> str:
        """The number as lists, the dossier and the log may show it."""
        return masked_phone(self.phone)

    @property
    def audit_name(self) -> str:
        """With the number, which two of the same name do not share."""
        return coded_name(self.name, self.number)

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.region.code

    @property
    def audit_department(self) -> str:
        """Home department."""
        return str(self.department_id)


class _OfInspector(Recorded):
    """A row that belongs to an inspector."""

    inspector: models.ForeignKey[Inspector, Inspector]

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The dossier it stands in."""
        return self.inspector.get_absolute_url()

    @property
    def audit_name(self) -> str:
        """Whose it is, and what."""
        return f"{self.inspector.audit_name} {self}"

    @property
    def audit_place(self) -> str:
        """Where the inspector is."""
        return self.inspector.audit_place

    @property
    def audit_department(self) -> str:
        """The inspector's department."""
        return self.inspector.audit_department


class Certificate(_OfInspector):
    """执法证: several per person, each with its own end. Expired on the day, it counts for nothing (R-20).

    A renewed one keeps its row with its own dates, so that a gap between two cards stays visible; ``replaced_by`` is
    what came after. One that was cancelled (注销) counts for nothing from the day of ``ended_at`` on.
    """

    inspector = models.ForeignKey(
        Inspector, on_delete=models.PROTECT, related_name="certificates", verbose_name="检查人员"
    )
    kind = models.CharField("证件类别", max_length=40)
    number = models.CharField("证号", max_length=40)
    issued_by = models.CharField("发证机关", max_length=100, blank=True)
    valid_from = models.DateField("有效期自", null=True, blank=True)
    valid_to = models.DateField("有效期至")
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="换发为"
    )
    ended_at = models.DateTimeField("注销时间", null=True, blank=True)
    end_reason = models.CharField("注销原因", max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = verbose_name_plural = "执法证件"
        ordering = ("inspector", "valid_to", "id")
        indexes = (models.Index(fields=["valid_to", "inspector"], name="certificate_expiry"),)
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "number"],
                condition=Q(ended_at=None, replaced_by=None),
                name="a_certificate_has_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="a_certificate_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Leave(_OfInspector):
    """When somebody cannot be drawn: holiday, illness, training, secondment."""

    class Reason(models.TextChoices):
        """Only the kind is kept, not the story."""

        HOLIDAY = "holiday", "休假"
        ILLNESS = "illness", "病假"
        TRAINING = "training", "学习培训"
        SECONDED = "seconded", "借调"
        OTHER = "other", "其他"

    inspector = models.ForeignKey(Inspector, on_delete=models.PROTECT, related_name="leaves", verbose_name="检查人员")
    begins_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    reason = models.CharField("事由", max_length=12, choices=Reason.choices)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "离岗"
        ordering = ("inspector", "begins_on", "id")
        indexes = (models.Index(fields=["ends_on", "begins_on"], name="leave_in_time"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="leave_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return f"{self.inspector} {self.begins_on}–{self.ends_on}"

    @property
    def audit_name(self) -> str:
        """Who is away, and when."""
        return f"{self.inspector.audit_name} {self.begins_on}–{self.ends_on}"


class Conflict(_OfInspector):
    """回避申报: an interest that keeps an inspector from a subject, once somebody has decided so.

    ``registered_by`` is who typed it; it is empty where an enterprise raised it from its own page. What was decided is
    kept when it is lifted. Source: domain.md 2.5; 行政处罚法 art. 43.
    """

    class Relation(models.TextChoices):
        """Kinds of interest."""

        HOLDING = "holding", "本人持股或任职"
        RELATIVE = "relative", "近亲属"
        FORMER_POST = "former_post", "近期任职"
        OTHER = "other", "其他利害关系"

    class DeclaredBy(models.TextChoices):
        """Who raised it."""

        SELF = "self", "本人"
        SUBJECT = "subject", "检查对象"
        SUPERVISOR = "supervisor", "上级"

    class Decision(models.TextChoices):
        """While it is pending it is honoured already: nobody should be drawn into a doubt."""

        PENDING = "pending", "待决定"
        UPHELD = "upheld", "应当回避"
        REJECTED = "rejected", "不需回避"
        LIFTED = "lifted", "已解除"

    inspector = models.ForeignKey(
        Inspector, on_delete=models.PROTECT, related_name="conflicts", verbose_name="检查人员"
    )
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="conflicts", verbose_name="检查对象")
    relation = models.CharField("关系", max_length=20, choices=Relation.choices)
    declared_by = models.CharField("申报人", max_length=12, choices=DeclaredBy.choices)
    note = models.CharField("说明", max_length=200, blank=True)
    begins_on = models.DateField("起", null=True, blank=True)
    ends_on = models.DateField("止", null=True, blank=True)
    declared_at = models.DateTimeField("申报时间")
    declared_by_name = models.CharField("登记人", max_length=60)
    registered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记账号"
    )
    decision = models.CharField("决定", max_length=10, choices=Decision.choices, default=Decision.PENDING)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人"
    )
    decision_note = models.CharField("决定理由", max_length=200, blank=True)
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="解除人"
    )
    lift_reason = models.CharField("解除原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "回避"
        ordering = ("-declared_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["inspector", "subject"],
                condition=Q(decision__in=("pending", "upheld"), ends_on=None),
                name="one_endless_conflict_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(decision="pending", decided_at=None) | (~Q(decision="pending") & ~Q(decided_at=None)),
                name="a_decision_has_its_moment",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("registered_by")), name="a_conflict_has_a_second_person"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="a_decision_has_its_maker",
            ),
            models.CheckConstraint(
                condition=Q(decision="lifted", lifted_at__isnull=False, lifted_by__isnull=False)
                | (~Q(decision="lifted") & Q(lifted_at=None, lifted_by=None)),
                name="a_lifting_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(begins_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                name="a_conflict_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspector} — {self.subject}"

    @property
    def audit_name(self) -> str:
        """Who keeps away from what."""
        beside = f"{self.inspector.audit_name} — "
        return f"{beside}{self.subject.name_in_log(beside=beside)}"


class InspectorFact(Fact):
    """A line of an inspector's dossier."""

    inspector = models.ForeignKey(Inspector, on_delete=models.PROTECT, related_name="facts", verbose_name="检查人员")

    class Meta:
        verbose_name = verbose_name_plural = "人员档案"
        ordering = ("inspector", "-at", "-id")
        indexes = (models.Index(fields=["inspector", "at"], name="inspector_fact_in_time"),)


class StaffCount(Recorded):
    """应入库人数: how many people of a department should be in the library in a year, and the paper that says so.

    The number behind 人员入库率 (K-22) is configured, never guessed. A corrected number is a new row.
    """

    year = models.PositiveSmallIntegerField("年度")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    n_staff = models.PositiveIntegerField("应入库人数")
    source = models.CharField("依据文件", max_length=200)
    set_at = models.DateTimeField("设置时间")
    set_by_name = models.CharField("设置人", max_length=60)
    ended_at = models.DateTimeField("被更正时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "应入库人数"
        ordering = ("-year", "department__code", "-set_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["year", "department"], condition=Q(ended_at=None), name="one_staff_count_a_year"
            ),
            models.CheckConstraint(condition=Q(n_staff__gt=0), name="a_staff_count_is_positive"),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.year} 年应入库人数"

    def get_absolute_url(self) -> str:
        """Where it is used."""
        return reverse("registry:inspector-figures")

    @property
    def audit_place(self) -> str:
        """Where the department is."""
        return self.department.region.code

    @property
    def audit_department(self) -> str:
        """The department."""
        return str(self.department_id)
