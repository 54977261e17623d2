"""A form is written on a page, row by row; nothing typed is lost, and it is checked as a workbook is."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.accounts.models import Department, User
from gongchou.checklists.changes import changes
from gongchou.checklists.composing import Composition, composed, composition_in
from gongchou.checklists.models import ChecklistVersion
from gongchou.refusal import Refused
from gongchou.registry.models import Item
from tests.factories import checklists as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item
from tests.factories.people import signed_in


def example() -> Composition:
    definition, _ = factory.read_rows()
    return composed(definition.to_json())


def sent(made: Composition, **typed: str) -> dict[str, str]:
    """As a page sends it."""
    return {"sheet": made.to_json(), **{f"o-{name}": text for name, text in typed.items()}}


def labels(made: Composition) -> list[str]:
    return [row.get("label", row["type"]) for row in made.rows]


def test_a_form_that_is_opened_and_saved_is_the_form_that_it_was() -> None:
    definition, _ = factory.read_rows()

    again, faults = composed(definition.to_json()).checked()

    assert (again, faults) == (definition, [])


def test_rows_are_added_moved_and_removed() -> None:
    made = Composition([{"type": "text", "label": one} for one in "甲乙丙"])

    for action in ("up 2", "remove 0", "add 0", "down 9", "up 0", "dance", "open x"):
        made.do(action)

    assert labels(made) == ["丙", "text", "乙"]
    made.do("open 2")
    made.do("up 2")
    assert (labels(made), made.open) == (["丙", "乙", "text"], 1)  # what is open stays open where it goes
    made.do("down 0")
    assert (labels(made), made.open) == (["乙", "丙", "text"], 0)


def test_what_was_typed_into_the_open_row_is_kept_right_or_wrong() -> None:
    made = Composition([{"type": "text", "label": "甲"}, {"type": "text"}], open=1)

    kept = composition_in(sent(made, type="integer", name="1 a", label="", constraint=". >", required="yes"))

    assert kept.rows[1] == {"type": "integer", "name": "1 a", "constraint": ". >", "required": "yes"}
    assert [(one.line, one.refused.code) for one in kept.checked()[1]] == [(2, "checklists.empty")]


def test_choices_are_lines_and_belong_to_their_group() -> None:
    made = example()
    made.do("open 1")

    row = {"type": "select_one", "name": "has_license", "label": "亮照", "list_name": "yes_no"}
    changed = composition_in(sent(made, **row, choices="yes 是\r\nno 否\r\n\r\nna 不 涉及"))
    other = composition_in(sent(made, **row | {"list_name": "own"}, choices="a 甲\nb"))
    bare = composition_in(sent(made, **row | {"list_name": ""}, choices="a 甲"))

    assert [one["label"] for one in changed.checked()[0].choices] == ["是", "否", "不 涉及"]
    assert [(one.sheet, one.line, one.refused.code) for one in other.checked()[1]] == [("选项", 2, "checklists.empty")]
    assert bare.rows[1]["list_name"] == "has_license"
    assert bare.checked()[0].choices == [{"list_name": "has_license", "name": "a", "label": "甲"}]


def test_who_names_a_group_that_is_there_gets_it_as_it_is() -> None:
    rows = [{"type": "select_one", "list_name": "a"}, {"type": "select_one", "list_name": "b"}]
    made = Composition(rows, {"a": "x 一", "b": "y 二"}, open=0)

    kept = composition_in(sent(made, type="select_one", list_name="b", choices="x 一"))

    assert kept.groups["b"] == "y 二"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"rows": 1}', '{"rows": [1], "groups": {}, "open": null}', "[" * 99_999, "x" * 200_000],
)
def test_a_page_that_was_cut_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"checklists\.composition"):
        composition_in({"sheet": text})


def test_nought_characters_and_strange_columns_are_left_out() -> None:
    told = {"rows": [{"type": "text", "label": "a\0b", "evil": "x"}], "groups": {}, "open": 7}

    assert composition_in({"sheet": json.dumps(told)}) == Composition([{"type": "text", "label": "ab"}])


def test_two_versions_differ_in_words() -> None:
    before = example()
    after = example()
    after.do("up 5")
    after.rows[1]["label"] = "是否亮照"
    del after.rows[2]
    after.rows.append({"type": "text", "name": "more", "label": "其他"})

    told = changes(before.checked()[0].to_json(), after.checked()[0].to_json())

    assert told == ["增加：其他", "删去：未公示的原因", "改动：是否亮照", "题目的次序"]


# Pages -------------------------------------------------------------------------------------------


@pytest.fixture
def home(db: None) -> Department:
    return department_of_lists()


@pytest.fixture
def item(home: Department) -> Item:
    return make_item("A01").item


def begun(client: Client, version: ChecklistVersion) -> dict[str, Any]:
    """What the page of a form in use sends when it is saved as it stands."""
    page = unescape(client.get(reverse("checklists:revise", args=[version.checklist_id])).content.decode())
    sheet, seen = (re.search(rf'name="{name}" value="(.*)">', page) for name in ("sheet", "seen"))
    assert sheet
    assert seen
    items = [str(one.pk) for one in version.items.all()]
    return {"sheet": sheet[1], "seen": seen[1], "items": items}


def changed(given: dict[str, Any], **row: str) -> dict[str, Any]:
    """With one more question at the end."""
    told = json.loads(given["sheet"])
    told["rows"].append({"type": "text", "name": "more", **row})
    return {**given, "sheet": json.dumps(told)}


def revise(user: User, version: ChecklistVersion, given: dict[str, Any]) -> Any:
    return signed_in(Client(), user).post(reverse("checklists:revise", args=[version.checklist_id]), given)


@pytest.mark.database
def test_a_version_is_written_on_the_page_and_put_into_use(home: Department, item: Item) -> None:
    first, keeper = factory.make_checklist(items=[item]), keeper_of(home)
    given = begun(signed_in(Client(), keeper), first)

    answer = revise(keeper, first, changed(given, label="还有什么"))

    second = ChecklistVersion.objects.get(number=2)
    assert answer["Location"] == second.get_absolute_url()
    assert (second.state, second.n_questions, second.file_name) == ("draft", first.n_questions + 1, "在页面上编写")
    assert second.questions[:-1] == first.questions
    assert factory.publish(second).published_by == approver_of(home)


@pytest.mark.database
def test_what_was_not_changed_is_no_news(home: Department, item: Item) -> None:
    first, keeper = factory.make_checklist(items=[item]), keeper_of(home)

    answer = revise(keeper, first, begun(signed_in(Client(), keeper), first))

    assert answer.status_code == 422
    assert "完全相同" in answer.content.decode()


@pytest.mark.database
def test_a_row_that_is_wrong_is_opened_and_nothing_is_lost(home: Department, item: Item) -> None:
    first, keeper = factory.make_checklist(items=[item]), keeper_of(home)
    given = changed(begun(signed_in(Client(), keeper), first), label="一句没有写完的话", relevant="${nobody} = 1")

    answer = revise(keeper, first, given)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“显示条件”提到的题目“nobody”不存在" in page
    assert re.search(r'<textarea id="o-label"[^>]*>一句没有写完的话</textarea>', page)
    assert ChecklistVersion.objects.count() == 1


@pytest.mark.database
def test_the_second_of_two_writers_is_told_what_the_first_one_saved(home: Department, item: Item) -> None:
    first, keeper = factory.make_checklist(items=[item]), keeper_of(home)
    hers, his = (changed(begun(signed_in(Client(), keeper), first), label=one) for one in ("她的题", "他的题"))
    revise(keeper, first, hers)

    answer = revise(keeper, first, his)

    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "待启用的版本" in page
    assert "增加：她的题" in page
    assert "他的题" in page
    assert ChecklistVersion.objects.count() == 2


@pytest.mark.database
def test_work_on_the_rows_brings_back_the_rows_alone_or_the_page(home: Department) -> None:
    client = signed_in(Client(), keeper_of(home))
    given = {"name": "新表", "do": "add 0", **sent(Composition([{"type": "text"}], open=0), type="date", label="日期")}

    part = client.post(reverse("checklists:compose"), given, headers={"HX-Request": "true"}).content.decode()
    whole = client.post(reverse("checklists:compose"), given).content.decode()

    assert part.startswith('<div id="questions"')
    assert "第2行" in part
    assert 'value="新表"' in whole
    assert "errorlist" not in whole
    assert not ChecklistVersion.objects.exists()


@pytest.mark.database
def test_a_new_form_is_written_from_nothing(home: Department, item: Item) -> None:
    made = Composition([{"type": "select_one", "label": "是否亮照", "list_name": "yn"}], {"yn": "yes 是\nno 否"})
    given = {"department": home.pk, "name": "新表", "items": [item.pk], "sheet": made.to_json()}

    signed_in(Client(), keeper_of(home)).post(reverse("checklists:compose"), given)

    version = ChecklistVersion.objects.get()
    assert version.questions == [{"type": "select_one", "label": "是否亮照", "name": "q1", "list_name": "yn"}]


# Taken away --------------------------------------------------------------------------------------


@pytest.mark.database
def test_a_version_is_printed_and_taken_away_as_xform(home: Department, item: Item) -> None:
    version, client = factory.make_checklist(items=[item]), signed_in(Client(), keeper_of(home))

    printed = client.get(reverse("checklists:blank", args=[version.pk]))
    xml = client.get(reverse("checklists:xform", args=[version.pk]), {"export": "1"}).getvalue().decode()

    assert (printed["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    assert f'id="gongchou_{version.checklist_id.hex}" version="1"' in xml


@pytest.mark.database
def test_a_form_that_xform_cannot_hold_is_refused_with_a_sentence(home: Department, item: Item) -> None:
    keeper = keeper_of(home)
    made = Composition([{"type": "text", "name": "meta", "label": "备注"}])
    given = {"department": home.pk, "name": "新表", "items": [item.pk], "sheet": made.to_json()}
    client = signed_in(Client(), keeper)
    client.post(reverse("checklists:compose"), given)

    answer = client.get(reverse("checklists:xform", args=[ChecklistVersion.objects.get().pk]), {"export": "1"})

    assert answer.status_code == 409
    assert "这一版不能转成 XForm" in answer.content.decode()
