"""What the page of a task shows of its draws; the page asks for it, since tasks know nothing of draws."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.draws.models import Draw
from gongchou.draws.views.batches import reads
from gongchou.plans.queries.tasks import visible


@reads
@require_safe
def of_task(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Each draw with its batch, the latest first."""
    task = get_object_or_404(visible(request.user), pk=pk)
    rows = Draw.objects.filter(task=task).select_related("batch", "supersedes")
    return render(request, "draws/of_task.html", {"draws": list(rows.order_by("-batch__created_at", "pk"))})
