"""One way for a form to be shown, sent, refused and done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from gongchou.refusal import Refused, sentence
from gongchou.seen import changed_since, token

SEARCHED = forms.Select(attrs={"data-search": ""})  # a choice with a box to search it by
CHOOSE = ("", "请选择")  # the first choice, so that nobody sends what merely came first
SEEN = "seen"  # the hidden field of a form that says what it showed


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=200)


class DaysForm(forms.Form):
    """A query with the days ``since`` and ``until``: the wrong way round they would find nothing, and not say why."""

    def clean(self) -> dict[str, Any]:
        """What is wrong is said after the name of the field."""
        asked: dict[str, Any] = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", f"的日期须不早于“{self.fields['since'].label}”的日期。")
        return asked


def seen_by(request: HttpRequest) -> str:
    """What the form that was sent had shown; the operation asks whether it still stands."""
    return request.POST.get(SEEN, "")


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    done: str,
    button: str = "保存",
    template: str = "web/form.html",
    shown: Mapping[str, Any] | None = None,
    is_told: bool = False,
    **context: Any,
) -> HttpResponse:
    """Show a form; when it is sent and clean, act with its values, say ``done`` and go to what ``act`` returned.

    act: gets the clean values; returns an address or something with ``get_absolute_url``.
    shown: what the form changes, as it stands now; ``act`` passes ``seen_by`` on to its operation.
    is_told: ``shown`` is in words, so that whoever saves second reads beside her own what the first one saved.
    A Refused stays on the page as the form's own error, with everything that was typed. Who was told that something
    changed meanwhile has been told; what she sends next counts.
    """
    now = token(shown) if shown else ""
    seen = seen_by(request) or now
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, sentence(refused))
            if refused.code == "web.changed_meanwhile":
                context["meanwhile"] = _saved(seen, shown) if is_told and shown else []
                seen = now
        else:
            messages.success(request, done)
            return HttpResponseRedirect(result if isinstance(result, str) else result.get_absolute_url(), status=303)
    status = 422 if form.errors else 200
    told = {"form": form, "title": title, "button": button, SEEN: seen, **context}
    return render(request, template, told, status=status)


def _saved(seen: str, shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and words of what somebody else saved after the form was opened."""
    return [(name, str(shown[name])) for name in changed_since(seen, shown)]
