"""The same seed gives the same city: compared row by row, without ids, moments and what is made from them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from gongchou.accounts.models import Region
from gongchou.demo import words
from gongchou.demo.build import Size, build
from gongchou.demo.city import City
from gongchou.demo.registers import firms
from tests.demo.conftest import NOW, say_nothing

pytestmark = pytest.mark.django_db
HAMLET = Size(n_subjects=120, n_inspectors=40, busy=(), n_busy_districts=0)
APART = {"password", "digest", "file_path", "session_round", "link"}


class Over(Exception):  # noqa: N818
    """Everything is taken back."""


def digest_of_a_city(seed: int, home: Path, settings: Any) -> dict[str, str]:
    home.mkdir()
    settings.HOME = home
    found: dict[str, str] = {}
    with pytest.raises(Over), transaction.atomic():
        build(HAMLET, seed=seed, at=NOW, say=say_nothing)
        found = {model._meta.label: digest_of(model) for room in ROOMS for model in room.get_models()}
        raise Over
    return found


ROOMS = [apps.get_app_config(name) for name in ("accounts", "registry")]


def digest_of(model: type[models.Model]) -> str:
    names = [name for name in map(plain, model._meta.concrete_fields) if name]
    rows = sorted(repr(row) for row in model._default_manager.order_by().values_list(*names)) if names else []
    return sha256("\n".join([str(model._default_manager.count()), *rows]).encode()).hexdigest()


def plain(field: models.Field[Any, Any]) -> str:
    """A field as it is compared; of a relation, the first text of what it points to."""
    if field.primary_key or isinstance(field, models.DateTimeField) or field.name in APART:
        return ""
    if isinstance(field, models.JSONField) and field.name == "data":
        return ""  # names rows by their ids
    other = field.related_model
    if other is None:
        return field.name
    assert isinstance(other, type)
    texts = (own.name for own in other._meta.concrete_fields if isinstance(own, models.CharField))
    text = next((name for name in texts if name not in APART), "")
    return f"{field.name}__{text}" if text else ""


@pytest.mark.night
def test_the_same_seed_gives_the_same_city(tmp_path: Path, settings: Any) -> None:
    first = digest_of_a_city(1, tmp_path / "first", settings)
    again = digest_of_a_city(1, tmp_path / "again", settings)

    assert {name for name in first if first[name] != again[name]} == set()
    assert len(first) >= 40


def test_another_seed_gives_another_city() -> None:
    here, there = ({name for _, name in drawn_names(Random(seed))} for seed in (1, 2))

    assert len(here & there) < len(here) / 10


def drawn_names(random: Random) -> Iterator[tuple[str, str]]:
    districts = [Region(code=f"9901{n:02}", name=name) for n, name in enumerate(words.DISTRICTS, 2)]
    towns = {district.code: [Region(code=f"{district.code}001", name="砚坞街道")] for district in districts}
    city = City(Region(), Region(), districts, towns)
    for firm, row in firms(random, city, 500, NOW.date()):
        assert firm.name == row[1]
        yield firm.code, firm.name
