"""The verb reading: what dice or a drawing showed goes into the log when it is typed, and is used as it was typed."""

from __future__ import annotations

from gongchou.cli.workspace import Workspace
from gongchou.draw.encoding import Document, is_id
from gongchou.draw.errors import RuleError
from gongchou.draw.log import Entry
from gongchou.draw.seed import check_value

READ_BY_PEOPLE = ("digits", "lottery")


def log_reading(
    workspace: Workspace, of: dict[str, int], value: str, *, reader: str, second: str | None, at: int
) -> Entry:
    """Log one typing, or with ``second`` that another person confirmed it. A slip is followed by the next reading.

    of: ``{"source": number}`` of the seed, or ``{"event": index}`` of a request
    Raises RuleError ``reading_late``, ``reading_alone``, ``substitution_invalid``, ``json_field``;
    FormatError ``value_invalid``.
    """
    [(what, number)] = of.items()
    source = _request(workspace, number) if what == "event" else _source(workspace, number)
    if source is None or source["type"] not in READ_BY_PEOPLE:
        raise RuleError("reading_late", "", **of)
    check_value(source, value)
    for field, name in (("reader", reader), ("second", second)):
        if name is not None and not is_id(name):
            raise RuleError("json_field", field=field, value=name)
    if second == reader:
        raise _refusal(of, "reading_alone", "read by one")
    shared = workspace.shared()
    body = {"campaign": shared["campaign"], "reader": reader, "second": second, "value": value, **of}
    return workspace.record("reading", body, at, authority=shared["authority"])


def check_as_read(workspace: Workspace, of: dict[str, int], value: str) -> None:
    """What is used must be what two people are logged to have read, where anybody logged it.

    Raises RuleError ``reading_mismatch``, ``reading_alone`` or ``substitution_invalid``: such evidence would not hold.
    """
    [(what, number)] = of.items()
    told = [entry.body for entry in workspace.entries("reading") if entry.body.get(what) == number]
    if told and told[-1]["value"] != value:
        raise _refusal(of, "reading_mismatch", "another reading")
    if told and told[-1]["second"] in (None, told[-1]["reader"]):
        raise _refusal(of, "reading_alone", "read by one")


def _refusal(of: dict[str, int], code: str, reason: str) -> RuleError:
    """As a verifier names it: a source by its own codes, a request as an invalid substitution."""
    if "event" in of:
        return RuleError("substitution_invalid", reason=reason, object=of["event"])
    return RuleError(code, "", **of)


def _source(workspace: Workspace, number: int) -> Document | None:
    """The source, while it is its time: the last one behind the close, the others before it."""
    sources: list[Document] = workspace.shared()["seed"]
    is_its_time = bool(workspace.entries("close")) == (number == len(sources))
    if not 1 <= number <= len(sources) or not is_its_time or workspace.entries("seed"):
        return None
    return sources[number - 1]


def _request(workspace: Workspace, event: int) -> Document | None:
    """What decides a request that waits still."""
    if (workspace.root / "sources" / f"event-{event}.txt").exists():
        return None
    return next((entry.body["source"] for entry in workspace.entries("substitute") if entry.index == event), None)
