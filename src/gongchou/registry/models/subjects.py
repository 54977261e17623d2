"""检查对象名录库: whoever or whatever can be inspected, in which sub-libraries, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded, Region
from gongchou.audit.naming import coded_name
from gongchou.registry.models.batches import ImportBatch
from gongchou.registry.models.tags import Tag

FOREVER = "9999-09-09"  # how registers write a licence without an end


class SubLibrary(Recorded):
    """分库: the subjects of one field of a department, such as 餐饮服务."""

    code = models.CharField("编码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="sub_libraries", verbose_name="主管部门"
    )
    field = models.CharField("领域", max_length=30, blank=True)
    is_licensed = models.BooleanField("凭许可入库", default=False)
    is_active = models.BooleanField("有效", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "分库"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def audit_place(self) -> str:
        """Where its department is."""
        return self.department.region.code

    @property
    def audit_department(self) -> str:
        """Its department."""
        return str(self.department_id)


class Subject(Recorded):
    """检查对象: an enterprise, a sole trader, an institution, a project, a product, a behaviour.

    number: the natural key that imports go by: the credit code where there is one, else the number of its own register.
    digest: SHA-256 (hex, 16 first bytes) of the imported values; equal digest, nothing changed.
    Source: domain.md 2.4.
    """

    class Kind(models.TextChoices):
        """主体类别; not only enterprises (R-25)."""

        ENTERPRISE = "enterprise", "企业"
        COOPERATIVE = "cooperative", "农民专业合作社"
        TRADER = "trader", "个体工商户"
        FOREIGN_OFFICE = "foreign_office", "外国企业代表机构"
        INSTITUTION = "institution", "事业单位"
        AGENCY = "agency", "机关"
        SOCIETY = "society", "社会组织"
        PROJECT = "project", "项目"
        PRODUCT = "product", "产品"
        BEHAVIOUR = "behaviour", "行为"
        OTHER = "other", "其他"

    class Status(models.TextChoices):
        """登记状态; only what lives can be drawn (R-21)."""

        LIVING = "living", "存续"
        SUSPENDED = "suspended", "歇业"
        DEREGISTERED = "deregistered", "注销"
        REVOKED = "revoked", "吊销"
        CANCELLED = "cancelled", "撤销"
        MOVED_OUT = "moved_out", "迁出"

    class State(models.TextChoices):
        """How it stands in the library (domain.md 4.2)."""

        ACTIVE = "active", "在库"
        INACTIVE = "inactive", "不参与抽查"
        ARCHIVED = "archived", "已归档"

    class Cause(models.TextChoices):
        """Why it is not active: who lives again comes back by itself, what somebody decided stays."""

        NONE = "", "—"
        STATUS = "status", "登记状态"
        DECIDED = "decided", "人工决定"

    class Grade(models.TextChoices):
        """信用风险等级, an imported fact; for internal use, never shown to the public."""

        A = "A", "A 低"
        B = "B", "B 一般"
        C = "C", "C 较高"
        D = "D", "D 高"

    class Scale(models.TextChoices):
        """企业规模, as 统计上大中小微型企业划分办法（2017） names it; an imported fact."""

        LARGE = "large", "大型"
        MEDIUM = "medium", "中型"
        SMALL = "small", "小型"
        MICRO = "micro", "微型"

    number = models.CharField("统一社会信用代码或编号", max_length=40)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("主体类别", max_length=20, choices=Kind.choices, default=Kind.ENTERPRISE)
    status = models.CharField("登记状态", max_length=20, choices=Status.choices, default=Status.LIVING)
    state = models.CharField("库内状态", max_length=12, choices=State.choices, default=State.ACTIVE)
    cause = models.CharField("缘由", max_length=10, choices=Cause.choices, default=Cause.NONE, blank=True)
    state_reason = models.CharField("原因", max_length=200, blank=True)
    # Of these three, two begin an index below and one is never searched: an index more makes every import slower.
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="行政区划"
    )
    keeper = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="subjects", db_index=False, verbose_name="管辖单位"
    )
    registration_no = models.CharField("注册号", max_length=40, blank=True)
    entity_type = models.CharField("企业类型", max_length=60, blank=True)
    legal_representative = models.CharField("法定代表人（负责人）", max_length=100, blank=True)
    established_on = models.DateField("成立日期", null=True, blank=True)
    industry = models.CharField("行业", max_length=40, blank=True)
    business_scope = models.TextField("经营范围", blank=True)
    capital = models.CharField("注册资本", max_length=60, blank=True)
    scale = models.CharField("企业规模", max_length=10, choices=Scale.choices, blank=True)
    address = models.CharField("住所（经营场所）", max_length=300, blank=True)
    station = models.CharField("片区", max_length=60, blank=True)
    authority = models.CharField("登记机关", max_length=100, blank=True)
    contact = models.CharField("联系人", max_length=60, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    grade = models.CharField("信用风险等级", max_length=1, choices=Grade.choices, blank=True)
    graded_on = models.DateField("评定日期", null=True, blank=True)
    grade_source = models.CharField("评定来源", max_length=60, blank=True)
    longitude = models.DecimalField("经度", max_digits=10, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    visited_on = models.DateField("上次检查日期", null=True, blank=True)
    more = models.JSONField("其他栏目", default=dict, blank=True)
    digest = models.CharField("内容摘要", max_length=32, blank=True)
    batch = models.ForeignKey(
        ImportBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="入库的导入",
    )
    vanished_at = models.DateTimeField("全量更新中未再出现", null=True, blank=True)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "检查对象"
        ordering = ("number",)
        # Not ``unique=True``, which in PostgreSQL adds a second index for searches that nobody makes.
        constraints = (models.UniqueConstraint(fields=["number"], name="one_subject_per_number"),)
        indexes = (
            models.Index(fields=["keeper", "number"], name="subject_keeper"),
            models.Index(fields=["region", "number"], name="subject_region"),
            models.Index(fields=["name"], name="subject_name"),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def standing(cls, status: str, stands: Mapping[str, Any]) -> dict[str, str]:
        """How an entry stands once its registration status is this (R-21); ``stands``: how it does now, by column."""
        if stands.get("state") == cls.State.ARCHIVED or stands.get("cause") == cls.Cause.DECIDED:
            return {name: stands[name] for name in ("state", "cause", "state_reason")}
        if status == cls.Status.LIVING:
            return {"state": cls.State.ACTIVE.value, "cause": cls.Cause.NONE.value, "state_reason": ""}
        reason = f"登记状态为{cls.Status(status).label}"
        return {"state": cls.State.INACTIVE.value, "cause": cls.Cause.STATUS.value, "state_reason": reason}

    def get_absolute_url(self) -> str:
        """Its dossier."""
        return reverse("registry:subject", args=[self.pk])

    def name_in_log(self, *, beside: str = "") -> str:
        """With the code, by which people look for it. beside: what else stands in the name of a thing of it."""
        return coded_name(self.name, self.number, beside=beside)

    @property
    def audit_name(self) -> str:
        """The same, alone."""
        return self.name_in_log()

    @property
    def audit_place(self) -> str:
        """Its region."""
        return self.region.code

    @property
    def audit_department(self) -> str:
        """Who keeps it."""
        return str(self.keeper_id)


class SubjectText(models.Model):
    """What a search looks through: one short text for each subject, so that a scan stays cheap (``registry.search``).

    Made from the subject and made again at any time; it is no record of its own, and no constraint looks after it.
    """

    subject = models.OneToOneField(
        Subject, on_delete=models.CASCADE, primary_key=True, related_name="text", db_constraint=False
    )
    text = models.TextField("检索文本")

    class Meta:
        verbose_name = verbose_name_plural = "检索文本"

    def __str__(self) -> str:
        return self.text


class Membership(Recorded):
    """A subject in a sub-library, by a licence or without. One subject may have several rows (R-23 counts it once)."""

    class State(models.TextChoices):
        """An expired licence takes the row out of pools (R-22)."""

        ACTIVE = "active", "有效"
        INACTIVE = "inactive", "失效"

    class Cause(models.TextChoices):
        """Why a row is inactive: what ran out comes back with a renewed licence, what somebody ended does not."""

        NONE = "", "—"
        EXPIRED = "expired", "许可到期"
        ENDED = "ended", "移出"

    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="memberships", db_index=False, verbose_name="检查对象"
    )
    sub_library = models.ForeignKey(
        SubLibrary, on_delete=models.PROTECT, related_name="memberships", db_index=False, verbose_name="分库"
    )
    licence_name = models.CharField("许可证名称", max_length=60, blank=True)
    licence_no = models.CharField("许可证编号", max_length=60, blank=True)
    licensed_on = models.DateField("批准日期", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True)
    licensed_by = models.CharField("发证机关", max_length=100, blank=True)
    needs_professional = models.BooleanField("需专业监管", default=False)
    qualification = models.ForeignKey(
        Tag, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所需资格"
    )
    needs_expert = models.BooleanField("需配专家", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ACTIVE)
    cause = models.CharField("失效缘由", max_length=10, choices=Cause.choices, default=Cause.NONE, blank=True)
    state_reason = models.CharField("原因", max_length=200, blank=True)
    set_at = models.DateTimeField("设置时间")
    set_by_name = models.CharField("设置人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "入库记录"
        ordering = ("sub_library__code", "licence_no", "id")
        constraints = (
            models.UniqueConstraint(fields=["subject", "sub_library", "licence_no"], name="one_row_per_licence"),
        )
        indexes = (
            models.Index(fields=["sub_library", "state", "subject"], name="membership_in_library"),
            models.Index(fields=["valid_to"], name="membership_ends"),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.sub_library}"

    @classmethod
    def in_force(cls) -> dict[str, str]:
        """The columns that say how an entry stands, of one that counts."""
        return {"state": cls.State.ACTIVE.value, "cause": cls.Cause.NONE.value, "state_reason": ""}

    @classmethod
    def expired(cls, valid_to: object) -> dict[str, str]:
        """The same, of one whose licence ended with a day, given as a date or as it is written."""
        reason = f"许可于 {valid_to} 到期"
        return {"state": cls.State.INACTIVE.value, "cause": cls.Cause.EXPIRED.value, "state_reason": reason}

    def set_standing(self, standing: dict[str, str]) -> None:
        """Let it stand otherwise; whoever calls saves ``standing``'s columns."""
        for name, value in standing.items():
            setattr(self, name, value)

    @property
    def audit_name(self) -> str:
        """Which subject in which sub-library."""
        beside = f" {self.sub_library}"
        return f"{self.subject.name_in_log(beside=beside)}{beside}"

    @property
    def audit_place(self) -> str:
        """Where the subject is."""
        return self.subject.audit_place

    @property
    def audit_department(self) -> str:
        """The department of the sub-library."""
        return self.sub_library.audit_department


