"""A stream gone through by a process beside: the same rows, the same refusals, and nobody left behind."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing import active_children, get_context
from time import sleep

import pytest

from gongchou.refusal import Refused
from gongchou.registry.imports.ahead import PAYS_FROM, ahead

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies of a process are made on Linux only")


def numbers(n: int) -> Iterator[tuple[int, int]]:
    for number in range(n):
        yield number, os.getpid()


@pytest.mark.parametrize("n", [0, 1, 499, 500, 501, 40_000])
def test_the_rows_come_in_their_order_from_a_process_beside(n: int):
    told = list(ahead(numbers(n), PAYS_FROM))

    assert [number for number, _ in told] == list(range(n))
    assert os.getpid() not in {own for _, own in told}


def test_it_goes_on_while_nobody_reads():
    done = get_context("fork").Value("q", 0)

    def stream() -> Iterator[str]:
        for number in range(40_000):
            done.value = number
            yield f"{number}: " + "long" * 100

    rows = ahead(stream(), PAYS_FROM)
    next(rows)

    for _ in range(200):
        if done.value >= 15_000:
            break
        sleep(0.05)
    assert 15_000 <= done.value < 39_999  # far ahead, but not of all: what waits is held in memory
    assert sum(1 for _ in rows) == 39_999


def test_a_few_rows_are_gone_through_here():
    assert {own for _, own in ahead(numbers(3), 3)} == {os.getpid()}


def test_a_refusal_comes_through_as_it_is():
    def stream() -> Iterator[int]:
        yield 1
        raise Refused("registry.file_columns", line=2, most=3)

    rows = ahead(stream(), PAYS_FROM)

    with pytest.raises(Refused) as refused:
        list(rows)
    assert (refused.value.code, refused.value.facts) == ("registry.file_columns", {"line": 2, "most": 3})


def test_a_fault_says_where_it_was():
    def stream() -> Iterator[float]:
        yield 1 / 0

    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        list(ahead(stream(), PAYS_FROM))


def test_a_process_that_is_killed_is_noticed():
    rows = ahead(numbers(1_000_000), PAYS_FROM)
    _, own = next(rows)

    os.kill(own, signal.SIGKILL)

    with pytest.raises(RuntimeError, match="ended before its work"):
        list(rows)


def test_a_process_outlasts_what_asks_a_worker_to_finish():
    rows = ahead(numbers(40_000), PAYS_FROM)
    _, own = next(rows)

    os.kill(own, signal.SIGTERM)

    assert len(list(rows)) == 39_999


def test_nobody_is_left_when_the_reader_goes():
    rows = ahead(numbers(1_000_000), PAYS_FROM)
    next(rows)

    rows.close()

    assert active_children() == []
