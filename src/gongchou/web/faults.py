"""The pages about faults: what happened, in words, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.web.access import open_to_all


@open_to_all
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return render(request, "web/fault.html", {"fault": "bad_request"}, status=400)


@open_to_all
def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: signed in, without the duty."""
    return render(request, "web/fault.html", {"fault": "forbidden"}, status=403)


@open_to_all
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open for too long, or came from elsewhere."""
    return render(request, "web/fault.html", {"fault": "stale_form"}, status=403)


@open_to_all
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: it does not exist, or not for this person, which must look the same."""
    return render(request, "web/fault.html", {"fault": "not_found"}, status=404)


@open_to_all
def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks the database for nothing, since that may be what is broken."""
    return render(request, "web/fault.html", {"fault": "server_error", "is_bare": True}, status=500)
