"""The pages of imports, from a file to its result, as officials with different reach see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gongchou.registry import tasks
from gongchou.registry.imports.files import whereabouts
from gongchou.registry.models import Subject
from gongchou.registry.operations import import_work
from gongchou.registry.operations import imports as operations
from tests.cli.offices import credit_code
from tests.factories.imports import SHOP_HEAD, csv_file, shop_row, work, workbook
from tests.factories.subjects import make_subject
from tests.registry.imports.pages import at, brought, checked, choices, fresh, put, text_of

pytestmark = pytest.mark.django_db

WRONG = credit_code(3)[:-1] + "I"  # a letter that no code holds


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

    assert "没有可以导入的行" in page
    assert ("确认导入" in page, "确认无变化" in page) == (False, False)
    assert "没有可以导入的行，请改好再上传，或放弃" in text_of(desk.get("/"))
    assert ("去处理" in (found := text_of(desk.get(at("imports")))), "去确认" in found) == (True, False)


def test_the_same_file_again_can_be_put_on_record(desk):
    desk.post(at("start-import", checked(desk).pk))
    work()
    batch = checked(desk, workbook(SHOP_HEAD, shop_row(1), shop_row(2), shop_row(3, 统一社会信用代码=WRONG)))

    page = text_of(desk.get(at("import", batch.pk)))
    desk.post(at("start-import", batch.pk))
    work()

    assert "其余内容与库中一致" in page
    assert "确认无变化</button>" in page
    assert (fresh(batch).state, fresh(batch).n_same) == ("done", 2)


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
