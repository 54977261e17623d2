"""Receipts over the files of a workspace: why this object, or why not, for the object itself."""

from __future__ import annotations

from pathlib import Path

from gongchou.cli.afterwards import replacements_of
from gongchou.cli.workspace import Draw, Workspace
from gongchou.draw import receipts
from gongchou.draw.encoding import Document
from gongchou.draw.params import REASONS, read_document
from gongchou.draw.replace import Replacement, read_replacements
from gongchou.folders import open_bundle, read_bytes


def receipt(workspace: Workspace, draw: Draw, real_id: str, *, key: bytes | None, at: int) -> Document:
    """One object's receipt. Raises RuleError as ``gongchou.draw.receipts.receipt``."""
    files = open_bundle(workspace.root)
    return receipts.receipt(files, draw.prefix, real_id, key=key, at=at, place=str(workspace.root))


def replaced(workspace: Workspace, draw: Draw, object_id: str) -> list[Replacement]:
    """The replacements that took an object out of the sample or brought it in, in their order.

    From the log; where a bundle stands alone, from its table.
    """
    path = draw.path("replacements.tsv")
    rows = replacements_of(workspace, draw) or (read_replacements(read_bytes(path)) if path.exists() else [])
    return [row for row in rows if object_id in (row.out, row.into)]


def title_of(draw: Draw, reason: str) -> str:
    """A reason for replacement in words."""
    titles = read_document(read_bytes(draw.path("reasons.json")), REASONS, "reasons.json")["replace"]
    return str(titles.get(reason, reason))


def read_receipt(path: Path) -> Document:
    """A receipt as it was printed or saved. Raises FormatError ``json_invalid`` or ``json_field``."""
    return receipts.parse_receipt(read_bytes(path), str(path))
