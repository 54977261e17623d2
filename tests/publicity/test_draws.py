"""Draws before the public: what was promised, what came out, and nobody's name (演示数据)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.audit.guard import open_for_writing
from gongchou.draws import store
from gongchou.draws.models import Attendance, Batch, Hit, Replacement, Visit
from gongchou.draws.operations import batches as operations
from gongchou.draws.operations import committing
from gongchou.registry.models import Inspector, Subject
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW, make_department, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def page(client: Client, batch: Batch, part: str = "") -> str:
    answer = client.get(f"/public/draws/{batch.code}/{part}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


def test_what_is_being_prepared_is_nobody_s_business(client: Client):
    draft = factory.make_batch()
    frozen = factory.frozen(draft)

    assert frozen.name not in client.get("/public/draws/").content.decode()
    assert frozen.code not in client.get("/public/draws.json").content.decode()
    for part in ("", "selected/", "bundle.zip", "verify/", f"params/{frozen.draws.get().code}.json"):
        assert client.get(f"/public/draws/{frozen.code}/{part}").status_code == 404


def test_who_is_not_signed_in_and_mistyped_a_number_is_led_to_the_public_lists(client: Client):
    answer = client.get("/public/draws/990100-SCJG-2026-9999/")

    told = answer.content.decode()
    assert answer.status_code == 404
    assert "请核对地址里的批次号" in told
    assert f'href="{reverse("publicity:draws")}"' in told
    assert "安全管理员" not in told
    assert "工作台" not in told


def test_a_list_without_parts_is_called_whole(client: Client):
    batch = factory.drawn(factory.make_batch())

    pages = [page(client, batch), page(client, batch, "selected/")]

    assert [">全部</td>" in told for told in pages] == [True, True]
    assert [">ALL</td>" in told for told in pages] == [False, False]
    found = client.get(reverse("publicity:selected", args=[batch.code]), {"stratum": "全部"})
    assert found.context["table"].paginator.count == Hit.objects.filter(batch=batch).count()


def test_a_promise_is_public_before_anybody_knows_the_result(client: Client):
    batch = factory.committed(factory.make_batch())
    draw = batch.draws.get()

    shown = page(client, batch)

    assert draw.commitment in shown
    assert "尚未抽取" in shown
    assert "尚未产生，谁也不知道" in shown
    params = client.get(f"/public/draws/{batch.code}/params/{draw.code}.json").content
    assert hashlib.sha256(params).hexdigest() == draw.commitment


def test_when_it_is_drawn_seed_and_cut_off_are_there(client: Client):
    batch = factory.drawn(factory.make_batch())

    shown = page(client, batch)

    assert batch.seed in shown
    assert batch.draws.get().strata.get().cutoff in shown
    assert "承诺比最后的随机数早 <strong>2小时</strong>" in shown
    assert page(client, batch, "selected/").count("抽中</td>") == 8


def test_who_attended_is_told_by_organisation_not_by_name(client: Client):
    batch = factory.committed(factory.make_batch())
    witness = make_user("jianzheng01", batch.department, name="演示见证甲")
    by = keeper_of(batch.department)
    asked = operations.ask_witness(batch=batch, user=witness, role=Attendance.Role.NOTARY, by=by, at=NOW)
    operations.sign_attendance(attendance=asked, remark="演示意见", by=witness, at=NOW)

    shown = page(client, batch)

    assert f"公证（{batch.department.name}）" in shown
    assert [name for name in ("演示见证甲", "演示意见", "jianzheng01") if name in shown] == []


def test_no_public_page_of_a_sealed_batch_tells_whom_it_is_about(client: Client):
    batch = factory.drawn(factory.make_batch(factory.ready_task(grade="D")))
    with open_for_writing():
        Subject.objects.update(contact="演示联系人", phone="13900009999", address="演示路一号", grade="D")
        Inspector.objects.update(phone="13800008888")
    subjects, inspectors = list(Subject.objects.all()), list(Inspector.objects.all())
    secret = {one.number for one in subjects} | {one.name for one in subjects} | {one.pk.hex for one in subjects}
    secret |= {one.name for one in inspectors} | {one.number for one in inspectors}
    secret |= {"演示联系人", "13900009999", "演示路一号", "13800008888", "D级"}
    secret |= {person.name for person in (keeper_of(batch.department), approver_of(batch.department))}

    for part in ("", "selected/", "verify/", "receipt/", "bundle.zip", f"params/{batch.draws.get().code}.json"):
        shown = page_bytes(client, f"/public/draws/{batch.code}/{part}")
        assert [one for one in sorted(secret) if one.encode() in shown] == [], part
    for address in ("/public/draws/", "/public/draws.json"):
        shown = page_bytes(client, address)
        assert [one for one in sorted(secret) if one.encode() in shown] == [], address


def page_bytes(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_rehearsal_says_so_on_every_page(client: Client):
    batch = factory.drawn(factory.make_batch(mode="test"))

    for part in ("", "selected/", "verify/"):
        assert "这是一次演练，不是正式抽取" in page(client, batch, part)
    assert "演练</strong>" in client.get("/public/draws/").content.decode()


def withdrawn(batch: Batch, state: str = "withdrawn_late") -> Batch:
    """As it stands after a withdrawal, which is not what is tried here."""
    with open_for_writing():
        batch.draws.update(state=state, withdrawn_at=factory.BEACON, withdraw_reason="error_in_frame")
        ended = {"ended_at": NOW, "ended_by": batch.created_by, "end_reason": "演示"}
        Batch.objects.filter(pk=batch.pk).update(state="withdrawn", **ended)
    return batch


def test_of_sources_that_were_never_fixed_nobody_says_that_they_were(client: Client):
    batch = factory.committed(factory.make_batch())

    shown = page(client, batch)
    assert "人能影响的数没有在随机数产生前截止，所以这一批不产生结果。" in shown
    assert "谁也挑不了" not in shown

    shown = page(client, withdrawn(batch))
    assert "来源未截止，信标时间后撤回，结果不作数" in shown
    assert [words for words in ("来源已经截止", "预定时间", "谁也挑不了") if words in shown] == []


def test_a_withdrawal_before_the_close_is_no_failure_to_close(client: Client):
    batch = withdrawn(factory.committed(factory.make_batch(is_match_sealed=False)), "withdrawn")

    shown = page(client, batch)

    assert "这一批在来源截止以前撤回，所以不产生结果。" in shown
    assert [words for words in ("没有在随机数产生前截止", "证据包内") if words in shown] == []


def test_a_number_that_is_in_the_log_is_shown_before_the_close(client: Client):
    batch = factory.committed(factory.make_batch(sources=[{"n": 6, "type": "digits"}]))
    row = committing.read_source(batch=batch, number=1, value="635241", by=keeper_of(batch.department), at=NOW)
    assert "<code>635241</code>" not in page(client, batch)
    committing.confirm_reading(reading=row, by=approver_of(batch.department), at=NOW)

    assert "<code>635241</code>" in page(client, batch)


def test_on_a_sealed_list_tickets_are_made_of_pseudonyms(client: Client):
    sealed = factory.drawn(factory.make_batch())

    assert "把种子和这一户的化名放在一起" in page(client, sealed)
    assert "名单中的化名" in page(client, sealed, "selected/")


def test_a_withdrawal_is_told_in_words_with_its_reason(client: Client):
    batch = withdrawn(factory.drawn(factory.make_batch()))

    shown = page(client, batch)

    assert "来源截止后撤回，结果不作数。</strong>理由：名录有误" in shown
    assert '<span class="gone">已撤回（来源截止后撤回）</span>' in client.get("/public/draws/").content.decode()
    assert "抽中（抽取已撤回，不作数）" in page(client, batch, "selected/")
    (told,) = client.get("/public/draws.json").json()["draws"]
    assert (told["withdrawn"], told["draws"][0]["withdraw_reason"]) == (True, "error_in_frame")


def test_a_promise_whose_time_has_passed_is_called_overdue(client: Client):
    batch = factory.committed(factory.make_batch())

    assert "时间已过，尚未公布结果" in client.get("/public/draws/").content.decode()
    assert "不能收回，也不能悄悄重来" in page(client, batch)
    assert batch.code in client.get("/public/draws/", {"state": "overdue"}).content.decode()


def test_replacements_are_counted_by_reason(client: Client):
    batch = factory.drawn(factory.make_batch())
    out = Hit.objects.filter(batch=batch, place="selected")[0]
    with open_for_writing():
        told: dict[str, Any] = {"reason": "not_found", "evidence": "0" * 64, "note": "演示店主说的话", "event": 5}
        asked = {"asked_at": NOW, "asked_by": keeper_of(batch.department)}
        Replacement.objects.create(batch=batch, draw=out.draw, out=out, **told, **asked)

    shown = page(client, batch)

    assert "查无下落 1 户" in shown
    assert "演示店主说的话" not in shown


def test_the_list_is_searched_and_filtered(client: Client):
    batch = factory.drawn(factory.make_batch())
    asked = {"q": "演示抽取", "year": "2026", "department": "SCJG", "mode": "official", "state": "drawn"}

    assert batch.code in client.get("/public/draws/", asked).content.decode()
    for name, value in {"q": "别的", "year": "2025", "mode": "test", "state": "withdrawn"}.items():
        assert batch.code not in client.get("/public/draws/", asked | {name: value}).content.decode()
    assert page_bytes(client, "/public/draws/?export=1")[:2] == b"PK"
    assert page_bytes(client, f"/public/draws/{batch.code}/selected/?export=1")[:2] == b"PK"


def test_lists_ask_as_often_for_three_batches_as_for_one(client: Client, django_assert_num_queries: Any):
    factory.committed(factory.make_batch())
    n = counted(client, "/public/draws/"), counted(client, "/public/draws.json")
    for first in (101, 201):
        factory.committed(factory.make_batch(factory.ready_task(n=5, first=first)))

    with django_assert_num_queries(n[0]):
        client.get("/public/draws/")
    with django_assert_num_queries(n[1]):
        client.get("/public/draws.json")


def test_a_page_asks_as_often_for_three_draws_as_for_one(client: Client, django_assert_num_queries: Any):
    alone = factory.drawn(factory.make_batch(factory.ready_task(n=5, first=101)))
    n = counted(client, f"/public/draws/{alone.code}/")
    other = make_department("XF", alone.department.region)  # the log of each department goes forward in time
    batch = factory.make_batch(factory.ready_task(other, n=5, first=201))
    for first in (301, 401):
        task = factory.ready_task(other, n=5, first=first)
        operations.add_task(batch=batch, task=task, by=keeper_of(task.department), at=NOW)
    batch = factory.drawn(batch)

    with django_assert_num_queries(n):
        shown = page(client, batch)
    assert shown.count("承诺值（C）") == 3
    assert Visit.objects.filter(batch=batch).count() == 3


def counted(client: Client, address: str) -> int:
    from django.db import connection  # noqa: PLC0415 -- for this alone
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_a_touched_file_takes_what_it_told_away_and_not_the_page(client: Client):
    batch = factory.drawn(factory.make_batch())
    kept = batch.evidence.get(path="seed-input.txt").sha256
    (store.folder() / kept[:2] / kept).write_bytes(b"another")

    page = client.get(reverse("publicity:batch", args=[batch.code]))

    assert page.status_code == 200
    assert "证据文件与登记的摘要不一致，读不出" in page.content.decode()


def test_a_seed_that_anybody_could_compute_is_not_called_unknown(client: Client):
    dice = {"n": 6, "type": "digits"}
    batch = factory.closed(factory.make_batch(profile="N", last=dice))
    address = reverse("publicity:batch", args=[batch.code])
    assert "尚未产生，谁也不知道" in client.get(address).content.decode()
    row = committing.read_source(
        batch=batch, number=1, value="123456", by=keeper_of(batch.department), at=batch.beacon_at
    )

    committing.confirm_reading(reading=row, by=approver_of(batch.department), at=batch.beacon_at)

    shown = client.get(address).content.decode()
    assert "任何人都可以算出" in shown
    assert "谁也挑不了" not in shown
