"""What a batch says besides its times and sources, as it is stored; nothing missing, nothing unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Settings:
    """recent_days: who was inspected within so many days is left out; cap: who was visited so often this year is
    left out; leaves_out_in_hand: who is to be visited by another task that is under way is left out;
    leaves_out_campaign: whom another department drew for the same 集中联合抽查 in an earlier batch is left out;
    per_person: the most visits somebody is dealt in the year; with_lower: people of the units below take part;
    reserve_percent: kept in reserve, of the places
    """

    recent_days: int | None = None
    cap: int | None = None
    leaves_out_in_hand: bool = False
    leaves_out_campaign: bool = False
    per_person: int = 60
    with_lower: bool = True
    reserve_percent: int = 10


def settings_of(stored: Mapping[str, Any]) -> Settings:
    """Read what was stored."""
    return Settings(**stored)


def to_store(settings: Settings) -> dict[str, Any]:
    """For the column."""
    return asdict(settings)
