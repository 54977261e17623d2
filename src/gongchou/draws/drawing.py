"""From frozen tables and a seed to selected objects and their teams: computed, not yet written anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from gongchou.draw.bundle import digest_of
from gongchou.draw.encoding import Document
from gongchou.draw.frame import pools_of, scan_frame
from gongchou.draw.match import Match, match_draws
from gongchou.draw.params import quotas, read_params
from gongchou.draw.roster import find_pool_conflict, read_roster
from gongchou.draw.select import Ranked, draw_stratum, write_ranked
from gongchou.draw.table import Blob, read_all
from gongchou.draw.ticket import digests
from gongchou.draw.ticket import prefix_of as object_prefix_of
from gongchou.draws.freezing import Report
from gongchou.draws.models import Batch, Draw
from gongchou.draws.queries.batches import files_of
from gongchou.draws.queries.frames import drawn_together
from gongchou.folders import FileBlob
from gongchou.refusal import Refused

LARGE = 1_000_000  # objects in a frame from which the database engine draws faster than the core


@dataclass(frozen=True)
class Outcome:
    """What came out. ranked: draw -> its objects by stratum and rank, the reserve behind the selected; match: of all"""

    selected: Mapping[Draw, list[Ranked]]
    reserve: Mapping[Draw, list[Ranked]]
    match: Match | None

    def files(self) -> dict[str, bytes]:
        """The result's files of a bundle."""
        found: dict[str, bytes] = {}
        for draw, rows in self.selected.items():
            prefix = draw.folder
            found[f"{prefix}selected.tsv"] = write_ranked(rows)
            found[f"{prefix}reserve.tsv"] = write_ranked(self.reserve[draw])
        if self.match:
            found |= {"assignment.tsv": self.match.assignment(), "unfilled.tsv": self.match.unfilled_table()}
        return found


def outcome_of(batch: Batch, report: Report) -> Outcome:
    """Draw and match again from the kept files; the same files and seed give the same outcome, whoever asks.

    Raises Refused ``draws.file_changed``; DrawError.
    """
    draws, files = drawn_together(batch), files_of(batch)
    params = {draw: read_params(read_all(files[f"{draw.folder}params.json"])) for draw in draws}
    _check_unchanged(params, files)
    selected: dict[Draw, list[Ranked]] = {}
    reserve: dict[Draw, list[Ranked]] = {}
    for at, draw in enumerate(draws):
        report(f"抽取对象：{draw.task.name}", at, len(draws))
        frame = files[f"{draw.folder}frame.tsv"]
        selected[draw], reserve[draw] = _select(params[draw], frame, batch.seed)
    match = None
    if batch.has_match:
        report("匹配检查人员", len(draws), len(draws))
        match = match_of(params, {draw: {row.object_id for row in rows} for draw, rows in selected.items()}, files)
    return Outcome(selected, reserve, match)


def _check_unchanged(params: Mapping[Draw, Document], files: Mapping[str, Blob]) -> None:
    """A table that was changed since the commitment must not be drawn from: its result would be logged for ever."""
    for draw, told in params.items():
        prefix = draw.folder
        paths = {"frame": f"{prefix}frame.tsv", "excluded": f"{prefix}excluded.tsv"}
        if told["matching"] is not None:
            paths |= {"inspectors": "inspectors.tsv", "avoid": "avoid.tsv"}
        for name, path in paths.items():
            if digest_of(files[path]) != told[name]["sha256"]:
                raise Refused("draws.file_changed", path=path)


def _select(params: Document, frame: Blob, seed: str) -> tuple[list[Ranked], list[Ranked]]:
    places = quotas(params)
    strata = (_by_engine if frame_is_large(params) else _by_core)(params, frame, seed)
    selected: list[Ranked] = []
    reserve: list[Ranked] = []
    for ranked in strata:
        n = places[ranked[0].stratum].n if ranked else 0
        selected += ranked[:n]
        reserve += ranked[n:]
    return selected, reserve


def frame_is_large(params: Document) -> bool:
    """Whether the engine draws it."""
    return bool(params["frame"]["size"] >= LARGE and params["suite"] == "sha256")


def _by_core(params: Document, frame: Blob, seed: str) -> Iterator[list[Ranked]]:
    tickets = digests(object_prefix_of(params, seed), params["suite"])
    places = quotas(params)
    for stratum, part in sorted(scan_frame(frame).strata.items()):
        yield list(draw_stratum(frame, stratum, (part.start, part.end), places[stratum], tickets))


def _by_engine(params: Document, frame: Blob, seed: str) -> Iterator[list[Ranked]]:
    from gongchou.engines import duckdb_engine  # noqa: PLC0415 -- a slow import that most draws do not need

    assert isinstance(frame, FileBlob)  # noqa: S101 -- what the store hands out
    rows = duckdb_engine.select(
        frame.path,
        prefix=object_prefix_of(params, seed),
        quotas=quotas(params),
        ticket_key=params["ticket_key"],
        suite=params["suite"],
        excluded=set(),
        memory_limit="700MB",
    )
    for _, of_stratum in groupby(rows, key=attrgetter("stratum")):
        yield list(of_stratum)


def match_of(params: Mapping[Draw, Document], selected: Mapping[Draw, set[str]], files: Mapping[str, Blob]) -> Match:
    """Deal the people to all doors of a batch that has its seed, whichever draws they came from.

    params, selected: by ``seq``. Raises Refused ``draws.pool_conflict``.
    """
    pools = {draw: pools_of(files[f"{draw.folder}frame.tsv"], objects) for draw, objects in selected.items()}
    conflict = find_pool_conflict(pools.values())
    if conflict:
        raise Refused("draws.pool_conflict", object=conflict)
    cross_home = next(iter(params.values()))["matching"]["cross_home"]
    roster = read_roster(read_all(files["inspectors.tsv"]), read_all(files["avoid.tsv"]), cross_home=cross_home)
    seed = next(iter(params)).batch.seed
    return match_draws([(params[draw], pools[draw]) for draw in params], roster, seed)
