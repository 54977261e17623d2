"""What somebody reads who scans the inspector's code."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from gongchou.inspections.badges import badge_of, token_of
from tests.factories.inspections import ASKS, AT, first_seat, inspector_at, on_its_way
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


def test_a_certificate_that_has_run_out_is_not_shown(client: Client) -> None:
    seat = first_seat(on_its_way())
    token = token_of(seat.visit_id, seat.department_id)

    before, after = (badge_of(token, day) for day in (date(2027, 12, 30), date(2028, 1, 1)))

    assert before is not None
    assert after is not None
    assert all(papers for _, papers in before.people)
    assert not any(papers for _, papers in after.people)


def test_a_code_that_nobody_gave_out_says_nothing(client: Client) -> None:
    seat = first_seat(on_its_way())
    token = token_of(seat.visit_id, seat.department_id)

    assert badge_of(f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}", AT.date()) is None
    assert client.get("/public/badges/nothing/").status_code == 404


def test_the_package_brings_it_as_a_picture(client: Client) -> None:
    seat = first_seat(on_its_way())
    phone = signed_in(client, inspector_at(seat))

    visits = phone.get("/field/package/", headers=ASKS).json()["visits"]

    assert all(one["badge"].startswith("<svg") for one in visits)
