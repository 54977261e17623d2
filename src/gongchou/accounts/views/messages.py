"""消息: what one was told, and what one told others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts import operations
from gongchou.accounts.forms.messages import BroadcastForm
from gongchou.accounts.queries.messages import visible_deliveries, visible_sent
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.accounts.tables import DeliveryFilter, DeliveryTable, ReceiptTable, SentTable
from gongchou.web.access import needs, signed_in
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage


@signed_in
class Inbox(ListPage):
    """收件箱."""

    title = "消息"
    table_class = DeliveryTable
    filter_class = DeliveryFilter
    template_name = "accounts/inbox.html"

    def rows(self) -> QuerySet[Any]:
        """One's own."""
        by: Any = self.request.user
        return visible_deliveries(by)


@signed_in
@require_safe
def message(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One message. Showing writes nothing: the page itself says that it was opened, or the reader does."""
    delivery = get_object_or_404(visible_deliveries(request.user), pk=pk)
    told = {"title": delivery.message.title, "told": delivery.message, "delivery": delivery}
    return render(request, "accounts/message.html", told)


@signed_in
@require_POST
def mark_read(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep that a message was opened: the sender waits to see that, and a second click would be forgotten."""
    by = request.user
    delivery = get_object_or_404(visible_deliveries(by), pk=pk)
    if delivery.read_at is None:
        operations.mark_read(delivery=delivery, by=by, at=timezone.now())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("accounts:inbox"), status=303)


@signed_in
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark all as read."""
    by = request.user
    operations.mark_all_read(user=by, by=by, at=timezone.now())
    messages.success(request, "消息已全部标为已读。")
    return HttpResponseRedirect(reverse("accounts:inbox"), status=303)


@needs(Duty.SEND_MESSAGES)
class Outbox(ListPage):
    """已发送."""

    title = "已发消息"
    table_class = SentTable
    template_name = "accounts/outbox.html"

    def rows(self) -> QuerySet[Any]:
        """One's own, with counts."""
        by: Any = self.request.user
        return visible_sent(by)


@needs(Duty.SEND_MESSAGES)
class Sent(ListPage):
    """One message that was sent, and who has read it."""

    title = "阅读回执"
    table_class = ReceiptTable
    template_name = "accounts/sent.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Only one's own."""
        by: Any = request.user
        self.message = get_object_or_404(visible_sent(by), pk=kwargs["pk"])
        return super().get(request, **kwargs)

    def rows(self) -> QuerySet[Any]:
        """Everybody it went to."""
        return self.message.deliveries.select_related("recipient__department")

    def more(self) -> dict[str, Any]:
        """The message itself."""
        return {"told": self.message}


@needs(Duty.SEND_MESSAGES)
def broadcast(request: SignedInRequest) -> HttpResponse:
    """Tell everybody in some departments who has a duty."""
    by = request.user
    form = BroadcastForm(request.POST or None, by=by)

    def act(values: dict[str, Any]) -> str:
        sent = operations.broadcast(**values, by=by, at=timezone.now())
        return reverse("accounts:sent", args=[sent.pk])

    back = reverse("accounts:outbox")
    return form_page(request, form, act, title="群发通知", button="发送", done="通知已发送。", back=back)
