"""The declaration and the platform name the same addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from gongchou.accounts.roles import Duty
from tests.access.city import ROWS
from tests.access.declaration import MATRIX, PUBLIC, SIGNED_IN
from tests.access.document import page


def addresses(patterns: Any = None, space: str = "") -> Iterator[str]:
    """The names of all addresses the platform answers."""
    for found in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(found, URLResolver):
            inner = f"{space}{found.namespace}:" if found.namespace else space
            yield from addresses(found.url_patterns, inner)
        elif isinstance(found, URLPattern):
            yield f"{space}{found.name}"


def test_every_address_has_its_line():
    undeclared = sorted(set(addresses()) - set(MATRIX))

    told = [f'add to a table of tests/access/declaration.py:    "{name}": page(…),' for name in undeclared]
    assert told == []


def test_every_line_has_its_address():
    vanished = sorted(set(MATRIX) - set(addresses()))

    assert [f'take out of tests/access/declaration.py: "{name}"' for name in vanished] == []


def test_every_kind_of_row_is_known_and_used():
    assert {kind for line in MATRIX.values() for kind in line.row.split()} == set(ROWS)


def test_nobody_needs_what_no_role_has():
    assert {duty for line in MATRIX.values() for duty in line.who} <= {PUBLIC, SIGNED_IN, *Duty}


def test_the_page_for_people_is_current():
    path = Path(__file__).parents[2] / "docs" / "permissions.md"

    assert path.read_text(encoding="utf-8") == page(), "run python tools/print_permissions.py"
