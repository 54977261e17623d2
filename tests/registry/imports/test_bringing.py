"""The pages on which a file is chosen and its columns are told."""

from __future__ import annotations

from io import BytesIO

import pytest

from gongchou.registry.imports.files import whereabouts
from gongchou.registry.models import ColumnMap, ImportBatch, Membership
from tests.cli.offices import credit_code
from tests.factories.imports import SHOP_HEAD, csv_file, shop_row, work, workbook
from tests.factories.people import make_department, make_region
from tests.factories.subjects import home, make_library, make_subject
from tests.registry.imports.pages import at, brought, checked, choices, fresh, text_of, upload

pytestmark = pytest.mark.django_db


# Upload -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("名录.xls", b"\xd0\xcf\x11\xe0x", "不支持旧版工作簿（.xls）"),
        ("名录.xlsm", b"PK\x03\x04", "文件含有宏"),
        ("名录.pdf", b"%PDF-1.7", "不支持这种文件（.pdf）"),
        ("名录", b"a,b", "不支持这种文件（没有扩展名）"),
        ("名录.xlsx", b"\xd0\xcf\x11\xe0x", "这是设有密码的工作簿"),
        ("名录.csv", b"PK\x03\x04", "内容却是.xlsx"),
        ("名录.csv", b"", "文件是空的"),
        ("名录.xlsx", b"PK\x03\x04 broken", "工作簿打不开"),
        ("名录.csv", b"\xff\xfea\x00,\x00", "文件编码是"),
    ],
)
def test_a_bad_file_is_refused_on_the_page_where_it_was_chosen(desk, name, content, told):
    file = csv_file(name=name)
    file.file = BytesIO(content)
    file.size = len(content)

    answer = upload(desk, file, mode="full")

    page = text_of(answer)
    assert (answer.status_code, told in page) == (422, True)
    assert 'value="full" id="id_mode_1" required checked' in page
    assert not ImportBatch.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_both_sizes(desk, settings):
    settings.UPLOAD_MB = 0

    answer = upload(desk, csv_file(SHOP_HEAD, shop_row(1)))

    assert "文件有 1 MB，超过上限 0 MB" in text_of(answer)


def test_a_refused_file_that_was_brought_before_stays_where_it_is(desk):
    batch = brought(desk)

    answer = upload(desk, workbook(SHOP_HEAD, shop_row(1), shop_row(2)), region=make_region("9902", "别市").pk)

    assert answer.status_code == 422
    assert whereabouts(batch.file_path).is_file()


def test_licences_cannot_be_a_full_register(desk):
    answer = upload(desk, csv_file(["编号", "分库"]), kind="licences", mode="full")

    assert "只能按增量导入" in text_of(answer)


def test_only_what_is_within_reach_is_offered(desk):
    foreign = make_department("B", make_region("9902", "别市"))
    make_library("ZZ", department=foreign)
    own = make_library("CY")

    form = desk.get(at("add-import")).context["form"]
    refused = upload(desk, csv_file(SHOP_HEAD), department=foreign.pk)

    assert [list(form.fields[name].queryset) for name in ("department", "region", "sub_library")] == [
        [home()],
        [home().region],
        [own],
    ]
    assert (refused.status_code, ImportBatch.objects.count()) == (422, 0)


def test_the_upload_page_remembers_what_the_link_asked_for(desk):
    page = text_of(desk.get(at("add-import"), {"kind": "inspectors"}))

    assert 'value="inspectors" id="id_kind_1" required checked' in page


@pytest.mark.parametrize(
    "asked", [{"kind": "items"}, {"department": "x"}, {"region": "\0"}, {"file": "x"}, {"mode": "x"}]
)
def test_odd_wishes_for_the_upload_page_do_no_harm(desk, asked):
    assert desk.get(at("add-import"), asked).status_code == 200


# Columns ----------------------------------------------------------------------------------------