class SubjectTag(Recorded):
    """A tag on a subject, and who put it there."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="taggings", verbose_name="检查对象")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+", verbose_name="标签")
    set_at = models.DateTimeField("标注时间")
    set_by_name = models.CharField("标注人", max_length=60)
    ended_at = models.DateTimeField("取消时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "对象标签"
        ordering = ("tag__code", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "tag"], condition=Q(ended_at=None), name="a_tag_once_on_a_subject"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.tag}"

    @property
    def audit_name(self) -> str:
        """Which tag on which subject."""
        beside = f" {self.tag}"
        return f"{self.subject.name_in_log(beside=beside)}{beside}"

    @property
    def audit_place(self) -> str:
        """Where the subject is."""
        return self.subject.audit_place

    @property
    def audit_department(self) -> str:
        """Who keeps the subject."""
        return self.subject.audit_department


class Fact(models.Model):
    """One thing that became known: rows are only added. Upper rooms push what they find (inspected, corrected, …).

    kind: such as ``changed``, ``tagged``, ``inspected``; told: a Chinese sentence; data: its raw values, for
    ``changed`` {field: [old, new]}; source: file, batch or paper it came from.
    """

    is_recorded = True
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("时间")
    kind = models.CharField("类别", max_length=30)
    told = models.CharField("内容", max_length=500)
    data = models.JSONField("数据", default=dict)
    by_name = models.CharField("登记人", max_length=60)
    source = models.CharField("来源", max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.told


class SubjectFact(Fact):
    """A line of a subject's dossier."""

    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="facts", db_index=False, verbose_name="检查对象"
    )

    class Meta:
        verbose_name = verbose_name_plural = "对象档案"
        ordering = ("subject", "-at", "-id")
        indexes = (models.Index(fields=["subject", "at"], name="subject_fact_in_time"),)
