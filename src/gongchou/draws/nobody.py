"""Why nobody could take a seat that was dealt again: all of the frozen list, each for the first reason that holds.

The same list, loads and rules as the deal had; so whoever reads it can count again from the evidence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from gongchou.draw.replace import Board
from gongchou.draw.roster import Inspector
from gongchou.draws.board import board_before
from gongchou.draws.models import Substitution
from gongchou.draws.queries.holders import holders_of, name_of, names_of
from gongchou.draws.queries.seats import words_of

WORDS = {
    "out": "申请让出席位的本人",
    "team": "已在这一户的检查组里",
    "avoid": "与这一户有回避关系",
    "full": "已达到每人户次上限",
    "unfit": "部门、事项、资质、管辖范围或交叉要求不符",
}
"""In the order in which they are asked; who is unfit is counted and not named, for most people of a city are."""
NAMED = ("out", "team", "avoid", "full")


@dataclass(frozen=True)
class Reason:
    """words; how many; their names where these matter."""

    words: str
    n: int
    names: list[str]


def why_nobody(substitution: Substitution) -> list[Reason]:
    """Of a request that found nobody. Raises Refused ``draws.file_…``."""
    batch, seat = substitution.batch, substitution.seat
    board = board_before(batch, substitution.event)
    holders = holders_of(batch)
    out = name_of(seat, names_of(holders))
    if out is not None:
        del board.seats[seat.visit.pid, seat.number]
        board.load[out] -= 1
    why = {
        one: _why(board, person, seat.visit.pid, seat.number, out) for one, person in board.roster.inspectors.items()
    }
    names = words_of({one: holders[one] for one, reason in why.items() if reason in NAMED})
    count = Counter(why.values())
    return [
        Reason(words, count[code], sorted(names[one] for one, reason in why.items() if reason == code and one in names))
        for code, words in WORDS.items()
        if count[code]
    ]


def _why(board: Board, person: Inspector, door: str, slot: int, out: str | None) -> str:
    task = board.tasks[door]
    if person.id not in board.roster.eligible(task.pool, task.slots()[slot - 1]):
        return "unfit"
    if person.id == out:
        return "out"
    if person.id in {who for (own, _), who in board.seats.items() if own == door}:
        return "team"
    return "avoid" if (person.id, door) in board.roster.avoid else "full"
