"""How long a session lasts, and what ends it at once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongchou.accounts import operations, sessions
from gongchou.accounts.models import OpenSession
from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from tests.accounts.conftest import sign_in
from tests.factories.people import BY, appoint, make_user, signed_in

MINUTE, HOUR = 60, 3600
ADMINISTRATORS = [RoleCode.SYSTEM_ADMIN, RoleCode.SECURITY_ADMIN, RoleCode.AUDIT_ADMIN]
FIELD = [RoleCode.INSPECTOR, RoleCode.EXPERT]
LIMITS = {
    role: 15 * MINUTE if role in ADMINISTRATORS else 8 * HOUR if role in FIELD else 30 * MINUTE for role in RoleCode
}


def rested(client, seconds, *, aged=0):
    """As if the latest request had been so long ago, and the sign-in ``aged`` before now."""
    session = client.session
    now = int(timezone.now().timestamp())
    session[sessions.SEEN] = now - seconds
    session[sessions.BEGAN] = now - max(aged, seconds)
    session.save()
    return client


def is_in(client):
    return client.get("/").status_code == 200


@pytest.mark.parametrize("role", list(RoleCode))
@pytest.mark.parametrize(("off", "lasts"), [(-60, True), (60, False)])
def test_a_session_rests_as_long_as_the_role_allows(office, client, role, off, lasts):
    user = make_user("somebody", office.bureau)
    appoint(user, role, "own")

    rested(signed_in(client, user), LIMITS[role] + off)

    assert is_in(client) == lasts


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ((), 30 * MINUTE),
        ((RoleCode.INSPECTOR,), 8 * HOUR),
        ((RoleCode.INSPECTOR, RoleCode.EXPERT), 8 * HOUR),
        ((RoleCode.INSPECTOR, RoleCode.LIAISON), 30 * MINUTE),
        ((RoleCode.SYSTEM_ADMIN, RoleCode.INSPECTOR), 15 * MINUTE),
    ],
)
def test_the_strictest_of_several_roles_decides(roles, expected):
    assert sessions.idle_limit(roles).total_seconds() == expected


@pytest.mark.parametrize(("age", "lasts"), [(12 * HOUR - 60, True), (12 * HOUR + 60, False)])
def test_no_session_is_older_than_twelve_hours_however_busy(office, client, age, lasts):
    appoint(office.worker, RoleCode.INSPECTOR, "self")

    rested(signed_in(client, office.worker), 0, aged=age)

    assert is_in(client) == lasts


def test_each_request_begins_the_rest_anew(office, client):
    rested(signed_in(client, office.worker), 29 * MINUTE, aged=HOUR)
    before = client.session[sessions.SEEN]

    client.get("/")

    assert client.session[sessions.SEEN] - before >= 29 * MINUTE


def test_requests_in_quick_succession_write_nothing(office, client):
    signed_in(client, office.worker)

    before = client.session[sessions.SEEN]
    client.get("/")

    assert (client.session[sessions.SEEN], OpenSession.objects.count()) == (before, 0)


@pytest.mark.parametrize(("seconds", "aged", "cause"), [(HOUR, 0, "idle"), (0, 13 * HOUR, "age")])
def test_the_person_and_the_log_are_told_why_it_ended(office, client, seconds, aged, cause):
    rested(signed_in(client, office.worker), seconds, aged=aged)

    page = client.get("/", follow=True)

    told = {"idle": "已自动退出", "age": "已满 12 小时"}[cause]
    facts = json.loads(Line.objects.get(verb="account.signed_out").data)["facts"]
    assert (told in page.content.decode(), facts["cause"]) == (True, cause)


def test_an_ended_session_tells_a_part_of_a_page_to_go_to_the_entrance(office, client):
    rested(signed_in(client, office.worker), HOUR)

    answer = client.get("/people/messages/", HTTP_HX_REQUEST="true")

    assert answer["HX-Redirect"] == "/account/login/"


def test_a_disabled_account_is_out_at_the_next_request_everywhere(office):
    clients = [signed_in(Client(), office.worker) for _ in range(3)]
    assert [is_in(client) for client in clients] == [True] * 3

    operations.disable_account(user=office.worker, **BY)

    assert [is_in(client) for client in clients] == [False] * 3


def test_opening_the_account_again_does_not_wake_its_old_sessions(office, client):
    signed_in(client, office.worker)
    operations.disable_account(user=office.worker, **BY)

    operations.enable_account(user=office.worker, **BY)

    assert not is_in(client)


@pytest.mark.parametrize("change", ["granted", "ended"])
def test_a_change_of_roles_is_felt_at_the_next_request(office, client, change):
    signed_in(client, office.worker)
    held = appoint(office.worker, RoleCode.LIAISON) if change == "ended" else None
    before = client.get("/people/messages/sent/").status_code

    if held:
        operations.end_appointment(appointment=held, **BY)
    else:
        appoint(office.worker, RoleCode.LIAISON)

    assert (before, client.get("/people/messages/sent/").status_code) == ((200, 403) if held else (403, 200))


def test_a_new_password_ends_all_sessions_but_the_one_it_was_typed_in(office):
    here, there = signed_in(Client(), office.worker), signed_in(Client(), office.worker)
    words = {"old": "correct horse battery", "new": "Kestrel-94-tide", "again": "Kestrel-94-tide"}

    here.post("/account/password/", words)

    assert (is_in(here), is_in(there)) == (True, False)


def test_a_reset_password_ends_all_sessions(office, client):
    signed_in(client, office.worker)

    until = BY["at"] + timedelta(days=3)
    operations.reset_password(user=office.worker, password="one-time-word", until=until, **BY)

    assert not is_in(client)


def test_one_ends_ones_sessions_elsewhere_one_by_one(office):
    here, there = Client(), Client()
    sign_in(here, "worker")
    sign_in(there, "worker")
    is_in(here), is_in(there)
    row = OpenSession.objects.exclude(key=here.session.session_key).get()

    answer = here.post(f"/people/me/sessions/{row.pk}/end/")

    assert (answer.status_code, is_in(here), is_in(there)) == (303, True, False)
    line = Line.objects.get(verb="account.session_ended")
    assert (line.by_name, json.loads(line.data)["facts"]) == (office.worker.audit_name, {"source": "127.0.0.1"})


def test_one_ends_all_ones_other_sessions_at_once(office):
    here, there = Client(), Client()
    sign_in(here, "worker")
    sign_in(there, "worker")

    here.post("/people/me/sessions/end/")

    assert (is_in(here), is_in(there)) == (True, False)


def test_the_sessions_of_others_are_not_there(office, client):
    victim = Client()
    sign_in(victim, "security")
    is_in(victim)
    row = OpenSession.objects.get(user=office.security)

    answer = signed_in(client, office.worker).post(f"/people/me/sessions/{row.pk}/end/")

    assert (answer.status_code, is_in(victim)) == (404, True)


def test_the_session_of_this_machine_is_ended_by_signing_out_only(office, client):
    sign_in(client, "worker")
    is_in(client)
    row = OpenSession.objects.get()

    assert client.post(f"/people/me/sessions/{row.pk}/end/").status_code == 404


def test_sessions_are_listed_with_place_and_browser(office, client):
    sign_in(client, "worker", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/120")

    page = client.get("/people/me/", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/120").content.decode()

    assert [words in page for words in ("127.0.0.1", "Chrome 内核（Windows）", "本机")] == [True] * 3


def test_a_phone_keeps_its_session_when_the_browser_closes_and_an_office_does_not(office):
    appoint(office.worker, RoleCode.INSPECTOR, "self")
    phone, desk = Client(), Client()
    for client, name in ((phone, "worker"), (desk, "security")):
        sign_in(client, name)
        client.get("/")

    assert [bool(client.cookies["sessionid"]["max-age"]) for client in (phone, desk)] == [True, False]
