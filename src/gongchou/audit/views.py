"""Pages of the log for those who read it, and what a witness fetches, which is public and names nobody."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gongchou.audit import checkpoints, facts, proofs
from gongchou.audit.answers import answer, attached, key_file, taken
from gongchou.audit.apps import keys_folder
from gongchou.audit.models import Checkpoint, Cosignature, Line
from gongchou.audit.queries import Reach, visible_lines
from gongchou.audit.tables import CheckpointTable, LineFilter, LineTable
from gongchou.audit.verbs import verb_name
from gongchou.web.access import needs, open_to_all
from gongchou.web.lists import ListPage

reads = needs("read_audit")


class ReadingRequest(HttpRequest):
    """The door has looked up how far the reader sees."""

    log_reach: Reach


# Lines ------------------------------------------------------------------------------------------


@reads
class LineList(ListPage):
    """操作日志."""

    request: ReadingRequest
    title = "操作日志"
    table_class = LineTable
    filter_class = LineFilter
    template_name = "audit/lines.html"

    def rows(self) -> QuerySet[Line]:
        """Those within reach; of a workbook, those before the line that it is taken out."""
        lines = visible_lines(self.request.log_reach)
        return lines.filter(index__lt=proofs.log_size()) if "export" in self.request.GET else lines

    def more(self) -> dict[str, Any]:
        """Whose lines these are, where a link asked for those of one thing or person."""
        asked = self.request.GET
        first = self.filter.qs.first() if self.filter and (asked.get("about") or asked.get("who")) else None
        names = (
            {"of_thing": first.about_name if asked.get("about") else "", "of_person": first.by_name} if first else {}
        )
        return {**names, "is_narrowed": bool(asked.get("about") or asked.get("who"))}


def _line(request: ReadingRequest, index: int) -> Line:
    return get_object_or_404(visible_lines(request.log_reach), pk=index)


@reads
@require_safe
def line(request: ReadingRequest, index: int) -> HttpResponse:
    """One line: who did what, before and after, and what proves it."""
    found = _line(request, index)
    checkpoint = Checkpoint.objects.filter(size__gt=index).order_by("size").first()
    signed = Cosignature.objects.filter(size=checkpoint.size).order_by("index") if checkpoint else ()
    context = {
        "title": f"第{found.index}行：{verb_name(found.verb)}",
        "line": found,
        "verb": verb_name(found.verb),
        "changes": facts.changes_of(found),
        "notes": facts.notes_of(found),
        "checkpoint": checkpoint,
        "cosignatures": signed,
    }
    return render(request, "audit/line.html", context)


@reads
@require_safe
def line_data(request: ReadingRequest, index: int) -> HttpResponse:
    """The line as it was hashed, byte for byte."""
    return attached(_line(request, index).data.encode(), f"line-{index}.json", "application/json")


@reads
@require_safe
def line_proof(request: ReadingRequest, index: int) -> HttpResponse:
    """Proof that the line is in the first checkpoint that covers it, with its cosignatures (C2SP tlog-proof)."""
    found = _line(request, index)
    checkpoint = get_object_or_404(Checkpoint.objects.filter(size__gt=found.index).order_by("size")[:1])
    return attached(proofs.inclusion_proof(found.index, checkpoint.size), f"line-{index}.proof")


# What everybody may see -------------------------------------------------------------------------


@open_to_all
class CheckpointList(ListPage):
    """日志检查点."""

    title = "日志检查点"
    table_class = CheckpointTable
    template_name = "audit/checkpoints.html"

    def rows(self) -> QuerySet[Checkpoint]:
        """All: they hold numbers and signatures only."""
        return Checkpoint.objects.all()

    def more(self) -> dict[str, Any]:
        """Where a witness is to look."""
        place = self.request.build_absolute_uri("log")
        return {"place": place, "has_key": (keys_folder() / "audit.vkey").exists()}


@open_to_all
@require_safe
def checkpoint(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """The latest checkpoint, or the one of a size, with its cosignatures (C2SP tlog-checkpoint)."""
    return answer(lambda: proofs.checkpoint_note(size), 404)


@open_to_all
@require_safe
def consistency(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Proof that the log of ``second`` lines begins with that of ``first``; only between sizes that were signed."""
    return answer(lambda: proofs.signed_consistency(first, second), 404)


@open_to_all
@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    """The key under which the log signs, for those who check it."""
    return key_file(keys_folder() / "audit.vkey")


@csrf_exempt
@open_to_all
@require_POST
def cosignature(request: HttpRequest) -> HttpResponse:
    """Take a witness's cosignature. It proves itself, so whoever carries it needs no account."""
    return taken(request, checkpoints.add_cosignature)
