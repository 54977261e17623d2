"""Everybody of the table opens everything in her menu."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from gongchou.accounts.models import User
from gongchou.demo.accounts import ACCOUNTS
from tests.factories.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
MARK = '<span class="demo-mark">演示数据</span>'


def menu_of(page: str) -> list[str]:
    menu = re.search(r'<ul class="menu-list">(.*?)</ul>', page, re.DOTALL)
    assert menu is not None
    return re.findall(r'href="([^"]+)"', menu[1])


@pytest.mark.parametrize("username", [account.username for account in ACCOUNTS])
def test_every_page_of_the_menu_opens_and_bears_the_mark(client: Client, username: str) -> None:
    signed_in(client, User.objects.get(username=username))
    menu = menu_of(client.get("/").content.decode())

    answers = {address: client.get(address) for address in menu}

    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(menu, 200)
    assert [address for address, answer in answers.items() if MARK not in answer.content.decode()] == []
    assert len(menu) >= 2


def test_the_office_sees_every_page_of_the_lists_and_libraries(client: Client) -> None:
    signed_in(client, User.objects.get(username="ssjb"))

    menu = menu_of(client.get("/").content.decode())

    assert len([address for address in menu if address.startswith("/registry/")]) >= 13


def test_the_page_of_the_entrance_bears_the_mark(client: Client) -> None:
    assert MARK in client.get("/account/login/").content.decode()


def test_pages_without_an_account_bear_the_mark_as_well(client: Client) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert MARK in answer.content.decode()
