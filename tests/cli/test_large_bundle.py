"""A province's draw is verified as a stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.large import make_drawn, verify_apart

GIB = 1 << 30


@pytest.mark.parametrize(
    "n", [60_000, pytest.param(1_000_000, marks=pytest.mark.night), pytest.param(14_000_000, marks=pytest.mark.night)]
)
def test_a_bundle_of_any_size_is_verified_within_a_gibibyte(tmp_path: Path, n: int) -> None:
    workspace = make_drawn(tmp_path / "bundle", n)

    code, printed, peak = verify_apart(workspace.root)

    assert code == 0, printed
    assert peak < GIB
