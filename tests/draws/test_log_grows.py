"""The next entry of the database's log is the one that the core would write after reading all of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongchou.draw.errors import RuleError
from gongchou.draw.ledger import Ledger
from gongchou.draws.ledger import PublicLog
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
