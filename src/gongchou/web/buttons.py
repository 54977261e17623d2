"""What can be done with what is on a page now; and where it cannot, why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gongchou.refusal import Refused, sentence


@dataclass(frozen=True)
class Button:
    """A thing to do: words, where it goes, whether it acts at once, and why it may not be done ("" if it may)."""

    words: str
    address: str
    is_post: bool = False
    picture: str = "check-lg"
    why_not: str = ""
    confirm: str = ""


def why_not(check: Callable[[], None]) -> str:
    """The sentence of a refusal, or nothing."""
    try:
        check()
    except Refused as refused:
        return sentence(refused)
    return ""
