"""What a lower unit decides about items from above, and what becomes of that when the upper list changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.registry.models import Claim, Item, ItemVersion
from gongchou.registry.operations.papers import Timer
from gongchou.registry.permissions import lists as permissions
from gongchou.registry.queries.versions import find_in_force
from gongchou.registry.rules import items as rules
from gongchou.registry.states.lists import USABLE, ClaimState

CHANGED = "上级事项已调整，本级比例或频次不再符合"


@operation("claim.made", "认领事项")
def claim(*, item: Item, department: Department, by: User, at: datetime) -> Done[Claim]:
    """Take an item from above into a department's own list. Raises Refused ``registry.claim_…``."""
    department = held(department)
    permissions.check_can_claim(by, item, department, on=timezone.localdate(at))
    row = Claim.objects.create(item=item, department=department, claimed_at=at, claimed_by=by)
    return Done(row, {"item": item.code})


def claim_all(*, items: Iterable[Item], department: Department, by: User, at: datetime) -> list[Claim]:
    """Take several items, one line of the log each: all of them, or none where one is refused."""
    wanted = list(items)
    with transaction.atomic():
        department = held(department)
        # The first line holds the end of the log: who holds a later item would then wait for us, and we for them.
        list(Item.objects.select_for_update().filter(pk__in=[one.pk for one in wanted]).order_by("pk"))
        return [claim(item=one, department=department, by=by, at=at) for one in wanted]


@operation("claim.adapted", "细化认领事项")
def adapt(
    *, claim: Claim, ratio: dict[str, Any], frequency: dict[str, Any], note: str, by: User, at: datetime
) -> Done[Claim]:
    """Use an item with a ratio or frequency of one's own that keeps the direction of the list.

    Raises Refused ``registry.claim_direction`` or ``registry.claim_frequency``.
    """
    claim = held(claim)
    permissions.check_can_move_claim(by, claim, ClaimState.ADAPTED)
    rules.check_rules({"ratio": ratio, "frequency": frequency})
    rules.check_keeps_direction(claim, ratio, frequency, on=timezone.localdate(at))
    row = _next(claim, ClaimState.ADAPTED, note, by=by, at=at, ratio=ratio, frequency=frequency)
    told = {"ratio": row.ratio_words, "frequency": row.frequency_words}
    return Done(row, {"item": claim.item.code, "note": note, **told})


@operation("claim.released", "取消认领")
def release(*, claim: Claim, note: str, by: User, at: datetime) -> Done[Claim]:
    """Give a claimed item back; it can be claimed again later."""
    claim = held(claim)
    permissions.check_can_move_claim(by, claim, ClaimState.RELEASED)
    claim.state, claim.note, claim.ended_at, claim.ended_by_name = ClaimState.RELEASED, note, at, by.audit_name
    claim.save()
    return Done(claim, {"item": claim.item.code, "note": note})


@operation("claim.renewed", "重新确认认领")
def renew(*, claim: Claim, by: User, at: datetime) -> Done[Claim]:
    """Decide again for an item as the list has it now; own ratio and frequency are dropped.

    Raises Refused ``registry.claim_item_gone``.
    """
    claim = held(claim)
    permissions.check_can_move_claim(by, claim, ClaimState.CLAIMED)
    rules.check_can_renew(claim, on=timezone.localdate(at))
    return Done(_next(claim, ClaimState.CLAIMED, "", by=by, at=at), {"item": claim.item.code})


def _next(claim: Claim, state: ClaimState, note: str, *, by: User, at: datetime, **own: Any) -> Claim:
    """The old decision is ended and kept, the new one is a row of its own."""
    claim.ended_at, claim.ended_by_name = at, by.audit_name
    claim.save()
    return Claim.objects.create(
        item=claim.item, department=claim.department, state=state, note=note, claimed_at=at, claimed_by=by, **own
    )


def suspend_all(item: Item, *, at: datetime) -> int:
    """Part of an abolition: nobody below uses the item until they have decided again. Returns how many."""
    rows = Claim.objects.filter(item=item, ended_at=None, state__in=USABLE)
    return rows.update(state=ClaimState.SUSPENDED, suspended_at=at, note="上级事项已废止")


def suspend_what_no_longer_fits(version: ItemVersion, *, at: datetime) -> int:
    """Part of a publication: an adapted claim that the new version would not allow is suspended."""
    rows = Claim.objects.filter(item=version.item, ended_at=None, state=ClaimState.ADAPTED)
    apart = [claim.pk for claim in rows.select_related("department__region") if not rules.still_fits(claim, version)]
    return Claim.objects.filter(pk__in=apart).update(state=ClaimState.SUSPENDED, suspended_at=at, note=CHANGED)


def suspend_what_changed(*, on: date, at: datetime) -> int:
    """Once a day: a version that came out before its day suspends adapted claims when it begins. Returns how many."""
    rows = Claim.objects.filter(ended_at=None, state=ClaimState.ADAPTED).order_by("pk")
    apart = [one for one in rows.select_related("item", "department__region") if not _fits_on(one, on)]
    for one in apart:
        suspend(claim=one, by=Timer(), at=at)
    return len(apart)


def _fits_on(claim: Claim, on: date) -> bool:
    version = find_in_force(claim.item, on)
    return not isinstance(version, ItemVersion) or rules.still_fits(claim, version)


@operation("claim.suspended", "暂停认领")
def suspend(*, claim: Claim, by: Actor, at: datetime) -> Done[Claim]:
    """The item has changed; its user decides again."""
    claim = held(claim)
    rules.check_claim_may_become(claim, ClaimState.SUSPENDED)
    claim.state, claim.suspended_at, claim.note = ClaimState.SUSPENDED, at, CHANGED
    claim.save(update_fields=["state", "suspended_at", "note"])
    return Done(claim, {"item": claim.item.code})
