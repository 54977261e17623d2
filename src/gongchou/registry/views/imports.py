"""Pages of imports: bring a file, say what its columns mean, look at the dry run, confirm, watch, see the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.refusal import Refused, allowed, sentence
from gongchou.registry import tasks
from gongchou.registry.forms import imports as forms
from gongchou.registry.imports import files
from gongchou.registry.imports.columns import ASIDE, LEFT_OUT
from gongchou.registry.imports.loading import columns_of, source_of
from gongchou.registry.imports.reading import find_header, head_of
from gongchou.registry.imports.refused import write_refused
from gongchou.registry.models import ImportBatch
from gongchou.registry.operations import imports as operations
from gongchou.registry.queries import imports as queries
from gongchou.registry.rules import imports as rules
from gongchou.registry.tables import imports as tables
from gongchou.registry.views.import_words import column_rows, counts_of, share_vanished
from gongchou.web.access import needs
from gongchou.web.desk import Card, Task, register
from gongchou.web.lists import ListPage
from gongchou.web.take_away import taken_away

State = ImportBatch.State
PER_PAGE = 20
MOST_ON_DESK = 5
keeps = needs(Duty.KEEP_LIBRARIES)


@keeps
class ImportList(ListPage):
    """导入."""

    title = "导入"
    table_class = tables.ImportTable
    filter_class = tables.ImportFilter
    template_name = "registry/imports.html"

    def rows(self) -> QuerySet[ImportBatch]:
        """Those of the departments whose libraries the person keeps."""
        return queries.visible(self.by).defer("samples", "columns")


# Bringing a file --------------------------------------------------------------------------------


@keeps
def add_import(request: SignedInRequest) -> HttpResponse:
    """上传: what is wrong with a file is said here, beside what was chosen."""
    initial = {"kind": "subjects", "department": request.user.department_id, "mode": "more", **request.GET.dict()}
    form = forms.UploadForm(request.POST or None, request.FILES or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _brought(request, form)
        except Refused as refused:
            form.add_error("file" if refused.code.startswith("registry.file_") else None, sentence(refused))
        else:
            return HttpResponseRedirect(reverse("registry:import-columns", args=[batch.pk]), status=303)
    told = {"title": "导入文件", "form": form}
    return render(request, "registry/imports_add.html", told, status=422 if form.errors else 200)


def _brought(request: SignedInRequest, form: forms.UploadForm) -> ImportBatch:
    """A file that is refused stays where it lies until the sweep of the day: somebody may bring the same one now."""
    values = dict(form.cleaned_data)
    file = values.pop("file")
    values |= {"kept": files.keep(file.chunks(), form.suffix), "file_name": file.name}
    return operations.bring_file(**values, by=request.user, at=timezone.now())


def _found(request: SignedInRequest, pk: UUID) -> ImportBatch:
    return get_object_or_404(queries.visible(request.user), pk=pk)


# What the columns mean --------------------------------------------------------------------------


@keeps
def columns(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """对应栏目."""
    batch = _found(request, pk)
    rules.check_is_own(batch, request.user)
    if request.method != "POST" and not allowed(rules.check_can_be_mapped, batch):
        return redirect(batch)
    form = forms.ColumnsForm(request.POST if request.method == "POST" else None, batch=batch)
    if form.is_valid():
        try:
            batch = operations.start_check(batch=batch, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            tasks.enqueue(batch)
            return HttpResponseRedirect(batch.get_absolute_url(), status=303)
    return _columns_page(request, batch, form)


def _columns_page(request: SignedInRequest, batch: ImportBatch, form: forms.ColumnsForm) -> HttpResponse:
    head = head_of(source_of(batch))
    context = {
        "title": "对应栏目",
        "batch": batch,
        "form": form,
        "rows": column_rows(batch, head, form),
        "needed": [own.label for own in columns_of(batch.kind) if own.field in rules.needed_of(batch)],
        "source_form": forms.SourceForm(
            initial={"sheet": batch.sheet, "header": batch.header_line}, sheets=head.sheets
        ),
        "lines": head.lines[:12],
        "n_known": sum(field not in (ASIDE, LEFT_OUT) for _, field in batch.columns),
        "where": rules.where_header(batch),
        "step": 2,
    }
    return render(request, "registry/imports_columns.html", context, status=422 if form.errors else 200)


@keeps
@require_POST
def choose_source(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Another sheet, whose header is looked for; or another line of this one."""
    batch = _found(request, pk)
    source = source_of(batch)
    form = forms.SourceForm(request.POST, sheets=head_of(source).sheets)
    if not form.is_valid():
        raise Refused("registry.import_header_line")
    sheet, header = form.cleaned_data["sheet"], form.cleaned_data["header"]
    if sheet != batch.sheet:
        header = find_header(replace(source, sheet=sheet), columns_of(batch.kind)).header
    operations.read_again(batch=batch, sheet=sheet, header=header, by=request.user, at=timezone.now())
    messages.success(request, "已按新的表头重新识别栏目。")
    return redirect("registry:import-columns", batch.pk)


