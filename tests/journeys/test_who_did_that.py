"""Somebody asks who changed the address of a shop, and when; the answer can be proved elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.audit.checkpoints import make_checkpoint
from gongchou.audit.witness import main
from gongchou.registry.operations.subjects import change_subject
from tests.factories.log import cosign, make_log_keys
from tests.factories.people import NOW, official
from tests.factories.subjects import home, make_subject
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.long


@pytest.fixture
def keys(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path / "keys"


def test_a_head_finds_who_changed_an_address_and_takes_the_proof_along(desk: Desk, keys: Path, tmp_path: Path):
    home()
    clerk = official(RoleCode.PLAN_CLERK, username="演示经办")
    subject = make_subject(1, name="演示鲜果店", address="听松街3号")
    make_subject(2, name="演示面馆")
    change_subject(subject=subject, name=subject.name, address="望霁路12号", by=clerk, at=NOW)
    witnesses = make_log_keys(keys)
    checkpoint = make_checkpoint(at=NOW)
    for witness in witnesses:
        cosign(checkpoint, witness, keys)
    desk.sign_in(official(RoleCode.HEAD))

    desk.go("/registry/subjects/")
    desk.follow("演示鲜果店")
    desk.follow("操作记录")
    assert desk.sees(f"只看“演示鲜果店（{subject.number}）”的记录")
    assert not desk.sees("演示面馆")
    desk.follow("修改检查对象")
    assert desk.sees("演示演示经办")
    assert desk.sees("witness-1.example")
    files = [taken(desk, words, tmp_path) for words in ("下载本行原文", "下载包含证明")]
    desk.follow("日志的公钥")
    text = desk.page.request.get(f"{desk.address}/audit/log/checkpoint").text()

    assert main(["check", *files, "--log", str(keys / "audit.vkey")]) == 0
    assert text.startswith(checkpoint.note)


def taken(desk: Desk, words: str, folder: Path) -> str:
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name=words).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return str(path)
