"""The list of imports, and who gets where."""

from __future__ import annotations

from uuid import uuid4

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.registry.templatetags.registry_imports import lasting
from tests.factories.imports import SHOP_HEAD, csv_file, shop_row, workbook
from tests.factories.many import FEW_AND_MANY
from tests.factories.people import make_department, make_region, official, signed_in
from tests.factories.subjects import home
from tests.registry.imports.pages import at, brought, checked, choices, fresh, put, rows_of, text_of

pytestmark = pytest.mark.django_db


# The list ---------------------------------------------------------------------------------------

LIST_QUERIES = 8


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_the_list_asks_as_often_for_many_as_for_few(desk, count, django_assert_num_queries):
    first = brought(desk)
    with open_for_writing():
        for _ in range(count - 1):
            first.pk = uuid4()
            first.save(force_insert=True)
    desk.get(at("imports"))

    with django_assert_num_queries(LIST_QUERIES):
        answer = desk.get(at("imports"))

    assert answer.context["table"].paginator.count == count


PAGE_QUERIES = 8


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_the_page_asks_as_often_for_many_refused_rows_as_for_few(desk, count, django_assert_num_queries):
    rows = [shop_row(number, 企业名称="") for number in range(1, count + 1)]
    batch = checked(desk, workbook(SHOP_HEAD, *rows))
    desk.get(at("import", batch.pk))

    with django_assert_num_queries(PAGE_QUERIES):
        answer = desk.get(at("import", batch.pk))

    assert len(answer.context["complaints"]) == min(count, 20)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["a.csv", "b.csv", "c.csv"]),
        ({"file_name": "A"}, ["a.csv"]),
        ({"kind": "inspectors"}, ["b.csv"]),
        ({"state": "checked"}, ["c.csv"]),
        ({"is_full": "true"}, ["c.csv"]),
        ({"is_full": "false", "kind": "subjects"}, ["a.csv"]),
        ({"since": "2999-01-01"}, []),
        ({"until": "2999-01-01", "state": "uploaded"}, ["a.csv", "b.csv"]),
        ({"department": "x"}, []),
        ({"sort": "-n_new"}, ["a.csv", "b.csv", "c.csv"]),
    ],
)
def test_the_list_is_filtered(desk, asked, found):
    brought(desk, csv_file(SHOP_HEAD, shop_row(1), name="a.csv"))
    brought(desk, csv_file(["内部编号", "姓名"], ["1", "演示甲"], name="b.csv"), kind="inspectors")
    checked(desk, csv_file(SHOP_HEAD, shop_row(2), name="c.csv"), mode="full")

    answer = desk.get(at("imports"), asked)

    assert sorted(row.record.file_name for row in answer.context["table"].page.object_list) == found


def test_the_list_is_exported_in_words(desk):
    checked(desk, csv_file(SHOP_HEAD, shop_row(1), name="a.csv"))

    rows = rows_of(desk.get(at("imports"), {"export": 1}))

    assert rows[0][:5] == ["文件名", "名录", "导入部门", "方式", "状态"]
    assert rows[1][:9] == ["a.csv", "检查对象", "SCJG", "增量", "待确认", 1, 0, 0, 0]


@pytest.mark.parametrize("name", ["subjects", "inspectors", "sub-libraries"])
def test_lists_of_the_libraries_lead_to_imports(desk, name):
    assert at("add-import") + "?kind=" in text_of(desk.get(at(name)))


@pytest.mark.parametrize("name", ["subjects", "sub-libraries", "expiring-licences", "imports"])
def test_the_menu_leads_to_the_libraries(desk, name):
    assert f'<a href="{at(name)}"' in text_of(desk.get(at("imports")))


def test_the_desk_says_what_waits_for_its_person(desk, client):
    checked(desk, csv_file(SHOP_HEAD, shop_row(1), name="a.csv"))
    desk.post(at("give-up-import", checked(desk, csv_file(SHOP_HEAD, shop_row(2), name="b.csv")).pk))
    brought(desk, csv_file(SHOP_HEAD, shop_row(3), name="c.csv"))

    own = text_of(desk.get("/"))
    colleague = text_of(signed_in(client, official(RoleCode.LIAISON, "below", username="colleague")).get("/"))

    assert ("a.csv：核对完毕，请确认" in own, "b.csv：" in own, "c.csv：请核对栏目" in own) == (
        True,
        False,
        True,
    )
    assert "导入待处理" not in colleague


@pytest.mark.parametrize(("seconds", "words"), [(0, " 1 秒"), (59, " 59 秒"), (60, " 1 分钟"), (61, " 2 分钟")])
def test_what_remains_is_told_in_the_larger_unit(seconds, words):
    assert lasting(seconds) == words


# Who gets where ---------------------------------------------------------------------------------

GETS = ("import", "import-columns", "import-progress")
POSTS = ("import-columns", "import-source", "start-import", "resume-import", "give-up-import", "import-refused")


@pytest.fixture
def foreign(desk):
    """An import of another place; the desk is left with the clerk of this one."""
    batch = checked(desk)
    there = make_department("B", make_region("9902", "别市"))
    put(batch, department=there)
    return batch


@pytest.mark.parametrize("name", GETS)
def test_a_foreign_import_answers_as_a_missing_one(desk, foreign, name):
    answers = [desk.get(at(name, pk)) for pk in (foreign.pk, uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("name", POSTS)
def test_nothing_is_done_to_a_foreign_import(desk, foreign, name):
    answer = desk.post(at(name, foreign.pk), choices(foreign))

    assert (answer.status_code, fresh(foreign).state) == (404, "checked")


def test_foreign_imports_are_not_in_the_list(desk, foreign):
    assert desk.get(at("imports")).context["table"].paginator.count == 0


@pytest.mark.parametrize("role", [RoleCode.LEADER, RoleCode.HEAD, RoleCode.REVIEWER])
@pytest.mark.parametrize("name", ["imports", "add-import"])
def test_who_only_reads_the_libraries_imports_nothing(client, role, name):
    home()
    reader = signed_in(client, official(role, "below"))

    assert reader.get(at(name)).status_code == 403


def test_a_colleague_looks_and_may_give_up_but_not_confirm(desk, client):
    batch = checked(desk)
    colleague = signed_in(client, official(RoleCode.LIAISON, "below", username="colleague"))

    page = text_of(colleague.get(at("import", batch.pk)))
    refused = [colleague.post(at(name, batch.pk), choices(batch)).status_code for name in POSTS[:1] + POSTS[2:3]]
    mapped = colleague.get(at("import-columns", batch.pk))
    before = fresh(batch).state
    colleague.post(at("give-up-import", batch.pk))

    assert ("由本人确认或继续" in page, "确认导入" in page) == (True, False)
    assert (refused, mapped.status_code, before) == ([409, 409], 409, "checked")
    assert fresh(batch).state == "given_up"


@pytest.mark.parametrize("name", ["start-import", "resume-import", "give-up-import", "import-source"])
def test_what_changes_something_is_not_done_by_a_link(desk, name):
    batch = checked(desk)

    assert desk.get(at(name, batch.pk)).status_code == 405
