"""大屏: a batch for a hall full of people: the countdown, the seed as it comes, the objects by their numbers. Calm."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.draws.queries.wall import wall_of
from gongchou.draws.views.batches import batch_of, reads
from gongchou.papers.qr import qr_svg


@reads
@require_safe
def screen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The page for the projector; it asks ``state`` every second."""
    shown = batch_of(request, pk)
    address = request.build_absolute_uri(reverse("publicity:batch", args=[shown.code]))
    context = {"title": shown.name, "batch": shown, "address": address, "code": SafeString(qr_svg(address))}
    return render(request, "draws/screen.html", context)


@reads
@require_safe
def state(request: SignedInRequest, pk: UUID) -> JsonResponse:
    """Where the batch stands now, for the screen; the results only where it does not know them."""
    return JsonResponse(wall_of(batch_of(request, pk), timezone.now(), known=request.GET.get("known", "")))
