"""节假日安排: the notices of holidays that deadlines go by."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.inspections import permissions
from gongchou.inspections.forms import NoticeForm
from gongchou.inspections.models import CalendarYear
from gongchou.inspections.operations.calendar import enter
from gongchou.inspections.queries.calendar import notice_of, source_of
from gongchou.refusal import allowed
from gongchou.web.access import needs
from gongchou.web.forms import form_page


@needs(Duty.READ_RESULTS, Duty.REVIEW_RESULTS)
@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    """This year, the next, and what was entered before."""
    year = timezone.localdate().year
    context = {
        "title": "节假日安排",
        "years": [(one, source_of(one)) for one in (year, year + 1)],
        "notices": CalendarYear.objects.select_related("entered_by"),
        "may_enter": allowed(permissions.check_can_keep_calendar, request.user),
    }
    return render(request, "inspections/calendar.html", context)


@needs(Duty.COORDINATE)
def enter_notice(request: SignedInRequest) -> HttpResponse:
    """录入节假日安排."""
    year = timezone.localdate().year
    wanted = year + 1 if notice_of(year + 1) is None else year

    def act(values: dict[str, Any]) -> str:
        enter(**values, by=request.user, at=timezone.now())
        return reverse("inspections:calendar")

    form = NoticeForm(request.POST or None, initial={"year": wanted})
    more: dict[str, Any] = {"button": "录入", "back": reverse("inspections:calendar")}
    return form_page(request, form, act, title="录入节假日安排", done="已录入，各检查的录入期限已重新计算。", **more)