# One import -------------------------------------------------------------------------------------


@keeps
@require_safe
def show_import(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What becomes of a file: how far it is, what the dry run found, what came of it."""
    batch = _found(request, pk)
    is_own = batch.created_by_id == request.user.pk
    if batch.state == State.UPLOADED and is_own:
        return redirect("registry:import-columns", batch.pk)
    return render(request, "registry/import.html", _context(request, batch))


STEPS = {State.UPLOADED: 2, State.CHECKING: 3, State.CHECKED: 4, State.RUNNING: 5, State.DONE: 6}


def _context(request: SignedInRequest, batch: ImportBatch) -> dict[str, Any]:
    page = Paginator(batch.refused_rows.order_by("line", "id"), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "title": batch.file_name,
        "batch": batch,
        "is_own": batch.created_by_id == request.user.pk,
        "may_give_up": allowed(rules.check_move, batch, State.GIVEN_UP),
        "may_resume": allowed(rules.check_can_be_resumed, batch),
        "may_map": allowed(rules.check_can_be_mapped, batch),
        "counts": counts_of(batch),
        "progress": queries.progress_of(batch, timezone.now()),
        "has_changes": bool(batch.n_new or batch.n_changed or batch.n_vanished),
        "share_vanished": share_vanished(batch),
        "form": forms.ConfirmForm(n_vanished=batch.n_vanished),
        "page": page,
        "complaints": queries.complaints_of(batch, page.object_list),
        "step": STEPS.get(State(batch.state), 4),
    }


@keeps
@require_safe
def progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The bar alone, which asks again; when the work is over the whole page is shown anew."""
    batch = _found(request, pk)
    if not request.headers.get("HX-Request"):
        return redirect(batch)
    if not rules.is_at_work(batch):
        return HttpResponseClientRefresh()
    told = {"batch": batch, "progress": queries.progress_of(batch, timezone.now())}
    return render(request, "registry/imports_progress.html", told)


@keeps
@require_POST
def start(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """确认导入."""
    batch = _found(request, pk)
    form = forms.ConfirmForm(request.POST, n_vanished=batch.n_vanished)
    if not form.is_valid():
        return render(request, "registry/import.html", {**_context(request, batch), "form": form}, status=422)
    tasks.enqueue(operations.start_import(batch=batch, by=request.user, at=timezone.now()))
    return redirect(batch)


@keeps
@require_POST
def resume(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """继续导入."""
    batch = operations.resume_import(batch=_found(request, pk), by=request.user, at=timezone.now())
    tasks.enqueue(batch)
    messages.success(request, f"已从第 {batch.done_rows} 行之后继续，之前导入的不会重复。")
    return redirect(batch)


@keeps
@require_POST
def give_up(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """放弃."""
    batch = operations.give_up(batch=_found(request, pk), by=request.user, at=timezone.now())
    messages.success(request, f"已放弃“{batch.file_name}”。")
    return redirect("registry:imports")


@keeps
@require_POST
def refused_workbook(request: SignedInRequest, pk: UUID) -> FileResponse:
    """The rows that were not taken, to be mended and brought again. The log keeps who took them out."""
    batch = operations.note_taken_out(batch=_found(request, pk), by=request.user, at=timezone.now())
    name = f"{PurePath(batch.file_name).stem}-未导入{batch.n_refused}行.xlsx"
    return taken_away(name, lambda file: write_refused(file, batch, queries.refused_rows(batch)))


# On the desk ------------------------------------------------------------------------------------


_NOTHING = "没有可以导入的行，请改好再上传，或放弃"
_NEXT = {State.UPLOADED: "请核对栏目", State.CHECKED: "核对完毕，请确认", State.FAILED: "没有完成，请处理"}


def _waiting(request: Any) -> Iterator[Task]:
    """Her own files that wait for her word."""
    for batch in queries.waiting_for(request.user)[:MOST_ON_DESK]:
        next_step = _NOTHING if batch.has_nothing_to_take else _NEXT[State(batch.state)]
        yield Task(f"{batch.file_name}：{next_step}", 1, "份", batch.get_absolute_url())


register(Card("导入待处理", _waiting, frozenset({str(Duty.KEEP_LIBRARIES)}), order=40))
