"""Who sits where when a name of the evidence is dealt: one person, or all who go of a standing team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from gongchou.draws import store
from gongchou.draws.models import Batch, Seat
from gongchou.draws.queries.batches import AUDITOR, own_keys

TEAMS = f"{AUDITOR}teams.tsv"


class Holder(NamedTuple):
    """Somebody on a seat, or nobody. team: key of the standing team she came with"""

    team: UUID | None
    inspector: UUID | None


Holders = Mapping[str, Sequence[Holder]]  # as the evidence calls it -> its people, the lead of a team first


def holders_of(batch: Batch) -> dict[str, list[Holder]]:
    """All who could be dealt. Raises Refused ``draws.file_…``."""
    people = {name: [Holder(None, pk)] for name, pk in own_keys(batch, "inspectors.tsv").items()}
    kept = batch.evidence.get(path=TEAMS).sha256
    return people | teams_in(line.split("\t") for line in store.read(kept).decode().splitlines())


def teams_in(rows: Iterable[Sequence[str]]) -> dict[str, list[Holder]]:
    """The teams of the auditors' table: name, key of the team, place in it, key of the person."""
    found: dict[str, list[tuple[int, Holder]]] = defaultdict(list)
    for name, team, place, person in rows:
        found[name].append((int(place), Holder(UUID(team), UUID(person))))
    return {name: [holder for _, holder in sorted(own)] for name, own in found.items()}


def names_of(holders: Holders) -> dict[UUID | None, str]:
    """Key of a team, or of a person who goes by herself -> what the evidence calls it."""
    return {own[0].team or own[0].inspector: name for name, own in holders.items()}


def name_of(seat: Seat, names: Mapping[UUID | None, str]) -> str | None:
    """What the evidence calls who holds a seat; None where nobody does."""
    return names[seat.team_id or seat.inspector_id] if seat.inspector_id else None


def seats_of(slot: Seat, people: Sequence[Holder]) -> Iterator[Seat]:
    """A row for everybody who takes a slot, or one that says nobody does. slot: what all of these have in common"""
    same = {field.attname: getattr(slot, field.attname) for field in Seat._meta.concrete_fields}
    for key in ("id", "team_id", "inspector_id", "member"):
        del same[key]
    for member, holder in enumerate(people, 1):
        yield Seat(**same, team_id=holder.team, inspector_id=holder.inspector, member=member)
    if not people:
        yield Seat(**same)
