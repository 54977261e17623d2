"""Draws at each of their stages, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import offices

Stage = Callable[[Path], Path]


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Stage], Path]:
    made: dict[str, Path] = {}

    def make(stage: Stage) -> Path:
        if stage.__name__ not in made:
            folder = tmp_path_factory.mktemp(stage.__name__)
            stage(folder)
            made[stage.__name__] = folder
        return made[stage.__name__]

    return make


def _copy(folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return tmp_path / "bundle"


@pytest.fixture
def framed(stages: Callable[[Stage], Path], tmp_path: Path) -> Path:
    return _copy(stages(offices.framed), tmp_path)


@pytest.fixture
def committed(stages: Callable[[Stage], Path], tmp_path: Path) -> Path:
    return _copy(stages(offices.committed), tmp_path)


@pytest.fixture
def closed(stages: Callable[[Stage], Path], tmp_path: Path) -> Path:
    return _copy(stages(offices.closed), tmp_path)


@pytest.fixture
def drawn(stages: Callable[[Stage], Path], tmp_path: Path) -> Path:
    return _copy(stages(offices.drawn), tmp_path)


@pytest.fixture
def drawn_by_dice(stages: Callable[[Stage], Path], tmp_path: Path) -> Path:
    return _copy(stages(offices.drawn_by_dice), tmp_path)
