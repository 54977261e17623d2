"""工作台: what somebody comes to after signing in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.queries.messages import visible_deliveries
from gongchou.accounts.queries.people import held_by, reach_words, waiting_appointments
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import ROLES, Duty, RoleCode
from gongchou.web.access import signed_in
from gongchou.web.desk import Card, Task, cards_for, register

_SHOWN = 5


@signed_in
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Greet, show what is new and what to do next, and say how far the person sees."""
    by = request.user
    cards = cards_for(request, request.duties)
    held = [(appointment, reach_words(appointment)) for appointment in held_by(by)]
    told = {
        "title": "工作台",
        "greeting": _greeting(timezone.localtime().hour),
        "unread": visible_deliveries(by).filter(read_at=None)[:_SHOWN],
        "cards": [own for own in cards if not own[0].is_overview],
        "overviews": [own for own in cards if own[0].is_overview],
        "held": [(one, ROLES[RoleCode(one.role)], words) for one, words in held],
        "factors_are_off": not settings.TWO_FACTORS,
    }
    return render(request, "accounts/home.html", told)


def _greeting(hour: int) -> str:
    spans = ((5, "夜深了"), (11, "早上好"), (14, "中午好"), (18, "下午好"))
    return next((words for until, words in spans if hour < until), "晚上好")


def _roles(request: SignedInRequest) -> list[Task]:
    """For the security administrator."""
    n = waiting_appointments(request.user).count()
    return [Task("待您确认或退回的角色申请", n, "项", reverse("accounts:requests"))]


register(Card("角色申请", _roles, frozenset({str(Duty.GRANT_ROLES)}), order=10))
