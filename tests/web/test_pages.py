"""The frame around every page."""

from __future__ import annotations

import pytest
from django.test import Client

from gongchou.accounts.roles import RoleCode
from tests.factories.people import official, signed_in
from tests.factories.subjects import make_subject

pytestmark = pytest.mark.django_db


def test_a_visitor_is_sent_to_the_sign_in_page(client: Client):
    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/")


def test_the_desk_greets_by_name_and_is_kept_by_no_cache(client: Client):
    user = official(RoleCode.LIAISON)

    answer = signed_in(client, user).get("/")

    assert answer.status_code == 200
    assert user.name in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_nothing_inline_runs(client: Client):
    policy = client.get("/account/login/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_what_is_not_chosen_is_said_in_words(client: Client):
    page = signed_in(client, official(RoleCode.PLAN_CLERK)).get("/registry/subjects/").content.decode()

    assert ("不限</option>" in page, "选择标签</option>" in page) == (True, True)
    assert "---------" not in page


def test_a_reader_has_no_boxes_to_tick(client: Client):
    make_subject()
    keeper, reader = official(RoleCode.PLAN_CLERK), official(RoleCode.LEADER)

    pages = [signed_in(client, user).get("/registry/subjects/").content.decode() for user in (keeper, reader)]

    assert ['name="chosen"' in page for page in pages] == [True, False]
    assert ['data-check-all="chosen"' in page for page in pages] == [True, False]


@pytest.mark.parametrize(("address", "status"), [("/nowhere/", 404), ("/people/accounts/", 403)])
def test_a_fault_keeps_menu_and_bar_for_who_is_signed_in(client, address, status):
    user = official(RoleCode.LEADER)

    visitor, inside = client.get(address), signed_in(client, user).get(address)

    page = inside.content.decode()
    assert inside.status_code == status
    assert ('id="menu"' in page, "抽查事项清单" in page, user.name in page) == (True, True, True)
    assert "本单位的安全管理员授予相应的角色和数据范围" in page
    assert 'id="menu"' not in visitor.content.decode()
