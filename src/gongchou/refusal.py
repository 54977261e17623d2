"""How everything here says no: a code and the facts of the case; the sentence is made where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Refused(Exception):  # noqa: N818 -- the word of the office; it is an outcome, not a fault
    """Raised by every ``check_…`` and operation that may not go on.

    code: ``room.what``, such as ``accounts.locked``; facts fill the sentence and hold no personal data.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts


_SENTENCES: dict[str, str] = {}


def teach(sentences: dict[str, str]) -> None:
    """Add a room's sentences, code -> Chinese sentence with ``{fact}`` in it; done once when the room starts."""
    _SENTENCES.update(sentences)


def sentence(refused: Refused) -> str:
    """What a person is told. A code without a sentence would be a dead end, so it is an error here already."""
    return _SENTENCES[refused.code].format(**refused.facts)


def allowed(check: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
    """Turn a ``check_…`` into a yes or no, for templates."""
    try:
        check(*args, **kwargs)
    except Refused:
        return False
    return True
