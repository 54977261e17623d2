"""The pages of imports, from a file to its result, as officials with different reach see them."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from python_calamine import CalamineWorkbook

from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.registry import tasks
from gongchou.registry.imports.files import whereabouts
from gongchou.registry.models import ColumnMap, ImportBatch, Membership, Subject
from gongchou.registry.operations import import_work
from gongchou.registry.operations import imports as operations
from gongchou.registry.operations.uploads import remove_old_uploads
from gongchou.registry.templatetags.registry_imports import lasting
from tests.cli.offices import credit_code
from tests.factories.imports import SHOP_HEAD, csv_file, newest, shop_row, work, workbook
from tests.factories.inspectors import CANARY
from tests.factories.many import FEW_AND_MANY
from tests.factories.people import make_department, make_region, official, signed_in
from tests.factories.subjects import home, make_library, make_subject

pytestmark = pytest.mark.django_db

State = ImportBatch.State
WRONG = credit_code(3)[:-1] + "I"  # a letter that no code holds


@pytest.fixture(autouse=True)
def _shelf(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def clerk():
    home()
    return official(RoleCode.PLAN_CLERK, "below")


@pytest.fixture
def desk(client, clerk):
    return signed_in(client, clerk)


def at(name, *args):
    return reverse(f"registry:{name}", args=args)


def upload(desk, file, **own):
    told = {"kind": "subjects", "department": home().pk, "mode": "more", "file": file, **own}
    return desk.post(at("add-import"), told)


def brought(desk, file=None, **own):
    """An import that has been uploaded."""
    answer = upload(desk, file or workbook(SHOP_HEAD, shop_row(1), shop_row(2)), **own)
    assert answer.status_code == 303, answer.context["form"].errors
    return newest()


def choices(batch, **own):
    """The form of the columns as it is shown, with some choices otherwise."""
    told = dict(batch.columns) | own
    return {f"column_{number}": told[heading] for number, (heading, _) in enumerate(batch.columns)}


def checked(desk, file=None, **own):
    """An import after its dry run."""
    batch = brought(desk, file, **own)
    assert desk.post(at("import-columns", batch.pk), choices(batch)).status_code == 303
    work()
    return fresh(batch)


def fresh(batch):
    return ImportBatch.objects.get(pk=batch.pk)


def text_of(answer):
    return answer.content.decode()


def rows_of(answer):
    file = BytesIO(b"".join(answer.streaming_content))
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


def put(batch, **values):
    """Set a batch to a state that takes a dead worker or a large file to reach."""
    with open_for_writing():
        ImportBatch.objects.filter(pk=batch.pk).update(**values)


# The whole errand -------------------------------------------------------------------------------


def test_a_register_comes_in_from_upload_to_result(desk):
    file = workbook(SHOP_HEAD, shop_row(1), shop_row(2), shop_row(3, 统一社会信用代码=WRONG))

    batch = brought(desk, file)
    desk.post(at("import-columns", batch.pk), choices(batch))
    asked = (fresh(batch).state, work(), fresh(batch).state, Subject.objects.count())
    desk.post(at("start-import", batch.pk))
    worked = (fresh(batch).state, work(), fresh(batch).state)

    assert asked == ("checking", 1, "checked", 0)
    assert worked == ("running", 1, "done")
    assert sorted(Subject.objects.values_list("name", flat=True)) == ["演示商户1", "演示商户2"]
    page = text_of(desk.get(at("import", batch.pk)))
    assert "导入完成：新增 2，更新 0，不变 0；<strong>1 行有错误，没有导入</strong>" in page
    assert '<span class="import-wrong">' + WRONG in page
    assert "第 4 行" in page


def test_the_dry_run_shows_what_would_be_new_other_and_the_same(desk):
    desk.post(at("start-import", checked(desk).pk))
    work()
    rows = [shop_row(1), shop_row(2, 住所="望霁路12号"), shop_row(3), shop_row(4, 行政区划="别市")]

    batch = checked(desk, workbook(SHOP_HEAD, *rows))

    counts = {count.name: count.n for count in desk.get(at("import", batch.pk)).context["counts"]}
    assert counts == {"新增": 1, "更新": 1, "不变": 1, "错误": 1}
    assert [own["name"] for own in batch.samples["new"]] == ["演示商户3"]
    assert [own["name"] for own in batch.samples["same"]] == ["演示商户1"]
    assert batch.samples["changed"][0]["changes"] == [["住所（经营场所）", "听松街2号", "望霁路12号"]]
    assert [(own["column"], own["n"]) for own in batch.samples["reasons"]] == [("行政区划", 1)]
    assert "<del>听松街2号</del> → <ins>望霁路12号</ins>" in text_of(desk.get(at("import", batch.pk)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_is_read_in_the_encoding_it_comes_in(desk, encoding):
    batch = checked(desk, csv_file(SHOP_HEAD, shop_row(1), encoding=encoding))

    assert (batch.n_new, batch.n_refused) == (1, 0)


def test_certificates_and_entries_are_among_the_samples(desk):
    head = ["内部编号", "姓名", "执法证号", "有效期至"]
    first = checked(desk, workbook(head, ["001", "演示甲", "ZJ1", "2099-01-01"]), kind="inspectors")
    desk.post(at("start-import", first.pk))
    work()

    second = checked(desk, workbook(head, ["001", "演示甲", "ZJ1", "2099-02-01"]), kind="inspectors")

    change = ["行政执法证 ZJ1", "2099-01-01", "2099-02-01"]
    assert second.samples["changed"] == [{"number": "001", "name": "演示甲", "changes": [change]}]


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


# Confirming -------------------------------------------------------------------------------------


def test_a_full_register_says_whom_it_would_mark_and_asks_for_a_tick(desk):
    make_subject(8, name="演示旧店")
    batch = checked(desk, mode="full")

    page = text_of(desk.get(at("import", batch.pk)))
    without = desk.post(at("start-import", batch.pk))
    before = fresh(batch).state
    ticked = desk.post(at("start-import", batch.pk), {"knows_vanished": "on"})
    work()

    assert "全量更新将把 1 个标为“未再出现”，占现有的 100%" in page
    assert batch.samples["vanished"] == [{"number": credit_code(8), "name": "演示旧店", "changes": []}]
    assert (without.status_code, before, ticked.status_code, fresh(batch).state) == (422, "checked", 302, "done")
    assert "请先核对将标为“未再出现”的数量" in text_of(without)
    assert Subject.objects.exclude(vanished_at=None).get().name == "演示旧店"


def test_additions_mark_nobody_and_ask_for_no_tick(desk):
    make_subject(8)
    batch = checked(desk)

    page = text_of(desk.get(at("import", batch.pk)))

    assert (batch.n_vanished, "未再出现" in page, "knows_vanished" in page) == (0, False, False)


def test_a_file_with_nothing_to_take_offers_no_confirmation(desk):
    batch = checked(desk, workbook(SHOP_HEAD, shop_row(1, 统一社会信用代码=WRONG)))

    page = text_of(desk.get(at("import", batch.pk)))

    assert ("没有可以导入的行" in page, at("start-import", batch.pk) + '"><button' in page) == (True, False)
    assert "确认导入</button>" not in page


def test_confirming_twice_runs_once(desk):
    batch = checked(desk)

    answers = [desk.post(at("start-import", batch.pk), headers={"referer": "http://testserver/"}) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [batch.get_absolute_url(), "http://testserver/"]
    assert DBTaskResult.objects.ready().count() == 1


# Progress ---------------------------------------------------------------------------------------


def test_the_bar_asks_again_while_there_is_work_and_then_shows_the_page_anew(desk):
    batch = brought(desk)
    desk.post(at("import-columns", batch.pk), choices(batch))
    DBTaskResult.objects.get().claim("w")
    put(batch, n_rows=200, done_rows=50, started_at=timezone.now() - timedelta(seconds=5), beat_at=timezone.now())

    during = desk.get(at("import-progress", batch.pk), headers={"hx-request": "true"})
    page = desk.get(at("import", batch.pk))
    put(batch, done_rows=0)
    tasks.check_import.call(str(batch.pk))
    after = desk.get(at("import-progress", batch.pk), headers={"hx-request": "true"})
    plain = desk.get(at("import-progress", batch.pk))

    assert "第 50 行，共 200 行（25%），约还需 15 秒" in text_of(during)
    assert 'hx-trigger="every 2s"' in text_of(during)
    assert "刷新进度" in text_of(page)
    assert (after.headers.get("HX-Refresh"), plain.headers["Location"]) == ("true", batch.get_absolute_url())


def test_a_silent_worker_is_told_of_and_not_asked_for_ever(desk):
    batch = brought(desk)
    desk.post(at("import-columns", batch.pk), choices(batch))
    DBTaskResult.objects.get().claim("w")
    put(batch, n_rows=200, done_rows=50, beat_at=timezone.now() - timedelta(minutes=2))

    page = text_of(desk.get(at("import", batch.pk)))

    assert ("后台已一分钟没有消息" in page, "hx-trigger" in page) == (True, False)


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

    page = text_of(desk.get(at("import", batch.pk)))
    found = rows_of(desk.post(at("import-refused", batch.pk)))

    assert (batch.n_refused, batch.n_new) == (1, 1)
    assert (CANARY in page, CANARY in str(found), CANARY in str(batch.samples)) == (False, False, False)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "2"])
def test_refused_rows_are_shown_page_by_page(desk, page):
    rows = [shop_row(number, 企业名称="") for number in range(1, 31)]
    batch = checked(desk, workbook(SHOP_HEAD, *rows))

    complaints = desk.get(at("import", batch.pk), {"page": page}).context["complaints"]

    expected = {"0": 10, "-1": 10, "x": 20, "99": 10, "2": 10}[page]
    assert len(complaints) == expected


# Endings ----------------------------------------------------------------------------------------


def test_a_failed_dry_run_is_begun_again_and_never_gone_on_with(desk, clerk):
    batch = brought(desk)
    batch = operations.start_check(
        batch=batch, fields=[field for _, field in batch.columns], by=clerk, at=timezone.now()
    )
    put(batch, done_rows=20_000)
    import_work.fail(batch=batch, failure="演示原因", by=clerk, at=timezone.now())

    page = text_of(desk.get(at("import", batch.pk)))
    resumed = desk.post(at("resume-import", batch.pk))
    again = desk.post(at("import-columns", batch.pk), choices(batch))
    work()

    assert ("演示原因" in page, "重新核对" in page, "继续导入" in page) == (True, True, False)
    assert (resumed.status_code, again.status_code, fresh(batch).state) == (409, 303, "checked")


def test_a_failed_run_goes_on_from_where_it_was(desk, clerk, monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK", 1)
    batch = checked(desk, workbook(SHOP_HEAD, shop_row(1), shop_row(2), shop_row(3)))
    desk.post(at("start-import", batch.pk))
    whereabouts(batch.file_path).rename(f"{whereabouts(batch.file_path)}.away")
    put(batch, done_rows=1, n_read=1, n_new=1)
    work()
    failed = text_of(desk.get(at("import", batch.pk)))
    whereabouts(f"{batch.file_path}.away").rename(whereabouts(batch.file_path))

    answer = desk.post(at("resume-import", batch.pk), follow=True)
    work()

    assert ("上传的文件已不在服务器上" in failed, "已导入到第 1 行" in failed) == (True, True)
    assert "之前导入的不会重复" in text_of(answer)
    assert (fresh(batch).state, fresh(batch).n_new, Subject.objects.count()) == ("done", 3, 2)


def test_an_import_is_given_up_at_any_time_before_its_end(desk):
    batch = checked(desk)

    answer = desk.post(at("give-up-import", batch.pk), follow=True)
    again = desk.post(at("give-up-import", batch.pk))

    assert "已放弃“演示名录.xlsx”" in text_of(answer)
    assert "库中数据没有改动" in text_of(desk.get(at("import", batch.pk)))
    assert (fresh(batch).state, again.status_code) == ("given_up", 409)


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
