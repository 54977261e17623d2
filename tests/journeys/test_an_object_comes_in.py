"""A shop has closed for good: the next of the reserve comes in, and all its people are asked for and dealt at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gongchou.draw.encoding import dump_json
from gongchou.draws.models import Substitution
from gongchou.draws.settings import Settings, to_store
from tests.draws.afterwards import AFTER, check_both_views, hit_of, replace
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.journeys.conftest import Desk

SETTINGS = to_store(Settings(reserve_percent=100))


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def test_its_seats_take_two_pages(desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch):
    batch = factory.drawn(factory.joint_batch(n=30, n_draws=3, settings=SETTINGS))
    into = replace(hit_of(batch.draws.first(), 1), AFTER)
    assert into.into is not None
    door = into.into.subject.visits.get()
    n_seats = door.seats.filter(ended_at=None, inspector=None).count()

    desk.sign_in(keeper_of(batch.department))
    desk.go(into.get_absolute_url())
    desk.follow("全部补配")
    desk.press(f"提出全部 {n_seats} 个申请")
    assert desk.sees(f"已提出 {n_seats} 个申请")
    desk.follow("全部派定")
    desk.press("全部派定")
    assert desk.sees("才产生。请到时再办理")
    there = timezone.now() + timedelta(seconds=70)
    monkeypatch.setattr(timezone, "now", lambda: there)
    desk.page.reload()
    path = home / "beacon.json"
    path.write_bytes(dump_json(factory.signer().sign(Substitution.objects.earliest("event").round or 0).document()))
    desk.page.set_input_files("#id_file", str(path))
    desk.press("全部派定")
    assert desk.sees(f"办结 {n_seats} 个，其中补上 {n_seats} 个")

    desk.go(f"{batch.get_absolute_url()}seats/")
    check_both_views(batch)
