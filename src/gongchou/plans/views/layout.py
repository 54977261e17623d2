"""Pages of plans as tables: a file is brought, looked at and confirmed; a plan or an empty workbook is taken away.

Nothing is kept between the two steps but the file itself: its place is in the address of the second, signed for one
person and one draft, and what it would change is worked out anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.models import Department
from gongchou.accounts.requests import SignedInRequest
from gongchou.plans.forms.layout import UploadForm
from gongchou.plans.layout.known import known_to
from gongchou.plans.layout.news import News, compare, standing
from gongchou.plans.layout.reading import Reading, open_table, read_table
from gongchou.plans.layout.writing import export_rows, write_refused, write_template
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.operations import lines as operations
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.pool_words import words_of_lines
from gongchou.plans.views.plans import keeps, reads, version_of
from gongchou.refusal import Refused, allowed, sentence
from gongchou.registry.imports import files
from gongchou.registry.operations.uploads import ORPHAN_AFTER
from gongchou.registry.queries.versions import Difference
from gongchou.web.lists import taken_out
from gongchou.web.take_away import taken_away, workbook

KEPT = "kept"  # the part of an address that says which file
MOST_SHOWN = 20


class Kept(NamedTuple):
    """An upload: where it lies, the digest of its bytes, what it was called."""

    path: str
    digest: str
    name: str


@dataclass(frozen=True)
class Found:
    """A file read against the draft as it stands."""

    kept: Kept
    reading: Reading
    news: News


@keeps
def import_lines(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """导入表格: upload, then look at what it would change, then confirm or take the refused rows away."""
    version = version_of(request, pk)
    default = _check_may_import(request, version)
    ticket = request.POST.get(KEPT) or request.GET.get(KEPT)
    if not ticket:
        return _upload(request, version)
    try:
        found = _found(request, version, ticket, default)
        if request.method == "POST":
            return _refused_rows(found) if "refused" in request.POST else _confirm(request, version, found, ticket)
    except Refused as refused:
        return _upload_page(request, version, UploadForm(), sentence(refused), status=422)
    return _preview(request, version, found, ticket)


def _check_may_import(request: SignedInRequest, version: PlanVersion) -> Department:
    """Whoever writes some lines of the draft may bring a table; who initiates where it does not say. Raises Refused."""
    own, office = request.user.department, version.plan.department
    if not allowed(permissions.check_can_write_line, request.user, version, office):
        permissions.check_can_write_line(request.user, version, own)
    return own if version.plan.is_joint else office


# Bringing a file --------------------------------------------------------------------------------


def _upload(request: SignedInRequest, version: PlanVersion) -> HttpResponse:
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = files.keep(file.chunks(), form.suffix)
        try:
            open_table(files.whereabouts(kept.path))
        except Refused as refused:
            form.add_error("file", sentence(refused))
        else:
            return _to_preview(version, _signed(request, version, Kept(*kept, PurePath(file.name).name[:200])))
    return _upload_page(request, version, form, status=422 if is_sent else 200)


def _upload_page(
    request: SignedInRequest, version: PlanVersion, form: UploadForm, wrong: str = "", *, status: int
) -> HttpResponse:
    told = {"title": f"导入表格：{version.name}", "version": version, "form": form, "wrong": wrong}
    return render(request, "plans/plan_import.html", told, status=status)


def _signed(request: SignedInRequest, version: PlanVersion, kept: Kept) -> str:
    return signing.dumps([*kept], salt=_salt(request, version), compress=True)


def _salt(request: SignedInRequest, version: PlanVersion) -> str:
    return f"gongchou.plans.import:{request.user.pk}:{version.pk}"


def _to_preview(version: PlanVersion, ticket: str) -> HttpResponse:
    address = reverse("plans:import-lines", args=[version.pk])
    return HttpResponseRedirect(f"{address}?{KEPT}={ticket}", status=303)


# Looking at it ----------------------------------------------------------------------------------


def _found(request: SignedInRequest, version: PlanVersion, ticket: str, default: Department) -> Found:
    """Raises Refused for what is too old, somebody else's, or no table of plan lines."""
    try:
        kept = Kept(*signing.loads(ticket, salt=_salt(request, version), max_age=ORPHAN_AFTER))
    except signing.BadSignature:
        raise Refused("plans.import_stale") from None
    path = files.whereabouts(kept.path)
    if not path.is_file():
        raise Refused("plans.import_stale")

    def check(department: Department) -> None:
        permissions.check_can_write_line(request.user, version, department)

    lines = standing(version)
    reading = read_table(open_table(path), known_to(version.plan), lines, default, check)
    return Found(kept, reading, compare(reading.good, lines))


