"""A draw is a function of the frozen files and the seed, whoever computes it."""

from __future__ import annotations

import pytest

from gongchou.draws import drawing
from gongchou.draws.drawing import outcome_of
from gongchou.engines import duckdb_engine
from gongchou.refusal import Refused
from tests.factories import draws as factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """Frames that the engine is given."""
    found = []
    select = duckdb_engine.select

    def note(path, **told):
        found.append(path)
        return select(path, **told)

    monkeypatch.setattr(duckdb_engine, "select", note)
    return found


def test_the_engine_draws_large_frames_and_gives_the_bytes_of_the_core(monkeypatch, asked):
    batch = factory.seeded(factory.make_batch())
    by_core = outcome_of(batch, lambda *_: None)
    assert asked == []

    monkeypatch.setattr(drawing, "LARGE", 40)
    by_engine = outcome_of(batch, lambda *_: None)

    assert len(asked) == 1
    assert by_engine.files() == by_core.files()
    assert (by_engine.selected, by_engine.reserve) == (by_core.selected, by_core.reserve)


def test_a_frame_of_one_less_is_left_to_the_core(monkeypatch, asked):
    batch = factory.seeded(factory.make_batch())

    monkeypatch.setattr(drawing, "LARGE", 41)
    outcome_of(batch, lambda *_: None)

    assert asked == []


def test_a_frame_that_was_changed_since_is_not_drawn_from(home):
    batch = factory.seeded(factory.make_batch())
    kept = batch.evidence.get(path="frame.tsv")
    path = home / "evidence" / kept.sha256[:2] / kept.sha256
    path.write_bytes(path.read_bytes()[:-1] + b"X")

    with pytest.raises(Refused, match=r"draws\.file_changed"):
        outcome_of(batch, lambda *_: None)
