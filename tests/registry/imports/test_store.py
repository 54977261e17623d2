"""Lines as COPY reads them."""

from __future__ import annotations

from typing import Any

import pytest

from gongchou.registry.imports.store import _copy_line


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (("a", None, True, 3), "a\t\\N\tTrue\t3\n"),
        (("\\N", None), "\\\\N\t\\N\n"),
        (("a\tb", "c\nd\re"), "a\\tb\tc\\nd\\re\n"),
        (("", ""), "\t\n"),
        (("a\0b", None), "a\0b\t\\N\n"),  # for the server to refuse
    ],
)
def test_a_row_is_one_line_that_says_what_is_in_it(row: tuple[Any, ...], line: str):
    assert _copy_line(row) == line