def test_columns_are_recognised_corrected_and_remembered(desk):
    batch = brought(desk)
    shown = {row.heading: row.how for row in desk.get(at("import-columns", batch.pk)).context["rows"]}

    desk.post(at("import-columns", batch.pk), choices(batch, 会员级别="station"))
    again = brought(desk, workbook(SHOP_HEAD, shop_row(9), name="another.xlsx"))

    rows = desk.get(at("import-columns", again.pk)).context["rows"]
    assert shown == {**dict.fromkeys(SHOP_HEAD[:4], "known"), "会员级别": "unknown"}
    assert dict(again.columns)["会员级别"] == "station"
    assert {row.how for row in rows} == {"kept"}
    assert ColumnMap.objects.count() == 1


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"会员级别": "name"}, "有两栏都对应“name”|有两栏都对应“名称”"),
        ({"企业名称": ""}, "还没有指定哪一栏是“名称”"),
        ({"行政区划": "-"}, "没有“行政区划”栏，也没有选默认区划"),
    ],
)
def test_columns_that_cannot_be_are_refused_with_all_choices_kept(desk, own, told):
    batch = brought(desk)

    answer = desk.post(at("import-columns", batch.pk), choices(batch, **{"住所": "-", **own}))

    kept = answer.context["form"]["column_3"].value()
    assert (answer.status_code, kept, fresh(batch).state) == (422, "-", "uploaded")
    assert any(one in text_of(answer) for one in told.split("|"))


def test_an_invented_field_is_refused(desk):
    batch = brought(desk)

    answer = desk.post(at("import-columns", batch.pk), choices(batch, 住所="state"))

    assert (answer.status_code, fresh(batch).state) == (422, "uploaded")


def test_another_sheet_and_another_line_can_be_chosen(desk):
    titles = [["演示市市场主体名录"], ["2026年3月"], SHOP_HEAD, shop_row(5)]
    batch = brought(desk, workbook(SHOP_HEAD, shop_row(1), 另表=titles))

    desk.post(at("import-source", batch.pk), {"sheet": "另表", "header": 1})
    found = fresh(batch)
    desk.post(at("import-source", batch.pk), {"sheet": "另表", "header": 4})

    assert (batch.sheet, batch.header_line) == ("名录", 1)
    assert (found.sheet, found.header_line, dict(found.columns)["企业名称"]) == ("另表", 3, "name")
    assert (fresh(batch).header_line, fresh(batch).columns[0][0]) == (4, "演示商户5")


@pytest.mark.parametrize("told", [{"sheet": "没有的", "header": 1}, {"sheet": "名录", "header": 0}, {"sheet": "名录"}])
def test_a_sheet_or_line_that_is_not_there_is_refused(desk, told):
    batch = brought(desk)

    answer = desk.post(at("import-source", batch.pk), told)

    assert (answer.status_code, fresh(batch).header_line) == (409, 1)


def test_licences_without_a_column_for_it_go_into_the_chosen_sub_library(desk):
    make_subject(1)
    library = make_library("CY", is_licensed=True)
    file = workbook(["信用代码", "许可证编号", "有效期至"], [credit_code(1), "JY1", "2099-01-01"])

    batch = checked(desk, file, kind="licences", sub_library=library.pk)
    desk.post(at("start-import", batch.pk))
    work()

    entry = Membership.objects.get()
    assert (entry.sub_library, entry.licence_no) == (library, "JY1")
    assert batch.samples["new"] == [{"number": credit_code(1), "name": "演示分库CY JY1", "changes": []}]


def test_licences_need_a_column_or_a_sub_library(desk):
    batch = brought(desk, workbook(["信用代码", "许可证编号"], [credit_code(1), "JY1"]), kind="licences")

    answer = desk.post(at("import-columns", batch.pk), {"column_0": "number", "column_1": "licence_no"})

    assert "还没有指定哪一栏是“分库”" in text_of(answer)
