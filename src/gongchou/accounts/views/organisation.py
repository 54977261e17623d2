"""机构与区划: two trees and what may be done to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts import operations
from gongchou.accounts.forms.organisation import (
    DepartmentForm,
    EndForm,
    MoveForm,
    RegionForm,
    RenameForm,
)
from gongchou.accounts.functions import function_name
from gongchou.accounts.models import Department, Region
from gongchou.accounts.operations.organisation import CHANGEABLE
from gongchou.accounts.queries.organisation import tree_of, visible_departments, visible_regions
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.audit.models import Line
from gongchou.audit.queries import find_lines, line_facts
from gongchou.audit.verbs import verb_name
from gongchou.seen import values_of
from gongchou.web.access import needs
from gongchou.web.forms import form_page, seen_by

_LINES = 20


def _department(request: SignedInRequest, pk: UUID) -> Department:
    by = request.user
    return get_object_or_404(visible_departments(by), pk=pk)


def _region(request: SignedInRequest, pk: UUID) -> Region:
    by = request.user
    return get_object_or_404(visible_regions(by), pk=pk)


@needs(Duty.KEEP_ORGANISATION)
@require_safe
def departments(request: SignedInRequest, pk: UUID | None = None) -> HttpResponse:
    """The tree at the left, one department at the right, with its units and its history."""
    by = request.user
    chosen = _department(request, pk) if pk else None
    shows_ended = "ended" in request.GET
    rows = list(visible_departments(by) if shows_ended else visible_departments(by).filter(is_active=True))
    told = {
        "title": "机构管理",
        "tree": tree_of(rows, chosen),
        "count": len(rows),
        "department": chosen,
        "function": function_name(chosen.function) if chosen else "",
        "units": [row for row in rows if chosen and row.parent_id == chosen.pk],
        "members": [row for row in rows if row.is_conference_member],
        "history": _history(chosen) if chosen else [],
        "shows_ended": shows_ended,
    }
    return render(request, "accounts/departments.html", told)


@needs(Duty.KEEP_ORGANISATION)
def add_department(request: SignedInRequest) -> HttpResponse:
    """A new department, under the one that was looked at."""
    by = request.user
    over = visible_departments(by).filter(pk__in=_asked(request)).first()
    initial = {"parent": over, "region": over.region_id, "level": over.level, "function": over.function} if over else {}
    form = DepartmentForm(request.POST or None, by=by, initial=initial)

    def act(values: dict[str, Any]) -> str:
        return _of(operations.add_department(**values, by=by, at=timezone.now()))

    back = _of(over) if over else reverse("accounts:departments")
    return form_page(request, form, act, title="登记部门", done="部门已登记。", back=back)


def _asked(request: SignedInRequest) -> list[UUID]:
    """What the address says to add something under; anything unreadable is nothing."""
    try:
        return [UUID(request.GET.get("parent", ""))]
    except ValueError:
        return []


@needs(Duty.KEEP_ORGANISATION)
def change_department(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Other values; the old ones stay in the log."""
    by = request.user
    department = _department(request, pk)
    initial = {name: getattr(department, name) for name in CHANGEABLE}
    form = DepartmentForm(request.POST or None, by=by, department=department, initial=initial)

    def act(values: dict[str, Any]) -> str:
        seen, at = seen_by(request), timezone.now()
        return _of(operations.change_department(department=department, values=values, seen=seen, by=by, at=at))

    title, shown = f"修改部门：{department.name}", values_of(department, CHANGEABLE)
    return form_page(
        request, form, act, title=title, done="已保存，原内容留在变更记录中。", back=_of(department), shown=shown
    )


