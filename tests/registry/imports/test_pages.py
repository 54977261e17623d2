"""What the pages of an import say before and after: choices, warnings, files that are gone."""

from __future__ import annotations

from typing import Any

import pytest

from gongchou.registry.models import ImportBatch, Subject
from tests.factories.imports import SHOP_HEAD, csv_file, newest, shop_row, work
from tests.registry.imports.pages import at, brought, choices

pytestmark = pytest.mark.django_db


def checked(desk: Any, *rows: list[str], **own: str) -> ImportBatch:
    batch = brought(desk, csv_file(*rows))
    assert desk.post(at("import-columns", batch.pk), choices(batch) | own).status_code == 303
    work()
    return newest()


def page_of(desk: Any, batch: ImportBatch) -> str:
    return str(desk.get(at("import", batch.pk)).content.decode())


# Empty cells ------------------------------------------------------------------------------------


def test_empty_cells_are_said_to_leave_what_is_known_unless_one_chooses_otherwise(desk):
    batch = brought(desk, csv_file(SHOP_HEAD, shop_row(1)))

    radios = desk.get(at("import-columns", batch.pk)).context["form"]["blanks"]

    assert [(own.data["value"], own.data["selected"]) for own in radios] == [("keep", True), ("clear", False)]


def test_what_would_be_emptied_is_said_beside_the_button(desk):
    desk.post(at("start-import", checked(desk, SHOP_HEAD, shop_row(1), shop_row(2)).pk))
    work()
    empty = [SHOP_HEAD, shop_row(1, 住所=""), shop_row(2, 住所="", 会员级别="")]

    kept = page_of(desk, checked(desk, *empty))
    cleared = page_of(desk, batch := checked(desk, *empty, blanks="clear"))
    desk.post(at("start-import", batch.pk))
    work()

    assert ("将清空" in kept, "库中已有的内容将清空 <strong>3 处</strong>" in cleared) == (False, True)
    assert "<dd>清空原值</dd>" in page_of(desk, batch)
    assert list(Subject.objects.values_list("address", flat=True)) == ["", ""]


# Columns ----------------------------------------------------------------------------------------


def test_a_file_of_which_no_column_is_known_is_said_to_be_so_and_is_not_looked_at(desk):
    batch = brought(desk, csv_file(["甲", "乙"], ["1", "2"]))

    page = desk.get(at("import-columns", batch.pk)).content.decode()
    answer = desk.post(at("import-columns", batch.pk), choices(batch))

    assert "共 2 栏，认出 0 栏" in page
    assert "没有认出一栏。</strong>现在以第 1 行为表头" in page
    assert answer.status_code == 422
    assert "按第 1 行作表头，没有一栏对应到要导入的内容，还不能核对" in answer.content.decode()
    assert (newest().state, work()) == ("uploaded", 0)


def test_a_header_without_columns_offers_nothing_to_look_at(desk):
    batch = brought(desk, csv_file([""], [""]))

    page = desk.get(at("import-columns", batch.pk)).content.decode()
    answer = desk.post(at("import-columns", batch.pk))

    assert ("共 0 栏，认出 0 栏" in page, "开始核对</button>" in page) == (True, False)
    assert (answer.status_code, newest().state) == (422, "uploaded")
