"""Uploaded files are kept as long as the setting says, and what came of them for ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line
from gongchou.refusal import Refused
from gongchou.registry.imports.files import whereabouts
from gongchou.registry.models import ImportBatch, RefusedRow, Subject
from gongchou.registry.operations import imports as operations
from gongchou.registry.operations.import_work import fail
from gongchou.registry.operations.papers import Timer
from gongchou.registry.operations.uploads import remove_old_uploads, remove_upload
from tests.factories.people import NOW, signed_in
from tests.registry.imports.desk import HEADER, as_csv, dry_run, fresh, keeper, shop, shops, take, upload

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def by(db):
    return keeper()


def lies(batch: ImportBatch) -> bool:
    return whereabouts(batch.file_path).exists()


def ended(batch: ImportBatch, days: int) -> ImportBatch:
    """An import that came to its end so many days ago, with its file."""
    return _aged(batch, days, "finished_at")


def brought(batch: ImportBatch, days: int) -> ImportBatch:
    """An import whose file was brought so many days ago."""
    return _aged(batch, days, "created_at")


def _aged(batch: ImportBatch, days: int, moment: str) -> ImportBatch:
    then = timezone.now() - timedelta(days=days)
    with open_for_writing():
        ImportBatch.objects.filter(pk=batch.pk).update(**{moment: then})
    os.utime(whereabouts(batch.file_path), (then.timestamp(), then.timestamp()))
    return fresh(batch)


def test_what_a_finished_import_left_is_removed_after_its_time_and_its_counts_stay(by):
    old = ended(take(by, [HEADER, *shops(2), shop(3, name="")], "旧.csv"), 181)
    young = ended(take(by, [HEADER, shop(4), shop(5, name="")], "新.csv"), 179)

    removed = [remove_old_uploads(at=timezone.now()) for _ in range(2)]

    assert (removed, lies(old), lies(young)) == ([1, 0], False, True)
    after = fresh(old)
    assert (after.n_new, after.n_refused, after.samples, after.state) == (2, 1, {}, "done")
    assert timezone.localdate(after.removed_at) == timezone.localdate()
    assert list(RefusedRow.objects.values_list("batch__file_name", flat=True)) == ["新.csv"]
    assert Subject.objects.count() == 3
    line = Line.objects.get(verb="import.upload_removed")
    assert json.loads(line.data)["facts"] == {"digest": old.file_digest, "n_rows": 1, "days": 180}
    assert (line.about, line.by) == (old.audit_id, "timer")


@pytest.mark.parametrize(("days", "removed"), [(0, 0), (10, 1), (30, 0)])
def test_the_setting_says_how_long(by, settings, days, removed):
    batch = ended(take(by, [HEADER, shop(1)]), 20)
    settings.KEEP_UPLOADS_DAYS = days

    assert (remove_old_uploads(at=timezone.now()), lies(batch)) == (removed, not removed)


def test_a_file_that_another_import_needs_stays(by):
    first = ended(take(by, [HEADER, shop(1)]), 400)
    second = dry_run(upload(by, as_csv([HEADER, shop(1)])))

    remove_old_uploads(at=timezone.now())

    assert first.file_path == second.file_path
    assert (fresh(first).removed_at is None, lies(second)) == (False, True)


def test_what_nobody_went_on_with_is_given_up_after_its_time(by):
    uploaded = upload(by, as_csv([HEADER, shop(1)]))
    checked = dry_run(upload(by, as_csv([HEADER, shop(2), shop(3, name="")])))
    failed = upload(by, as_csv([HEADER, shop(4)]))
    fail(batch=failed, failure="演示", by=by, at=NOW)
    young = brought(dry_run(upload(by, as_csv([HEADER, shop(5)]))), 179)
    old = [brought(batch, 181) for batch in (uploaded, checked, failed)]

    n_removed = remove_old_uploads(at=timezone.now())

    assert (n_removed, [lies(batch) for batch in (*old, young)]) == (3, [False, False, False, True])
    assert [(fresh(batch).state, fresh(batch).n_refused) for batch in old] == [("given_up", 0)] * 3
    assert (fresh(young).state, RefusedRow.objects.count()) == ("checked", 0)
    told = [json.loads(line.data)["facts"]["was"] for line in Line.objects.filter(verb="import.upload_removed")]
    assert sorted(told) == ["checked", "failed", "uploaded"]


def test_an_import_at_work_keeps_its_file_and_one_given_up_does_not(by):
    at_work = dry_run(upload(by, as_csv([HEADER, shop(1)])))
    operations.start_import(batch=at_work, by=by, at=NOW)
    brought(at_work, 400)
    given_up = upload(by, as_csv([HEADER, shop(2)]))
    operations.give_up(batch=given_up, by=by, at=NOW)
    ended(given_up, 400)

    remove_old_uploads(at=timezone.now())

    assert (lies(at_work), lies(given_up)) == (True, False)
    with pytest.raises(Refused) as refused:
        remove_upload(batch=at_work, by=Timer(), at=NOW)
    assert refused.value.code == "registry.import_state"


@pytest.mark.parametrize("days", [0, 180])
def test_what_no_import_needs_goes_after_a_day_whatever_the_setting(by, settings, days):
    settings.KEEP_UPLOADS_DAYS = days
    take(by, [HEADER, shop(1)])
    folder = whereabouts("imports")
    old, young = folder / ".x.part", folder / ".y.part"
    for file in (old, young):
        file.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)

    remove_old_uploads(at=timezone.now())

    assert (old.exists(), young.exists(), len(list(folder.iterdir()))) == (False, True, 2)


def test_the_page_says_on_which_day_and_offers_nothing_to_download(client, by):
    batch = ended(take(by, [HEADER, shop(1), shop(2, name="")]), 400)
    said = StringIO()
    call_command("expire_papers", stdout=said)
    desk = signed_in(client, by)

    page = desk.get(batch.get_absolute_url()).content.decode()
    answer = desk.post(reverse("registry:import-refused", args=[batch.pk]))

    today = timezone.localdate()
    assert said.getvalue().splitlines()[-1] == "上传文件：1次导入的文件已过保存期限，已移除"
    assert f"上传的文件和错误行已过保存期限，于 {today} 移除" in page
    assert "导入完成：新增 1，更新 0，不变 0；<strong>1 行有错误，没有导入</strong>" in page
    assert ("下载" in page, answer.status_code) == (False, 409)
    assert Line.objects.filter(verb="import.refused_taken_out").count() == 0


# What runs beside the workers -------------------------------------------------------------------


def _until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 120
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


def test_who_looks_for_dead_workers_outlasts_a_database_that_is_not_there(tmp_path: Path, lay_tables):
    path = tmp_path / "office.db"
    env = {
        **os.environ,
        "GONGCHOU_HOME": str(tmp_path),
        "GONGCHOU_SECRET_KEY": "only for this test",
        "DATABASE_URL": f"sqlite:///{path}",
        "DJANGO_SETTINGS_MODULE": "gongchou.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "django", "resume_imports"]
    once = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    with (tmp_path / "out").open("w") as out, (tmp_path / "err").open("w") as err:
        job = subprocess.Popen([*command, "--every", "0.2"], env=env, stdout=out, stderr=err)
        try:
            without = _until(lambda: "数据库暂不可用" in (tmp_path / "err").read_text())
            lay_tables(path)
            subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
            again = _until(lambda: (tmp_path / "out").read_text().count("重新交给后台的导入：0 个\n") >= 2)
        finally:
            job.kill()
            job.wait()

    assert (once.returncode, once.stderr.startswith("数据库暂不可用：")) == (1, True)
    assert (without, again) == (True, True)
