"""An auditor writes what she found; everybody reads it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongchou.accounts.models import User
from gongchou.draw.bundle import read_zip
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.table import Bytes
from gongchou.draws import bundles, keys, tables
from gongchou.draws.models import Batch
from gongchou.draws.parcels import parcel_of
from gongchou.draws.queries.verdicts import verdicts_of
from tests.draws.test_log_entries import auditor
from tests.draws.test_withdrawing import at_desk, told
from tests.factories import draws as factory
from tests.factories.people import appoint

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WORDS = "按密钥重算，一致。"


@pytest.fixture
def batch(home: Path) -> Batch:
    return factory.drawn(factory.make_batch())


@pytest.fixture
def judge(batch: Batch) -> User:
    return auditor()


def address(batch: Batch) -> str:
    return f"/draws/audits/{batch.pk}/"


def test_the_list_to_audit_is_styled_and_stacked_like_any_other(batch: Batch, judge: User):
    assert tables.AuditTable.Meta.order_by == ("-beacon_at",)
    assert "stack" in told(judge, "/draws/audits/").partition("<tbody")[0].rpartition("<table")[2]


def test_a_verdict_names_the_bundle_and_stands_on_three_pages(batch: Batch, judge: User):
    digest = bundles.digest_of(batch)
    assert f"{address(batch)}verdict/" in told(judge, address(batch))
    assert digest not in told(judge, f"{address(batch)}verdict/")  # who prefills it has her sign what she never saw

    answer = at_desk(judge).post(f"{address(batch)}verdict/", {"bundle": digest, "verdict": WORDS})

    assert (answer.status_code, answer.headers["Location"]) == (303, address(batch))
    pages = [told(judge, address(batch)), told(factory.keeper_of(batch.department), batch.get_absolute_url())]
    pages.append(Client().get(f"/public/draws/{batch.code}/").content.decode())
    for page in pages:
        assert WORDS in page
        assert digest in page
        assert judge.department.name in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"bundle": "x"}, "README.zh.txt 重新复制"),
        ({"verdict": "  "}, "这个字段是必填项"),
        ({}, "这个摘要不属于批次 SCJG-2026-0001 的任何一份证据包"),
    ],
)
def test_a_verdict_that_cannot_be_taken_stays_on_the_page(batch: Batch, judge: User, sent: dict[str, str], words: str):
    told = {"bundle": "0" * 64, "verdict": WORDS, **sent}

    answer = at_desk(judge).post(f"{address(batch)}verdict/", told)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert told["bundle"] in answer.content.decode()


def test_a_verdict_may_be_of_what_was_taken_earlier_and_of_what_everybody_reads(batch: Batch, judge: User):
    parcel = ZipFile(BytesIO(at_desk(judge).post(f"{address(batch)}take/").getvalue()))
    files = ZipFile(BytesIO(parcel.read("bundle.zip")))
    taken = sha256_hex(files.read("manifest.json"))
    public = bundles.digest_in(bundles.bundle_of(batch))
    assert taken != public

    for digest in (public, taken):  # behind the first verdict no bundle is whole until witnesses saw it
        assert at_desk(judge).post(f"{address(batch)}verdict/", {"bundle": digest, "verdict": WORDS}).status_code == 303
    assert [one.bundle for one in verdicts_of(batch)] == [public, taken]


def test_who_had_a_hand_in_it_reads_why_not(batch: Batch):
    hand = factory.approver_of(batch.department)
    appoint(hand, "auditor", "own")

    assert "您经办过批次" in told(hand, address(batch))
    assert at_desk(hand).get(f"{address(batch)}verdict/").status_code == 409


def test_before_the_draw_there_is_nothing_to_say(home: Path):
    batch = factory.committed(factory.make_batch())

    assert "还没有抽取" in told(auditor(), address(batch))


def test_the_parcel_says_its_digest(batch: Batch, judge: User):
    digest = bundles.digest_of(batch)

    parcel = ZipFile(BytesIO(at_desk(judge).post(f"{address(batch)}take/").getvalue()))

    readme = parcel.read("README.zh.txt").decode()
    assert digest in readme
    assert [name for name in parcel.namelist() if f"\n  {name}  " not in readme] == []
    assert len(set(parcel.namelist())) == len(parcel.namelist())
    assert parcel.testzip() is None
    assert bundles.digest_in(read_zip(Bytes(parcel.read("bundle.zip")))) == digest


def test_the_parcel_of_three_draws_is_asked_for_as_often_as_that_of_one(home: Path):
    """Every file of a batch is a row; the real ids of draws that speak of the same objects stand there once."""
    day, asked = timedelta(days=1), []
    alone = factory.drawn(factory.make_batch(factory.ready_task(first=5_001)))
    later = {"closes_at": factory.CLOSES + day, "beacon_at": factory.BEACON + day}
    joint = factory.drawn(factory.joint_batch(n=20, n_draws=3, **later), factory.NOW + day)
    for batch in (alone, joint):
        with CaptureQueriesContext(connection) as queries:
            parcel = ZipFile(BytesIO(b"".join(parcel_of(batch).data)))
        asked.append(sum("draws_evidence" in one["sql"] for one in queries))
    assert asked[0] == asked[1]
    lines = parcel.read("real-ids.tsv").splitlines()
    assert (lines, len(lines)) == (sorted(set(lines)), 20)


@pytest.mark.parametrize("is_there", [False, True])
def test_without_witnesses_the_public_and_the_auditor_read_one_clear_sentence(home: Path, is_there: bool):
    draft = factory.make_batch()
    for path in (home / "keys").glob(f"{keys.PRACTICE}*.key"):
        path.unlink()
    batch = factory.drawn(draft)
    known = home / "keys" / keys.WITNESSES
    known.write_text("") if is_there else known.unlink()

    answer = Client().get(f"/public/draws/{batch.code}/bundle.zip")

    assert answer.status_code == 409
    assert "平台还没有登记足够的见证人" in answer.content.decode()
    sent = at_desk(auditor()).post(f"{address(batch)}verdict/", {"bundle": "0" * 64, "verdict": WORDS})
    assert (sent.status_code, "还没有 2 个见证人共签" in sent.content.decode()) == (422, True)
