"""An import from dry run to its end: what it would do, what it does, once and no more, and what stays written of it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line
from gongchou.audit.queries import find_lines
from gongchou.refusal import Refused, sentence
from gongchou.registry import tasks
from gongchou.registry.imports import refused as returning
from gongchou.registry.models import ImportBatch, Subject, SubjectFact
from gongchou.registry.operations import import_work, subjects
from gongchou.registry.operations import imports as operations
from gongchou.registry.queries import imports as queries
from gongchou.sheets.workbooks import workbook_rows
from tests.cli.offices import credit_code
from tests.factories.people import BY, NOW, make_department
from tests.registry.imports.desk import (
    HEADER,
    as_csv,
    confirm,
    counts,
    dry_run,
    fresh,
    keeper,
    library,
    refusals,
    shop,
    shops,
    take,
    upload,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return keeper()


def facts() -> list[tuple[str, str, str]]:
    return list(SubjectFact.objects.order_by("id").values_list("subject__number", "kind", "told"))


# Dry run ---------------------------------------------------------------------------------------


def test_a_dry_run_tells_what_would_happen_and_changes_nothing(by):
    take(by, [HEADER, *shops(10)])
    before = library()

    batch = dry_run(upload(by, as_csv([HEADER, *shops(8), shop(9, address="别处"), shop(11), shop(12, name="")])))

    assert (batch.state, counts(batch)) == ("checked", {"read": 11, "new": 1, "changed": 1, "same": 8, "refused": 1})
    assert library() == before
    assert refusals(batch) == [(12, "名称", "“名称”为空，请补全")]


def test_the_run_does_what_the_dry_run_told(by):
    take(by, [HEADER, *shops(10)])
    checked = dry_run(upload(by, as_csv([HEADER, *shops(8), shop(9, address="别处"), shop(11), shop(12, name="")])))

    batch = confirm(checked)

    assert (batch.state, counts(batch)) == ("done", counts(checked))
    assert refusals(batch) == refusals(checked)
    assert Subject.objects.get(number=credit_code(9)).address == "别处"


def test_columns_may_be_chosen_anew_after_a_dry_run(by):
    batch = dry_run(upload(by, as_csv([HEADER, shop(1, region="演示南区")])))

    again = dry_run(batch, 行政区划="", 住所="region")

    assert (batch.n_refused, refusals(again)) == (
        1,
        [(2, "住所", "“第1号”不在本部门辖区的行政区划中，请核对名称或改填代码")],
    )


# Once and no more ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["名录.csv", "名录.xlsx"])
def test_the_same_file_a_second_time_changes_nothing(by, name):
    rows = [[*HEADER, "备注"], *([*shop(n), f"第{n}行"] for n in range(1, 30))]
    take(by, rows, name)
    before, dossier = library(), facts()

    batch = take(by, rows, name)

    assert counts(batch) == {"read": 29, "same": 29}
    assert (library(), facts()) == (before, dossier)


@pytest.mark.parametrize(("again", "told"), [([], False), ([shop(2)], True)])
def test_a_run_goes_by_what_the_dry_run_found_of_repeated_rows(by, again, told):
    batch = dry_run(upload(by, as_csv([HEADER, *shops(3), *again]), "名录.csv"))
    done = confirm(batch)

    assert batch.has_repeats is told
    assert counts(done) == {"read": 3 + len(again), "new": 3} | ({"same": 1} if again else {})


ODD = "一\\t二\\N\\n'四'\"五\"\\"


def test_odd_characters_come_in_as_they_are(by):
    take(by, [[*HEADER, "经营范围", "备注"], [*shop(1, address=ODD), f"甲\n乙\\{ODD}", ODD]])

    found = Subject.objects.get()
    assert (found.address, found.business_scope, found.more) == (ODD, f"甲\n乙\\{ODD}", {"备注": ODD})


def test_what_was_changed_by_hand_since_is_seen_by_the_same_file(by):
    take(by, [HEADER, *shops(3)])
    first = Subject.objects.order_by("number").first()
    subjects.change_subject(subject=first, address="演示新址1号", by=by, at=NOW)

    batch = dry_run(upload(by, as_csv([HEADER, *shops(3)]), "名录.csv"))

    assert counts(batch) == {"read": 3, "changed": 1, "same": 2}


def test_the_same_rows_in_another_order_of_columns_change_nothing(by):
    take(by, [HEADER, *shops(5)])
    before = [own[:6] for own in library()]

    batch = take(by, [HEADER[::-1], *(row[::-1] for row in shops(5))])

    assert counts(batch) == {"read": 5, "same": 5}
    assert [own[:6] for own in library()] == before


def test_a_file_with_fewer_columns_leaves_the_others_as_they_are(by):
    take(by, [HEADER, shop(1)])

    batch = take(by, [HEADER[:3], shop(1, name="演示新名")[:3]])

    assert counts(batch) == {"read": 1, "changed": 1}
    assert Subject.objects.values_list("name", "address").get() == ("演示新名", "第1号")


def test_a_change_keeps_the_old_value_in_the_dossier_and_is_found_by_its_new_name(by):
    take(by, [HEADER, shop(1)], "甲.csv")

    take(by, [HEADER, shop(1, name="演示新名", region="演示西区")], "乙.csv")

    fact = SubjectFact.objects.get(kind="changed")
    assert fact.data == {"name": ["演示商户1", "演示新名"], "region": ["演示东区", "演示西区"]}
    assert (fact.told, fact.source, fact.by_name) == ("导入更新：名称、行政区划", "乙.csv", "演示liaison")
    assert Subject.objects.get().text.text.split("\n")[:2] == ["演示新名", "ysxm"]


@pytest.mark.parametrize(
    ("status", "state"),
    [("存续", ("active", "")), ("注销", ("inactive", "登记状态为注销")), ("吊销", ("inactive", "登记状态为吊销"))],
)
def test_the_standing_in_the_library_follows_the_registration(by, status, state):
    batch = take(by, [[*HEADER, "登记状态"], [*shop(1), status]])

    assert counts(batch) == {"read": 1, "new": 1}
    assert Subject.objects.values_list("state", "state_reason").get() == state


def test_what_the_registration_took_out_it_brings_back_and_what_somebody_decided_stays(by):
    header = [*HEADER, "登记状态"]
    take(by, [header, [*shop(1), "注销"], [*shop(2), "存续"]])
    decided = Subject.objects.get(number=credit_code(2))
    subjects.set_state(subject=decided, state="inactive", reason="登记状态为存续，但已停产", **BY)

    take(by, [header, [*shop(1), "存续"], [*shop(2, address="新址"), "存续"]])

    assert list(Subject.objects.order_by("number").values_list("state", "state_reason")) == [
        ("active", ""),
        ("inactive", "登记状态为存续，但已停产"),
    ]


def test_an_archived_subject_is_not_changed(by):
    take(by, [HEADER, shop(1)])

    with open_for_writing():  # its own operation is not what is tried here
        Subject.objects.update(state="archived")

    batch = take(by, [HEADER, shop(1, address="别处")])

    assert refusals(batch) == [(2, "统一社会信用代码", "该对象已归档，不再更新")]


# Ten thousand with thirty-seven bad ones -------------------------------------------------------


def spoil(row: list[str], at: int) -> list[str]:
    """One of four faults."""
    name, code, region, address = row
    return [
        ["", code, region, address],
        [name, code[:-1] + ("0" if code[-1] != "0" else "1"), region, address],
        [name, code, "演示南区", address],
        [name, code, region, "长" * 301],
    ][at % 4]


def mend(sheet: bytes, good: dict[str, list[str]], path) -> list[list[str]]:
    """The returned rows as somebody would have put them right, the columns at the end left in."""
    header, *rows = [row.cells for row in workbook_rows(write(path, sheet))]
    found = []
    for cells in rows:
        found.append([*good[cells[-2]], *cells[-2:]])
    return [header, *found]


def returned(batch: ImportBatch) -> bytes:
    file = io.BytesIO()
    returning.write_refused(file, batch, queries.refused_rows(batch))
    return file.getvalue()


def test_ten_thousand_rows_with_thirty_seven_bad_ones(by, tmp_path):
    good = shops(10_000)
    bad = set(range(100, 100 + 37 * 200, 200))
    rows = [spoil(row, at) if at in bad else row for at, row in enumerate(good)]

    batch = take(by, [HEADER, *rows])

    assert counts(batch) == {"read": 10_000, "new": 9_963, "refused": 37}
    assert Subject.objects.count() == 9_963
    assert [line for line, _, _ in refusals(batch)] == sorted(at + 2 for at in bad)
    sheet = returned(batch)
    header, *lines = [row.cells for row in workbook_rows(write(tmp_path / "back.xlsx", sheet))]
    assert header == [*HEADER, "原文件行号", "原因"]
    assert lines[0] == [*rows[100], "102", "原文件第 102 行：“名称”为空，请补全"]
    assert len(lines) == 37

    mended = mend(sheet, {str(at + 2): good[at] for at in bad}, tmp_path / "back.xlsx")
    second = take(by, mended, "名录（未导入的行）.xlsx")

    assert counts(second) == {"read": 37, "new": 37}
    assert Subject.objects.count() == 10_000


def test_returned_rows_cannot_run_as_formulas_and_come_back_as_they_were(by, tmp_path):
    evil = '=HYPERLINK("http://x.example","演示")'
    batch = take(by, [HEADER, shop(1, name=evil, region="演示南区")])

    path = write(tmp_path / "back.xlsx", returned(batch))
    cells = [row.cells for row in workbook_rows(path)]
    second = take(by, [cells[0], [cells[1][0], cells[1][1], "演示东区", *cells[1][3:]]], "back.xlsx")

    assert cells[1][0] == f"'{evil}"
    assert counts(second) == {"read": 1, "new": 1}
    assert Subject.objects.get().name == evil


# What stays written ----------------------------------------------------------------------------


def test_an_import_leaves_a_line_for_each_part_and_none_for_a_row(by, monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK", 100)
    start = Line.objects.count()

    batch = take(by, [HEADER, *shops(250)])

    verbs = list(Line.objects.filter(index__gte=start).order_by("index").values_list("verb", flat=True))
    assert verbs == [
        "import.brought",
        "import.check_started",
        "import.check_restarted",
        *["import.part_checked"] * 3,
        "message.sent",
        "import.checked",
        "import.started",
        "import.beaten",
        *["import.part_taken"] * 3,
        "message.sent",
        "import.finished",
    ]
    lines = Line.objects.filter(index__gte=start).exclude(verb="message.sent")
    assert {line.about for line in lines} == {batch.audit_id}


def test_the_digest_of_a_part_can_be_made_again_from_the_file(by):
    first = take(by, [HEADER, *shops(5), shop(6, name="")])
    again = take(by, [HEADER, *shops(5), shop(6, name="")])
    other = take(by, [HEADER, *shops(4), shop(5, address="别处"), shop(6, name="")])

    digests = [
        [
            json.loads(line.data)["facts"]["digest"]
            for line in Line.objects.filter(about=own.audit_id, verb="import.part_taken")
        ]
        for own in (first, again, other)
    ]

    assert digests[0] == digests[1] != digests[2]


# States ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "act", "told"),
    [
        ("uploaded", "start_import", "“名录.csv”现在的状态是“已上传”，不能这样操作。请刷新页面查看。"),
        ("checking", "start_import", "“名录.csv”现在的状态是“核对中”，不能这样操作。请刷新页面查看。"),
        ("done", "start_import", "“名录.csv”现在的状态是“已完成”，不能这样操作。请刷新页面查看。"),
        ("given_up", "start_import", "“名录.csv”现在的状态是“已放弃”，不能这样操作。请刷新页面查看。"),
        ("done", "give_up", "“名录.csv”现在的状态是“已完成”，不能这样操作。请刷新页面查看。"),
        ("checked", "resume_import", "“名录.csv”现在的状态是“待确认”，不能这样操作。请刷新页面查看。"),
        ("running", "resume_import", "“名录.csv”现在的状态是“导入中”，不能这样操作。请刷新页面查看。"),
    ],
)
def test_what_may_not_happen_in_a_state_is_said(by, state, act, told):
    batch = upload(by, as_csv([HEADER, shop(1)]))

    with open_for_writing():
        ImportBatch.objects.update(state=state)

    with pytest.raises(Refused) as refused:
        getattr(operations, act)(batch=batch, by=by, at=NOW)

    assert sentence(refused.value) == told


def test_a_given_up_import_is_not_gone_on_with(by, monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK", 10)
    batch = dry_run(upload(by, as_csv([HEADER, *shops(25)])))
    operations.start_import(batch=batch, by=by, at=NOW)
    take_part = import_work.take_part

    def give_up_after_the_first(**words):
        found = take_part(**words)
        operations.give_up(batch=batch, by=by, at=NOW)
        return found

    monkeypatch.setattr(import_work, "take_part", give_up_after_the_first)
    tasks.run_import.call(str(batch.pk))

    assert (fresh(batch).state, fresh(batch).done_rows, Subject.objects.count()) == ("given_up", 10, 10)


def failed_after_ten(by) -> ImportBatch:
    batch = dry_run(upload(by, as_csv([HEADER, *shops(25)])))
    operations.start_import(batch=batch, by=by, at=NOW)
    with open_for_writing():
        ImportBatch.objects.filter(pk=batch.pk).update(state="failed", done_rows=10)
    return fresh(batch)


@contextmanager
def in_the_same_moment(asked: str, act: Callable[[], object]) -> Iterator[None]:
    """What somebody else does once the database has answered a question, before what follows from the answer.

    asked: a pattern of the question
    """
    done: list[bool] = []

    def between(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if re.search(asked, sql) and not done:
            done.append(True)
            with open_for_writing():
                act()
        return found

    with connection.execute_wrapper(between):
        yield
    assert done


@pytest.mark.parametrize("verb", ["start_import", "resume_import"])
def test_two_that_go_on_in_the_same_moment_are_told_so(by, verb):
    failed = failed_after_ten(by)
    other = dry_run(upload(by, as_csv([HEADER, *shops(3, 100)]), "别的.csv"))
    mine, theirs = (failed, other) if verb == "resume_import" else (other, failed)
    theirs_runs = ImportBatch.objects.filter(pk=theirs.pk)

    with (
        in_the_same_moment(r'FROM "registry_importbatch" .* LIMIT 1$', lambda: theirs_runs.update(state="running")),
        pytest.raises(Refused) as refused,
    ):
        getattr(operations, verb)(batch=mine, by=by, at=NOW)

    assert refused.value.code == "registry.import_runs"


def test_who_was_handed_over_while_a_part_was_looked_at_is_left_to_its_new_keeper(by):
    take(by, [HEADER, shop(1)])
    other = make_department("XF", by.department.region)
    batch = dry_run(upload(by, as_csv([HEADER, shop(1, address="别处")])))
    operations.start_import(batch=batch, by=by, at=NOW)

    with in_the_same_moment('^SELECT .*"vanished_at"', lambda: Subject.objects.update(keeper=other)):
        tasks.run_import.call(str(batch.pk))

    told = "该对象现由“XF”管辖，不在您的范围内。确需调整的，请与该单位商定移交"
    assert refusals(fresh(batch)) == [(2, "统一社会信用代码", told)]
    assert Subject.objects.values_list("address", "keeper__code").get() == ("第1号", "XF")


def test_a_fault_of_ours_is_written_down_and_the_run_goes_on_from_there(by, monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK", 10)
    batch = dry_run(upload(by, as_csv([HEADER, *shops(25)])))
    operations.start_import(batch=batch, by=by, at=NOW)
    take_part = import_work.take_part

    def break_at_the_second(**words):
        if words["start"] == 10:
            raise RuntimeError("the disk is full")
        return take_part(**words)

    with monkeypatch.context() as patch:
        patch.setattr(import_work, "take_part", break_at_the_second)
        with pytest.raises(RuntimeError):
            tasks.run_import.call(str(batch.pk))
    failed = fresh(batch)
    operations.resume_import(batch=failed, by=by, at=NOW)
    tasks.run_import.call(str(batch.pk))

    told = "处理到第 10 行时系统出错，这之前的行已保存。请重试；仍然出错的，请把文件名和时间告诉系统管理员。"
    assert (failed.state, failed.failure) == ("failed", told)
    assert (fresh(batch).state, counts(fresh(batch))) == ("done", {"read": 25, "new": 25})
    assert Subject.objects.count() == 25


# Two at once -----------------------------------------------------------------------------------


def two_checked(by, department) -> tuple[ImportBatch, ImportBatch]:
    first = dry_run(upload(by, as_csv([HEADER, *shops(5)]), "甲.csv"))
    second = dry_run(upload(by, as_csv([HEADER, *shops(5, 3)]), "乙.csv", department=department))
    return first, second


def test_a_second_import_of_a_department_waits_for_the_first(by):
    first, second = two_checked(by, by.department)
    operations.start_import(batch=first, by=by, at=NOW)

    with pytest.raises(Refused) as refused:
        operations.start_import(batch=second, by=by, at=NOW)

    told = "本部门的“检查对象”正在导入另一个文件“甲.csv”。同一名录一次只导入一个文件，请等它完成后再确认。"
    assert sentence(refused.value) == told
    tasks.run_import.call(str(first.pk))
    assert counts(confirm(second)) == {"read": 5, "new": 2, "same": 3}


def test_the_database_itself_holds_two_runs_of_a_department_apart(by):
    first, second = two_checked(by, by.department)

    with open_for_writing(), pytest.raises(IntegrityError):
        ImportBatch.objects.filter(pk__in=[first.pk, second.pk]).update(state="running")


def test_two_departments_may_import_the_same_rows_at_once_and_each_is_taken_once(by, monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK", 2)
    below = make_department("DQ", by.department.region, parent=by.department)
    first, second = two_checked(by, below)
    for batch in (first, second):
        operations.start_import(batch=batch, by=by, at=NOW)
    take_part, order = import_work.take_part, list[str]()

    def let_the_other_in_between(**words):
        if not order:
            order.append(words["batch"].pk)
            tasks.run_import.call(str(second.pk))
        return take_part(**words)

    monkeypatch.setattr(import_work, "take_part", let_the_other_in_between)
    tasks.run_import.call(str(first.pk))

    assert Subject.objects.count() == 7
    assert counts(fresh(second)) == {"read": 5, "new": 5}
    assert counts(fresh(first)) == {"read": 5, "new": 2, "same": 3}


def test_of_two_workers_at_one_batch_only_one_goes_on(by, monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK", 10)
    batch = dry_run(upload(by, as_csv([HEADER, *shops(35), shop(36, name="")])))
    operations.start_import(batch=batch, by=by, at=NOW)
    take_part, done = import_work.take_part, list[int]()

    def let_another_worker_finish(**words):
        if words["start"] == 10 and not done:
            done.append(1)
            tasks.run_import.call(str(batch.pk))
        return take_part(**words)

    monkeypatch.setattr(import_work, "take_part", let_another_worker_finish)
    tasks.run_import.call(str(batch.pk))

    assert (fresh(batch).state, counts(fresh(batch))) == ("done", {"read": 36, "new": 35, "refused": 1})
    assert Line.objects.filter(about=batch.audit_id, verb="import.part_taken").count() == 4


def test_a_worker_that_fell_silent_is_followed_by_another(by):
    batch = dry_run(upload(by, as_csv([HEADER, *shops(3)])))
    batch = operations.start_import(batch=batch, by=by, at=timezone.now())

    assert tasks.resume(timezone.now()) == 0
    assert tasks.resume(timezone.now() + queries.SILENT * 2) == 1


def test_the_log_is_asked_for_a_subject_and_answers_with_the_imports_that_brought_it(by):
    batch = take(by, [HEADER, *shops(3)])

    lines = find_lines(text=credit_code(2))

    assert {line.about for line in lines} == {batch.audit_id}
    assert list(find_lines(text=credit_code(9))) == []
