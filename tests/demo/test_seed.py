"""The same seed gives the same city: compared row by row, without ids, moments and what is made from them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from gongchou.demo.build import Size, build
from tests.demo.conftest import NOW, say_nothing

pytestmark = pytest.mark.django_db
HAMLET = Size(n_subjects=120, n_inspectors=90, busy=("ZJJ",), n_busy_districts=1)
APART = {"password", "digest", "file_path", "session_round"}


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


def test_the_same_seed_gives_the_same_city_and_another_gives_another(tmp_path: Path, settings: Any) -> None:
    first = digest_of_a_city(1, tmp_path / "first", settings)
    again = digest_of_a_city(1, tmp_path / "again", settings)
    other = digest_of_a_city(2, tmp_path / "other", settings)

    assert {name for name in first if first[name] != again[name]} == set()
    assert first["registry.Subject"] != other["registry.Subject"]
    assert first["registry.Inspector"] != other["registry.Inspector"]
    assert first["registry.ItemVersion"] == other["registry.ItemVersion"]
