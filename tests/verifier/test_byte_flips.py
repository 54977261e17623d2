"""The browser notices every changed byte of a bundle, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.mutants import original
from tests.verifier.conftest import packed

pytestmark = pytest.mark.browser

FLIP_ALL = """(async ([files, path]) => {
  const whole = mapOf(files);
  const data = whole.get(path);
  const unnoticed = [];
  for (let at = 0; at < data.length; at++) {
    const flipped = data.slice();
    flipped[at] ^= 1;
    const report = await gongchou.verifyFiles(new Map(whole).set(path, flipped), {});
    if (report.ok) unnoticed.push(at);
  }
  return unnoticed;
})(x)"""


def _by_day(path: str) -> bool:
    """Of the entries of the log the first; the others have its form."""
    return not path.startswith("log/0") or path.startswith("log/00000000")


FILES = [path if _by_day(path) else pytest.param(path, marks=pytest.mark.night) for path in sorted(original("tiny"))]


@pytest.mark.parametrize("path", FILES)
def test_every_flipped_byte_is_noticed_in_the_browser(ask: Callable[..., Any], path: str) -> None:
    assert ask(FLIP_ALL, [packed(original("tiny")), path]) == []
