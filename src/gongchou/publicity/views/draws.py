"""Draws before the public: the list, the page of a batch, what it drew, its parameters and its evidence."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gongchou.draw.errors import DrawError
from gongchou.draw.sentences import sentence
from gongchou.draws import keys
from gongchou.draws.bundles import WITNESS_K
from gongchou.draws.models import Batch, Hit
from gongchou.draws.queries.results import filled, redealt, waiting_requests
from gongchou.draws.queries.verdicts import verdicts_of
from gongchou.publicity import bundles, timeline, words
from gongchou.publicity.queries import batches as told_of
from gongchou.publicity.queries import draws as queries
from gongchou.publicity.queries.open_data import as_data
from gongchou.publicity.tables import draws as tables
from gongchou.refusal import Refused
from gongchou.refusal import sentence as refused_sentence
from gongchou.web.access import open_to_all
from gongchou.web.lists import ListPage

FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=60"}
"""Evidence may be read by anybody's program and kept for a minute by anybody's cache."""


def batch_or_404(code: str) -> Batch:
    """A batch that is public."""
    found = queries.batch_of(code)
    if found is None:
        raise Http404
    return found


@open_to_all
class DrawList(ListPage):
    """抽取公示."""

    title = "抽取公示"
    table_class = tables.PublicBatchTable
    filter_class = tables.PublicBatchFilter
    template_name = "publicity/draws.html"

    def rows(self) -> QuerySet[Batch]:
        """From the commitment on, whatever became of them."""
        return queries.batches()


@open_to_all
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The same as open data."""
    found = as_data(lambda name, batch: request.build_absolute_uri(reverse(f"publicity:{name}", args=[batch.code])))
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False}, headers=FOR_ALL)


@open_to_all
@require_safe
def batch(request: HttpRequest, code: str) -> HttpResponse:
    """All that may be said of a batch."""
    shown = batch_or_404(code)
    now = timezone.now()
    sources, entries = told_of.sources_told(shown), told_of.entries_told(shown)
    context = {
        "title": shown.name,
        "batch": shown,
        "state": queries.state_words(shown),
        "is_alarm": queries.is_alarming(shown),
        "strength": words.strength(shown),
        "guard": words.guard(shown),
        "ending": words.ending(shown),
        "is_known": all(one.value or one.is_missing for one in sources),
        "draws": told_of.draws_told(shown),
        "sources": sources,
        "entries": entries,
        "steps": timeline.steps_of(shown, sources[-1].words, now),
        "is_past_beacon": now >= shown.beacon_at,
        "lead": timeline.in_words(timeline.lead_of(shown)),
        "gap": timeline.in_words(shown.beacon_at - (shown.closed_at or shown.closes_at)),
        "seen": _seen(entries),
        "verdicts": verdicts_of(shown),
        "attended": told_of.attended(shown),
        "n_redealt": redealt(shown).count(),
        "n_filled": filled(shown).count(),
        "n_waiting": waiting_requests(shown).count(),
        "has_bundle": queries.has_bundle(shown),
    }
    return render(request, "publicity/batch.html", context)


def _seen(entries: list[told_of.Entry]) -> dict[str, list[told_of.Witness]]:
    """Name of a step -> who saw its entry in the log."""
    kinds = {"committed": "commit", "closed": "close", "drawn": "result", "withdrawn": "withdraw"}
    found = {step: told_of.latest(entries, kind) for step, kind in kinds.items()}
    return {step: told_of.witnesses_of(entry.index) for step, entry in found.items() if entry}


@open_to_all
class SelectedList(ListPage):
    """抽取结果 of one batch: ids as they stand in the frame, which are pseudonyms where it is sealed."""

    title = "抽取结果"
    table_class = tables.SelectedTable
    filter_class = tables.SelectedFilter
    template_name = "publicity/selected.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Of the batch in the address."""
        self.batch = batch_or_404(kwargs["code"])
        if self.batch.is_sealed:
            self.table_class, self.filter_class = tables.SealedTable, tables.SealedFilter  # type: ignore[misc]
        return super().get(request, **kwargs)

    def rows(self) -> QuerySet[Hit]:
        """All that were drawn or kept in reserve."""
        return told_of.selected_of(self.batch)

    def more(self) -> dict[str, Any]:
        """Of which batch."""
        return {"batch": self.batch}


@open_to_all
@require_safe
def params(request: HttpRequest, code: str, draw: str) -> HttpResponse:
    """The parameters of a draw, byte for byte as they were committed to."""
    found = told_of.params_of(batch_or_404(code), draw)
    if found is None:
        raise Http404
    name = f'attachment; filename="params-{draw}.json"'
    return HttpResponse(found, content_type="application/json", headers={"Content-Disposition": name, **FOR_ALL})


@open_to_all
@require_safe
def bundle(request: HttpRequest, code: str) -> HttpResponseBase:
    """The whole evidence of a batch as one zip; or why it is not there yet."""
    shown = batch_or_404(code)
    if not queries.has_bundle(shown):
        return _waits(request, shown)
    try:
        etag = f'"{bundles.stamp_of(shown)}"'
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            return unchanged
        file = bundles.open_bundle(shown)
    except (DrawError, Refused) as error:
        return _waits(request, shown, error)
    name = f"gongchou-{shown.code}.zip"
    headers = {"ETag": etag, **FOR_ALL}
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip", headers=headers)


def _waits(request: HttpRequest, batch: Batch, error: DrawError | Refused | None = None) -> HttpResponse:
    told = ""
    if error is not None:
        said = refused_sentence(error) if isinstance(error, Refused) else sentence(error.code, error.facts)
        told = said.rstrip("。")
    waits = error is not None and error.code == "witnesses_missing"
    context = {"title": "证据包暂时不能下载", "batch": batch, "told": told, "waits_for_witnesses": waits}
    context["lacks_witnesses"] = waits and len(keys.witnesses()) < WITNESS_K
    return render(request, "publicity/bundle_waits.html", context, status=409)
