"""A phone sends what it has, once or many times."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from gongchou.audit.models import Line
from gongchou.draws.models import Seat
from gongchou.inspections.models import Attachment, Inspection, Instance, Result, Revision
from tests.factories.inspections import (
    ASKS,
    AT,
    bytes_of,
    first_seat,
    inspector_at,
    on_its_way,
    package,
    post,
    record_for,
)
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Seat:
    return first_seat(on_its_way())


@pytest.fixture
def phone(client: Client, seat: Seat) -> Client:
    return signed_in(client, inspector_at(seat))


def of(response: Any) -> Any:
    return json.loads(response.content)


def door_of(phone: Client) -> dict[str, Any]:
    visits: list[dict[str, Any]] = of(phone.get("/field/package/", headers=ASKS))["visits"]
    return visits[0]


def test_a_package_holds_what_she_needs_at_her_doors(phone: Client, seat: Seat) -> None:
    told = of(phone.get("/field/package/", headers=ASKS))

    assert {one["id"] for one in told["visits"]} == {str(one.visit_id) for one in Seat.objects.filter(
        inspector=seat.inspector, ended_at=None)}  # fmt: skip
    door = next(one for one in told["visits"] if one["id"] == str(seat.visit_id))
    assert door["subject"]["name"] == seat.visit.subject.name
    assert [item["code"] for item in door["items"]] == ["I1"]
    assert len(door["team"]) == 2
    assert set(told["sheets"]) == {one["sheet"] for one in told["visits"]}
    assert Line.objects.latest("index").verb == "package.taken"


def test_a_record_is_taken_once_and_its_receipt_stays_the_same(phone: Client) -> None:
    door, instance = door_of(phone), uuid4()
    body = bytes_of(record_for(door))

    first = post(phone, instance, body)
    again = post(phone, instance, body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert of(first)["state"] == "held"
    assert Revision.objects.count() == 1
    assert Line.objects.filter(verb="inspection.recorded").count() == 1
    assert Inspection.objects.get().state == "in_review"
    assert [[str(word) for word in one.words.all()] for one in Result.objects.all()] == [["未发现问题"]]


def test_another_body_of_the_same_revision_is_refused_and_the_first_stays(phone: Client) -> None:
    door, instance = door_of(phone), uuid4()
    first = post(phone, instance, record_for(door))

    other = post(phone, instance, record_for(door, opinion="无意见"))

    assert other.status_code == 409
    assert of(other)["error"] == "inspections.other_body"
    assert Revision.objects.get().receipt == first.content.decode()


def test_the_next_revision_counts_and_the_one_before_is_kept(phone: Client) -> None:
    door, instance = door_of(phone), uuid4()
    post(phone, instance, record_for(door))

    answer = post(phone, instance, record_for(door, base=1, opinion="无意见"))

    assert answer.status_code == 201
    assert list(Revision.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert Inspection.objects.get().head.number == 2
    old = post(phone, instance, record_for(door, base=1, opinion="另有意见"))
    assert (old.status_code, of(old)["error"], of(old)["number"]) == (409, "inspections.base_old", 2)


def test_a_record_of_another_phone_stands_beside_the_first(phone: Client, seat: Seat) -> None:
    door = next(one for one in [door_of(phone)])
    post(phone, uuid4(), record_for(door))
    mate = Seat.objects.filter(visit=door["id"], ended_at=None).exclude(inspector__user=None).first()
    other = Seat.objects.filter(visit=door["id"], ended_at=None, inspector__user=None)[0]
    assert mate is not None
    second = signed_in(Client(), inspector_at(other))

    answer = post(second, uuid4(), record_for(door))

    assert (answer.status_code, of(answer)["state"]) == (201, "beside")
    assert Instance.objects.count() == 2
    assert Inspection.objects.get().head.received_by == mate.inspector.user


def test_a_record_of_who_no_longer_has_the_seat_is_kept_apart(phone: Client) -> None:
    door = door_of(phone)
    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415 -- as a redeal ends it

    with open_for_writing():
        Seat.objects.filter(visit=door["id"], inspector__user__isnull=False).update(ended_at=AT)

    answer = post(phone, uuid4(), record_for(door))

    assert (answer.status_code, of(answer)["state"]) == (201, "quarantined")
    assert Inspection.objects.get().state == "not_entered"


WRONG = {
    "no result": {"results": []},
    "no code": {"results": "uncoded"},
    "nobody signed": {"signatures": []},
    "left before she came": {"left_at": "2020-01-01T00:00:00+08:00"},
    "no scan, no reason": {"entry": {"at": AT.isoformat(), "how": "emergency"}},
    "a field nobody knows": {"grade": "A"},
    "a time without a zone": {"left_at": "2030-01-01T00:00:00"},
    "unreachable without a word": {"outcome": "unreachable"},
    "a control character": {"opinion": "无\x00意见"},
}


@pytest.mark.parametrize("own", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_and_nothing_is_kept(phone: Client, own: dict[str, Any]) -> None:
    door = door_of(phone)
    record = record_for(door, **own)
    if own.get("results") == "uncoded":
        record["results"] = [{"item": item["id"], "is_checked": True} for item in door["items"]]

    answer = post(phone, uuid4(), record)

    assert (answer.status_code, of(answer)["error"]) == (422, "inspections.problems")
    assert all(one["sentence"] for one in of(answer)["problems"])
    assert not Inspection.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"v":1,"v":1}', b"[" * 5_000, b'{"v": NaN}', "\ud800".encode("utf-8", "surrogatepass")]
)
def test_what_is_no_record_is_refused_with_a_sentence(phone: Client, body: bytes) -> None:
    answer = post(phone, uuid4(), body)

    assert answer.status_code == 422
    assert of(answer)["problems"][0]["sentence"]


def test_whoever_never_had_the_seat_finds_nothing(phone: Client, seat: Seat) -> None:
    door = door_of(phone)
    elsewhere = Seat.objects.exclude(visit=door["id"]).exclude(
        inspector__in=Seat.objects.filter(visit=door["id"]).values("inspector")
    )
    stranger = signed_in(Client(), inspector_at(elsewhere.filter(inspector__isnull=False)[0]))

    assert post(stranger, uuid4(), record_for(door)).status_code == 404


def test_whoever_is_not_signed_in_is_told_so_and_no_page(client: Client, seat: Seat) -> None:
    answer = client.get("/field/package/", headers=ASKS)

    assert (answer.status_code, of(answer)["error"]) == (401, "signed_out")


def test_what_was_kept_for_another_is_not_taken(phone: Client) -> None:
    answer = post(phone, uuid4(), record_for(door_of(phone)), **{"X-Field-User": str(uuid4())})

    assert (answer.status_code, of(answer)["error"]) == (401, "inspections.other_user")
    assert not Inspection.objects.exists()


def picture(kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (2400, 1200), "navy").save(file, kind)
    return file.getvalue()


def send(phone: Client, data: bytes, sha256: str = "", piece: int = 10_000) -> Any:
    import hashlib  # noqa: PLC0415 -- of this one helper

    name = sha256 or hashlib.sha256(data).hexdigest()
    answer = None
    for at in range(0, len(data), piece):
        address = f"/field/attachments/{name}/?offset={at}&size={len(data)}"
        answer = phone.post(address, data[at : at + piece], content_type="application/octet-stream", headers=ASKS)
    return answer


def test_a_photo_comes_in_pieces_and_is_looked_at(phone: Client) -> None:
    data = picture()

    answer = send(phone, data)

    assert of(answer) == {"have": len(data), "is_complete": True}
    kept = Attachment.objects.get()
    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 2400, 1200)


def test_a_piece_at_the_wrong_place_is_told_where_to_go_on(phone: Client) -> None:
    sha256 = "a" * 64
    phone.post(f"/field/attachments/{sha256}/?offset=0&size=9", b"123", content_type="x/y", headers=ASKS)

    answer = phone.post(f"/field/attachments/{sha256}/?offset=1&size=9", b"2", content_type="x/y", headers=ASKS)

    assert (answer.status_code, of(answer)["error"], of(answer)["have"]) == (409, "inspections.offset", 3)


def test_what_is_no_picture_or_not_itself_is_refused(phone: Client) -> None:
    page = b"<html><script>alert(1)</script></html>"

    assert of(send(phone, page))["error"] == "inspections.attachment_kind"
    assert of(send(phone, picture(), sha256="b" * 64, piece=10**6))["error"] == "inspections.attachment_broken"
    assert not Attachment.objects.exists()


def test_a_package_can_be_made_without_a_request(seat: Seat) -> None:
    told = package(inspector_at(seat))

    assert told["visits"]
