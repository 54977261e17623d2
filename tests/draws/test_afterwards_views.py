"""What happens after a draw, page by page: objects replaced, seats dealt again, supplements, lower levels joining."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gongchou.accounts.models import Delivery, User
from gongchou.accounts.roles import RoleCode
from gongchou.draw.encoding import dump_json
from gongchou.draws.damage import find_damage
from gongchou.draws.models import Batch, Draw, Joining, Replacement, Seat, Substitution
from gongchou.draws.operations import committing
from gongchou.draws.settings import Settings, to_store
from gongchou.registry.models import Conflict
from gongchou.registry.operations.inspectors import link_account
from tests.draws.afterwards import (
    AFTER,
    Clock,
    ask_again,
    check_both_views,
    deal,
    hit_of,
    refused_code,
    replace,
    seat_of,
)
from tests.draws.test_joining import city_draw, county_of, item_of
from tests.draws.test_substitutions import _cosign, _hide_witnesses, first_seat
from tests.factories import draws as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of
from tests.factories.people import BY, appoint, make_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PAPER = b"%PDF-1.7 " + "演示注销证明".encode()
LATER = AFTER + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The hour at which pages are opened; a test may turn it."""

    def turn(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    turn(LATER)
    return turn


def page(by: User, address: str, status: int = 200) -> str:
    answer = signed_in(Client(), by).get(address)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def send(by: User, address: str, status: int = 303, **values: Any) -> str:
    answer = signed_in(Client(), by).post(address, {"csrfmiddlewaretoken": "-", **values})
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def paper(data: bytes = PAPER) -> SimpleUploadedFile:
    return SimpleUploadedFile("证明.pdf", data)


def public(batch: Batch, part: str = "") -> bytes:
    answer = Client().get(f"/public/draws/{batch.code}/{part}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def titles(user: User) -> list[str]:
    rows = Delivery.objects.filter(recipient=user)
    return [one.message.title for one in rows.select_related("message")]


def replacing(batch: Batch, rank: int = 1) -> str:
    return f"/draws/objects/{hit_of(batch.draws.get(), rank).pk}/replace/"


# Objects ------------------------------------------------------------------------------------------


def test_an_object_is_replaced_from_the_list_of_drawn_objects():
    batch = factory.drawn(factory.make_batch())
    keeper, approver = keeper_of(batch.department), approver_of(batch.department)
    assert replacing(batch) in page(keeper, f"/draws/{batch.pk}/objects/")
    assert "第 <strong>9</strong> 位" in page(keeper, replacing(batch))

    send(keeper, replacing(batch), reason="deregistered", note="已注销", proof=paper())
    row = Replacement.objects.get()
    assert f"对象替换待同意：{row.draw.code}" in titles(approver)
    assert "对象替换 0（待同意 1）" in page(approver, f"/draws/{batch.pk}/")
    assert row.get_absolute_url() in page(approver, "/draws/")
    assert "暂不能同意替换" not in page(keeper, row.get_absolute_url())
    send(approver, f"{row.get_absolute_url()}approve/")

    objects = page(keeper, f"/draws/{batch.pk}/objects/")
    assert "已被替换（第 9 位递补）" in objects
    assert "递补（接第 1 位）" in objects
    assert page(keeper, f"/draws/{batch.pk}/visits/").count("对象已退出，不再检查") == 1
    assert "2 个席位还没有人" in page(keeper, row.get_absolute_url())
    assert "对象替换 1" in page(keeper, f"/draws/{batch.pk}/")
    assert f"对象替换已同意：{row.draw.code}" in titles(keeper)
    assert "注销 1 户" in public(batch).decode()
    assert find_damage() is None
    assert page(keeper, f"/draws/{batch.pk}/replacements/?state=done").count("已同意</td>") == 1
    check_both_views(batch)


def test_the_proof_is_given_back_byte_for_byte_to_who_works_for_the_department():
    batch = factory.drawn(factory.make_batch())
    send(keeper_of(batch.department), replacing(batch), reason="deregistered", note="", proof=paper())
    address = f"/draws/replacements/{Replacement.objects.get().pk}/proof/"

    answer = signed_in(Client(), approver_of(batch.department)).get(address)

    assert (answer.content, answer["Content-Type"]) == (PAPER, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")
    leader = make_user("leader", batch.department)
    appoint(leader, RoleCode.LEADER, "own")
    page(leader, address, 403)


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "空"), (b"MZ\x90", "不是 PDF 或图片"), (b"%PDF-" + b"0" * (20 << 20), "超过 20 MB")],
)
def test_what_proves_nothing_is_refused_and_what_was_typed_stays(data: bytes, told: str):
    batch = factory.drawn(factory.make_batch())
    values = {"reason": "not_found", "note": "三次上门未找到", "proof": paper(data)}

    shown = send(keeper_of(batch.department), replacing(batch), 422, **values)

    assert told in shown
    assert "三次上门未找到" in shown
    assert not Replacement.objects.exists()


