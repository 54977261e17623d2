"""Uploads of a test lie in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home_of_its_own(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"
