"""The grammar of lists and the pages of faults, apart from any room."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django_tables2 import Column

from gongchou.accounts.roles import RoleCode
from gongchou.refusal import Refused
from gongchou.urls import handler404, handler500
from gongchou.urls import urlpatterns as ours
from gongchou.web.access import Access, access_of, needs, open_to_all
from gongchou.web.access import signed_in as for_the_signed_in
from gongchou.web.lists import Table
from gongchou.web.middleware import RefusalMiddleware
from tests.factories.people import official, signed_in
from tests.factories.subjects import make_subject

pytestmark = pytest.mark.django_db


class Days(Table):
    at = Column()


def test_a_moment_without_a_column_of_its_own_kind_is_shown_as_the_clock_here_shows_it(rf: RequestFactory):
    table = Days([{"at": datetime(2026, 3, 1, 20, 5, 7, 123, tzinfo=UTC)}])
    table.page = Paginator(table.rows, 20).get_page(1)

    assert ["2026-03-02 04:05" in cells for cells in table.body()] == [True]


@open_to_all
def refuses(request):
    raise Refused("web.export_too_large", count=2, most=1)


@open_to_all
def breaks(request):
    raise ValueError


def undeclared(request):
    return HttpResponse()


__all__ = ["handler404", "handler500", "urlpatterns"]
urlpatterns = [*ours, path("refuses/", refuses), path("breaks/", breaks), path("undeclared/", undeclared)]


@pytest.mark.urls("tests.web.test_lists")
@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/nowhere/", 404, "没有找到这个页面"),
        ("/breaks/", 500, "您的操作没有生效"),
        ("/refuses/", 409, "请加上筛选条件后分几次导出"),
    ],
)
def test_a_fault_says_what_happened_and_what_to_do(client: Client, address: str, status: int, said: str):
    client.raise_request_exception = False

    answer = client.get(address)

    assert answer.status_code == status
    assert said in answer.content.decode()


@pytest.mark.urls("tests.web.test_lists")
def test_a_view_that_declares_nothing_is_closed(client: Client):
    client.raise_request_exception = False

    assert client.get("/undeclared/").status_code == 500


@pytest.mark.parametrize(
    ("access", "visitor", "plain", "holder"),
    [
        (Access(is_public=True), True, True, True),
        (Access(), False, True, True),
        (Access(duties=frozenset({"keep_list"})), False, False, True),
    ],
)
def test_whom_a_declaration_lets_in(access: Access, visitor: bool, plain: bool, holder: bool):
    asked = [access.lets_in(duties) for duties in (None, frozenset(), frozenset({"keep_list", "read_audit"}))]

    assert asked == [visitor, plain, holder]


def test_a_declaration_is_read_back():
    views = [open_to_all(lambda r: r), for_the_signed_in(lambda r: r), needs("a", "b")(lambda r: r), lambda r: r]

    assert [access_of(view) for view in views] == [
        Access(is_public=True),
        Access(),
        Access(duties=frozenset({"a", "b"})),
        None,
    ]


@pytest.mark.parametrize(
    ("came_from", "status", "where"),
    [
        ("http://testserver/x/?a=1", 303, "http://testserver/x/?a=1"),
        ("http://elsewhere.test/", 409, None),
        ("", 409, None),
    ],
)
def test_a_refused_button_leads_back_only_to_our_own_pages(came_from: str, status: int, where: str | None):
    request = RequestFactory().post("/x/", headers={"Referer": came_from})
    request._messages = CookieStorage(request)
    request.user = AnonymousUser()

    answer = RefusalMiddleware(lambda r: HttpResponse()).process_exception(
        request, Refused("web.export_too_large", count=2, most=1)
    )

    assert (answer.status_code, answer.get("Location")) == (status, where)


@pytest.mark.parametrize("sort", ["kind", "-kind"])
def test_rows_that_are_sorted_alike_stand_in_one_order_on_every_page(client: Client, sort: str):
    keys = sorted(make_subject(n).pk for n in range(6))

    answer = signed_in(client, official(RoleCode.PLAN_CLERK)).get("/registry/subjects/", {"sort": sort})

    assert [row.record.pk for row in answer.context["table"].page.object_list] == keys
