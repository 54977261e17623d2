"""What the tests of the room begin with."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Each test has a home of its own: keys, evidence and attachments lie there."""
    settings.HOME = tmp_path
    return tmp_path
