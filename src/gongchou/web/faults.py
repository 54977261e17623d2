"""The pages about faults: what happened, in words, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from gongchou.web.access import open_to_all


def is_program(request: HttpRequest) -> bool:
    """Whether who asks wants an answer to read by itself."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _told(request: HttpRequest, fault: str, status: int) -> HttpResponse:
    """With menu and bar where the door has let somebody in, so that she goes on from here."""
    is_inside = getattr(request, "duties", None) is not None
    template = "web/fault_inside.html" if is_inside else "web/fault.html"
    return render(request, template, {"fault": fault}, status=status)


@open_to_all
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return _told(request, "bad_request", 400)


@open_to_all
def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: signed in, without the duty."""
    return _told(request, "forbidden", 403)


@open_to_all
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open for too long, or came from elsewhere."""
    if is_program(request):
        return JsonResponse({"error": "csrf", "sentence": "页面打开太久，请更新资料后再提交。"}, status=403)
    return _told(request, "stale_form", 403)


@open_to_all
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: it does not exist, or not for this person, which must look the same."""
    return _told(request, "not_found", 404)


def only_a_button(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """405 to somebody who opened the address of a button: a page instead of an empty one."""
    told = _told(request, "only_a_button", 405)
    told["Allow"] = response["Allow"]
    return told


@open_to_all
def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks the database for nothing, since that may be what is broken."""
    return render(request, "web/fault.html", {"fault": "server_error", "is_bare": True}, status=500)
