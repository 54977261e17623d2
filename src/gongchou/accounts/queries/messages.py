"""Messages: those somebody got, and those she sent."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from gongchou.accounts.models import Delivery, Message, User


def visible_deliveries(by: User) -> QuerySet[Delivery]:
    """What somebody was told, newest first."""
    return by.deliveries.select_related("message__sender__department")


def visible_sent(by: User) -> QuerySet[Message]:
    """What somebody told others, newest first, with how many have read it."""
    told = Message.objects.filter(sender=by)
    return told.annotate(
        n_told=Count("deliveries"), n_read=Count("deliveries", filter=Q(deliveries__read_at__isnull=False))
    )
