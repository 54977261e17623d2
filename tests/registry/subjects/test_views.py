"""The pages of subjects, as officials with different reach see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.registry import search
from gongchou.registry.models import Membership, Subject
from gongchou.registry.operations.subjects import leave_library
from gongchou.registry.queries import subjects as queries
from gongchou.registry.tables import subjects as tables
from gongchou.web import lists
from tests.cli.offices import credit_code
from tests.factories.many import FEW_AND_MANY
from tests.factories.people import BY, make_department, make_region, official, signed_in
from tests.factories.subjects import enter, home, make_library, make_subject, make_tag
from tests.registry.imports.desk import HEADER, keeper, shop, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    home()
    return official(RoleCode.PLAN_CLERK, "below")


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    return signed_in(client, clerk)


def names_in(answer: Any) -> list[str]:
    return [row.record.name for row in answer.context["table"].page.object_list]


def rows_in(answer: Any) -> list[list[Any]]:
    """Of the workbook that was answered."""
    return CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()


def test_the_list_shows_what_is_kept_within_reach_or_stands_in_an_own_library(desk: Client):
    elsewhere = make_department("B", make_region("9902", "别市"))
    ours, theirs, shared = make_subject(1), make_subject(2, keeper=elsewhere), make_subject(3, keeper=elsewhere)
    enter(shared, make_library())

    answer = desk.get(reverse("registry:subjects"))

    assert names_in(answer) == [ours.name, shared.name]
    assert theirs.name not in answer.content.decode()
    assert "共 <strong>2</strong> 条" in answer.content.decode()


@pytest.mark.parametrize("few", [10, 0], ids=["looking hers up", "going through all"])
def test_a_search_finds_among_what_she_sees_and_asks_for(desk: Client, monkeypatch: pytest.MonkeyPatch, few: int):
    monkeypatch.setattr(queries, "FEW", few)
    monkeypatch.setattr(queries, "SHARE", 0)
    elsewhere, library, other = make_department("B", make_region("9902", "别市")), make_library(), make_library("QT")
    ours, theirs, shared = make_subject(1), make_subject(2, keeper=elsewhere), make_subject(3, keeper=elsewhere)
    enter(shared, library)
    leave_library(membership=enter(ours, library), reason="重复", **BY)
    enter(ours, other)
    address = reverse("registry:subjects")

    def found(**asked: Any) -> list[str]:
        return names_in(desk.get(address, {"q": "演示餐饮店", **asked}))

    taken = rows_in(desk.get(address, {"q": "演示餐饮店", "export": "1"}))

    assert found() == [ours.name, shared.name]
    assert (found(library=library.pk), found(library=other.pk)) == ([shared.name], [ours.name])
    assert (found(kind="project"), found(region=theirs.region_id)) == ([], [shared.name])
    assert [row[0] for row in taken[1:]] == [ours.name, shared.name]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("鲜果", ["演示鲜果店"]),
        ("果", ["演示鲜果店"]),
        ("xgd", ["演示鲜果店"]),
        ("XGD", ["演示鲜果店"]),
        ("演示 望霁", ["演示面馆"]),
        ("望霁路12号", ["演示面馆"]),
        (credit_code(2)[:8], ["演示鲜果店", "演示面馆"]),
        (credit_code(2), ["演示面馆"]),
        ("（鲜果）", ["演示鲜果店"]),
        ("没有的", []),
        ("%", []),
        ("_", []),
    ],
)
def test_search_finds_by_part_of_name_initials_number_address(desk: Client, asked: str, found: list[str]):
    make_subject(1, name="演示鲜果店", address="听松街3号")
    make_subject(2, name="演示面馆", address="望霁路12号")

    assert names_in(desk.get(reverse("registry:subjects"), {"q": asked})) == found


def test_a_search_that_finds_too_many_shows_some_and_exports_all(desk: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    for n in (1, 2, 3):
        make_subject(n)

    page = desk.get(reverse("registry:subjects"), {"q": "演示"})
    file = desk.get(reverse("registry:subjects"), {"q": "演示", "export": 1})

    assert "只列出最先找到的 2 条" in page.content.decode()
    assert "超过 <strong>2</strong> 条" in page.content.decode()
    assert len(names_in(page)) == 2
    assert len(rows_in(file)) == 1 + 3


@pytest.mark.parametrize(("name", "letters"), [("重庆小面", "zqxm"), ("Ａ1（演示）店", "a1ysd"), ("", "")])
def test_initials(name: str, letters: str):
    assert search.initials(name) == letters


@pytest.mark.parametrize("many", [1, 100], ids=["as of a large sub-library", "as of a small one"])
def test_filters_go_together(desk: Client, monkeypatch: pytest.MonkeyPatch, many: int):
    monkeypatch.setattr(tables, "MANY", many)
    library, above = make_library(), make_tag("T")
    tag, other = make_tag("T1", parent=above), make_tag("T2", parent=above)
    first, second = make_subject(1), make_subject(2)
    enter(first, library, licence_no="A")
    enter(first, library, licence_no="B")
    enter(second, library)
    make_subject(3)
    for borne in (tag, other):
        desk.post(reverse("registry:tag-subjects"), {"tag": borne.pk, "chosen": [first.pk]})

    both = desk.get(reverse("registry:subjects"), {"library": library.pk, "tag": tag.pk, "region": first.region_id})
    one = desk.get(reverse("registry:subjects"), {"library": library.pk})
    wider = desk.get(reverse("registry:subjects"), {"tag": above.pk})
    searched = desk.get(reverse("registry:subjects"), {"library": library.pk, "q": second.name})

    assert (names_in(both), names_in(one)) == ([first.name], [first.name, second.name])
    assert (names_in(searched), names_in(wider)) == ([second.name], [first.name])
    assert "共 <strong>2</strong> 条" in one.content.decode()
    assert f"{above} › {tag}" in one.content.decode()


@pytest.mark.parametrize(("many", "few"), [(1, 0), (100, 10)], ids=["as of large ones", "as of small ones"])
def test_a_district_asks_by_a_library_of_the_city_for_what_it_keeps(
    client: Client, monkeypatch: pytest.MonkeyPatch, many: int, few: int
):
    monkeypatch.setattr(tables, "MANY", many)
    monkeypatch.setattr(queries, "FEW", few)
    monkeypatch.setattr(queries, "SHARE", 0)
    city, elsewhere = home(), make_department("B", make_region("9902", "别市"))
    district = make_department("Q", make_region("990101", "演示区", "county", city.region), line_parent=city)
    library, foreign = make_library(), make_library("QT", department=elsewhere)
    for number, kept_by in ((1, district), (2, city)):
        enter(make_subject(number, keeper=kept_by), library)
    make_subject(3, keeper=district)
    desk = signed_in(client, official(RoleCode.LIAISON, "below", department=district))
    address = reverse("registry:subjects")

    found = desk.get(address, {"library": library.pk})
    searched = desk.get(address, {"library": library.pk, "q": "演示餐饮店"})
    other = desk.get(address, {"library": foreign.pk})

    assert names_in(found) == names_in(searched) == ["演示餐饮店1"]
    assert ["共 <strong>1</strong> 条" in one.content.decode() for one in (found, searched)] == [True, True]
    assert (names_in(other), "没有这个选项" in other.content.decode()) == ([], True)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999", "2"])
def test_an_odd_page_number_shows_a_page(desk: Client, page: str):
    make_subject(1)

    assert desk.get(reverse("registry:subjects"), {"page": page}).status_code == 200


@pytest.mark.parametrize("asked", ["sort=nothing", "sort=-name", "region=x", "kind=x", "q=" + "x" * 5000])
def test_odd_questions_are_answered(desk: Client, asked: str):
    make_subject(1)

    assert desk.get(f"{reverse('registry:subjects')}?{asked}").status_code == 200


@pytest.mark.parametrize("asked", [{"region": "x"}, {"kind": "x"}, {"library": str(uuid4())}])
def test_a_question_that_cannot_be_asked_finds_nothing_and_says_so(desk: Client, asked: dict[str, str]):
    make_subject(1)

    answer = desk.get(reverse("registry:subjects"), asked, headers={"HX-Request": "true", "HX-Target": "rows"})

    assert names_in(answer) == []
    assert "查询条件有误，请改正后再查：" in answer.content.decode()
    assert "没有这个选项。" in answer.content.decode()
    assert ">名称</a>" in answer.content.decode()


def test_a_question_that_cannot_be_asked_is_not_taken_away_as_a_workbook(desk: Client):
    answer = desk.get(reverse("registry:subjects"), {"region": "x", "export": "1"})

    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_the_list_asks_as_often_for_many_as_for_few(
    desk: Client, count: int, django_assert_num_queries: Callable[[int], Any]
):
    library, tag = make_library(), make_tag()
    for number in range(count):
        enter(make_subject(number), library)
    desk.post(reverse("registry:tag-subjects"), {"tag": tag.pk, "chosen": [s.pk for s in Subject.objects.all()]})
    desk.get(reverse("registry:subjects"))

    with django_assert_num_queries(LIST_QUERIES):
        answer = desk.get(reverse("registry:subjects"))

    assert len(names_in(answer)) == min(count, 20)


LIST_QUERIES = 24


def test_the_export_holds_the_filtered_rows_with_codes_as_text(desk: Client):
    make_subject(1, name="=cmd|演示")
    make_subject(2, name="演示面馆")

    rows = rows_in(desk.get(reverse("registry:subjects"), {"export": 1, "q": "演示"}))

    assert rows[0][:2] == ["名称", "信用代码或编号"]
    assert [row[:2] for row in rows[1:]] == [["'=cmd|演示", credit_code(1)], ["演示面馆", credit_code(2)]]


def test_an_export_longer_than_what_is_held_at_once_is_whole_and_in_order(
    desk: Client, monkeypatch: pytest.MonkeyPatch
):
    library, tag = make_library(), make_tag()
    subjects = [make_subject(n) for n in range(5)]
    for subject in subjects:
        enter(subject, library)
    desk.post(reverse("registry:tag-subjects"), {"tag": tag.pk, "chosen": [one.pk for one in subjects]})
    at_once = rows_in(desk.get(reverse("registry:subjects"), {"export": 1}))
    monkeypatch.setattr(lists, "ROWS_AT_ONCE", 2)

    in_pieces = rows_in(desk.get(reverse("registry:subjects"), {"export": 1}))

    assert in_pieces == at_once
    assert [row[0] for row in in_pieces] == ["名称", *(one.name for one in subjects)]
    assert {library.name, tag.name} <= set(in_pieces[-1])


def test_a_foreign_subject_answers_as_a_missing_one(desk: Client):
    foreign = make_subject(1, keeper=make_department("B", make_region("9902", "别市")))

    answers = [desk.get(reverse("registry:subject", args=[pk])) for pk in (foreign.pk, uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_leader_reads_and_cannot_write(client: Client):
    subject = make_subject(1, phone="10000000001")
    leader = signed_in(client, official(RoleCode.LEADER, "below"))

    page = leader.get(subject.get_absolute_url())

    assert page.status_code == 200
    assert "10000000001" not in page.content.decode()
    assert "修改" not in page.content.decode()
    assert leader.get(reverse("registry:change-subject", args=[subject.pk])).status_code == 403


def test_a_subject_is_registered_changed_and_taken_out_by_its_pages(desk: Client, clerk: User):
    told = {
        "number": credit_code(5),
        "name": "演示甲店",
        "kind": "trader",
        "region": home().region_id,
        "keeper": home().pk,
    }

    wrong = desk.post(reverse("registry:add-subject"), {**told, "number": credit_code(5)[:-1] + "I"})
    added = desk.post(reverse("registry:add-subject"), told)
    subject = Subject.objects.get()
    changed = desk.post(reverse("registry:change-subject", args=[subject.pk]), {**told, "name": "演示乙店"})
    out = desk.post(reverse("registry:subject-state", args=[subject.pk]), {"state": "inactive", "reason": "停业"})

    assert [answer.status_code for answer in (wrong, added, changed, out)] == [422, 303, 303, 303]
    assert "请对照营业执照核对" in wrong.content.decode()
    assert 'value="演示甲店"' in wrong.content.decode()
    page = desk.get(subject.get_absolute_url()).content.decode()
    assert "<del>演示甲店</del> → <ins>演示乙店</ins>" in page
    assert "在库→不参与抽查（停业）" in page
    assert clerk.name in page


def test_an_entry_is_made_renewed_and_ended_by_its_pages(desk: Client):
    subject, library = make_subject(1), make_library(is_licensed=True)
    told = {"library": library.pk, "licence_no": "JY1", "valid_to": "2999-01-01"}

    desk.post(reverse("registry:enter-library", args=[subject.pk]), told)
    entry = Membership.objects.get()
    desk.post(reverse("registry:renew-licence", args=[entry.pk]), {"valid_to": "2999-02-01"})
    desk.post(reverse("registry:leave-library", args=[entry.pk]), {"reason": "停业"})

    entry.refresh_from_db()
    assert (entry.valid_to.isoformat(), entry.state, entry.state_reason) == ("2999-02-01", "inactive", "停业")


def test_licences_that_end_soon_are_written_as_days_are_everywhere(desk: Client):
    soon = timezone.localdate() + timedelta(days=20)
    enter(make_subject(1), make_library(is_licensed=True), licence_no="JY1", valid_to=soon)

    page = desk.get(reverse("registry:expiring-licences")).content.decode()

    assert (f">{soon}</td>" in page, "年" in page.split("<tbody")[1].split("</tbody>")[0]) == (True, False)


def test_tagging_nothing_says_so(desk: Client):
    tag = make_tag()

    answer = desk.post(reverse("registry:tag-subjects"), {"tag": tag.pk, "chosen": ["x"]}, follow=True)

    assert "请先勾选范围内的对象" in answer.content.decode()


def test_libraries_are_counted_by_living_subjects_not_by_rows(desk: Client):
    library = make_library()
    first, second = make_subject(1), make_subject(2)
    enter(first, library, licence_no="A")
    enter(first, library, licence_no="B")
    enter(second, library)
    desk.post(reverse("registry:subject-state", args=[second.pk]), {"state": "inactive", "reason": "停业"})

    row = desk.get(reverse("registry:sub-libraries")).context["table"].page.object_list[0].record

    assert (row.n_subjects, row.n_rows) == (1, 3)


def test_a_very_long_history_opens_on_demand_and_ends_with_where_the_entry_came_from(
    client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.HOME = tmp_path
    monkeypatch.setattr(queries, "MOST_LINES", 1)
    clerk = keeper()
    desk = signed_in(client, clerk)
    take(clerk, [HEADER, shop(1)], "甲.csv")
    for number in (2, 3):
        take(clerk, [HEADER, shop(1, address=f"第{number}号")], "乙.csv")
    address = reverse("registry:subject", args=[Subject.objects.get().pk])

    short, whole = desk.get(address), desk.get(address, {"all": 1})

    assert [len(answer.context["dossier"].lines) for answer in (short, whole)] == [1, 2]
    assert "显示更早的 1 条" in short.content.decode()
    brought = "由导入登记入库"
    assert [brought in answer.content.decode() for answer in (short, whole)] == [False, True]
    assert whole.content.decode().split(brought)[1].index("来源：甲.csv") < 100


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("established_on", "2999-01-01", "不能晚于今天，请核对。"),
        ("longitude", "999", "须在 -180 到 180 度之间。"),
        ("latitude", "-90.5", "须在 -90 到 90 度之间。"),
    ],
)
def test_what_cannot_be_is_not_saved(desk: Client, field: str, value: str, told: str):
    subject = make_subject(1)
    address = reverse("registry:change-subject", args=[subject.pk])
    own = {"name": subject.name, "kind": subject.kind, "region": subject.region_id}

    answer = desk.post(address, {**own, field: value})

    assert (answer.status_code, answer.context["form"].errors) == (422, {field: [told]})
