"""What the core refuses, said as this platform says no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gongchou.draw.errors import DrawError
from gongchou.draw.sentences import sentence
from gongchou.refusal import Refused


@contextmanager
def plainly() -> Iterator[None]:
    """Raises Refused ``draws.core`` with the core's own sentence in place of a DrawError."""
    try:
        yield
    except DrawError as error:
        raise Refused("draws.core", told=sentence(error.code, error.facts)) from error
