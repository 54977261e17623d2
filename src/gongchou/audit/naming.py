"""How things are called in the log: short enough for its column, and by what people look for them."""

from __future__ import annotations

from gongchou.audit.models import Line

LONGEST_NAME = Line._meta.get_field("about_name").max_length or 0


def cut_to(text: str, most: int) -> str:
    """A name of several names may be longer than its column, which SQLite takes and PostgreSQL does not."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def coded_name(name: str, code: str, *, beside: str = "") -> str:
    """``name（code）``; so that all fits, the name is cut and never the code, which is what people look for.

    beside: what else stands in the name of the thing
    """
    return f"{cut_to(name, LONGEST_NAME - len(beside) - len(code) - 2)}（{code}）"
