"""One way for a form to be shown, sent, refused and done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from gongchou.refusal import Refused, sentence


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    done: str,
    button: str = "保存",
    template: str = "web/form.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; when it is sent and clean, act with its values, say ``done`` and go to what ``act`` returned.

    act: gets the clean values; returns an address or something with ``get_absolute_url``.
    A Refused stays on the page as the form's own error, with everything that was typed.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(result if isinstance(result, str) else result.get_absolute_url(), status=303)
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "title": title, "button": button, **context}, status=status)
