"""What columns mean is recognised, chosen and remembered for whoever brings the same header again."""

from __future__ import annotations

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.refusal import Refused, sentence
from gongchou.registry.imports import loading
from gongchou.registry.imports.columns import n_known, recognise, unique
from gongchou.registry.imports.subjects import Subjects
from gongchou.registry.models import ColumnMap, ImportBatch, SubjectFact
from gongchou.registry.operations import imports as operations
from tests.factories.people import NOW, appoint, make_department, make_region, make_user
from tests.registry.imports.desk import HEADER, as_csv, counts, dry_run, keeper, shop, shops, take, upload

KNOWN = Subjects.columns


def test_every_kind_of_import_is_one_that_can_be_brought():
    assert set(loading.KINDS) == set(ImportBatch.Kind)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("企业名称", "name"),
        ("企业名称（全称）*", "name"),
        (" 统一社会信用代码：", "number"),
        ("统一社会信用代码/注册号", "number"),
        ("所属区县", "region"),
        ("注册资金", "capital"),
        ("第几页", ""),
        ("序号", "-"),
        ("序 号", "-"),
        ("行号", "-"),
        ("编号顺序", "-"),
        ("No.", "-"),
        ("№", "-"),
        ("编号", "number"),
        ("", ""),
    ],
)
def test_headings_that_people_use_are_known(heading, field):
    assert recognise(unique([heading]), KNOWN) == {unique([heading])[0]: field}


def test_a_field_is_filled_by_one_column_the_best_word():
    found = recognise(["地址", "住所", "经营场所"], KNOWN)

    assert found == {"地址": "", "住所": "address", "经营场所": ""}


def test_columns_without_a_name_or_with_the_same_name_can_be_told_apart():
    assert unique(["名称", "", "地址", "地址", "地址", " 名 \n称 "]) == [
        "名称",
        "第2列",
        "地址",
        "地址(2)",
        "地址(3)",
        "名 称",
    ]


def test_counting_what_is_known_does_not_look_at_a_million_columns():
    assert n_known(["x"] * 1_000_000, KNOWN) == 0


# Chosen and remembered -------------------------------------------------------------------------


@pytest.fixture
def by(db):
    return keeper()


def test_what_was_chosen_for_a_header_is_chosen_again(by):
    header = ["店名", "代码", "行政区划", "地方"]
    chosen = {"店名": "name", "代码": "number", "地方": "address"}
    dry_run(upload(by, as_csv([header, *shops(2)])), **chosen)

    batch = upload(by, as_csv([header, *shops(3)]), "下月.csv")

    assert dict(batch.columns) == {**chosen, "行政区划": "region"}
    assert counts(dry_run(batch)) == {"read": 3, "new": 3}


def test_another_department_and_another_header_have_memories_of_their_own(by):
    header = ["店名", "代码", "行政区划", "地方"]
    dry_run(upload(by, as_csv([header, shop(1)])), 店名="name", 代码="number")
    other = make_department("XF", by.department.region, parent=by.department)

    for header_now, department in ((header, other), ([*header, "备注"], by.department)):
        batch = upload(by, as_csv([header_now, shop(2)]), department=department)

        assert dict(batch.columns)["店名"] == ""
    assert ColumnMap.objects.count() == 1


def test_next_week_another_order_changes_nothing(by):
    header = ["序号", *HEADER]
    take(by, [header, ["1", *shop(1)], ["2", *shop(2)]])

    again = take(by, [header, ["1", *shop(2)], ["2", *shop(1)]])
    aside = dry_run(upload(by, as_csv([header, ["7", *shop(1)]])), 序号="")

    assert (counts(again), SubjectFact.objects.filter(kind="changed").count()) == ({"read": 2, "same": 2}, 0)
    assert counts(aside) == {"read": 1, "changed": 1}  # who chooses so gets it


def test_the_column_of_reasons_does_not_make_another_header(by):
    header = ["店名", "代码", "行政区划", "地方"]
    dry_run(upload(by, as_csv([header, shop(1)])), 店名="name", 代码="number")

    batch = upload(by, as_csv([[*header, "原因"], [*shop(2), "请补全"]]))

    assert dict(batch.columns) == {"店名": "name", "代码": "number", "行政区划": "region", "地方": "", "原因": "-"}


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"住所": "name"}, "有两栏都对应“名称”。请保留一栏，另一栏选“另存”或“不导入”。"),
        (
            {"统一社会信用代码": ""},
            "还没有指定哪一栏是“统一社会信用代码”。没有这一栏的文件不能导入，请在下表中选择。",
        ),
        (
            {"名称": "-", "统一社会信用代码": "-"},
            "还没有指定哪一栏是“统一社会信用代码、名称”。没有这一栏的文件不能导入，请在下表中选择。",
        ),
        (
            {"行政区划": ""},
            "没有“行政区划”栏，也没有选默认区划。请在下表中指定一栏，或返回重新上传并选择默认区划。",
        ),
    ],
)
def test_columns_that_do_not_suffice_are_refused(by, chosen, told):
    batch = upload(by, as_csv([HEADER, shop(1)]))

    with pytest.raises(Refused) as refused:
        dry_run(batch, **chosen)

    assert sentence(refused.value) == told


def test_a_region_for_all_stands_in_for_the_column(by):
    region = by.department.region

    batch = dry_run(upload(by, as_csv([HEADER, shop(1, region="")]), region=region))
    other = dry_run(upload(by, as_csv([HEADER, shop(1)]), region=region), 行政区划="")

    assert (counts(batch), counts(other)) == ({"read": 1, "new": 1},) * 2


def test_the_region_for_all_lies_where_the_department_works(by):

    with pytest.raises(Refused) as refused:
        upload(by, as_csv([HEADER, shop(1)]), region=make_region("9902", "演示远市"))

    told = "“演示远市”不在“SCJG”的辖区内，不能作默认区划。请重新选择。"
    assert sentence(refused.value) == told


def test_nobody_goes_on_with_a_file_that_another_brought(by):
    batch = upload(by, as_csv([HEADER, shop(1)]))

    other = make_user("second", by.department)
    appoint(other, RoleCode.LIAISON, "below")

    with pytest.raises(Refused) as refused:
        operations.start_check(batch=batch, fields=[name for _, name in batch.columns], by=other, at=NOW)

    assert sentence(refused.value) == "这个文件由演示liaison上传，请由本人确认或继续。"


def test_nobody_imports_for_a_department_beyond_her_reach(by):
    other = make_department("XF", by.department.region)

    with pytest.raises(Refused) as refused:
        upload(by, as_csv([HEADER, shop(1)]), department=other)

    assert refused.value.code == "registry.out_of_reach"
