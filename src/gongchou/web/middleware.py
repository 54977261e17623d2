"""What happens around every page: a refusal becomes a sentence, an answer about people is never kept by a cache."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from gongchou.refusal import Refused, sentence
from gongchou.web.faults import only_a_button

Answer = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """An operation that said no sends the person back to the page she came from, with the reason on top."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on. An address that only takes what a button sends has a page for who opens it."""
        response = self.get_response(request)
        is_bare = response.status_code == 405 and request.method == "GET" and response.has_header("Allow")
        return only_a_button(request, response) if is_bare else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a Refused; all else goes on to the page of faults."""
        if not isinstance(exception, Refused):
            return None
        told = sentence(exception)
        came_from = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
        if request.method == "GET" or request.headers.get("HX-Request") or not is_ours:
            return render(request, "web/refused.html", {"told": told}, status=409)
        messages.error(request, told)
        return HttpResponseRedirect(came_from, status=303)


class PrivateAnswers:
    """What a signed-in person is shown is for her alone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark what is not marked otherwise as never to be kept."""
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
