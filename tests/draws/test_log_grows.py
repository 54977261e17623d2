"""The next entry of the database's log is the one that the core would write after reading all of it."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from gongchou.audit.guard import open_for_writing
from gongchou.draw.errors import RuleError
from gongchou.draw.ledger import Ledger
from gongchou.draw.merkle import Proofs, root_of_hashes
from gongchou.draw.note import SecretKey
from gongchou.draw.verify import Options, verify
from gongchou.draws import bundles
from gongchou.draws import ledger as blocks
from gongchou.draws.damage import find_damage
from gongchou.draws.ledger import PublicLog, sign
from gongchou.draws.models import LogBlock, LogCheckpoint, LogEntry
from gongchou.draws.operations.log import Signer, sign_log
from gongchou.refusal import Refused
from tests.factories import draw_log
from tests.factories import draws as factory
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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


@pytest.mark.usefixtures("home")
def test_a_bundle_is_no_other_when_others_go_on_writing():
    batch = factory.drawn(factory.make_batch())
    call_command("draws_checkpoint", stdout=StringIO())
    before, n_entries = bundles.digest_of(batch), len(PublicLog().entries())

    grow(batch, ["YJGL", "WHHY", "GAJU", "SCJG"])
    files = bundles.bundle_of(batch)

    assert len(log_files(files)) == n_entries
    assert verify(files, Options()).failure is None
    assert bundles.digest_of(batch) == before


@pytest.mark.usefixtures("home")
def test_what_decides_about_a_commit_is_read_and_the_rest_is_not():
    first = factory.drawn(factory.make_batch())
    for number, authority in enumerate(["YJGL", "SCJG", "WHHY"]):
        other = {"campaign": f"X-{number}"}
        with open_for_writing():
            at = first.beacon_at + timedelta(minutes=number + 1)
            PublicLog().append("close", other, authority=authority, at=at, files={"close.txt": b"a"})

    told = PublicLog().told_of({"SCJG"}, "NEW")

    assert [(one.type, one.body["campaign"]) for one in told] == [
        ("commit", first.code),
        ("close", first.code),
        ("close", "X-1"),
    ]


# In blocks --------------------------------------------------------------------------------------------


@pytest.fixture
def long_log(db: None, witnesses: list[SecretKey], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifteen entries in blocks of four; checkpoints of 3, 9, 13 and, cosigned by one alone, 15."""
    monkeypatch.setattr(blocks, "BLOCK", 4)
    for n, who in ((3, witnesses), (6, witnesses), (4, witnesses), (2, witnesses[:1])):
        draw_log.checkpoint_after(n, who)


def test_proofs_from_blocks_are_those_of_the_whole_tree(long_log: None):
    hashes = PublicLog().leaf_hashes()
    whole, kept = Proofs(hashes), PublicLog().proofs(15)

    assert list(LogBlock.objects.values_list("index", flat=True)) == [0, 1, 2]
    for size in range(1, 16):
        assert blocks.tree_of(size).root() == root_of_hashes(hashes[:size])
        assert [kept.inclusion(at, size) for at in range(size)] == [whole.inclusion(at, size) for at in range(size)]
        assert [kept.consistency(at, size) for at in range(size)] == [whole.consistency(at, size) for at in range(size)]


def test_who_saw_an_entry_and_what_is_shown_are_as_the_core_reads_the_whole_log(long_log: None):
    log = PublicLog()
    ours, core = log.first_seen(2), Ledger.first_seen(log, 2)

    assert [ours(at) for at in range(15)] == [core(at) for at in range(15)]
    assert [found.size if (found := ours(at)) else 0 for at in (0, 2, 3, 12, 13)] == [3, 3, 9, 13, 0]
    for own in ({"990100-SCJG"}, set(draw_log.AUTHORITIES), {"NEW"}):
        assert list(log.shown(own, 13)) == list(Ledger.shown(log, own, 13))


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE draws_logblock SET root = replace(root, substr(root, 1, 4), '0000')", ("draws_logblock", 0, "root")),
        ('DELETE FROM draws_logblock WHERE "index" = 1', ("draws_logblock", 1, "")),
        ("DELETE FROM draws_logblock", ("draws_logblock", 0, "")),
        ("UPDATE draws_logcheckpoint SET peaks = '' WHERE size = 15", ("draws_logcheckpoint", 3, "peaks")),
        ('UPDATE draws_logentry SET data = %s WHERE "index" = 5', ("draws_logentry", 5, "")),
    ],
)
def test_damage_behind_what_was_signed_is_named(long_log: None, sql: str, named: tuple[str, int, str]):
    assert find_damage() is None
    data = bytes(LogEntry.objects.get(index=5).data).replace(b'"n":5', b'"n":9')

    draw_log.touch(sql, [data] if "%s" in sql else None)

    damage = find_damage()
    assert damage is not None
    assert (damage.table, damage.row) == named[:2]
    assert not named[2] or damage.column == named[2]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE draws_logblock SET root = replace(root, substr(root, 1, 4), '0000') WHERE \"index\" = 1",
        "UPDATE draws_logcheckpoint SET peaks = replace(peaks, substr(peaks, 1, 4), '0000') WHERE size = 15",
    ],
)
def test_what_is_kept_and_wrong_leads_to_no_signature(long_log: None, sql: str):
    draw_log.touch(sql)
    draw_log.write_entries(1)

    with pytest.raises(Refused):
        sign_log(by=Signer(), at=NOW + timedelta(days=9))
    assert LogCheckpoint.objects.count() == 4


def test_blocks_that_are_lost_are_made_anew(long_log: None):
    before = list(LogBlock.objects.values())
    draw_log.touch('DELETE FROM draws_logblock WHERE "index" < 2')

    draw_log.checkpoint_after(1, [])

    assert list(LogBlock.objects.values())[:3] == before
    assert find_damage() is None
