"""Each test has a home of its own: keys and evidence lie there."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongchou.draw.note import SecretKey
from tests.factories import draw_log


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def witnesses(home: Path) -> list[SecretKey]:
    """The secret keys of two witnesses the platform knows; those behind draws lie in its folder of keys."""
    return draw_log.make_log_keys(home / "others")


@pytest.fixture
def signed_log(db: None, witnesses: list[SecretKey]) -> list[SecretKey]:
    """Eight entries; checkpoints of 3 (cosigned twice), 5 (once) and 7; one entry that nothing signed yet."""
    draw_log.checkpoint_after(3, witnesses)
    draw_log.checkpoint_after(2, witnesses[:1])
    draw_log.remember(draw_log.checkpoint_after(2, []))
    draw_log.write_entries(1)
    return witnesses
