"""DuckDB gives what the oracle and the core give, whatever the frame looks like."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.draw.errors import DrawError
from gongchou.draw.frame import scan_frame
from gongchou.draw.select import Quota, select_frame
from gongchou.draw.table import Bytes
from gongchou.draw.ticket import digests
from tests.engines.oracle import (
    PREFIX,
    Answer,
    Case,
    Line,
    cases,
    large_case,
    oracle,
    sizes,
    write_frame,
)

duckdb = pytest.importorskip("duckdb")
duckdb_engine = pytest.importorskip("gongchou.engines.duckdb_engine")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("frames")


def drawn(folder: Path, case: Case, **changes: Any) -> Answer:
    """Write the frame and draw it."""
    request = {"prefix": PREFIX, "ticket_key": case.ticket_key, "excluded": case.excluded, **changes}
    path = write_frame(folder / "frame.tsv", case.lines)
    return [tuple(row) for row in duckdb_engine.select(path, quotas=case.quotas, **request)]


def write_parquet(path: Path, lines: list[Line]) -> Path:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE frame (stratum VARCHAR, object VARCHAR, pool VARCHAR)")
        connection.executemany("INSERT INTO frame VALUES (?, ?, ?)", lines)
        connection.execute(f"COPY frame TO '{path}' (FORMAT parquet)")
    return path


@given(case=cases())
def test_any_frame_gives_the_selection_of_the_oracle_and_of_the_core(folder: Path, case: Case) -> None:
    data = "".join(sorted("\t".join(line) + "\n" for line in case.lines)).encode()
    scan = scan_frame(Bytes(data), with_unit=case.ticket_key == "unit")
    gone = {object_id.encode() for object_id in case.excluded}
    selected, reserve = select_frame(Bytes(data), scan.spans(), case.quotas, digests(PREFIX), gone)
    of_the_core = sorted(tuple(row) for row in [*selected, *reserve])

    assert drawn(folder, case) == oracle(case.lines, case.quotas, case.excluded) == of_the_core


@settings(max_examples=25)
@given(case=cases(), chance=st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(folder: Path, case: Case, chance: random.Random) -> None:
    lines = list(case.lines)
    chance.shuffle(lines)

    assert drawn(folder, case._replace(lines=lines)) == drawn(folder, case)


@settings(max_examples=25)
@given(case=cases(), n_parts=st.integers(1, 4), chance=st.randoms(use_true_random=False))
def test_the_whole_draw_is_the_merge_of_the_draws_of_any_parts(
    folder: Path, case: Case, n_parts: int, chance: random.Random
) -> None:
    parts: list[list[Line]] = [[] for _ in range(n_parts)]
    for line in case.lines:
        chance.choice(parts).append(line)

    rows = [row for part in parts for row in drawn(folder, _with_lines(case, part))]

    assert _merged(rows, case.quotas) == drawn(folder, case)


def _with_lines(case: Case, lines: list[Line]) -> Case:
    """The same wishes for fewer lines: of each stratum as many as the whole draw could need."""
    quotas = {
        name: Quota(size, min(size, case.quotas[name].n + case.quotas[name].reserve), 0)
        for name, size in sizes(lines).items()
    }
    return case._replace(lines=lines, quotas=quotas)


def _merged(rows: Answer, quotas: dict[str, Quota]) -> Answer:
    merged: Answer = []
    for stratum, quota in sorted(quotas.items()):
        lowest = sorted((ticket, object_id) for name, _, object_id, ticket in rows if name == stratum)
        taken = lowest[: quota.n + quota.reserve]
        merged += [(stratum, rank, object_id, ticket) for rank, (ticket, object_id) in enumerate(taken, 1)]
    return merged


def test_six_hundred_strata(folder: Path) -> None:
    case = large_case(60_000, 600)

    assert drawn(folder, case) == oracle(case.lines, case.quotas)


def test_a_result_of_many_batches_in_order_under_little_memory(folder: Path) -> None:
    case = large_case(200_000, 4)

    assert drawn(folder, case, memory_limit="100MB", threads=2) == oracle(case.lines, case.quotas)


def test_parquet_gives_what_the_table_gives(folder: Path) -> None:
    case = large_case(2_000, 40)
    path = write_parquet(folder / "frame.parquet", case.lines)

    rows = duckdb_engine.select(path, prefix=PREFIX, quotas=case.quotas)

    assert [tuple(row) for row in rows] == oracle(case.lines, case.quotas)


@pytest.mark.parametrize("n", [0, 1, 7, 30])
def test_shared_units_tie_and_the_object_id_decides(folder: Path, n: int) -> None:
    lines: list[Line] = [("S", f"X{number:02d}", "P", f"U{number % 3}") for number in range(30)]
    case = Case(lines, {"S": Quota(30, n, 0)})

    assert drawn(folder, case) == oracle(lines, case.quotas)


def test_a_unit_too_large_for_the_margin_widens_the_threshold(folder: Path) -> None:
    # Nearly all share one ticket. Where it lies above the first threshold, fewer survive than are wanted.
    lines: list[Line] = [("S", f"X{number:04d}", "P", "U" if number else "V") for number in range(1000)]
    case = Case(lines, {"S": Quota(1000, 100, 10)})
    prefixes = [f"{number:064x}" for number in range(8)]

    for prefix in prefixes:
        assert drawn(folder, case, prefix=prefix) == oracle(lines, case.quotas, prefix=prefix)


@pytest.mark.parametrize("margin", [lambda count: 0, lambda count: 1 - count, lambda count: -count // 2])
def test_a_threshold_too_tight_is_widened_until_it_is_not(folder: Path, margin: Callable[[int], int]) -> None:
    case = large_case(5_000, 40)

    assert drawn(folder, case, margin=margin) == oracle(case.lines, case.quotas)


def test_nothing_is_read_into_fields_that_look_like_something_else(folder: Path) -> None:
    names = ["NULL", "1E5", "0X10", "2024-01-01", "TRUE", "NAN", "007", "A-B", "A_B", "A.B", "AB"]
    lines: list[Line] = [("INF", name, "P") for name in names]
    case = Case(lines, {"INF": Quota(len(lines), len(lines), 0)})

    assert drawn(folder, case) == oracle(lines, case.quotas)


def test_folders_with_strange_names_are_taken_as_they_are(tmp_path: Path) -> None:
    case = large_case(100, 4)
    strange = tmp_path / "stratum=x" / "it's [1]*?"
    strange.mkdir(parents=True)

    assert drawn(strange, case) == oracle(case.lines, case.quotas)


def test_an_empty_frame_gives_nothing(folder: Path) -> None:
    assert drawn(folder, Case([], {})) == []


def test_excluding_all_gives_nothing(folder: Path) -> None:
    case = large_case(40, 4)
    gone = frozenset(line[1] for line in case.lines)

    assert drawn(folder, case._replace(excluded=gone)) == []


@pytest.mark.parametrize("lines", [[("S", "X")], [("S", "X", "P", "U")], [("S", "X", "P"), ("S", "Y")]])
def test_lines_with_another_number_of_fields_are_refused(folder: Path, lines: list[Line]) -> None:
    with pytest.raises(duckdb.Error):
        drawn(folder, Case(lines, {"S": Quota(len(lines), 1, 0)}), ticket_key="object")


def test_a_wrong_size_is_refused_before_anything_is_drawn(folder: Path) -> None:
    path = write_frame(folder / "frame.tsv", [("S", "X", "P"), ("S", "Y", "P")])
    rows = duckdb_engine.select(path, prefix=PREFIX, quotas={"S": Quota(3, 1, 0)})

    with pytest.raises(DrawError) as caught:
        next(rows)

    assert (caught.value.code, caught.value.place) == ("stratum_size", "S")


def test_nothing_is_left_on_disk(folder: Path, tmp_path: Path) -> None:
    case = large_case(100, 4)

    drawn(folder, case, temp_directory=tmp_path)

    assert list(tmp_path.iterdir()) == []