def _preview(request: SignedInRequest, version: PlanVersion, found: Found, ticket: str) -> HttpResponse:
    faults = [(row.line, fault) for row in found.reading.bad for fault in row.faults]
    shown = found.news.changed[:MOST_SHOWN]
    pools = words_of_lines([line for line, _ in shown])
    changed = [(line, list(_differences(found, line, own, pools.get(line.pk, "")))) for line, own in shown]
    context: dict[str, Any] = {
        "title": f"核对导入：{found.kept.name}",
        "version": version,
        "found": found,
        "kept": ticket,
        "n_new": len(found.news.new),
        "n_changed": len(found.news.changed),
        "n_bad": len(found.reading.bad),
        "faults": faults[:MOST_SHOWN],
        "n_faults": len(faults),
        "changed": changed,
        "unknown": found.reading.table.unknown,
        "has_news": bool(found.news.new or found.news.changed),
    }
    return render(request, "plans/plan_import_check.html", context)


def _differences(found: Found, line: LineVersion, own: Mapping[str, Any], pool: str) -> Iterator[Difference]:
    """Old words beside the cell of the file that takes their place."""
    said = found.news.said.get(line.number, {})
    for name in own:
        cells = [said.get(part, "") for part in (("libraries", "conditions") if name == "pool" else (name,))]
        new = "；".join(filter(None, cells)) or said.get("time_note", "")
        yield Difference(queries.field_label(name), queries.field_words(line, name, pool), new)


def _refused_rows(found: Found) -> HttpResponseBase:
    """下载问题行."""
    name = f"{PurePath(found.kept.name).stem}-问题{len(found.reading.bad)}行.xlsx"
    return taken_away(name, lambda file: write_refused(file, found.reading))


def _confirm(request: SignedInRequest, version: PlanVersion, found: Found, ticket: str) -> HttpResponse:
    """确认导入: the good rows. Where some are left, the page with the others is shown again."""
    news, n_bad = found.news, len(found.reading.bad)
    if not news.new and not news.changed:
        messages.error(request, sentence(Refused("plans.import_nothing")))
        return _to_preview(version, ticket)
    try:
        _take(request, version, found)
    except Refused as refused:
        messages.error(request, sentence(refused))
        return _to_preview(version, ticket)
    left = f"；{n_bad} 行有问题，没有导入，可下载改好后再传" if n_bad else ""
    messages.success(request, f"已导入：新增 {len(news.new)} 行，修改 {len(news.changed)} 行{left}。")
    return _to_preview(version, ticket) if n_bad else HttpResponseRedirect(version.get_absolute_url(), status=303)


def _take(request: SignedInRequest, version: PlanVersion, found: Found) -> None:
    operations.import_lines(
        version=version,
        rows=found.reading.good,
        file_name=found.kept.name,
        file_digest=found.kept.digest,
        seen=request.POST.get("seen", ""),
        by=request.user,
        at=timezone.now(),
    )


# Taking away ------------------------------------------------------------------------------------


@reads
@require_safe
def export_lines(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """导出表格: the lines in the columns in which they are imported; the log says who took them."""
    version = version_of(request, pk)
    if "export" not in request.GET:
        return HttpResponseRedirect(version.get_absolute_url())
    lines, title = standing(version), f"{version.name}-第{version.number}版"
    taken_out.send(export_lines, request=request, title=title, n_rows=len(lines), asked={})
    return workbook(request, title, export_rows(lines, known_to(version.plan)), len(lines))


@keeps
@require_safe
def line_template(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """下载模板."""
    version = version_of(request, pk)
    return taken_away(f"{version.plan.year}年度计划行模板.xlsx", lambda file: write_template(file, version.plan))
