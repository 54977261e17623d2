"""检查小组: people of a department who always go together, and who was in it when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from gongchou.accounts.models import Department, Recorded
from gongchou.audit.naming import coded_name
from gongchou.registry.models.inspectors import Inspector


class StandingTeam(Recorded):
    """检查小组 (R-62). ``number`` is the key of imports; one that was dissolved keeps it, and is never drawn again."""

    number = models.CharField("小组编号", max_length=40, unique=True)
    name = models.CharField("小组名称", max_length=60)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="teams", verbose_name="所在单位")
    formed_at = models.DateTimeField("设立时间")
    changed_at = models.DateTimeField("更新时间")
    ended_at = models.DateTimeField("撤销时间", null=True, blank=True)
    end_reason = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查小组"
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="a_team_ends_with_reason",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:team", args=[self.pk])

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


class TeamMember(Recorded):
    """Somebody in a team for a time. Who leads is said here too, so that a change of lead ends a row as well.

    One person is in one team at a time: two teams at one door would else be one person twice.
    """

    team = models.ForeignKey(StandingTeam, on_delete=models.PROTECT, related_name="members", verbose_name="检查小组")
    inspector = models.ForeignKey(
        Inspector, on_delete=models.PROTECT, related_name="team_rows", verbose_name="检查人员"
    )
    is_lead = models.BooleanField("组长", default=False)
    joined_at = models.DateTimeField("编入时间")
    left_at = models.DateTimeField("调出时间", null=True, blank=True)
    reason = models.CharField("调整原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查小组成员"
        ordering = ("team", "-is_lead", "inspector__number", "joined_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["inspector"], condition=Q(left_at=None), name="a_person_is_in_one_team_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["team"], condition=Q(left_at=None, is_lead=True), name="a_team_has_one_lead_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")), name="a_member_leaves_after_joining"
            ),
        )

    def __str__(self) -> str:
        return f"{self.team} {self.inspector}"

    def get_absolute_url(self) -> str:
        """The page of the team."""
        return self.team.get_absolute_url()

    @property
    def audit_place(self) -> str:
        """Where the team is."""
        return self.team.audit_place

    @property
    def audit_department(self) -> str:
        """The team's department."""
        return self.team.audit_department
