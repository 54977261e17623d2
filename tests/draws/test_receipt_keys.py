"""回执码 in the hands of a draw's department: by the frozen numbers, and every look is logged (演示数据)."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from gongchou.accounts.models import User
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line
from gongchou.draws.models import Batch
from gongchou.draws.queries.receipts import Handed, may_ask, receipts_of
from gongchou.registry.models import Subject
from tests.factories import draws as factory
from tests.factories.lists import keeper_of, other_department
from tests.factories.people import signed_in
from tests.factories.subjects import credit_code

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def make_once() -> Batch:
    return factory.drawn(factory.make_batch())


def ask(by: User, batch: Batch, way: str = "", status: int = 200) -> Any:
    answer = signed_in(Client(), by).get(f"/draws/draw/{batch.draws.get().pk}/receipt-keys/{way}")
    assert answer.status_code == status
    return answer


def logged(verb: str) -> Any:
    return json.loads(Line.objects.get(verb=verb).data)["facts"]


def renumber(subject: Subject) -> str:
    """Its new number, as the register has it from now on."""
    with open_for_writing():
        Subject.objects.filter(pk=subject.pk).update(number=credit_code(9_500))
    return credit_code(9_500)


def test_a_key_is_made_from_the_number_as_it_was_frozen(kept: Batch):
    draw = kept.draws.get()
    before = {hit.pk: hit.subject.number for hit in draw.hits.select_related("subject")}
    first = draw.hits.get(rank=1)
    new = renumber(first.subject)

    handed = Handed(draw)
    for hit in draw.hits.select_related("subject"):
        number, key = handed.number(hit), handed.key(hit)
        assert number == before[hit.pk]
        assert may_ask(kept, number, key)
    assert handed.of_number(new)[0] == before[first.pk]
    answers = receipts_of(kept, before[first.pk], at=kept.disclosed_at)
    assert [one.draw for one in answers] == [draw]


def test_the_department_reads_and_exports_them_and_each_is_logged(kept: Batch):
    by, draw = keeper_of(kept.department), kept.draws.get()
    hit = draw.hits.select_related("subject").get(rank=1)
    key = Handed(draw).key(hit)

    way = f"/draws/draw/{draw.pk}/receipt-keys/"
    assert way in signed_in(Client(), by).get(kept.get_absolute_url()).content.decode()
    assert key in ask(by, kept).content.decode()
    data = BytesIO(b"".join(ask(by, kept, "?export=1").streaming_content))
    rows = CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()
    found = [row for row in rows if key in row]

    assert len(found) == 1
    assert hit.subject.number in found[0]
    seen = logged("draw.keys_seen")
    assert (seen["draw"], seen["n_rows"]) == (draw.code, 8)
    assert logged("list.taken_out")["list"] == f"回执码-{draw.code}"


def test_who_was_not_drawn_is_issued_one_as_well(kept: Batch):
    by, draw = keeper_of(kept.department), kept.draws.get()
    subject = Subject.objects.exclude(pk__in=draw.hits.values("subject")).order_by("number")[0]
    client, address = signed_in(Client(), by), f"/draws/draw/{draw.pk}/receipt-keys/issue/"

    shown = client.post(address, {"number": subject.number}).content.decode()

    assert Handed(draw).of_number(subject.number)[1] in shown
    assert logged("draw.key_issued")["number"] == subject.number
    assert client.post(address, {"number": "没有这个"}).status_code == 422


def test_another_department_and_a_draw_without_result_have_none(kept: Batch):
    ask(keeper_of(other_department(kept.department)), kept, status=404)

    draft = factory.make_batch(factory.ready_task(kept.department, first=301))
    answer = signed_in(Client(), keeper_of(kept.department)).get(f"/draws/draw/{draft.draws.get().pk}/receipt-keys/")
    assert answer.status_code >= 400
    assert not Line.objects.filter(verb="draw.keys_seen").exists()
