"""三级联动: lower levels do their own items on visits that were drawn above them, so that a shop is visited once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.draws import permissions, rules
from gongchou.draws.models import Batch, Joining, Visit
from gongchou.draws.operations import telling
from gongchou.draws.queries.joining import visits_to_join
from gongchou.refusal import Refused
from gongchou.registry.models import Item

MANY = 1_000


@operation("joining.joined", "加入上级抽取的检查")
def join_visits(
    *,
    batch: Batch,
    department: Department,
    items: Iterable[Item],
    n_people: int,
    by: User,
    at: datetime,
    visits: Iterable[Visit] | None = None,
) -> Done[Batch]:
    """Join all doors of a batch in a department's territory, or those named, with its own items and people.

    Doors it has joined already stay as they are.
    Raises Refused ``draws.join_…``, ``draws.not_below``, ``draws.item_foreign``, ``draws.nothing_to_join``.
    """
    batch = held(batch, "department__region")
    permissions.check_can_join(by, batch, department)
    chosen_items = list(items)
    rules.check_joined_items(chosen_items, department, timezone.localdate(at))
    if n_people < 1:
        raise Refused("draws.join_people")
    chosen = _chosen(batch, department, visits)
    told = {"n_people": n_people, "joined_at": at, "joined_by": by}
    rows = [Joining(batch=batch, visit=visit, department=department, **told) for visit in chosen]
    Joining.objects.bulk_create(rows, batch_size=MANY)
    between = Joining.items.through
    links = [between(joining_id=row.pk, item_id=item.pk) for row in rows for item in chosen_items]
    between.objects.bulk_create(links, batch_size=MANY)
    codes = [item.code for item in chosen_items]
    link, title = reverse("draws:joinings", args=[batch.pk]), f"{department.short_name}加入检查：{batch.code}"
    telling.tell(telling.keepers([batch.department]), title, batch, by=by, at=at, link=link)
    return Done(batch, {"department": department.short_name, "doors": len(rows), "codes": codes, "n_people": n_people})


def _chosen(batch: Batch, department: Department, visits: Iterable[Visit] | None) -> list[Visit]:
    """Raises Refused ``draws.nothing_to_join``, or ``draws.join_outside`` for a door that lies elsewhere."""
    free = {visit.pk: visit for visit in visits_to_join(batch, department)}
    named = None if visits is None else {visit.pk for visit in visits}
    joined = set(batch.joinings.filter(department=department).values_list("visit", flat=True))
    if named is not None and named - free.keys() - joined:
        raise Refused("draws.join_outside", department=department.short_name, count=len(named - free.keys() - joined))
    chosen = [visit for pk, visit in free.items() if named is None or pk in named]
    if not chosen:
        raise Refused("draws.nothing_to_join", department=department.short_name, code=batch.code)
    return chosen
