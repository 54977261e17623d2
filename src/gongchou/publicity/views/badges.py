"""亮码: whoever is inspected scans the inspector's code and reads who came, for what, and what she may ask."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.inspections.badges import badge_of
from gongchou.web.access import open_to_all


@open_to_all
@require_safe
def badge(request: HttpRequest, token: str) -> HttpResponse:
    """As it stands now; the address is in nobody's list and is not to be put into one."""
    found = badge_of(token, timezone.localdate())
    if found is None:
        raise Http404
    context = {"title": "核验检查人员", "badge": found, "batch": found.visit.batch}
    answer = render(request, "publicity/badge.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    return answer
