"""The next entry of the database's log is the one that the core would write after reading all of it."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from gongchou.audit.guard import open_for_writing
from gongchou.draw import ledger
from gongchou.draw.errors import RuleError
from gongchou.draw.ledger import Ledger
from gongchou.draw.verify import Options, verify
from gongchou.draws import bundles
from gongchou.draws.ledger import PublicLog, sign
from tests.factories import draws as factory
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db


def entry(next_entry, authority="SCJG", after_s=0):
    at = int((NOW + timedelta(hours=2)).timestamp()) + after_s
    return next_entry("close", {"campaign": "X"}, authority=authority, at=at, files={"close.txt": b"a"})


@pytest.mark.parametrize("authority", ["SCJG", "NEW-ONE"])
def test_an_entry_follows_the_log_s_last_and_its_authority_s_last(authority):
    log = PublicLog()
    first = entry(log.next_entry, authority)
    factory.drawn(factory.make_batch())

    found = entry(log.next_entry, authority)

    assert found == entry(lambda *own, **told: Ledger.next_entry(log, *own, **told), authority)
    assert (first.index, found.index, len(log.entries())) == (0, 5, 5)


def test_an_authority_s_entries_never_go_back_in_time():
    log = PublicLog()
    factory.drawn(factory.make_batch())

    with pytest.raises(RuleError) as ours:
        entry(log.next_entry, after_s=-1)
    with pytest.raises(RuleError) as core:
        entry(lambda *own, **told: Ledger.next_entry(log, *own, **told), after_s=-1)
    other = entry(log.next_entry, "NEW-ONE", after_s=-1)

    assert (ours.value.code, ours.value.facts) == (core.value.code, core.value.facts)
    assert ours.value.code == "time_backwards"
    assert other.index == 5


# What a bundle shows of it ----------------------------------------------------------------------------


def grow(batch, authorities: list[str]) -> None:
    """Others go on writing; witnesses have seen all of it but the last."""
    with open_for_writing():
        for number, authority in enumerate(authorities):
            at = batch.beacon_at + timedelta(minutes=number + 1)
            PublicLog().append("plan", {"plan": f"计划 {number}"}, authority=authority, at=at)
            if number < len(authorities) - 1:
                sign(at)


def log_files(files) -> list[str]:
    return sorted(path for path in files if path.startswith("log/0") and path.endswith(".json"))


@pytest.mark.parametrize(("most", "n_shown"), [(2_000, 8), (5, 5)])
def test_a_bundle_shows_the_log_as_far_as_it_can_be_read(home, monkeypatch, most, n_shown):
    monkeypatch.setattr(ledger, "MOST_SHOWN", most)
    batch = factory.drawn(factory.make_batch())
    call_command("draws_checkpoint", stdout=StringIO())
    before = len(PublicLog().entries())

    grow(batch, ["YJGL", "WHHY", "GAJU", "SCJG"])
    files = bundles.bundle_of(batch)

    assert len(log_files(files)) == n_shown == (before if most == 5 else before + 3)
    assert verify(files, Options()).failure is None
