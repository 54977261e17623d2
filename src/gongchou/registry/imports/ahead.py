"""A long stream: in parts, and gone through by a process beside this one.

While rows are written here, the next are read there. The process is a copy of this one (``fork``): it knows all that
is known here, and must not ask the database, whose connection it shares. Where there is no such copy, or little to do,
the stream is gone through here.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Iterable, Iterator
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import Queue
from threading import Thread
from typing import Any, TypeVar

from gongchou.refusal import Refused

Row = TypeVar("Row")

PAYS_FROM = 20_000  # rows; below that the copy costs more than it saves
_PIECE = 500  # rows handed over at once
_READY = 40  # pieces that wait until somebody has time for them; a pipe holds a hundred rows
_PATIENCE_S = 10
_TURN_S = 0.0005  # the thread that hands over needs the interpreter only for moments, but soon


def in_chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Rows in parts of some size."""
    stream = iter(rows)
    while chunk := list(islice(stream, size)):
        yield chunk


def ahead(stream: Iterable[Row], n_rows: int) -> Iterator[Row]:
    """The rows of a stream in their order. Raises what the stream raises, its traceback as text where it is a fault."""
    can_copy = sys.platform == "linux" and (os.cpu_count() or 1) > 1
    return _from_beside(stream) if can_copy and n_rows >= PAYS_FROM else iter(stream)


def _from_beside(stream: Iterable[Row]) -> Iterator[Row]:
    context = get_context("fork")
    mouth, end = context.Pipe(duplex=False)
    beside = context.Process(target=_hand_over, args=(stream, end, mouth), daemon=True)
    beside.start()
    end.close()
    try:
        yield from _received(mouth)
    finally:
        mouth.close()  # whoever still writes hears of it
        beside.join(_PATIENCE_S)
        beside.kill()


def _received(mouth: Connection) -> Iterator[Any]:
    while True:
        try:
            kind, told = mouth.recv()
        except EOFError:
            raise RuntimeError("the process beside ended before its work") from None
        if kind == "refused":
            raise Refused(told[0], **told[1])
        if kind == "fault":
            raise RuntimeError(told)
        if not told:
            return
        yield from told


def _hand_over(stream: Iterable[Any], end: Connection, mouth: Connection) -> None:
    """In the copy. It ends with its stream or with whoever reads it, not by what asks a worker to finish its task."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    mouth.close()
    sys.setswitchinterval(_TURN_S)
    ready: Queue[bytes | None] = Queue(_READY)
    writer = Thread(target=_write, args=(ready, end))
    writer.start()
    for message in _messages(stream):
        ready.put(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
    ready.put(None)
    writer.join()


def _write(ready: Queue[bytes | None], end: Connection) -> None:
    try:
        while (piece := ready.get()) is not None:
            end.send_bytes(piece)
    except BrokenPipeError:  # nobody reads on; the stream may be waiting for us
        os._exit(0)


def _messages(stream: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """What ``_received`` reads: the rows, no rows at the end, or why it did not come to its end."""
    try:
        for piece in in_chunks(stream, _PIECE):
            yield "rows", piece
    except Refused as refused:
        yield "refused", (refused.code, refused.facts)
    except Exception:
        yield "fault", traceback.format_exc()
    else:
        yield "rows", []
