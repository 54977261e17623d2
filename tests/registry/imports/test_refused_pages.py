"""The rows that were refused: on the page, as a workbook, and back again."""

from __future__ import annotations

import os
import time

import pytest
from django.utils import timezone

from gongchou.registry.models import ImportBatch, Subject
from gongchou.registry.operations.uploads import remove_old_uploads
from tests.cli.offices import credit_code
from tests.factories.imports import SHOP_HEAD, csv_file, shop_row, work, workbook
from tests.factories.inspectors import CANARY
from tests.registry.imports.pages import at, brought, checked, choices, fresh, rows_of, text_of, upload

pytestmark = pytest.mark.django_db

WRONG = credit_code(3)[:-1] + "I"  # a letter that no code holds


# What was refused -------------------------------------------------------------------------------


def test_refused_rows_come_back_as_a_workbook_and_go_in_once_mended(desk):
    rows = [shop_row(1), shop_row(2, 企业名称=""), shop_row(3, 统一社会信用代码=WRONG, 住所="=1+1")]
    batch = checked(desk, workbook(SHOP_HEAD, *rows))
    desk.post(at("start-import", batch.pk))
    work()

    answer = desk.post(at("import-refused", batch.pk))
    found = rows_of(answer)
    found[1][0], found[2][1] = "演示补名", credit_code(3)
    again = brought(desk, workbook(*found))
    remembered = [row.how for row in desk.get(at("import-columns", again.pk)).context["rows"]]
    desk.post(at("import-columns", again.pk), choices(again))
    work()
    desk.post(at("start-import", again.pk))
    work()

    assert answer.headers["Content-Disposition"].endswith("%E6%9C%AA%E5%AF%BC%E5%85%A52%E8%A1%8C.xlsx")
    assert found[0] == [*SHOP_HEAD, "原文件行号", "原因"]
    assert found[1][5:] == [3.0, "原文件第 3 行：“企业名称”为空，请补全"]
    assert remembered == ["kept"] * 5 + ["ignored"] * 2
    assert (fresh(again).n_new, fresh(again).n_refused) == (2, 0)
    assert Subject.objects.get(number=credit_code(3)).address == "=1+1"


@pytest.mark.parametrize("added", [["原因"], ["原文件行号", "原因"]])
def test_a_workbook_of_refused_rows_refused_again_says_lines_and_reasons_once(desk, added):
    old = ["7", "原文件第 7 行：旧的原因"][-len(added) :]
    batch = checked(desk, workbook([*SHOP_HEAD, *added], [*shop_row(1, 企业名称=""), *old]))

    found = rows_of(desk.post(at("import-refused", batch.pk)))

    head = [*SHOP_HEAD, "原文件行号", "原因"]
    assert found == [head, [*shop_row(1, 企业名称=""), 2.0, "原文件第 2 行：“企业名称”为空，请补全"]]


def test_rows_that_contradict_each_other_say_their_lines_once(desk):
    batch = checked(desk, csv_file(SHOP_HEAD, shop_row(1), shop_row(1, 住所="别处")))

    found = rows_of(desk.post(at("import-refused", batch.pk)))

    clash = "原文件第 2 行与第 3 行编号相同而内容不同，无法判断取哪一行。请核实后改成一致，或删去一行"
    assert [row[6] for row in found[1:]] == [clash] * 2


def test_a_workbook_handed_back_is_known_by_its_two_columns(desk):
    batch = brought(desk, workbook([*SHOP_HEAD, "原文件行号", "原因"], [*shop_row(1), "7", "旧的原因"]))

    page = desk.get(at("import-columns", batch.pk)).content.decode()

    assert page.count('<span class="badge text-bg-secondary">自动忽略</span>') == 2
    assert page.count('<span class="badge text-bg-warning">未认出</span>') == 1


def test_a_file_that_is_refused_is_left_to_the_sweep_for_somebody_else_may_bring_it_now(desk, settings):
    refused = upload(desk, csv_file(SHOP_HEAD, shop_row(1), encoding="utf-16"))
    lies = list((settings.HOME / "imports").iterdir())
    for file in lies:
        os.utime(file, (time.time() - 90_000,) * 2)
    remove_old_uploads(at=timezone.now())

    assert (refused.status_code, len(lies), ImportBatch.objects.count()) == (422, 1, 0)
    assert [file.exists() for file in lies] == [False]


def test_a_row_that_is_too_wide_keeps_its_last_cells_right_of_the_reason(desk):
    batch = checked(desk, csv_file(SHOP_HEAD, [*shop_row(1), "错位"]))

    found = rows_of(desk.post(at("import-refused", batch.pk)))

    assert (found[1][:5], found[1][7]) == (shop_row(1), "错位")
    assert found[1][6].startswith("原文件第 2 行：这一行有 6 格")


def test_a_whole_identity_number_is_neither_shown_nor_given_back(desk):
    head = ["内部编号", "姓名", "身份证号", "性别"]
    file = workbook(head, ["001", "演示甲", CANARY, "不知"], ["002", "演示乙", CANARY, "男"])
    batch = checked(desk, file, kind="inspectors")

    columns = text_of(desk.get(at("import-columns", batch.pk)))
    page = columns + text_of(desk.get(at("import", batch.pk)))
    found = rows_of(desk.post(at("import-refused", batch.pk)))

    assert (batch.n_refused, batch.n_new) == (1, 1)
    assert "990*************54" in columns
    assert (CANARY in page, CANARY in str(found), CANARY in str(batch.samples)) == (False, False, False)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "2"])
def test_refused_rows_are_shown_page_by_page(desk, page):
    rows = [shop_row(number, 企业名称="") for number in range(1, 31)]
    batch = checked(desk, workbook(SHOP_HEAD, *rows))

    complaints = desk.get(at("import", batch.pk), {"page": page}).context["complaints"]

    expected = {"0": 10, "-1": 10, "x": 20, "99": 10, "2": 10}[page]
    assert len(complaints) == expected
