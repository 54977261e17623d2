"""What somebody reads who scans the inspector's code."""

from __future__ import annotations

import pytest
from django.test import Client

from gongchou.inspections.badges import badge_of, token_of
from tests.factories.inspections import ASKS, first_seat, inspector_at, on_its_way
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db


def test_it_says_who_comes_for_what(client: Client) -> None:
    seat = first_seat(on_its_way())
    token = token_of(seat.visit_id, seat.department_id)

    page = client.get(f"/public/badges/{token}/")

    told = page.content.decode()
    assert seat.inspector is not None
    assert page.status_code == 200
    assert f"ZJ-{seat.inspector.number}" in told
    assert seat.visit.subject.name in told
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_a_code_that_nobody_gave_out_says_nothing(client: Client) -> None:
    seat = first_seat(on_its_way())
    token = token_of(seat.visit_id, seat.department_id)

    assert badge_of(f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}") is None
    assert client.get("/public/badges/nothing/").status_code == 404


def test_the_package_brings_it_as_a_picture(client: Client) -> None:
    seat = first_seat(on_its_way())
    phone = signed_in(client, inspector_at(seat))

    visits = phone.get("/field/package/", headers=ASKS).json()["visits"]

    assert all(one["badge"].startswith("<svg") for one in visits)
