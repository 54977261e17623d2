"""A message is read when its reader says so, and showing it writes nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gongchou.accounts.operations import send_message
from gongchou.audit.models import Line
from tests.factories.people import BY, official, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(client):
    """One to somebody who is at the test client."""
    reader = official()
    signed_in(client, reader)
    return send_message(to=[reader], title="演示通知", **BY).deliveries.get()


def at(name, delivery):
    return reverse(f"accounts:{name}", args=[delivery.pk])


def test_showing_a_message_writes_nothing(client, delivery):
    n_lines = Line.objects.count()

    text = client.get(at("message", delivery)).content.decode()

    delivery.refresh_from_db()
    assert (Line.objects.count(), delivery.read_at) == (n_lines, None)
    assert f'hx-post="{at("message-read", delivery)}" hx-trigger="load, submit"' in text


def test_the_page_says_by_itself_that_it_was_opened(client, delivery):
    answer = client.post(at("message-read", delivery), headers={"HX-Request": "true"})

    delivery.refresh_from_db()
    assert (answer.status_code, Line.objects.latest("index").verb) == (204, "message.read")
    assert delivery.read_at is not None
    assert at("message-read", delivery) not in client.get(at("message", delivery)).content.decode()


def test_a_reader_without_scripts_says_it_with_a_button(client, delivery):
    answer = client.post(at("message-read", delivery))

    assert (answer.status_code, answer["Location"]) == (303, reverse("accounts:inbox"))


def test_a_message_is_marked_once(client, delivery):
    client.post(at("message-read", delivery))
    n_lines = Line.objects.count()

    client.post(at("message-read", delivery))

    assert Line.objects.count() == n_lines
