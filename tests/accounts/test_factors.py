"""The second factor: asked of the back office, good once, and never in the clear."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from gongchou.accounts import operations
from gongchou.accounts.attempts import _key
from gongchou.accounts.factors import MFAAdapter, matching_step, use_code
from gongchou.accounts.models import Tries
from gongchou.accounts.roles import ROLES, RoleCode
from gongchou.audit.models import Line
from gongchou.refusal import Refused
from tests.accounts.conftest import sign_in
from tests.factories.people import NOW, appoint, signed_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = int(NOW.timestamp()) // 30


@pytest.fixture(autouse=True)
def two_factors(settings):
    settings.TWO_FACTORS = True


def code_at(step, secret=SECRET):
    return format_hotp_value(hotp_value(secret, step))


def code_now(secret=SECRET, ahead=0):
    return code_at(int(time.time()) // 30 + ahead, secret)


def with_app(user):
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": MFAAdapter().encrypt(SECRET)}
    )


def with_recovery_codes(user):
    return RecoveryCodes.activate(user).generate_codes()


@pytest.mark.parametrize("role", list(RoleCode))
def test_only_the_back_office_must_have_a_second_factor(office, client, role):
    appoint(office.worker, role, "own")

    answer = signed_in(client, office.worker).get("/")

    is_asked = ROLES[role].is_back_office
    assert (answer.status_code, answer.get("Location")) == ((302, "/account/factors/app/") if is_asked else (200, None))


def test_without_a_second_factor_nothing_else_opens(office, client):
    signed_in(client, office.security)

    addresses = ["/", "/people/accounts/", "/people/roles/", "/people/me/", "/people/messages/", "/account/factors/"]
    led = {client.get(address).get("Location") for address in addresses}

    assert led == {"/account/factors/app/"}
    assert client.post(f"/people/accounts/{office.worker.pk}/request-role/")["Location"] == "/account/factors/app/"


@pytest.mark.parametrize(
    ("host", "is_offered"), [("localhost", True), ("gongchou.example", False), ("127.0.0.1", False)]
)
def test_who_must_set_one_up_may_take_a_key_where_browsers_speak_to_keys(office, settings, host, is_offered):
    settings.ALLOWED_HOSTS = [host]
    client = signed_in(Client(headers={"host": host}), office.security)

    page = client.get("/account/factors/app/").content.decode()

    assert ('href="/account/factors/keys/add/"' in page) == is_offered
    assert 'href="/people/messages/"' not in page


def test_a_part_of_a_page_is_told_to_go_there(office, client):
    answer = signed_in(client, office.security).get("/people/accounts/", HTTP_HX_REQUEST="true")

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/account/factors/app/")


def test_the_flag_turns_it_off_and_the_desk_says_so(office, client, settings):
    settings.TWO_FACTORS = False

    page = signed_in(client, office.security).get("/")

    assert (page.status_code, "没有启用双因素验证" in page.content.decode()) == (200, True)


@pytest.mark.django_db(transaction=True)
def test_setting_up_signing_out_and_coming_back(office, client):
    sign_in(client, "security")
    page = client.get("/account/factors/app/")
    secret = page.context["form"].secret

    done = client.post("/account/factors/app/", {"code": code_now(secret)})
    codes = client.get("/account/factors/recovery/")
    client.post("/account/logout/")
    first = sign_in(client, "security")
    between = client.get("/")
    second = client.post("/account/code/", {"code": code_now(secret, ahead=1)})

    assert '<img class="img-fluid border" src="data:image/svg+xml;base64,' in page.content.decode()
    assert (done["Location"], codes.status_code) == ("/account/factors/recovery/", 200)
    assert (first["Location"], between.status_code, second["Location"]) == ("/account/code/", 302, "/")
    assert client.get("/").status_code == 200
    lines = Line.objects.filter(verb__startswith="account.", by=office.security.audit_id).order_by("index")
    told = [(line.verb, json.loads(line.data)["facts"]) for line in lines]
    assert [(verb, facts.get("kind") or facts.get("factors")) for verb, facts in told] == [
        ("account.signed_in", ["password"]),
        *[("account.factor_added", kind) for kind in ("totp", "recovery_codes")],
        ("account.signed_out", None),
        ("account.signed_in", ["password", "totp"]),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_code_that_proved_the_phone_does_not_sign_in(office, client):
    sign_in(client, "security")
    secret = client.get("/account/factors/app/").context["form"].secret
    code = code_now(secret)
    client.post("/account/factors/app/", {"code": code})
    client.post("/account/logout/")
    sign_in(client, "security")

    answer = client.post("/account/code/", {"code": code})

    assert (answer.status_code, "已经用过" in answer.content.decode()) == (200, True)


@pytest.mark.django_db(transaction=True)
def test_a_session_that_began_with_the_password_alone_ends_when_a_factor_is_set_up(office):
    thief, owner = Client(), Client()
    sign_in(thief, "security")
    sign_in(owner, "security")
    secret = owner.get("/account/factors/app/").context["form"].secret

    owner.post("/account/factors/app/", {"code": code_now(secret)})

    assert thief.get("/account/factors/app/")["Location"].startswith("/account/login/")
    assert owner.get("/").status_code == 200


@pytest.mark.parametrize(("off", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_one_step_off(off, is_taken):
    assert (matching_step(SECRET, code_at(STEP + off), at=NOW) is not None) == is_taken


def test_a_code_is_good_once(office):
    with_app(office.security)

    first, second = (use_code(office.security, code_at(STEP), at=NOW) for _ in range(2))

    assert (first is not None, second) == (True, None)


def test_a_code_from_before_the_latest_one_is_no_good(office):
    with_app(office.security)
    use_code(office.security, code_at(STEP), at=NOW)

    assert use_code(office.security, code_at(STEP - 1), at=NOW) is None
    assert use_code(office.security, code_at(STEP + 1), at=NOW + timedelta(seconds=30)) is not None


def test_a_recovery_code_is_good_once(office):
    with_app(office.security)
    code = with_recovery_codes(office.security)[3]

    first, second = (use_code(office.security, code, at=NOW) for _ in range(2))

    assert (first is not None, second) == (True, None)


def test_somebody_elses_code_is_no_good(office):
    with_app(office.security)

    assert use_code(office.second, code_at(STEP), at=NOW) is None


def test_five_wrong_codes_lock_the_second_step(office, client):
    with_app(office.security)
    sign_in(client, "security", REMOTE_ADDR="192.0.2.1")
    for _ in range(5):
        client.post("/account/code/", {"code": "000000"}, REMOTE_ADDR="192.0.2.1")
        forget_delay()

    answer = client.post("/account/code/", {"code": code_now()}, REMOTE_ADDR="192.0.2.1")

    assert "错误次数过多" in answer.content.decode()
    assert client.get("/").status_code == 302
    assert [json.loads(line.data)["facts"]["what"] for line in Line.objects.filter(verb="account.locked")] == ["code"]


def forget_delay():
    Tries.objects.filter(key=_key("code security")).delete()


def test_the_secret_of_a_phone_is_not_in_the_database(office):
    held = with_app(office.security)

    assert SECRET not in json.dumps(Authenticator.objects.get(pk=held.pk).data)


def test_a_security_administrator_resets_what_was_lost_and_all_sessions_end(office, client):
    with_app(office.system)
    with_recovery_codes(office.system)
    signed_in(client, office.system)

    operations.reset_factors(user=office.system, reason="手机丢失", by=office.security, at=NOW)

    assert not Authenticator.objects.filter(user=office.system).exists()
    assert client.get("/")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("by", ["system", "audit", "worker"])
def test_nobody_else_resets_a_second_factor(office, by):
    with pytest.raises(Refused, match=r"accounts\.out_of_reach"):
        operations.reset_factors(user=office.second, reason="手机丢失", by=getattr(office, by), at=NOW)


def test_nobody_resets_her_own(office):
    with pytest.raises(Refused, match=r"accounts\.own_role"):
        operations.reset_factors(user=office.security, reason="手机丢失", by=office.security, at=NOW)


def test_who_removes_her_factor_must_set_up_another(office, client):
    held = with_app(office.security)
    sign_in(client, "security")
    client.post("/account/code/", {"code": code_now()})
    assert client.get("/").status_code == 200

    client.post("/account/factors/app/remove/")

    assert not Authenticator.objects.filter(pk=held.pk).exists()
    assert client.get("/")["Location"] == "/account/factors/app/"
