"""The evidence as a file: whole or not at all, made once, made anew when something changed (演示数据)."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from django.test import Client

from gongchou.draw.bundle import read_zip
from gongchou.draw.table import Bytes
from gongchou.draw.verify import Options, verify
from gongchou.draws import keys
from gongchou.draws.models import Batch
from gongchou.draws.operations import results
from tests.draws.afterwards import AFTER, hit_of, replace
from tests.factories import draw_log
from tests.factories import draws as factory
from tests.factories.lists import approver_of
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def ask(client: Client, batch: Batch, **headers: str):
    return client.get(f"/public/draws/{batch.code}/bundle.zip", headers=headers)


def test_a_stranger_verifies_what_is_handed_out(client: Client):
    batch = factory.drawn(factory.make_batch())

    answer = ask(client, batch)

    data = b"".join(answer.streaming_content)
    report = verify(read_zip(Bytes(data)), Options())
    assert (report.failure, report.level) == (None, "L1")
    assert answer["Content-Disposition"] == f'attachment; filename="gongchou-{batch.code}.zip"'
    assert int(answer["Content-Length"]) == len(data)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "public, max-age=60")


def test_a_crowd_is_handed_the_same_file(client: Client, home: Path):
    batch = factory.drawn(factory.make_batch())
    first = ask(client, batch)
    (kept,) = (home / "bundles").glob("*.zip")
    made_at = kept.stat().st_mtime_ns

    again = ask(client, batch)

    assert b"".join(again.streaming_content) == b"".join(first.streaming_content)
    assert kept.stat().st_mtime_ns == made_at
    assert ask(client, batch, **{"if-none-match": first["ETag"]}).status_code == 304


def test_it_is_made_anew_when_the_batch_moves_on(client: Client, home: Path):
    batch = factory.drawn(factory.make_batch())
    before = ask(client, batch)["ETag"]

    results.lock(batch=batch, by=approver_of(batch.department), at=NOW)

    assert ask(client, batch, **{"if-none-match": before})["ETag"] != before
    assert len(list((home / "bundles").glob("*.zip"))) == 1


def test_what_others_log_makes_no_bundle_anew(client: Client, home: Path):
    batch = factory.drawn(factory.make_batch())
    first = ask(client, batch)
    (kept,) = (home / "bundles").glob("*.zip")
    made_at = kept.stat().st_mtime_ns

    draw_log.checkpoint_after(3, [])
    again = ask(client, batch)

    assert kept.stat().st_mtime_ns == made_at
    assert again["ETag"] == first["ETag"]
    assert verify(read_zip(Bytes(b"".join(again.streaming_content))), Options()).failure is None


def test_a_replacement_makes_it_anew(client: Client):
    batch = factory.drawn(factory.make_batch())
    before = ask(client, batch)["ETag"]

    replace(hit_of(batch.draws.get(), 1), AFTER)
    data = b"".join((now := ask(client, batch)).streaming_content)

    assert now["ETag"] != before
    assert "replacements.tsv" in read_zip(Bytes(data))
    assert verify(read_zip(Bytes(data)), Options()).failure is None


def test_where_the_disk_is_full_it_says_so_and_hands_out_no_half(client: Client, home: Path, monkeypatch):
    batch = factory.drawn(factory.make_batch())

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as during:
        during.setattr(os, "fsync", full)
        answer = ask(client, batch)

    assert answer.status_code == 409
    assert "磁盘写不下证据包" in answer.content.decode()
    assert [path.suffix for path in (home / "bundles").iterdir()] in ([], [".lock"])
    assert ask(client, batch).status_code == 200


def test_while_witnesses_are_missing_it_says_so(client: Client, home: Path):
    draft = factory.make_batch()
    for path in (home / "keys").glob(f"{keys.PRACTICE}*.key"):
        path.unlink()
    batch = factory.drawn(draft)

    answer = ask(client, batch)

    assert answer.status_code == 409
    assert "还没有 2 个见证人共签" in answer.content.decode()
    assert list((home / "bundles").glob("*.zip")) == []


def test_a_batch_without_result_has_nothing_to_recompute(client: Client):
    batch = factory.committed(factory.make_batch())

    for part in ("bundle.zip", "verify/"):
        answer = client.get(f"/public/draws/{batch.code}/{part}")
        assert answer.status_code == 409
        assert "没有抽取结果" in answer.content.decode()