def test_who_asked_does_not_agree_and_may_take_it_back():
    batch = factory.drawn(factory.make_batch())
    approver = approver_of(batch.department)
    send(approver, replacing(batch), reason="duplicate", note="", proof=paper())
    row = Replacement.objects.get()

    assert "替换由您提出，须由另一人同意" in page(approver, row.get_absolute_url())
    send(approver, f"{row.get_absolute_url()}approve/")
    row.refresh_from_db()
    assert row.approved_at is None
    send(approver, f"{row.get_absolute_url()}refuse/", reason="看错了")

    assert "收回：看错了" in page(approver, row.get_absolute_url())
    send(approver, replacing(batch), reason="duplicate", note="", proof=paper())


# Seats --------------------------------------------------------------------------------------------


def test_a_seat_is_dealt_again_from_a_file_that_somebody_carried_in(clock: Callable[[datetime], None]):
    batch = factory.drawn(factory.make_batch(is_match_sealed=False))
    keeper, approver, seat = keeper_of(batch.department), approver_of(batch.department), first_seat(batch)
    before = public(batch, "bundle.zip")
    assert f"/draws/seats/{seat.pk}/reseat/" in page(keeper, f"/draws/{batch.pk}/seats/")

    send(keeper, f"/draws/seats/{seat.pk}/reseat/", reason="recusal", note="")
    row = Substitution.objects.get()
    address = row.get_absolute_url()
    shown = page(keeper, address)
    assert "等待信标" in shown
    assert "data-countdown" in shown
    assert "（席位 1 重抽中）" in page(keeper, f"/draws/{batch.pk}/visits/")
    assert "还没有" not in send(keeper, f"{address}deal/", 422, file=beacon(row))
    clock(LATER + timedelta(minutes=2))
    assert "没有配置信标中继" in send(keeper, f"{address}deal/", 422)
    wrong = SimpleUploadedFile("b.json", dump_json(factory.signer().sign(7).document()))
    assert "信标轮次不符" in send(keeper, f"{address}deal/", 422, file=wrong)
    asked = public(batch, "bundle.zip")
    send(approver, f"{address}deal/", file=beacon(row))

    row.refresh_from_db()
    assert f"由 <strong>{row.into.inspector.name}</strong> 补上" in page(keeper, address)
    assert f"第{row.event}号重抽已补上" in titles(keeper)
    assert "事后席位重抽 1 次（回避、因故不能参加）。" in public(batch).decode()
    assert len({before, asked, public(batch, "bundle.zip")}) == 3
    assert find_damage() is None
    assert "已补上" in page(keeper, f"/draws/{batch.pk}/substitutions/?state=filled")
    check_both_views(batch)


def beacon(row: Substitution) -> SimpleUploadedFile:
    return SimpleUploadedFile("beacon.json", dump_json(factory.signer().sign(row.round or 0).document()))