@needs(Duty.KEEP_ORGANISATION)
def move_department(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Another place in the tree, with all that is under it."""
    by = request.user
    department = _department(request, pk)
    form = MoveForm(request.POST or None, by=by, department=department, initial={"parent": department.parent_id})

    def act(values: dict[str, Any]) -> str:
        return _of(operations.move_department(department=department, **values, by=by, at=timezone.now()))

    lead = "下属单位随之调整；数据范围为“本部门及以下”的人员，看到的数据会随新的隶属关系变化。"
    title = f"调整隶属：{department.name}"
    return form_page(request, form, act, title=title, done="隶属已调整。", lead=lead, back=_of(department))


@needs(Duty.KEEP_ORGANISATION)
def end_department(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The department is no more; its rows stay."""
    by = request.user
    department = _department(request, pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})

    def act(values: dict[str, Any]) -> str:
        return _of(operations.end_department(department=department, **values, by=by, at=timezone.now()))

    lead = "撤销后不再出现在选择框中，已有的数据和记录不变。"
    title = f"撤销部门：{department.name}"
    return form_page(
        request, form, act, title=title, button="撤销", done="部门已撤销。", lead=lead, back=_of(department)
    )


@needs(Duty.KEEP_ORGANISATION)
@require_safe
def regions(request: SignedInRequest, pk: UUID | None = None) -> HttpResponse:
    """The tree at the left, one region at the right."""
    by = request.user
    chosen = _region(request, pk) if pk else None
    shows_ended = "ended" in request.GET
    rows = list(visible_regions(by) if shows_ended else visible_regions(by).filter(valid_to=None))
    told = {
        "title": "区划管理",
        "tree": tree_of(rows, chosen),
        "count": len(rows),
        "region": chosen,
        "below": [row for row in rows if chosen and row.parent_id == chosen.pk],
        "successors": chosen.successors.all() if chosen else [],
        "history": _history(chosen) if chosen else [],
        "shows_ended": shows_ended,
    }
    return render(request, "accounts/regions.html", told)


@needs(Duty.KEEP_ORGANISATION)
def add_region(request: SignedInRequest) -> HttpResponse:
    """A new region, under the one that was looked at."""
    by = request.user
    over = visible_regions(by).filter(pk__in=_asked(request)).first()
    form = RegionForm(request.POST or None, by=by, initial={"parent": over, "valid_from": timezone.localdate()})

    def act(values: dict[str, Any]) -> str:
        return _of(operations.add_region(**values, by=by, at=timezone.now()))

    back = _of(over) if over else reverse("accounts:regions")
    return form_page(request, form, act, title="登记区划", done="区划已登记。", back=back)


@needs(Duty.KEEP_ORGANISATION)
def rename_region(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The next life of a region."""
    by = request.user
    region = _region(request, pk)
    initial = {"code": region.code, "name": region.name, "on": timezone.localdate()}
    form = RenameForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> str:
        return _of(operations.rename_region(region=region, **values, by=by, at=timezone.now()))

    lead = "原区划自生效日期起停用并保留，下级区划和部门转到新区划；已有数据仍记在原区划名下，查询时两者一并查到。"
    title = f"区划更名：{region.name}"
    return form_page(request, form, act, title=title, done="区划已更名。", lead=lead, back=_of(region))


@needs(Duty.KEEP_ORGANISATION)
def end_region(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The region is no more; its row stays."""
    by = request.user
    region = _region(request, pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})

    def act(values: dict[str, Any]) -> str:
        return _of(operations.end_region(region=region, **values, by=by, at=timezone.now()))

    title = f"停用区划：{region.name}"
    return form_page(request, form, act, title=title, button="停用", done="区划已停用。", back=_of(region))


def _of(thing: Department | Region) -> str:
    return reverse("accounts:department" if isinstance(thing, Department) else "accounts:region", args=[thing.pk])


def _history(thing: Department | Region) -> list[tuple[Line, str, list[tuple[str, str, str]]]]:
    """What was done to it, newest first, with old and new values under their Chinese names."""
    lines = find_lines(about=thing.audit_id)[:_LINES]
    return [(line, f"{line.by_name} {verb_name(line.verb)}", _changes(thing, line)) for line in lines]


def _changes(thing: Department | Region, line: Line) -> list[tuple[str, str, str]]:
    names = {field.name: str(field.verbose_name) for field in thing._meta.concrete_fields}
    facts = line_facts(line).items()
    changed = [(key, told) for key, told in facts if isinstance(told, dict) and "to" in told]
    return [(names.get(key, key), _shown(told.get("from")), _shown(told["to"])) for key, told in changed]


def _shown(value: Any) -> str:
    return "是" if value is True else "否" if value is False else "（空）" if value in (None, "") else str(value)
