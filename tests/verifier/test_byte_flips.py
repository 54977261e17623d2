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


@pytest.mark.parametrize("path", sorted(original("tiny")))
def test_every_flipped_byte_is_noticed_in_the_browser(ask: Callable[..., Any], path: str) -> None:
    assert ask(FLIP_ALL, [packed(original("tiny")), path]) == []