def test_an_object_that_came_in_gets_its_people_by_two_pages(clock: Callable[[datetime], None]):
    batch = factory.drawn(factory.make_batch())
    keeper, row = keeper_of(batch.department), replace(hit_of(batch.draws.get(), 1), AFTER)
    assert row.into is not None
    address, into = f"/draws/{batch.pk}/", row.into
    door = into.subject.visits.get()
    assert f"/draws/visits/{door.pk}/fill/" in page(keeper, row.get_absolute_url())
    assert f"{address}seats/fill/" in page(keeper, f"{address}seats/")
    assert "没有等待办理的重抽申请" in page(keeper, f"{address}substitutions/deal/", 409)
    shown = page(keeper, f"/draws/visits/{door.pk}/fill/")
    assert shown.count(f">{into.subject.name}<") == 2
    assert "提出全部 2 个申请" in shown

    send(approver_of(batch.department), f"/draws/visits/{door.pk}/fill/", note="空缺补配")

    assert f"2 个空缺席位待补配：{batch.code}" in titles(keeper)
    assert "没有可以补配的空缺席位" in page(keeper, f"{address}seats/fill/", 409)
    assert f"{address}substitutions/deal/" in page(keeper, f"{address}substitutions/")
    clock(LATER + timedelta(minutes=2))
    assert "没有配置信标中继" in send(keeper, f"{address}substitutions/deal/", 422)
    told = {"file": beacon(Substitution.objects.earliest("event"))}
    done = signed_in(Client(), keeper).post(f"{address}substitutions/deal/", told, follow=True).content.decode()

    assert "办结 2 个，其中补上 2 个" in done
    assert door.seats.filter(ended_at=None, inspector=None).count() == 0
    assert find_damage() is None
    check_both_views(batch)


def test_dice_are_read_by_two_before_the_seat_is_dealt():
    batch = factory.closed(factory.make_batch(profile="N", last={"type": "digits", "n": 6}))
    keeper, approver = keeper_of(batch.department), approver_of(batch.department)
    told = committing.read_source(batch=batch, number=1, value="123456", by=keeper, at=factory.BEACON)
    committing.confirm_reading(reading=told, by=approver, at=factory.BEACON)
    batch = factory.drawn(committing.seed(batch=batch, beacon=None, by=keeper, at=factory.BEACON))
    row = ask_again(first_seat(batch), AFTER)
    address = row.get_absolute_url()
    assert "等待录入读数" in page(keeper, address)
    assert "应为6 位数字" in send(keeper, f"{address}read/", 422, value="12")

    send(keeper, f"{address}read/", value="654321")
    assert "须由另一人对照现场核对" in page(keeper, address)
    assert "核对过的读数" in page(keeper, f"{address}deal/")
    assert "还没有经两人核对的读数" in send(keeper, f"{address}deal/", 422)
    send(approver, f"/draws/readings/{row.readings.get().pk}/confirm/")
    send(keeper, f"{address}deal/")

    assert "已补上" in page(keeper, address)
    assert find_damage() is None
    check_both_views(batch)


def test_a_request_waits_its_turn_and_says_for_which():
    batch = factory.drawn(factory.make_batch())
    hits, tick = batch.draws.get().hits.order_by("rank")[:2], Clock()
    first, second = (ask_again(seat_of(hit), tick()) for hit in hits)
    keeper = keeper_of(batch.department)

    assert f'先办<a href="{first.get_absolute_url()}">' in page(keeper, second.get_absolute_url())
    assert f"须按提出的先后办理，请先办第 {first.event} 号" in send(
        keeper, f"{second.get_absolute_url()}deal/", 422, file=beacon(second)
    )


def test_a_request_that_was_seen_too_late_says_so_and_may_be_made_again():
    batch = factory.drawn(factory.make_batch())
    hidden = _hide_witnesses()
    row = ask_again(first_seat(batch), AFTER)
    keeper = keeper_of(batch.department)
    assert "等待见证人共签" in page(keeper, row.get_absolute_url())
    for path in hidden:
        path.rename(path.with_suffix(".key"))
    _cosign(AFTER + timedelta(minutes=10))
    assert "所以它不算数" in page(keeper, row.get_absolute_url())

    send(keeper, f"{row.get_absolute_url()}deal/")

    shown = page(keeper, row.get_absolute_url())
    assert "无效：见证人看到这个申请时" in shown
    assert f"/draws/seats/{row.seat_id}/reseat/" in shown


def test_where_nobody_fits_the_page_says_why_of_everybody():
    factory.staff(department_of_lists(), 2)
    batch = factory.drawn(factory.make_batch())
    row = deal(ask_again(first_seat(batch), AFTER))

    shown = page(keeper_of(batch.department), row.get_absolute_url())

    assert "无人可补，席位空缺" in shown
    assert f"申请让出席位的本人：1 人（{row.seat.inspector.name}" in shown
    assert "已在这一户的检查组里：1 人" in shown
    assert f"/draws/seats/{row.into_id}/reseat/" in shown


