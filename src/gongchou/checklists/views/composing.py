"""Writing a form on a page, from nothing or from a version that is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.checklists import operations, queries
from gongchou.checklists.composing import LONGEST, Composition, composed, composition_in
from gongchou.checklists.forms import ComposedForm, ComposedVersionForm, QuestionsWidget
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.states import VersionState
from gongchou.checklists.views.library import checklist_of, keeps
from gongchou.refusal import Refused
from gongchou.web.forms import form_page, seen_by

Make = Callable[[Any], django_forms.Form]
PAGE: dict[str, Any] = {"template": "checklists/compose.html", "button": "保存为待启用版本"}


@keeps
def compose(request: SignedInRequest) -> HttpResponse:
    """在页面上编写: a new form."""

    def make(data: Any) -> django_forms.Form:
        return ComposedForm(data, None, by=request.user)

    def act(values: dict[str, Any]) -> ChecklistVersion:
        return operations.open_checklist(**values, by=request.user, at=timezone.now())

    form = _form(request, make, lambda: Composition([{"type": "text"}], open=0))
    told = {
        "title": "在页面上编写检查表",
        "done": "已保存，由另一人核对后启用。",
        "back": reverse("checklists:checklists"),
    }
    return _page(request, form, act, **told)


@keeps
def revise(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """在页面上修改: the next version of a form, from the one asked for or the one in use."""
    shown = checklist_of(request, pk)

    def make(data: Any) -> django_forms.Form:
        return ComposedVersionForm(data, None, checklist=shown)

    def act(values: dict[str, Any]) -> ChecklistVersion:
        told: dict[str, Any] = {"seen": seen_by(request), "by": request.user, "at": timezone.now()}
        return operations.bring_version(checklist=shown, **values, **told)

    form = _form(request, make, lambda: _standing(request, shown))
    told = {
        "title": f"修改：{shown.name}",
        "done": "已保存为新的一版，由另一人核对后启用；在此之前仍用原来的一版。",
        "back": shown.get_absolute_url(),
        "shown": queries.standing(shown),
        "is_told": True,
    }
    return _page(request, form, act, **told)


def _standing(request: SignedInRequest, shown: Checklist) -> Composition:
    """The version to begin from. Raises Refused ``checklists.too_long_for_page``."""
    rows = list(queries.visible(request.user).filter(checklist=shown))
    asked = next((one for one in rows if str(one.number) == request.GET.get("version")), None)
    version = asked or next((one for one in rows if one.state == VersionState.IN_USE), rows[0])
    made = composed(version.definition)
    if len(made.to_json()) > LONGEST // 2:
        raise Refused("checklists.too_long_for_page", name=str(version))
    return made


def _form(request: SignedInRequest, make: Make, begin: Callable[[], Composition]) -> django_forms.Form:
    """The form as it is saved; or, while it is still worked on, as it stands, with nothing checked yet."""
    if request.method == "POST" and "do" not in request.POST:
        return make(request.POST)
    form = make(None)
    form.initial["brought"] = _worked(request, form) if request.method == "POST" else begin()
    return form


def _worked(request: SignedInRequest, form: django_forms.Form) -> Composition:
    made = composition_in(request.POST)
    made.do(request.POST["do"])
    for name in set(form.fields) - {"brought"}:
        form.initial[name] = request.POST.getlist(name) if name == "items" else request.POST.get(name, "")
    return made


def _page(request: SignedInRequest, form: django_forms.Form, act: Callable[[Any], Any], **told: Any) -> HttpResponse:
    """The page; of a form that is being worked on the questions alone, where the browser asked for no more."""
    if "brought" in form.initial and request.headers.get("HX-Request"):
        return HttpResponse(QuestionsWidget().render("brought", form.initial["brought"]))
    return form_page(request, form, act, **PAGE, **told)
