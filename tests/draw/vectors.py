"""The vectors of the specification, as tests read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "spec" / "vectors"


def load(name: str) -> Any:
    """One file of ``spec/vectors``, without its suffix."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def each(rows: list[Any], name: str = "why") -> list[Any]:
    """Rows as parameters, named by one of their fields."""
    return [pytest.param(row, id=str(row[name])) for row in rows]