def test_the_proof_of_an_open_seat_is_told_also_when_its_object_was_replaced():
    factory.staff(department_of_lists(), 1)
    batch = factory.drawn(factory.make_batch())
    keeper = keeper_of(batch.department)
    told = page(keeper, f"/draws/{batch.pk}/unfilled/")

    out = replace(hit_of(batch.draws.get(), 1), AFTER).out

    shown, row = page(keeper, f"/draws/{batch.pk}/unfilled/"), f">{out.subject.name}<"
    assert shown.count(row) == told.count(row) > 0
    assert (told.count("对象已退出"), shown.count("对象已退出")) == (0, told.count(row))


def test_who_only_reads_sees_seats_and_asks_for_none():
    batch = factory.drawn(factory.make_batch())
    leader = make_user("leader", batch.department)
    appoint(leader, RoleCode.LEADER, "own")

    assert "/reseat/" not in page(leader, f"/draws/{batch.pk}/seats/")
    page(leader, f"/draws/seats/{first_seat(batch).pk}/reseat/", 403)


def test_an_inspector_declares_her_interest_and_the_organiser_has_the_seat_dealt_again():
    batch = factory.dispatched(factory.make_batch())
    seat = first_seat(batch)
    herself = make_user("inspector", batch.department)
    appoint(herself, RoleCode.INSPECTOR, "self")
    link_account(inspector=seat.inspector, user=herself, **BY)
    other = Seat.objects.exclude(inspector=seat.inspector).first()
    assert seat.visit.subject.name in page(herself, "/draws/my-visits/")
    page(herself, f"/draws/my-visits/{other.pk}/recuse/", 404)

    send(herself, f"/draws/my-visits/{seat.pk}/recuse/", relation="relative", note="经营者为近亲属")

    assert Conflict.objects.get().subject_id == seat.visit.subject_id
    assert "已申报回避，待重抽" in page(herself, "/draws/my-visits/")
    keeper = keeper_of(batch.department)
    assert f"申报回避，席位待重抽：{batch.code}" in titles(keeper)
    assert "有 1 个席位的检查人员在抽取后申报了回避" in page(keeper, f"/draws/{batch.pk}/")
    assert page(keeper, f"/draws/{batch.pk}/seats/?now=recused").count(f"/draws/seats/{seat.pk}/reseat/") == 1
    assert '<option value="recusal" selected>' in page(keeper, f"/draws/seats/{seat.pk}/reseat/")
    done = deal(ask_again(seat, LATER))
    assert f"不再由您检查：{seat.visit.subject.name}" in titles(herself)
    assert done.into.inspector_id not in (None, seat.inspector_id)
    assert "0</strong> 条" in page(herself, f"/draws/my-visits/?q={seat.visit.subject.number}")


@pytest.mark.parametrize(
    ("list_", "grow"), [("seats", replace), ("objects", replace), ("replacements", replace), ("substitutions", None)]
)
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_one(list_: str, grow: Any):
    batch = factory.drawn(factory.make_batch(settings=to_store(Settings(reserve_percent=100))))
    tick, hits = Clock(), list(batch.draws.get().hits.order_by("rank")[:4])
    client, address = signed_in(Client(), keeper_of(batch.department)), f"/draws/{batch.pk}/{list_}/"
    more = grow or (lambda hit, at: ask_again(seat_of(hit), at))

    def n_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    more(hits[0], tick())
    client.get(address)
    one = n_queries()
    for hit in hits[1:]:
        more(hit, tick())

    assert n_queries() == one
    answer = client.get(f"{address}?export=1")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert len(rows) > 4


# Supplements and joining --------------------------------------------------------------------------


