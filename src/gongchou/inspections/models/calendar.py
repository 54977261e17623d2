"""The holidays of a year as the notice of the State Council has them; a year without one is provisional (R-88)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongchou.accounts.models import Recorded, User


class CalendarYear(Recorded):
    """A notice. A corrected one is the next row of its year; the newest counts.

    days: ISO date -> whether it is worked, for days that are not as the week has them
    """

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("第几次录入")
    source = models.CharField("依据", max_length=200)
    text = models.TextField("放假和上班安排")
    days = models.JSONField("日期")
    entered_at = models.DateTimeField("录入时间")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="录入人")

    class Meta:
        verbose_name = verbose_name_plural = "节假日安排"
        ordering = ("-year", "-number")
        constraints = (
            models.UniqueConstraint(fields=["year", "number"], name="a_notice_of_a_year_once"),
            models.CheckConstraint(condition=~Q(source=""), name="holidays_have_a_source"),
        )

    def __str__(self) -> str:
        return f"{self.year}年节假日安排"
