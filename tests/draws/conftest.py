"""Each test has a home of its own: keys and evidence lie there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from gongchou.draw.note import SecretKey
from gongchou.draws.models import Batch
from tests.factories import draw_log
from tests.factories.once import standing


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture(scope="module")
def once(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, Batch]]:
    """The batch that ``make_once`` of a file makes, in a home of its own: it stands from the first test that asks for
    ``kept`` to the file's end.
    """
    home = tmp_path_factory.mktemp("once")
    with standing(django_db_blocker), override_settings(HOME=home):
        yield home, request.module.make_once()


@pytest.fixture
def kept(once: tuple[Path, Batch], db: None, home: Path) -> Batch:
    """That batch for one test, which may do with it what it likes."""
    shutil.copytree(once[0], home, dirs_exist_ok=True)
    return Batch.objects.get(pk=once[1].pk)


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
