"""Coming in and leaving: what is said, what is written down, and what strangers learn."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from gongchou.accounts import operations
from gongchou.accounts.attempts import _key
from gongchou.accounts.models import Tries, User
from gongchou.audit import guard
from gongchou.audit.models import Line
from tests.accounts.conftest import PASSWORD, sign_in
from tests.factories.people import BY, signed_in

LOCKED = re.compile(r"密码错误次数过多，请在 \d+ 分钟后再试")


def facts_of(verb):
    return [json.loads(line.data)["facts"] for line in Line.objects.filter(verb=verb).order_by("index")]


def page_without_secrets(answer):
    return re.sub(r'(name="csrfmiddlewaretoken" value=|name="login" value=)"[^"]*"', "", answer.content.decode())


def test_the_right_password_opens_the_desk(office, client):
    answer = sign_in(client, "worker", REMOTE_ADDR="192.0.2.7")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    assert facts_of("account.signed_in") == [{"factors": ["password"], "source": "192.0.2.7"}]


def test_signing_in_writes_nothing_into_the_account(office, client):
    before = User.objects.filter(username="worker").values().get()

    sign_in(client, "worker")

    assert User.objects.filter(username="worker").values().get() == before


def test_an_account_is_found_however_its_name_is_typed(office, client):
    assert sign_in(client, " Worker ").status_code == 302


def test_leaving_is_written_down_too(office, client):
    sign_in(client, "worker")

    answer = client.post("/account/logout/")

    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    assert client.get("/").status_code == 302
    assert [told["cause"] for told in facts_of("account.signed_out")] == ["asked"]


def test_a_stranger_cannot_tell_an_account_that_exists_from_one_that_does_not(office, monkeypatch):
    known, unknown = Client(), Client()
    begin, pairs = timezone.now(), []

    for seconds in (0, 1, 2, 2, 40, 80, 80, 300):  # wrong, told to wait, wrong again, locked
        monkeypatch.setattr(timezone, "now", lambda at=begin + timedelta(seconds=seconds): at)
        pairs.append((sign_in(known, "worker", "wrong"), sign_in(unknown, "nobody", "wrong")))

    told = [(page_without_secrets(one), page_without_secrets(other)) for one, other in pairs]
    assert [(one.status_code, other.status_code) for one, other in pairs] == [(200, 200)] * 8
    assert [one == other for one, other in told] == [True] * 8
    assert len({one for one, _ in told}) >= 4


def test_a_closed_account_looks_like_any_other_to_who_has_not_its_password(office):
    operations.disable_account(user=office.worker, **BY)

    closed, unknown = sign_in(Client(), "worker", "wrong"), sign_in(Client(), "nobody", "wrong")

    assert page_without_secrets(closed) == page_without_secrets(unknown)


def test_who_has_the_password_of_a_closed_account_is_told_so(office, client):
    operations.disable_account(user=office.worker, **BY)

    answer = client.post("/account/login/", {"login": "worker", "password": PASSWORD}, follow=True)

    assert "该账号已停用" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_the_fifth_wrong_password_locks_and_the_log_knows(office, client):
    for n in range(5):
        sign_in(client, "worker", f"wrong {n}", REMOTE_ADDR=f"192.0.2.{n // 5}")
        forget_delay()

    answer = sign_in(client, "worker", REMOTE_ADDR="192.0.2.0")

    assert LOCKED.search(answer.content.decode())
    assert facts_of("account.locked") == [{"source": "192.0.2.0", "what": "password"}]


def test_each_wrong_password_leaves_a_line_without_what_was_typed(office):
    for n in range(3):
        sign_in(Client(), "worker", f"Sesam-{n}", REMOTE_ADDR="192.0.2.9")

    assert facts_of("account.password_wrong") == [{"source": "192.0.2.9"}] * 3
    assert [line.data for line in Line.objects.all() if "Sesam" in line.data] == []


def test_the_lock_out_bounds_the_lines_and_strangers_leave_none(office):
    for _ in range(12):
        sign_in(Client(), "worker", "wrong", REMOTE_ADDR="192.0.2.9")
        sign_in(Client(), "nobody", "wrong", REMOTE_ADDR="192.0.2.9")
        forget_delay()

    assert len(facts_of("account.password_wrong")) == 5
    assert Line.objects.filter(verb__startswith="account.password").exclude(about=office.worker.audit_id).count() == 0


def test_the_owner_comes_in_from_elsewhere_while_a_stranger_is_locked(office, client):
    for n in range(5):
        sign_in(Client(), "worker", f"wrong {n}", REMOTE_ADDR="192.0.2.1")
        forget_delay()

    assert sign_in(client, "worker", REMOTE_ADDR="192.0.2.2").status_code == 302


def test_the_owner_comes_in_behind_the_same_address_with_a_browser_she_has_used(office, client):
    sign_in(client, "worker", REMOTE_ADDR="192.0.2.1")
    client.post("/account/logout/")
    for n in range(5):
        sign_in(Client(), "worker", f"wrong {n}", REMOTE_ADDR="192.0.2.1")

    assert sign_in(client, "worker", REMOTE_ADDR="192.0.2.1").status_code == 302


def test_what_makes_a_browser_known_cannot_be_made_up(office, client):
    sign_in(client, "worker")
    name, cookie = next((name, one.value) for name, one in client.cookies.items() if name.startswith("known-"))
    stranger = Client()
    stranger.cookies[name] = cookie.replace(cookie[:5], "aaaaa", 1)
    for n in range(5):
        sign_in(stranger, "worker", f"wrong {n}", REMOTE_ADDR="192.0.2.1")
        forget_delay()

    assert LOCKED.search(sign_in(stranger, "worker", REMOTE_ADDR="192.0.2.1").content.decode())


def forget_delay():
    """As if the seconds had passed that an account makes everybody wait: only the row of the place stays."""
    Tries.objects.filter(key=_key("password worker")).delete()


def test_a_hash_of_yesterday_is_renewed_by_an_operation(office, client, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    old = make_password(PASSWORD, hasher="md5")
    with guard.open_for_writing():
        User.objects.filter(username="worker").update(password=old)

    answer = sign_in(client, "worker")

    user = User.objects.get(username="worker")
    assert (answer.status_code, user.password.split("$")[0]) == (302, "pbkdf2_sha256")
    assert client.get("/").status_code == 200
    assert len(facts_of("account.password_hashed")) == 1


def test_comparing_a_password_never_writes(office, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]

    assert office.worker.check_password(PASSWORD)


def open_with_one_time_password(office, *, hours):
    until = timezone.now() + timedelta(hours=hours)
    operations.reset_password(user=office.worker, password="one-time-word", until=until, **BY)


def test_a_one_time_password_leads_to_a_password_of_ones_own_and_nowhere_else(office, client):
    open_with_one_time_password(office, hours=1)
    sign_in(client, "worker", "one-time-word")

    led = [client.get(address)["Location"] for address in ("/", "/people/me/", "/people/messages/")]
    page = client.get("/account/password/")

    assert led == ["/account/password/"] * 3
    assert "您用的是一次性密码" in page.content.decode()


def doors(page):
    """Where the frame of a page leads: its menu, its bar, the way out."""
    frame = page.content.decode().partition("<main")[0]
    return set(re.findall(r'(?:href|action)="(/[^"]*)"', frame)) - set(re.findall(r'href="(/static/[^"]*)"', frame))


def test_until_the_password_is_changed_the_frame_leads_nowhere_else(office, client):
    open_with_one_time_password(office, hours=1)
    sign_in(client, "worker", "one-time-word")

    before = doors(client.get("/account/password/"))
    client.post("/account/password/", {"old": "one-time-word", "new": "Kestrel-94-tide", "again": "Kestrel-94-tide"})
    after = doors(client.get("/account/password/"))

    assert before == {"/", "/account/password/", "/account/logout/"}
    assert after > {"/people/messages/", "/people/me/", "/account/logout/"}


def test_after_the_change_everything_is_open_and_the_old_word_is_useless(office, client):
    open_with_one_time_password(office, hours=1)
    sign_in(client, "worker", "one-time-word")
    words = {"old": "one-time-word", "new": "Kestrel-94-tide", "again": "Kestrel-94-tide"}

    answer = client.post("/account/password/", words)

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.get("/").status_code == 200
    assert sign_in(Client(), "worker", "one-time-word").status_code == 200
    assert sign_in(Client(), "worker", "Kestrel-94-tide").status_code == 302


@pytest.mark.parametrize(("hours", "comes_in"), [(1 / 60, True), (-1 / 60, False)])
def test_a_one_time_password_ends(office, client, hours, comes_in):
    open_with_one_time_password(office, hours=hours)

    answer = sign_in(client, "worker", "one-time-word")

    assert (answer["Location"] == "/") == comes_in
    assert client.get("/account/password/").status_code == (200 if comes_in else 302)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("wrong", "Kestrel-94-tide", "Kestrel-94-tide"), "现在的密码不正确"),
        ((PASSWORD, "Kestrel-94-tide", "Kestrel-95-tide"), "两次输入的新密码不一致"),
        ((PASSWORD, "short", "short"), "密码太短"),
        ((PASSWORD, PASSWORD, PASSWORD), "新密码不能与现在的密码相同"),
    ],
)
def test_a_new_password_is_refused_with_a_reason(office, client, words, told):
    before = User.objects.get(username="worker").password
    page = signed_in(client, office.worker).post(
        "/account/password/", dict(zip(("old", "new", "again"), words, strict=True))
    )

    assert (page.status_code, told in page.content.decode()) == (422, True)
    assert User.objects.get(username="worker").password == before


def test_guessing_the_old_password_is_counted_like_signing_in(office, client):
    signed_in(client, office.worker)
    for n in range(5):
        client.post("/account/password/", {"old": f"wrong {n}", "new": "Kestrel-94-tide", "again": "Kestrel-94-tide"})
        forget_delay()

    page = client.post("/account/password/", {"old": PASSWORD, "new": "Kestrel-94-tide", "again": "Kestrel-94-tide"})

    assert LOCKED.search(page.content.decode())


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_set_password", "account_reset_password", "account_inactive"],
)
def test_nobody_signs_up_and_nothing_goes_by_mail(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_stranger_is_not_led_to_another_site_after_signing_in(office, client):
    answer = client.post("/account/login/?next=//evil.example/", {"login": "worker", "password": PASSWORD})

    assert answer["Location"] == "/"


def test_the_address_that_was_asked_for_is_opened_after_signing_in(office, client):
    answer = client.post("/account/login/?next=/people/me/", {"login": "worker", "password": PASSWORD})

    assert answer["Location"] == "/people/me/"
