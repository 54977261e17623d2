"""Telling people something, and that they have read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from gongchou.accounts import permissions, rules
from gongchou.accounts.models import Delivery, Department, Message, User
from gongchou.accounts.operations.installer import person
from gongchou.accounts.queries.people import people_with
from gongchou.accounts.roles import Duty
from gongchou.audit.naming import cut_to
from gongchou.audit.operations import Actor, Done, held, operation

LONGEST_TITLE = Message._meta.get_field("title").max_length or 0


@operation("message.sent", "发送消息")
def send_message(
    *,
    to: Iterable[User],
    title: str,
    by: Actor,
    at: datetime,
    body: str = "",
    link: str = "",
    kind: str = Message.Kind.NOTICE,
) -> Done[Message]:
    """Tell people something; other rooms call it from their own operations. Nobody in ``to`` is told twice.

    link: a path on this platform. Raises Refused ``accounts.nobody_to_tell`` or ``accounts.link_elsewhere``.
    """
    recipients = sorted({user.pk: user for user in to}.values(), key=lambda user: user.username)
    message = _send(recipients, title, body, link, kind, by, at)
    return Done(message, {"to": [user.username for user in recipients], "title": title})


@operation("message.broadcast", "群发通知")
def broadcast(
    *,
    duty: Duty,
    departments: QuerySet[Department],
    title: str,
    by: User,
    at: datetime,
    body: str = "",
    link: str = "",
    kind: str = Message.Kind.NOTICE,
) -> Done[Message]:
    """Tell everybody else in these departments who has a duty.

    Raises Refused ``accounts.out_of_reach``, ``accounts.nobody_to_tell`` or ``accounts.link_elsewhere``.
    """
    permissions.check_can_tell(by, departments)
    recipients = list(people_with(duty, departments).exclude(pk=by.pk))
    message = _send(recipients, title, body, link, kind, by, at)
    codes = sorted(departments.values_list("code", flat=True))
    return Done(message, {"duty": duty, "departments": codes, "count": len(recipients), "title": title})


def _send(to: list[User], title: str, body: str, link: str, kind: str, by: Actor, at: datetime) -> Message:
    rules.check_somebody_is_told(to)
    rules.check_link_is_ours(link)
    title = cut_to(title, LONGEST_TITLE)  # of names that others chose
    message = Message.objects.create(kind=kind, title=title, body=body, link=link, sender=person(by), sent_at=at)
    Delivery.objects.bulk_create([Delivery(message=message, recipient=user) for user in to])
    return message


@operation("message.read", "阅读消息")
def mark_read(*, delivery: Delivery, by: User, at: datetime) -> Done[Delivery]:
    """Keep when somebody first read what she was told. Raises Refused ``accounts.not_own_account``."""
    delivery = held(delivery)
    permissions.check_is_own(by, delivery.recipient)
    delivery.read_at = delivery.read_at or at
    delivery.save(update_fields=["read_at"])
    return Done(delivery)


@operation("message.all_read", "全部标为已读")
def mark_all_read(*, user: User, by: User, at: datetime) -> Done[User]:
    """The same for all of hers. Raises Refused ``accounts.not_own_account``."""
    permissions.check_is_own(by, user)
    n = Delivery.objects.filter(recipient=user, read_at=None).update(read_at=at)
    return Done(user, {"count": n})
