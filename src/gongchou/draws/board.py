"""Who sits where now, computed from kept files and events alone, and held against what the database says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from gongchou.draw.encoding import Document
from gongchou.draw.frame import frame_lines
from gongchou.draw.params import quotas, read_params
from gongchou.draw.replace import Board, Replacement, Sample, Substitution, board_of
from gongchou.draw.roster import SlotGroup, groups_of
from gongchou.draw.select import read_ranked
from gongchou.draw.table import Blob, read_all
from gongchou.draws.drawing import match_of
from gongchou.draws.events import replacements_of, substitutions_of
from gongchou.draws.models import Batch, Draw, Seat
from gongchou.draws.queries.batches import files_of
from gongchou.draws.queries.frames import drawn_together
from gongchou.draws.queries.holders import Holder, Holders, holders_of, name_of, names_of
from gongchou.draws.queries.results import current_seats
from gongchou.refusal import Refused

Place = tuple[str, int]  # pseudonym of the object, slot from 1


class CameIn(NamedTuple):
    """An object that a replacement brought in."""

    event: int
    draw: Draw
    object_id: str


def sample_of(draw: Draw) -> Sample:
    """The sample of a draw as replacements have left it. Raises Refused ``draws.file_…``, DrawError."""
    files = files_of(draw.batch)
    selected, reserve = (read_ranked(files[f"{draw.folder}{name}.tsv"]) for name in ("selected", "reserve"))
    sample = Sample(selected, reserve, quotas(_params(draw, files)))
    for row in replacements_of(draw):
        sample.apply(row.out, row.into, row.rank, row.stratum)
    return sample


def _params(draw: Draw, files: dict[str, Blob]) -> Document:
    return read_params(read_all(files[f"{draw.folder}params.json"]))


def checked_board(batch: Batch) -> Board:
    """Teams and loads as the events have left them; what is dealt next must rest on what everybody can recompute.

    Raises Refused ``draws.board_differs`` where the database has other people on the seats.
    """
    board = _board(batch)
    computed = {
        (task.id, number): board.seats.get((task.id, number))
        for task in board.tasks.values()
        for number in range(1, len(task.slots()) + 1)
    }
    stored = _stored(batch)
    if computed != stored:
        place = min(place for place in computed | stored if computed.get(place, "") != stored.get(place, ""))
        raise Refused("draws.board_differs", object=place[0], seat=place[1])
    return board


def _stored(batch: Batch) -> dict[Place, str | None]:
    """Who holds each slot, also at doors that nobody visits any more; a team is itself only with all its people."""
    holders = holders_of(batch)
    names = names_of(holders)
    seats: dict[Place, list[Seat]] = {}
    for seat in current_seats(batch):
        seats.setdefault((seat.visit.pid, seat.number), []).append(seat)
    return {place: _name(own, holders, names) for place, own in seats.items()}


def _name(seats: list[Seat], holders: Holders, names: Mapping[UUID | None, str]) -> str | None:
    name = name_of(seats[0], names)
    told = [Holder(seat.team_id, seat.inspector_id) for seat in seats if seat.inspector_id]
    places = [seat.member for seat in seats]
    is_whole = told == list(holders[name] if name else ()) and places == [*range(1, len(seats) + 1)]
    return name if is_whole else "-"


def board_before(batch: Batch, event: int) -> Board:
    """The same as it was when an event was dealt: later ones are not on it. Not held against the database."""
    return _board(batch, before=event)


def _board(batch: Batch, *, before: int | None = None) -> Board:
    """before: an event; it and all that the log has behind it are left out"""
    draws, files = drawn_together(batch), files_of(batch)
    params = {draw: _params(draw, files) for draw in draws}
    selected = {draw: {row.object_id for row in read_ranked(files[f"{draw.folder}selected.tsv"])} for draw in draws}
    board = board_of(match_of(params, selected, files))
    rows = {draw: [row for row in replacements_of(draw) if _is_before(row, before)] for draw in draws}
    pools = {draw: _pools(files[f"{draw.folder}frame.tsv"], rows[draw]) for draw in draws}
    for one in sorted(_came_in(rows), key=lambda one: one.event):
        groups = groups_of(params[one.draw]["matching"])
        board.add_task(one.object_id, pools[one.draw][one.object_id], groups)
    for row in substitutions_of(batch):
        if _is_before(row, before):
            board.replay(row)
    return board


def _is_before(row: Replacement | Substitution, event: int | None) -> bool:
    return event is None or row.event < event


def _came_in(rows: dict[Draw, list[Replacement]]) -> Iterable[CameIn]:
    return (CameIn(row.event, draw, row.into) for draw, own in rows.items() for row in own)


def _pools(frame: Blob, rows: list[Replacement]) -> dict[str, str]:
    return {own: line[2] for own, line in frame_lines(frame, {row.into for row in rows}).items()} if rows else {}


def let_in(board: Board, draw: Draw, object_id: str) -> list[tuple[int, SlotGroup]]:
    """Put an object that comes in on the board; return the slots that open for it, each with its number from 1."""
    files = files_of(draw.batch)
    before = len(board.tasks[object_id].slots()) if object_id in board.tasks else 0
    pool = frame_lines(files[f"{draw.folder}frame.tsv"], {object_id})[object_id][2]
    board.add_task(object_id, pool, groups_of(_params(draw, files)["matching"]))
    return list(enumerate(board.tasks[object_id].slots(), 1))[before:]
