"""版次: published, shown as the public sees them, compared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.models import Department
from gongchou.accounts.queries import departments_within
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.forms.versions import EditionDepartmentForm, EditionForm
from gongchou.registry.models import Edition
from gongchou.registry.operations import versions as operations
from gongchou.registry.queries import versions as queries
from gongchou.registry.tables.lists import EditionFilter, EditionTable
from gongchou.registry.views.versions import decides, kind_named, reads
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage
from gongchou.web.take_away import workbook


@reads
class EditionList(ListPage):
    """清单版次."""

    title = "清单版次"
    table_class = EditionTable
    filter_class = EditionFilter
    template_name = "registry/editions.html"

    def rows(self) -> QuerySet[Edition]:
        """All: lists are public."""
        return queries.visible_editions(self.by)


@reads
@require_safe
def edition(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The list as it stood, ready to be printed, taken away and posted."""
    found = get_object_or_404(queries.visible_editions(request.user), pk=pk)
    shown = queries.readable(queries.as_of(found), queries.fields_read(request.user))
    rows = kind_named(found.kind).with_parts(shown)
    title = f"{found.department}{found.get_kind_display()}（{found.name}）"
    if "export" in request.GET:
        sheet = list(queries.sheet(queries.KINDS[found.kind], rows))
        return workbook(request, title, sheet, len(sheet) - 1)
    others = queries.visible_editions(request.user).filter(kind=found.kind, department=found.department)
    context = {
        "title": title,
        "edition": found,
        "rows": rows,
        "others": others.exclude(pk=pk),
    }
    return render(request, f"registry/edition_{found.kind}.html", context)


@reads
@require_safe
def compare_editions(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What changed between two editions of one list; without ``with``, since the one before."""
    new = get_object_or_404(queries.visible_editions(request.user), pk=pk)
    others = queries.visible_editions(request.user).filter(kind=new.kind, department=new.department).exclude(pk=pk)
    asked = request.GET.get("with", "")
    old = next((one for one in others if str(one.pk) == asked), None)
    old = old or next((one for one in others if one.number < new.number), None)
    if old and old.number > new.number:
        old, new = new, old
    fields, with_parts = queries.fields_read(request.user), kind_named(new.kind).with_parts
    changes = queries.compare_editions(old, new, fields, with_parts) if old else []
    rows = [
        (change, [one for one in queries.compare(change.old, change.new) if one.is_changed])
        if change.old and change.new
        else (change, [])
        for change in changes
    ]
    context = {"title": f"版次比较：{new.name}", "new": new, "old": old, "others": others, "rows": rows}
    return render(request, "registry/editions_compare.html", context)


@decides
def publish(request: SignedInRequest, kind: str) -> HttpResponse:
    """公布清单: first whose, then what."""
    words = kind_named(kind)
    department = _department(request)
    if department is None:
        form = EditionDepartmentForm(request.GET if "department" in request.GET else None, by=request.user)
        context = {"title": f"公布{words.list_word}", "form": form, "button": "下一步"}
        return render(request, "registry/editions_department.html", context)
    at = timezone.now()
    form_of_edition = EditionForm(
        request.POST or None, kind=kind, department=department, by=request.user, today=timezone.localdate(at)
    )

    def act(values: dict[str, Any]) -> Edition:
        return operations.publish(kind=kind, department=department, **values, by=request.user, at=at)

    return form_page(
        request,
        form_of_edition,
        act,
        title=f"公布{department}{words.list_word}",
        done="已公布。请把本版次打印或导出后，在本单位门户网站同步公开。",
        button="公布",
        template="registry/versions_form.html",
        back=reverse(words.list_page),
    )


def _department(request: SignedInRequest) -> Department | None:
    """The one that is asked for, or the only one there is."""
    reach = departments_within(request.user, Duty.APPROVE_LIST).filter(is_internal_unit=False)
    form = EditionDepartmentForm(request.GET, by=request.user)
    if form.is_valid():
        department: Department = form.cleaned_data["department"]
        return department
    found = list(reach[:2])
    return found[0] if len(found) == 1 and "department" not in request.GET else None
