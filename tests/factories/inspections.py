"""Fictitious inspections (演示数据): a batch on its way, somebody at a door with an account, the record she sends."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.draws.models import Batch, Seat
from gongchou.inspections import files
from gongchou.inspections.models import Revision
from gongchou.inspections.operations.attachments import store
from gongchou.inspections.operations.packages import take
from gongchou.inspections.operations.records import Sent, submit
from gongchou.inspections.package import package_of
from gongchou.inspections.payload import read_record
from tests.factories.draws import BEACON, dispatched, make_batch
from tests.factories.people import appoint, make_user

AT = BEACON + timedelta(days=1)
DIGEST = "5" * 64


def on_its_way(batch: Batch | None = None) -> Batch:
    """A batch whose teams have been sent."""
    return dispatched(batch or make_batch())


def inspector_at(seat: Seat, username: str = "") -> User:
    """An account for who holds a seat."""
    user = make_user(username or f"jc{seat.inspector.number.lower()}", seat.inspector.department)
    appoint(user, RoleCode.INSPECTOR)
    with open_for_writing():
        type(seat.inspector).objects.filter(pk=seat.inspector.pk).update(user=user)
    return user


def first_seat(batch: Batch) -> Seat:
    """Of its first door."""
    return Seat.objects.filter(batch=batch, ended_at=None, inspector__isnull=False).order_by("visit", "number")[0]


def package(by: User, at: datetime = AT) -> dict[str, Any]:
    """What her phone takes with it."""
    told, sheets, doors = package_of(by, at)
    take(sheets={one.digest: one.definition for one in sheets}, doors=doors, by=by, at=at)
    return told


def record_for(door: dict[str, Any], **own: Any) -> dict[str, Any]:
    """A record of a door in a package, without problems. own: what is to be otherwise"""
    results = [
        {"item": item["id"], "is_checked": True, "codes": ["NO_PROBLEM"], "follow_ups": ["none"]}
        for item in door["items"]
    ]
    signed = {"attachment": DIGEST, "at": (AT + timedelta(minutes=40)).isoformat()}
    return {
        "v": 1,
        "visit": door["id"],
        "department": door["department"]["id"],
        "sheet": door["sheet"],
        "base": 0,
        "outcome": "inspected",
        "answers": {},
        "results": results,
        "methods": ["on_site"],
        "entry": {"at": AT.isoformat(), "how": "scan", "licence": door["subject"]["number"]},
        "left_at": (AT + timedelta(minutes=45)).isoformat(),
        "told": {"at": (AT + timedelta(minutes=40)).isoformat(), "how": "on_site"},
        "signatures": [
            {"role": "inspector", "name": "演示检查人员", "certificate": "ZJ-1", **signed},
            {"role": "party", "name": "演示负责人", **signed},
        ],
        "attachments": [{"sha256": DIGEST, "size": 4, "kind": "signature"}],
        "device": {"id": "demo", "app": "1"},
        **own,
    }


def bytes_of(record: dict[str, Any]) -> bytes:
    """As a phone sends it."""
    return json.dumps(record, ensure_ascii=False).encode()


def post(client: Client, instance: UUID, record: dict[str, Any] | bytes, **headers: str) -> Any:
    """Sent by the phone."""
    body = record if isinstance(record, bytes) else bytes_of(record)
    return client.post(
        f"/field/instances/{instance}/", body, content_type="application/json", headers={**ASKS, **headers}
    )


ASKS = {"Accept": "application/json"}


def recorded(by: User, at: datetime = AT, *, instance: UUID | None = None, **own: Any) -> Revision:
    """The record of her first door, taken."""
    door = package(by, at)["visits"][0]
    body = bytes_of(record_for(door, **own))
    return submit(instance=instance or uuid4(), sent=Sent(read_record(body), body), by=by, at=at)


def store_signature(by: User) -> None:
    """The signature that a record names has come."""
    path, shown = files.path_of(DIGEST), files.shown_path(DIGEST)
    path.parent.mkdir(parents=True, exist_ok=True)
    for one in (path, shown):
        one.write_bytes(b"demo")
    store(sha256=DIGEST, looked=files.Looked(4, "image/png", 1, 1), by=by, at=AT)
