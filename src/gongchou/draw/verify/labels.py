"""What a stratum is called, for sentences: its id alone tells a reader nothing."""

from __future__ import annotations

from gongchou.draw.bundle import Files
from gongchou.draw.encoding import parse_json
from gongchou.draw.errors import DrawError
from gongchou.draw.table import read_all

RULE = "strata-rule.json"


def label_of(files: Files, prefix: str, stratum: object) -> str:
    """The label that the rule document of a draw has for a stratum; empty where it has none, for its keys are free.

    prefix: the draw's directory with a slash, or empty
    """
    try:
        rule = parse_json(read_all(files[prefix + RULE]))
        found = [part["label"] for part in rule["strata"] if part["id"] == stratum]
    except (DrawError, KeyError, TypeError):
        return ""
    return found[0] if len(found) == 1 and isinstance(found[0], str) else ""


def directory_of(place: str) -> str:
    """The directory of a file with its slash."""
    head, slash, _ = place.rpartition("/")
    return head + slash
