"""An enterprise asks about itself: not before the day, not without its key, and nobody about another (演示数据)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongchou.audit.guard import open_for_writing
from gongchou.draw.bundle import read_zip
from gongchou.draw.receipts import check_against, check_receipt
from gongchou.draw.table import Bytes
from gongchou.draws import indexes, store
from gongchou.draws.models import Batch, Hit, Replacement
from gongchou.draws.queries.receipts import receipt_key
from gongchou.registry.models import Subject
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import NOW
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def batch() -> Batch:
    """Receipts were opened long before the clock of this machine."""
    return factory.drawn(factory.make_batch())


def ask(client: Client, batch: Batch, subject: Subject, key: str = "", **own: str) -> Any:
    told = {"number": subject.number, "key": key or receipt_key(batch, subject.number), **own}
    return client.post(f"/public/draws/{batch.code}/receipt/", told)


def subject_at(batch: Batch, place: str) -> Subject:
    hits = Hit.objects.filter(batch=batch)
    if place == "none":
        return Subject.objects.exclude(pk__in=hits.values("subject")).order_by("number")[0]
    return hits.filter(place=place).select_related("subject").order_by("rank")[0].subject


@pytest.mark.parametrize(
    ("place", "headline", "why"),
    [
        ("selected", "：被抽中</h2>", "前 8 位抽中；本单位排第 1 位。"),
        ("reserve", "：没有被抽中</h2>", "本单位排第 9 位，是备选第 1 位。"),
        ("none", "：没有被抽中</h2>", "本单位的票号大于末位票号"),
    ],
)
def test_it_reads_why(client: Client, batch: Batch, place: str, headline: str, why: str):
    shown = ask(client, batch, subject_at(batch, place)).content.decode()

    assert headline in shown
    assert why in shown


def test_what_is_taken_away_holds_against_the_bundle(client: Client, batch: Batch):
    draw = batch.draws.get()

    answer = ask(client, batch, subject_at(batch, "selected"), file=draw.code)

    told = json.loads(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{draw.code}.json"'
    check_receipt(told)
    zipped = b"".join(client.get(f"/public/draws/{batch.code}/bundle.zip").streaming_content)
    check_against(told, read_zip(Bytes(zipped)))


def test_an_open_list_gives_receipts_under_a_key_as_well(client: Client):
    batch = factory.drawn(factory.make_batch(is_sealed=False, is_match_sealed=False))
    subject = subject_at(batch, "selected")

    assert "：被抽中</h2>" in ask(client, batch, subject).content.decode()
    assert ask(client, batch, subject, "ABCD-EFGH-2345").status_code == 422


def test_a_key_is_typed_as_it_comes(client: Client, batch: Batch):
    subject = subject_at(batch, "selected")
    key = receipt_key(batch, subject.number)

    assert len(key) == 14
    assert ask(client, batch, subject, key.replace("-", " ").lower()).status_code == 200
    other = Subject.objects.exclude(pk=subject.pk).order_by("number")[0]
    assert ask(client, batch, subject, receipt_key(batch, other.number)).status_code == 422


def test_before_the_day_everybody_hears_the_same(client: Client):
    batch = factory.drawn(factory.make_batch(disclosed_at=timezone.now() + timedelta(days=1)))
    asked = [subject_at(batch, place) for place in ("selected", "none")]

    told = {without_token(ask(client, batch, one)) for one in asked}
    told.add(without_token(ask(client, batch, asked[0], "ABCD-EFGH-2345")))

    assert len(told) == 1
    assert "对任何人都是这同一个答复" in told.pop()


def test_a_wrong_key_tells_nothing_about_the_list(client: Client, batch: Batch):
    stranger = make_subject(9_000)
    told = set()
    for one in (subject_at(batch, "selected"), subject_at(batch, "none"), stranger):
        answer = ask(client, batch, one, "ABCD-EFGH-2345")
        told.add((answer.status_code, without_token(answer).replace(one.number, "代码")))

    assert len(told) == 1


def test_whoever_was_not_concerned_is_told_so(client: Client, batch: Batch):
    stranger = make_subject(9_000)

    assert "不属于这次抽取的范围" in ask(client, batch, stranger).content.decode()


def test_nobody_guesses_keys_without_end(client: Client, batch: Batch):
    subject = subject_at(batch, "selected")
    answers = [ask(client, batch, subject, "ABCD-EFGH-2345").content.decode() for _ in range(4)]

    assert "代码或回执码不对" in answers[2]
    assert "尝试过于频繁" in answers[3]
    assert "尝试过于频繁" in ask(client, batch, subject).content.decode()


def test_what_became_of_it_afterwards_is_told(client: Client, batch: Batch):
    out = Hit.objects.filter(batch=batch, place="selected").order_by("rank")[0]
    into = Hit.objects.filter(batch=batch, place="reserve").order_by("rank")[0]
    with open_for_writing():
        told: dict[str, Any] = {"reason": "not_found", "evidence": "0" * 64, "event": 5}
        asked = {"asked_at": NOW, "asked_by": keeper_of(batch.department)}
        Replacement.objects.create(batch=batch, draw=out.draw, out=out, into=into, **told, **asked)

    assert "不再接受这次检查，理由：查无下落" in ask(client, batch, out.subject).content.decode()
    assert "依次递补，也要接受检查" in ask(client, batch, into.subject).content.decode()


def test_a_batch_that_is_not_drawn_has_no_receipts(client: Client):
    batch = factory.committed(factory.make_batch())

    answer = ask(client, batch, Subject.objects.order_by("number")[0])

    assert answer.status_code == 422
    assert "还没有抽取结果" in answer.content.decode()


def without_token(answer: Any) -> str:
    """What is said, without the token of the form."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())


def test_a_damaged_index_is_made_anew_and_a_damaged_list_gives_no_answer(client: Client, batch: Batch):
    subject, kept = subject_at(batch, "none"), batch.evidence.get(path="frame.tsv")
    index, key = indexes.folder() / kept.sha256, receipt_key(batch, subject.number)
    before = ask(client, batch, subject, key).content.decode()
    whole = index.read_bytes()

    index.write_bytes(b"?" + whole[1:])

    assert "没有被抽中" in before
    assert "没有被抽中" in ask(client, batch, subject, key).content.decode()
    assert index.read_bytes() == whole

    path = store.blob(kept.sha256).path
    path.write_bytes(path.read_bytes().replace(b"\t", b" ", 1))
    shown = ask(client, batch, subject, key)
    assert shown.status_code == 409
    said = shown.content.decode()
    assert "证据有缺失或改动，恢复以前对任何单位都不作答。请告诉组织抽取的部门（" in said
    assert "默克尔根与所述不符" in said