def supplement(parent: Draw, status: int, **own: Any) -> str:
    at = LATER
    times = {"closes_at": at + timedelta(hours=1), "beacon_at": at + timedelta(hours=2)}
    told = {name: f"{timezone.localtime(value):%Y-%m-%dT%H:%M:%S}" for name, value in times.items()}
    chain = {"profile": "P", "chain": factory.signer().chain.hash, "lead_minutes": 10}
    sealed = {"disclosed_at": f"{timezone.localtime(at + timedelta(days=30)):%Y-%m-%dT%H:%M:%S}", "is_sealed": "on"}
    settings = {**sealed, "matching": "global", "with_lower": "on", "per_person": 40, "reserve_percent": 10}
    values = {"name": "演示补充抽取", "mode": "official", **told, **chain, **settings, **own}
    return send(keeper_of(parent.task.department), f"/draws/draw/{parent.pk}/supplement/", status, **values)


def test_a_supplement_draws_its_own_number_and_says_why():
    batch = factory.drawn(factory.make_batch())
    parent = batch.draws.get()
    assert f"/draws/draw/{parent.pk}/supplement/" in page(keeper_of(batch.department), f"/draws/{batch.pk}/")
    assert "自定数量须写明理由" in supplement(parent, 422, amount="5户")
    for vague in ("不低于5户", "约5户", "5"):
        assert "写得不够明确" in supplement(parent, 422, amount=vague, amount_reason="扩大抽查")

    supplement(parent, 303, amount="5户", amount_reason="扩大抽查")

    more = Batch.objects.get(name="演示补充抽取")
    drawn = factory.drawn(factory.committed(more, at=LATER)).draws.get()
    assert drawn.hits.filter(place="selected").count() == 5
    assert drawn.strata.get().rule == "5户（自定：扩大抽查）"
    assert "5户（自定：扩大抽查）" in public(drawn.batch).decode()
    assert find_damage() is None
    assert "补充抽取自定：扩大抽查" in committing.read(drawn.batch, "strata-rule.json").decode()
    check_both_views(drawn.batch)


def test_a_supplement_of_more_than_are_left_is_refused_before_anything_is_frozen():
    parent = factory.drawn(factory.make_batch()).draws.get()
    supplement(parent, 303, amount="33户", amount_reason="全部再查")
    batch = Batch.objects.get(name="演示补充抽取")

    assert "本次要抽 33 户，而可抽的只有 32 户" in page(keeper_of(batch.department), f"/draws/{batch.pk}/preparation/")
    assert refused_code(factory.frozen, batch, LATER) == "draws.supplement_many"


def test_a_county_joins_some_doors_and_then_the_rest():
    here, there = (county_of(department_of_lists(), code) for code in ("02", "03"))
    batch = city_draw(here, there)
    keeper, item = keeper_of(here), item_of(here)
    territory = f"/draws/joinable/{batch.pk}/{here.pk}/"
    assert territory in page(keeper, "/draws/joinable/")
    shown = page(keeper, territory)
    inside, outside = (batch.visits.filter(subject__keeper=one).first() for one in (here, there))
    assert str(inside.pk) in shown
    assert str(outside.pk) not in shown

    assert "没有选择户次" in send(keeper, f"{territory}join/", 422, items=[item.pk], n_people=2, which="chosen")
    send(keeper, f"{territory}join/", items=[item.pk], n_people=2, which="chosen", visits=[inside.pk])
    assert [row.visit for row in Joining.objects.all()] == [inside]
    send(keeper, f"{territory}join/", items=[item.pk], n_people=3, which="all")

    n_here = batch.visits.filter(subject__keeper=here).count()
    assert Joining.objects.count() == n_here
    assert "已加入" in send(keeper, f"{territory}join/", 422, items=[item.pk], n_people=3, which="all")
    organiser = keeper_of(batch.department)
    assert f"共 <strong>{n_here}</strong> 条" in page(organiser, f"/draws/{batch.pk}/joinings/")
    assert f"{here.short_name} 2 人" in page(organiser, f"/draws/{batch.pk}/visits/?q={inside.subject.number}")
    assert f"{here.short_name}加入检查：{batch.code}" in titles(organiser)
    page(keeper, f"/draws/joinable/{batch.pk}/{there.pk}/", 404)
    page(keeper_of(there), territory, 404)


def test_nothing_is_offered_to_who_is_not_below():
    batch = factory.locked(factory.make_batch())
    beside = factory.other_department(batch.department)

    assert "没有可以加入的上级抽取" in page(keeper_of(beside), "/draws/joinable/")
    page(keeper_of(beside), f"/draws/joinable/{batch.pk}/{beside.pk}/", 404)
