"""A form is brought by one person and put into use by another; what is out never changes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongchou.accounts.models import Department, User
from gongchou.audit.guard import open_for_writing
from gongchou.checklists import operations, queries
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.xlsform import EXAMPLE, EXAMPLE_CHOICES
from gongchou.refusal import Refused
from gongchou.registry.models import Item
from gongchou.sheets.writing import write_book
from tests.factories import checklists as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, make_department, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def home() -> Department:
    return department_of_lists()


@pytest.fixture
def keeper(home: Department) -> User:
    return keeper_of(home)


@pytest.fixture
def item() -> Item:
    return make_item("A01").item


def bring(version: ChecklistVersion, items: list[Item], **own: Any) -> ChecklistVersion:
    told = {"brought": factory.brought(), "by": keeper_of(version.checklist.department), "at": NOW, **own}
    return operations.bring_version(checklist=version.checklist, items=items, **told)


def test_a_draft_becomes_a_form_by_a_second_person(home: Department, item: Item) -> None:
    version = factory.make_checklist(items=[item], published=False)
    assert (version.state, version.n_questions) == ("draft", 4)

    used = operations.publish(version=version, by=approver_of(home), at=NOW)

    assert (used.state, used.published_by) == ("in_use", approver_of(home))


def test_who_brought_it_does_not_put_it_into_use(home: Department, item: Item) -> None:
    by = approver_of(home)
    version = factory.make_checklist(items=[item], published=False)
    with open_for_writing():
        ChecklistVersion.objects.filter(pk=version.pk).update(brought_by=by)

    with pytest.raises(Refused, match=r"checklists\.same_person"):
        operations.publish(version=version, by=by, at=NOW)


def test_the_next_version_takes_the_place_of_the_one_before(item: Item) -> None:
    first = factory.make_checklist(items=[item])
    second = bring(first, [item])
    first.refresh_from_db()
    assert (first.state, second.number) == ("in_use", 2)

    factory.publish(second)

    first.refresh_from_db()
    assert first.state == "replaced"
    assert first.definition == second.definition  # nothing of it was touched


def test_one_draft_at_a_time(item: Item) -> None:
    first = factory.make_checklist(items=[item])
    bring(first, [item])

    with pytest.raises(Refused, match=r"checklists\.draft_waits"):
        bring(first, [item])


def test_a_draft_that_was_given_up_makes_room_for_another(home: Department, item: Item) -> None:
    first = factory.make_checklist(items=[item], published=False)

    operations.drop(version=first, reason="题目写错", by=keeper_of(home), at=NOW)

    assert bring(first, [item]).number == 2
    with pytest.raises(Refused, match=r"checklists\.state"):
        factory.publish(first)


def test_the_same_file_for_the_same_items_is_no_news(item: Item) -> None:
    other = make_item("A02").item
    one = factory.brought()
    first = factory.make_checklist(items=[item])
    second = factory.publish(bring(first, [item], brought=one))

    with pytest.raises(Refused, match=r"checklists\.same_file"):
        bring(second, [item], brought=one)
    assert bring(second, [item, other], brought=one).number == 3


@pytest.mark.parametrize(
    ("is_base", "with_items", "code"), [(True, True, "base_has_items"), (False, False, "items_missing")]
)
def test_a_base_form_is_for_all_and_another_for_some(
    home: Department, keeper: User, item: Item, is_base: bool, with_items: bool, code: str
) -> None:
    told = {"department": home, "name": "演示表", "brought": factory.brought(), "by": keeper, "at": NOW}

    with pytest.raises(Refused, match=rf"checklists\.{code}"):
        operations.open_checklist(is_base=is_base, items=[item] if with_items else [], **told)
    assert not Checklist.objects.exists()


def test_items_of_others_and_names_twice_are_refused(home: Department, keeper: User, item: Item) -> None:
    foreign = make_item("B09", owner=make_department("BC", home.region)).item
    with pytest.raises(Refused, match=r"checklists\.item_foreign"):
        factory.make_checklist(items=[foreign])

    factory.make_checklist(items=[item], name="演示表")
    with pytest.raises(Refused, match=r"checklists\.name_taken"):
        factory.make_checklist(items=[item], name="演示表")


def test_a_department_is_served_by_its_own_forms_and_those_from_above(home: Department, item: Item) -> None:
    county = make_department("XJ", home.region, line_parent=home)
    base, own = factory.make_checklist(), factory.make_checklist(items=[item])
    factory.make_checklist(items=[make_item("A02").item])
    factory.make_checklist(items=[item], published=False)

    found = queries.serving(county, [item])

    assert found == [base, own]
    assert queries.not_served([base], [item]) == [item]
    assert queries.not_served(found, [item]) == []


def test_of_two_forms_for_an_item_the_nearer_is_taken(home: Department, item: Item) -> None:
    far = make_department("SJ", home.region)
    home.line_parent = far
    with open_for_writing():
        home.save()
    own = factory.make_checklist(items=[item])
    upper = factory.make_checklist(far, items=[make_item("S01", owner=far).item])
    with open_for_writing():
        upper.items.add(item)

    found = queries.serving(home, [item])

    assert found == [own, upper]
    assert queries.nearest(found, [item]) == [own]


# Pages -------------------------------------------------------------------------------------------


def workbook(survey: factory.Rows = EXAMPLE) -> SimpleUploadedFile:
    buffer = BytesIO()
    write_book(buffer, {"检查内容": survey, "选项": EXAMPLE_CHOICES})
    return SimpleUploadedFile("演示.xlsx", buffer.getvalue())


def test_a_form_is_brought_and_used_on_its_pages(home: Department, keeper: User, item: Item) -> None:
    clerk, head = signed_in(Client(), keeper), signed_in(Client(), approver_of(home))
    given = {"department": home.pk, "name": "演示餐饮表", "items": [item.pk], "brought": workbook()}

    answer = clerk.post(reverse("checklists:add"), given)

    version = ChecklistVersion.objects.get()
    assert answer["Location"] == version.get_absolute_url()
    page = clerk.get(version.get_absolute_url()).content.decode()
    assert "是否公示营业执照" in page
    assert "是、否" in page
    assert "启用</button>" not in page

    head.post(reverse("checklists:publish", args=[version.pk]))

    assert "演示餐饮表" in head.get(reverse("checklists:checklists"), {"state": "in_use"}).content.decode()


def test_a_workbook_with_faults_is_answered_row_by_row(home: Department, keeper: User, item: Item) -> None:
    rows = [EXAMPLE[0], ["下拉", "a", "题"], ["文本", "", ""]]
    given = {"department": home.pk, "name": "演示餐饮表", "items": [item.pk], "brought": workbook(rows)}

    answer = signed_in(Client(), keeper).post(reverse("checklists:add"), given)

    told = answer.content.decode()
    assert answer.status_code == 422
    assert "“检查内容”第2行：题型“下拉”不能识别" in told
    assert "“检查内容”第3行：“题目”没有填写" in told
    assert not ChecklistVersion.objects.exists()


@pytest.mark.parametrize("name", ["演示.csv", "演示.xls", "演示.docx"])
def test_what_is_no_workbook_is_refused(home: Department, keeper: User, name: str) -> None:
    given = {"department": home.pk, "name": "表", "is_base": "on", "brought": SimpleUploadedFile(name, b"a,b\n1,2\n")}

    assert signed_in(Client(), keeper).post(reverse("checklists:add"), given).status_code == 422


def test_a_form_is_taken_away_as_a_workbook_of_the_standard(keeper: User, item: Item) -> None:
    version = factory.make_checklist(items=[item])

    answer = signed_in(Client(), keeper).get(reverse("checklists:take", args=[version.pk]), {"export": "1"})

    assert answer.getvalue()[:2] == b"PK"
    assert ".xlsx" in answer["Content-Disposition"]


def test_the_desk_of_the_head_says_what_waits(home: Department, item: Item) -> None:
    factory.make_checklist(items=[item], published=False)
    head: Client = signed_in(Client(), approver_of(home))

    assert "待启用的检查表" in head.get(reverse("home")).content.decode()


def test_a_form_ends_with_its_reason(home: Department, item: Item) -> None:
    version = factory.make_checklist(items=[item])

    answer = signed_in(Client(), approver_of(home)).post(
        reverse("checklists:end", args=[version.pk]), {"reason": "事项取消"}
    )

    version.refresh_from_db()
    assert answer.status_code == 303
    assert (version.state, version.end_reason) == ("ended", "事项取消")
    assert queries.serving(home, [item]) == []


def test_forms_are_shown_as_one_sheet_with_as_many_questions_to_the_database(
    home: Department, keeper: User, item: Item, django_assert_max_num_queries: Any
) -> None:
    versions = [factory.make_checklist(), *(factory.make_checklist(items=[item]) for _ in range(3))]
    clerk = signed_in(Client(), keeper)
    asked = {"version": [one.pk for one in versions]}

    with django_assert_max_num_queries(25):
        answer = clerk.get(reverse("checklists:preview_merged"), asked)

    sheet = answer.context["sheet"]
    assert [one["is_base"] for one in sheet["forms"]] == [True, False, False, False]
    assert [row["name"] for row in sheet["survey"] if row["type"] == "select_one"] == ["has_license"]


def test_what_is_chosen_for_the_sheet_must_be_there(home: Department, keeper: User, item: Item) -> None:
    answer = signed_in(Client(), keeper).get(reverse("checklists:preview_merged"), {"version": "0"})

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_a_part_of_a_visit_serves_what_its_department_checks(home: Department, item: Item) -> None:
    county = make_department("XJ", home.region, line_parent=home)
    version = factory.make_checklist(items=[item, make_item("A02").item])

    part = queries.part_of(version, county, [item])

    assert (part.department, part.department_name) == (county.code, county.short_name)
    assert [code for code, _ in part.items] == ["A01"]
