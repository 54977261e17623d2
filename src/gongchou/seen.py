"""What a form showed when it was opened, so that nobody who saves later takes back what was saved meanwhile.

A page puts ``token`` of the values it shows into its form; the operation, once it holds the row, asks
``check_unchanged`` with the token that came back and the values as they stand now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from gongchou.refusal import Refused


def token(values: Mapping[str, Any]) -> str:
    """A digest of each value by what people call it: enough to tell which of them are other, not what they were."""
    return json.dumps({name: _digest(value) for name, value in values.items()}, ensure_ascii=False)


def values_of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Columns of a row by their Chinese names; of what it points to, the id."""
    fields = [row._meta.get_field(name) for name in names]
    return {str(field.verbose_name): getattr(row, field.attname) for field in fields}


def check_unchanged(seen: str, values: Mapping[str, Any]) -> None:
    """Raises Refused ``web.changed_meanwhile``. Who shows no form, such as an import, has seen nothing: ``seen`` is
    empty and nothing is asked.
    """
    changed = changed_since(seen, values)
    if changed:
        raise Refused("web.changed_meanwhile", fields="、".join(changed))


def changed_since(seen: str, values: Mapping[str, Any]) -> list[str]:
    """The names of the values that are other than a form had shown."""
    shown = _read(seen) if seen else {}
    return [name for name, value in values.items() if seen and shown.get(name) != _digest(value)]


def _digest(value: Any) -> str:
    return sha256(("" if value is None else str(value)).encode()).hexdigest()[:16]


def _read(seen: str) -> dict[str, Any]:
    """A token that somebody cut is one of other values."""
    try:
        found = json.loads(seen)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
