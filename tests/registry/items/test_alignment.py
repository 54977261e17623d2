"""R-7: items agree with 互联网+监管 and 权责清单, or the report says where not and what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongchou.accounts.roles import RoleCode
from gongchou.refusal import Refused
from gongchou.registry.forms.alignment import rows_of
from gongchou.registry.models import OfficialEntry
from gongchou.registry.operations.alignment import EntryRow, import_entries
from gongchou.registry.queries import alignment as queries
from tests.factories.lists import department_of_lists, keeper_of, make_item, publish
from tests.factories.many import FEW_AND_MANY, many_approved
from tests.factories.people import NOW, make_department, official, signed_in

pytestmark = pytest.mark.django_db
NAME, BASIS = "演示食品安全检查", "《演示食品安全条例》第十条"


def bring(rows, source="internet_plus", is_full=False, at=NOW):
    department = department_of_lists()
    told = {"file_name": "演示.csv", "file_digest": "0" * 64, "is_full": is_full}
    entries = [EntryRow(*row) for row in rows]
    return import_entries(source=source, department=department, rows=entries, by=keeper_of(department), at=at, **told)


# code of the item, entry (code, name, basis) -> faults against 互联网+监管
CASES = [
    ("", None, ["unmapped"]),
    ("J1", None, ["unknown"]),
    ("J1", ("J1", NAME, BASIS), []),
    ("J1", ("J1", "演示　食品安全检查", "《中华人民共和国演示食品安全条例》第十条"), []),
    ("J1", ("J1", NAME, ""), []),
    ("J1", ("J1", "另一名称", BASIS), ["name"]),
    ("J1", ("J1", NAME, "《演示食品安全条例》第十一条"), ["basis"]),
    ("J1", ("J1", NAME, "《演示广告条例》第十条"), ["basis"]),
    ("J1", ("J1", "另一名称", "《演示广告条例》第十条"), ["name", "basis"]),
]


@pytest.mark.parametrize(("code", "entry", "faults"), CASES)
def test_every_disagreement_is_found_and_says_what_to_do(code, entry, faults):
    if entry:
        bring([entry])
    version = make_item(internet_plus_code=code)

    found = [one for one in queries.find_misalignments([version]) if one.source == "internet_plus"]

    assert [str(one.fault) for one in found] == faults
    assert [one for one in found if not one.todo or "{" in one.todo] == []


def test_an_entry_of_another_department_is_not_ours():
    bring([("J1", NAME, BASIS)])
    other = make_department("OTHER", department_of_lists().region)
    version = make_item(owner=other, internet_plus_code="J1", duty_list_code="Q1")

    assert [one.fault for one in queries.find_misalignments([version])] == ["unknown", "unknown"]


def test_departments_are_counted():
    bring([("J1", NAME, BASIS)])
    bring([("Q1", NAME, BASIS)], source="duty_list")
    versions = [make_item(internet_plus_code="J1", duty_list_code="Q1"), make_item(internet_plus_code="J1")]

    [count] = queries.counts_by_department(versions, queries.find_misalignments(versions))

    assert (count.n_items, count.n_apart, count.mapped_words, count.aligned_words, count.share) == (
        2,
        1,
        "50.0%（1/2）",
        "50.0%（1/2）",
        50,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《甲法》第一条", {("甲法", "第一条")}),
        ("《甲法》第一条、第二条；《乙条例》", {("甲法", "第一条"), ("甲法", "第二条"), ("乙条例", "")}),
        ("《甲法》第十条之一", {("甲法", "第十条之一")}),
        ("没有书名号", set()),
    ],
)
def test_citations_are_read(text, expected):
    assert queries.cited(text) == expected


def test_a_second_import_adds_changes_and_ends_and_keeps_the_old_rows():
    bring([("J1", "一", ""), ("J2", "二", ""), ("J3", "三", "")])

    brought = bring([("J1", "一", ""), ("J2", "改", ""), ("J4", "四", "")], is_full=True, at=NOW + timedelta(days=1))

    assert (brought.n_new, brought.n_changed, brought.n_same, brought.n_ended) == (1, 1, 1, 1)
    standing = OfficialEntry.objects.filter(ended_at=None).order_by("code").values_list("code", "name")
    assert list(standing) == [("J1", "一"), ("J2", "改"), ("J4", "四")]
    assert OfficialEntry.objects.count() == 5


def upload(text, name="条目.csv"):
    return SimpleUploadedFile(name, text.encode())


def test_a_file_is_read_below_its_title_lines():
    rows = rows_of(upload("演示市监管事项,,\n事项编码,事项名称,设定依据\nJ1,一,《甲法》第一条\n,,\nJ2,二,\n"))

    assert rows == [EntryRow("J1", "一", "《甲法》第一条"), EntryRow("J2", "二", "")]


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("甲,乙\n1,2\n", "registry.official_header", {}),
        ("编码,名称\n", "registry.official_empty", {}),
        ("编码,名称\nJ1,\n", "registry.official_row", {"line": 2, "told": "缺少名称"}),
        ("编码,名称\nJ1,一\nJ1,二\n", "registry.official_row", {"line": 3, "told": "编码“J1”与第2行重复"}),
    ],
)
def test_a_file_is_taken_whole_or_not_at_all(text, code, facts):
    with pytest.raises(Refused) as refused:
        rows_of(upload(text))

    assert (refused.value.code, refused.value.facts) == (code, facts)


def test_an_official_imports_a_file_and_sees_the_report(client):
    user = official(RoleCode.LIAISON)
    make_item("A01", internet_plus_code="J1")
    signed_in(client, user)
    file = upload(f"编码,名称,依据\nJ1,{NAME},{BASIS}\n")
    told = {"source": "internet_plus", "department": user.department_id, "file": file}

    answer = client.post("/registry/alignment/entries/import/", told)
    report = client.get("/registry/alignment/").content.decode()

    assert (answer.status_code, answer["Location"]) == (303, "/registry/alignment/")
    assert report.count("未对应</td>") == 1  # 权责清单
    assert client.get("/registry/alignment/?export=1")["Content-Type"].endswith("sheet")


def test_a_broken_file_is_refused_beside_its_field(client):
    user = official(RoleCode.LIAISON)
    signed_in(client, user)
    file = SimpleUploadedFile("条目.xlsx", b"no workbook")

    answer = client.post(
        "/registry/alignment/entries/import/",
        {"source": "internet_plus", "department": user.department_id, "file": file},
    )

    assert answer.status_code == 422
    assert "文件不能读取" in answer.content.decode()


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_the_report_asks_as_much_for_many_items_as_for_three(client, django_assert_num_queries, n):
    user = official(RoleCode.LIAISON)
    versions = many(n)
    signed_in(client, user)
    client.get("/registry/alignment/")

    with django_assert_num_queries(7):
        answer = client.get("/registry/alignment/")

    assert len(versions) == n
    assert answer.status_code == 200


def many(n):
    rows = many_approved(lambda code: make_item(code, published=False), n)
    publish(rows)
    return rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("A01", "unmapped"), ("A02", "name"), ("A02", "basis"), ("A02", "unmapped")]),
        ("fault=name", [("A02", "name")]),
        ("source=internet_plus", [("A02", "name"), ("A02", "basis")]),
        ("source=duty_list&fault=unmapped", [("A01", "unmapped"), ("A02", "unmapped")]),
        ("department={owner}", [("A01", "unmapped"), ("A02", "name"), ("A02", "basis"), ("A02", "unmapped")]),
        ("fault=nothing", []),
    ],
)
def test_the_report_is_filtered(client, query, found):
    bring([("J1", NAME, BASIS), ("J2", "另一名称", "《演示广告条例》第十条")])
    make_item("A01", internet_plus_code="J1")
    version = make_item("A02", internet_plus_code="J2")
    signed_in(client, official(RoleCode.LIAISON))

    page = client.get(f"/registry/alignment/?{query.format(owner=version.item.owner_id)}")

    rows = [row.record for row in page.context["table"].rows]
    assert [(row.version.item.code, str(row.fault)) for row in rows] == found
    assert page.context["counts"][0].n_items == 2  # of the department, whatever is filtered


def test_an_import_tells_what_came_of_it_and_stays_on_record(client):
    user = official(RoleCode.LIAISON)
    bring([("J1", NAME, BASIS), ("J9", "已取消", "")])
    signed_in(client, user)
    file = upload(f"编码,名称,依据\nJ1,{NAME}新,{BASIS}\nJ2,新事项,\n")
    told = {"source": "internet_plus", "department": user.department_id, "file": file, "is_full": "on"}

    page = client.post("/registry/alignment/entries/import/", told, follow=True).content.decode()
    record = client.get("/registry/alignment/imports/")

    assert "新增1条，更新1条，不变0条，终止1条" in page
    rows = [row.record for row in record.context["table"].rows]
    assert [(one.n_new, one.n_changed, one.n_ended, one.is_full) for one in rows] == [(1, 1, 1, True), (2, 0, 0, False)]


def test_entries_and_imports_of_others_are_not_seen(client):
    bring([("J1", NAME, BASIS)])
    stranger = official(RoleCode.LIAISON, "own", department=make_department("OTHER", department_of_lists().region))
    signed_in(client, stranger)

    pages = [client.get(f"/registry/alignment/{page}/") for page in ("entries", "imports")]

    assert [page.context["table"].paginator.count for page in pages] == [0, 0]


@pytest.mark.parametrize("n", FEW_AND_MANY)
@pytest.mark.parametrize("page", ["entries", "imports"])
def test_entries_and_imports_ask_as_much_for_many_as_for_three(client, django_assert_num_queries, n, page):
    for number in range(n):
        bring([(f"J{number}", NAME, BASIS)])
    signed_in(client, official(RoleCode.LIAISON))
    client.get(f"/registry/alignment/{page}/")

    with django_assert_num_queries(7):
        answer = client.get(f"/registry/alignment/{page}/")

    assert answer.context["table"].paginator.count == n
