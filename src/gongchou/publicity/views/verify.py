"""在本页核验: the visitor's own browser recomputes a batch, with the verifier that shares no code with the platform."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongchou.publicity import verifier
from gongchou.publicity.queries.draws import has_bundle
from gongchou.publicity.views.draws import batch_or_404
from gongchou.web.access import open_to_all


@open_to_all
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """The page; it fetches the bundle from here and sends nothing anywhere."""
    batch = batch_or_404(code)
    if not has_bundle(batch):
        context = {"title": "还没有可以核验的结果", "batch": batch}
        return render(request, "publicity/bundle_waits.html", context, status=409)
    context = {"batch": batch, "scripts": verifier.scripts(), "markup": verifier.markup()}
    return render(request, "publicity/verify.html", context)
