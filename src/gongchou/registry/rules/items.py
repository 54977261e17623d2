"""What an item, its claims and its ceiling allow, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongchou.accounts.models import Department
from gongchou.refusal import Refused
from gongchou.registry.frequency import frequency_from_json
from gongchou.registry.frequency import is_within as is_within_frequency
from gongchou.registry.models import Claim, Item, ItemVersion
from gongchou.registry.queries import items as queries
from gongchou.registry.queries.versions import find_in_force, find_published
from gongchou.registry.ratio import is_within, peak, plain, ratio_from_json
from gongchou.registry.states.lists import CLAIM_MOVES, ClaimState


def check_rules(content: Mapping[str, Any]) -> None:
    """Raises Refused unless ratio and frequency, where given, can be read (``registry.ratio_…``)."""
    if content.get("ratio"):
        ratio_from_json(content["ratio"])
    if content.get("frequency"):
        frequency_from_json(content["frequency"])


def check_ceiling(version: ItemVersion) -> None:
    """A general item keeps below the ceiling of its place and year, or says why not (R-5); a key item has none (R-4).

    Raises Refused ``registry.ratio_over_ceiling``.
    """
    if version.kind == ItemVersion.Kind.KEY or version.over_reason:
        return
    ceiling = queries.find_ceiling(version.item.owner, version.valid_from.year)
    most = peak(version.ratio_rule)
    if ceiling and most is not None and most > ceiling.most:
        raise Refused(
            "registry.ratio_over_ceiling",
            name=version.name,
            ratio=plain(most),
            ceiling=plain(ceiling.most),
            source=ceiling.source,
        )


def check_may_claim(item: Item, department: Department, *, on: date) -> None:
    """A unit claims what is published above it, for its level, and once (R-6). Raises Refused ``registry.claim_…``."""
    offer = next((one for one in queries.offers_to(department, on=on) if one.version.item_id == item.pk), None)
    if offer is None:
        raise Refused("registry.claim_not_offered", item=item.code, department=department.name)
    if offer.claim is not None:
        raise Refused("registry.claim_exists", item=item.code, state=offer.claim.state_word)


def check_claim_may_become(claim: Claim, state: ClaimState) -> None:
    """Raises Refused ``registry.claim_state``."""
    if claim.ended_at is not None or state not in CLAIM_MOVES[ClaimState(claim.state)]:
        raise Refused("registry.claim_state", item=claim.item.code, state=claim.state_word, wanted=state.label)


def check_can_renew(claim: Claim, *, on: date) -> None:
    """Only while the item is on the published list. Raises Refused ``registry.claim_item_gone``."""
    check_claim_may_become(claim, ClaimState.CLAIMED)
    offers = queries.offers_to(claim.department, on=on)
    if all(one.version.item_id != claim.item_id for one in offers):
        raise Refused("registry.claim_item_gone", item=claim.item.code)


def check_keeps_direction(claim: Claim, ratio: Mapping[str, Any], frequency: Mapping[str, Any], *, on: date) -> None:
    """A lower unit may tighten ratio and frequency, not turn or loosen them (S3, S4).

    Raises Refused ``registry.claim_direction`` or ``registry.claim_frequency``.
    """
    version = find_in_force(claim.item, on) or find_published(claim.item)
    if not isinstance(version, ItemVersion):
        raise Refused("registry.claim_item_gone", item=claim.item.code)
    level = claim.department.region.level
    if ratio and not is_within(ratio_from_json(ratio), version.ratio_rule, level):
        raise Refused("registry.claim_direction", item=claim.item.code, ratio=version.ratio_words)
    if frequency and not is_within_frequency(frequency_from_json(frequency), version.frequency_rule, level):
        raise Refused("registry.claim_frequency", item=claim.item.code, frequency=version.frequency_words)


def still_fits(claim: Claim, version: ItemVersion) -> bool:
    """Whether an adapted claim keeps the direction of a new version of its item."""
    level = claim.department.region.level
    if claim.ratio and not is_within(claim.ratio_rule, version.ratio_rule, level):
        return False
    return not claim.frequency or is_within_frequency(claim.frequency_rule, version.frequency_rule, level)
