"""A joint draw beside the same draws made apart: what one shared seed saves, told from the frames themselves.

Drawn together, every object has one ticket, so that whoever a small rate takes is taken by the larger ones as well.
Drawn apart, each draw would have tickets of its own. That is told twice:

* *expected*: an object of strata with the rates n/N is visited with the chance 1 - (1 - f1)(1 - f2)…; no chance enters;
* *redrawn*: one such drawing, from tickets that follow from the public seed. They are those of a practice run with one
  ticket for each draw (spec section 7): ``vdp1-test`` stands in every hash, so that no result of it can be passed off
  as a real one, and everybody recomputes it.
"""

from __future__ import annotations

import heapq
import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from gongchou.draw.encoding import Document
from gongchou.draw.params import quotas
from gongchou.draw.select import select_frame
from gongchou.draw.table import Blob, line_chunks, span_of
from gongchou.draw.ticket import digests, object_prefix

PRACTICE = "test"
PIECE = 1 << 12  # bytes; of each stratum that is merged so many are held
_ID = operator.itemgetter(slice(-7))  # of a line with its mark


@dataclass(frozen=True)
class Drawn:
    """A draw of a batch. selected: ids of its objects, as they were drawn"""

    params: Document
    frame: Blob
    selected: Sequence[str]

    @property
    def code(self) -> str:
        """Its id."""
        return str(self.params["draw"])

    def spans(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Where each stratum stands in the frame: its name, first byte and byte after the last."""
        for part in self.params["strata"]:
            yield part["id"], span_of(self.frame, f"{part['id']}\t".encode())


@dataclass(frozen=True)
class Way:
    """What one way of drawing comes to.

    n_doors: objects that any draw takes; n_merged: tasks at doors where two draws or more meet
    """

    n_tasks: int
    n_doors: float
    n_merged: float

    @property
    def merged_share(self) -> float:
        """The part of all tasks that is done on a visit together with others."""
        return self.n_merged / self.n_tasks if self.n_tasks else 0.0


@dataclass(frozen=True)
class Comparison:
    """The three of them, over the same frames and numbers. prefixes: draw -> 64 hex digits, for who recomputes"""

    together: Way
    expected: Way
    redrawn: Way
    prefixes: Mapping[str, str]
    suite: str

    def saved(self, other: Way) -> float:
        """How many doors of another way are not gone to, as a part of these."""
        return 1 - self.together.n_doors / other.n_doors if other.n_doors else 0.0


def to_store(found: Comparison) -> dict[str, Any]:
    """For the column."""
    return asdict(found)


def from_store(told: Mapping[str, Any]) -> Comparison:
    """What was stored."""
    ways = {name: Way(**told[name]) for name in ("together", "expected", "redrawn")}
    return Comparison(**ways, prefixes=told["prefixes"], suite=told["suite"])


def compare(draws: Sequence[Drawn], seed: str) -> Comparison:
    """Compare the draws of a batch with the same ones made apart. seed: 64 hex digits."""
    prefixes = {one.code: apart_prefix(one.params, seed) for one in draws}
    again = [_drawn_apart(one, prefixes[one.code]) for one in draws]
    return Comparison(
        together=counted([one.selected for one in draws]),
        expected=_expected(draws, _alike(draws)),
        redrawn=counted(again),
        prefixes=prefixes,
        suite=str(draws[0].params["suite"]),
    )


def counted(selected: Sequence[Sequence[str]]) -> Way:
    """Count doors and what meets at them; an object stands once in each draw."""
    times = Counter(own for ids in selected for own in ids)
    return Way(times.total(), len(times), sum(n for n in times.values() if n > 1))


def apart_prefix(params: Document, seed: str) -> str:
    """P_object of a draw for the illustration, 64 hex digits."""
    return object_prefix(seed, mode=PRACTICE, suite=params["suite"], draw=params["draw"])


def _drawn_apart(one: Drawn, prefix: str) -> list[str]:
    tickets = digests(prefix, one.params["suite"])
    selected, _ = select_frame(one.frame, dict(one.spans()), quotas(one.params), tickets)
    return [row.object_id for row in selected]


Strata = tuple[tuple[int, str], ...]  # (number of a draw, stratum) for each draw whose frame holds an object


def _alike(draws: Sequence[Drawn]) -> dict[Strata, int]:
    """How many objects stand in the same strata of all frames."""
    places, told = _places(draws), Counter(places_of for _, places_of in by_object(draws))
    return {tuple(places[int(at)] for at in own): n for own, n in told.items()}


def by_object(draws: Sequence[Drawn]) -> Iterator[tuple[bytes, tuple[bytes, ...]]]:
    """Each object once, ascending, with the numbers of the strata it stands in, all of one length (``_places``).

    The strata of all frames are merged, since each is in order: a province's ids would not fit into memory.
    """
    spans = [(one.frame, span) for one in draws for _, span in one.spans()]
    streams = [_marked(frame, span, f"\t{at:06}".encode()) for at, (frame, span) in enumerate(spans)]
    for own, lines in groupby(heapq.merge(*streams), key=_ID):
        yield own, tuple(line[-6:] for line in lines)


def _places(draws: Sequence[Drawn]) -> list[tuple[int, str]]:
    return [(number, part["id"]) for number, one in enumerate(draws) for part in one.params["strata"]]


def _marked(frame: Blob, span: tuple[int, int], mark: bytes) -> Iterator[bytes]:
    """Ids, each with what stands for its stratum behind it; TAB sorts before whatever an id may hold."""
    for lines in line_chunks(frame, *span, chunk=PIECE):
        yield from [line.split(b"\t", 2)[1] + mark for line in lines]


def _expected(draws: Sequence[Drawn], alike: Mapping[Strata, int]) -> Way:
    places = [quotas(one.params) for one in draws]
    doors = merged = Fraction(0)
    for strata, n in alike.items():
        rates = [Fraction(places[number][name].n, places[number][name].size) for number, name in strata]
        doors += n * (1 - _none(rates))
        merged += n * sum(rate * (1 - _none(rates[:at] + rates[at + 1 :])) for at, rate in enumerate(rates))
    n_tasks = sum(quota.n for own in places for quota in own.values())
    return Way(n_tasks, float(doors), float(merged))


def _none(rates: Sequence[Fraction]) -> Fraction:
    """The chance that none of these happens."""
    found = Fraction(1)
    for rate in rates:
        found *= 1 - rate
    return found
