"""Pages of certificates, leave, and of how complete the library is."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.registry.forms import inspectors as forms
from gongchou.registry.models import Certificate, Leave
from gongchou.registry.operations import certificates as operations
from gongchou.registry.operations.third_parties import set_staff_count
from gongchou.registry.queries import inspector_figures
from gongchou.registry.queries import inspectors as queries
from gongchou.registry.tables import inspectors as tables
from gongchou.registry.views.inspectors import is_keeper, keeps, one_form, reads
from gongchou.web.forms import ReasonForm, form_page
from gongchou.web.lists import ListPage

# Certificates -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A bar of the chart, in units of its view box."""

    month: date
    count: int
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + BAR_WIDTH // 2


N_MONTHS, BAR_WIDTH, BAR_STEP, BAR_HEIGHT = 12, 26, 40, 110


def bars(months: list[tuple[date, int]]) -> list[Bar]:
    """The months as bars beside each other; the tallest is ``BAR_HEIGHT`` high."""
    most = max(1, *(count for _, count in months))
    heights = [round(BAR_HEIGHT * count / most) for _, count in months]
    return [
        Bar(month, count, 7 + number * BAR_STEP, 20 + BAR_HEIGHT - height, height)
        for number, ((month, count), height) in enumerate(zip(months, heights, strict=True))
    ]


@reads
class CertificateBoard(ListPage):
    """执法证到期看板."""

    request: SignedInRequest
    title = "执法证到期看板"
    table_class = tables.CertificateTable
    filter_class = tables.CertificateFilter
    template_name = "registry/inspectors_certificates.html"

    def rows(self) -> QuerySet[Certificate]:
        """The standing certificates within reach."""
        return queries.certificates_in_reach(self.request.user).select_related("inspector__department")

    def more(self) -> dict[str, Any]:
        """The next twelve months, and how many have ended or will soon."""
        by, today = self.request.user, timezone.localdate()
        months = queries.n_ending_by_month(by, today, N_MONTHS)
        n_expired = queries.certificates_in_reach(by).filter(valid_to__lt=today).count()
        ending = inspector_figures.n_ending(by, today)
        return {"bars": bars(months), "n_expired": n_expired, "ending": ending, "n_months": N_MONTHS}


add_certificate = one_form(
    lambda request, found: forms.CertificateForm(request.POST or None),
    operations.add_certificate,
    "登记执法证",
    "已登记证件。",
)


def _of_certificate(
    make_form: Callable[[Any], django_forms.Form], act: Callable[..., Any], title: str, done: str, lead: str
) -> Callable[..., Any]:
    @keeps
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        kept = Certificate.objects.filter(inspector__in=queries.kept(request.user).values("pk"))
        found = get_object_or_404(kept.select_related("inspector"), pk=pk)
        return form_page(
            request,
            make_form(request.POST or None),
            lambda values: act(certificate=found, **values, by=request.user, at=timezone.now()),
            title=f"{title}：{found.inspector.name} {found}",
            done=done,
            lead=lead.format(valid_to=found.valid_to),
            back=found.get_absolute_url(),
        )

    return page


renew_certificate = _of_certificate(
    forms.RenewalForm,
    operations.renew_certificate,
    "换发",
    "已换发，原证件按其有效期保留在档案中。",
    "现证件有效期至 {valid_to}。新证件按其自身的起止日期计算，新旧之间的空档仍视为无证。",
)
end_certificate = _of_certificate(
    ReasonForm,
    operations.end_certificate,
    "注销",
    "已注销证件。",
    "注销后该证件自今日起不再计为有效，记录保留在档案中。",
)


# Leave ------------------------------------------------------------------------------------------


@dataclass
class Day:
    """A day of the calendar and who is away on it."""

    day: date
    is_of_month: bool
    is_today: bool
    away: list[Leave] = field(default_factory=list)


def weeks(leaves: list[Leave], first: date, today: date) -> list[list[Day]]:
    """The weeks of a month, Monday first, with the leave that covers each day."""
    away: dict[date, list[Leave]] = defaultdict(list)
    rows = Calendar().monthdatescalendar(first.year, first.month)
    shown = (rows[0][0], rows[-1][-1])
    for leave in leaves:
        begins, ends = max(leave.begins_on, shown[0]), min(leave.ends_on, shown[1])
        for number in range((ends - begins).days + 1):
            away[begins + timedelta(days=number)].append(leave)
    return [[Day(day, day.month == first.month, day == today, away[day]) for day in row] for row in rows]


def _month_asked(text: str, today: date) -> date:
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if 2000 <= asked.year <= 2199 else today.replace(day=1)


@reads
@require_safe
def leave_calendar(request: SignedInRequest) -> HttpResponse:
    """离岗日历: who is away on which day of a month. The kind of reason is for those who keep the person's entry."""
    today = timezone.localdate()
    first = _month_asked(request.GET.get("month", ""), today)
    next_month = (first + timedelta(days=31)).replace(day=1)
    seen = queries.leaves_within(first - timedelta(days=6), next_month + timedelta(days=6))
    seen = seen.filter(inspector__in=queries.visible(request.user).values("pk"))
    leaves = list(seen.select_related("inspector__department").order_by("begins_on", "inspector__number", "id"))
    context = {
        "title": "离岗日历",
        "first": first,
        "previous": first - timedelta(days=1),
        "next": next_month,
        "weeks": weeks(leaves, first, today),
        "leaves": [own for own in leaves if own.ends_on >= first and own.begins_on < next_month],
        "kept": set(queries.departments_kept(request.user).values_list("pk", flat=True)),
    }
    return render(request, "registry/inspectors_leave.html", context)


record_leave = one_form(
    lambda request, found: forms.LeaveForm(request.POST or None),
    operations.record_leave,
    "登记离岗",
    "已登记离岗，期间不参与抽取。",
    lead="离岗期间（含起止当日）不参与抽取。事由只记类别，不记具体情况。",
)


@keeps
@require_POST
def revoke_leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """撤销离岗."""
    kept = Leave.objects.filter(inspector__in=queries.kept(request.user).values("pk"))
    found = get_object_or_404(kept.select_related("inspector"), pk=pk)
    operations.revoke_leave(leave=found, by=request.user, at=timezone.now())
    messages.success(request, "已撤销离岗。")
    return redirect(found)


# Figures ----------------------------------------------------------------------------------------


@reads
@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """名录库完整性: K-22, K-23 and K-24 by department."""
    today = timezone.localdate()
    rows = inspector_figures.figures_by_department(request.user, today)
    counts = inspector_figures.staff_counts(today.year).filter(department__in=[department for department, _ in rows])
    context = {
        "title": "人员名录库完整性",
        "rows": rows,
        "total": inspector_figures.total(each for _, each in rows),
        "ending": inspector_figures.n_ending(request.user, today),
        "today": today,
        "counts": counts.select_related("department").order_by("department__code"),
        "is_keeper": is_keeper(request),
    }
    return render(request, "registry/inspectors_figures.html", context)


@keeps
def add_staff_count(request: SignedInRequest) -> HttpResponse:
    """设置应入库人数."""
    initial = {"year": timezone.localdate().year, "department": request.user.department_id}
    return form_page(
        request,
        forms.StaffCountForm(request.POST or None, by=request.user, initial=initial),
        lambda values: set_staff_count(**values, by=request.user, at=timezone.now()),
        title="设置应入库人数",
        done="已设置应入库人数。",
        back=reverse("registry:inspector-figures"),
        lead="人员入库率以此为分母。更正时重新填写同一年度即可，原数保留。",
    )
