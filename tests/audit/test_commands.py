"""What the person in the machine room sees."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from gongchou.audit.models import Checkpoint
from gongchou.audit.sentences import SENTENCES
from tests.factories.log import run, write_lines

pytestmark = pytest.mark.django_db


def command(*words: object) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(*map(str, words), stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_an_untouched_log_is_said_to_be_whole(signed_log):
    assert command("audit_verify") == (0, "日志完整：8行，4个检查点，5个共签，未发现改动。\n", "")


def test_the_first_touched_row_is_named(signed_log):
    run("UPDATE audit_line SET by = 'x' WHERE \"index\" = 3")
    run("UPDATE audit_line SET by = 'x' WHERE \"index\" = 5")

    assert command("audit_verify") == (1, "", "发现改动：操作日志（audit_line）第3行的“by”列被改动。\n")


def test_what_a_witness_kept_is_held_against_the_log(signed_log, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text(Checkpoint.objects.get(size=7).note)
    assert command("audit_verify", "--checkpoint", kept)[0] == 0

    run('DELETE FROM audit_line WHERE "index" >= 3')
    run("DELETE FROM audit_checkpoint")
    run("DELETE FROM audit_cosignature")
    run("UPDATE audit_head SET size = 3, n_checkpoints = 0, n_cosignatures = 0")
    run("UPDATE audit_head SET checkpoint = %s, cosignature = %s", ["0" * 64] * 2)
    run('UPDATE audit_head SET latest = (SELECT leaf FROM audit_line WHERE "index" = 2)')

    assert command("audit_verify")[0] == 0
    code, _, told = command("audit_verify", "--checkpoint", kept)
    assert (code, told) == (1, "发现改动：操作日志（audit_line）第3行缺失。\n")


def test_a_note_the_log_never_signed_is_refused(signed_log, tmp_path):
    (tmp_path / "kept").write_text("hello")

    assert command("audit_verify", "--checkpoint", tmp_path / "kept") == (1, "", "内容不是合格的检查点或证明。\n")


def test_keys_from_elsewhere_may_be_given(signed_log, keys, tmp_path):
    keys.rename(tmp_path / "brought")

    assert command("audit_verify")[0] == 1
    assert command("audit_verify", "--keys", tmp_path / "brought")[0] == 0


def test_a_checkpoint_is_made_by_command(witnesses):
    write_lines(2)

    assert command("audit_checkpoint") == (0, "检查点：2行\n", "")


def test_without_a_key_the_command_says_what_to_do(keys):
    code, _, told = command("audit_checkpoint")

    assert code == 1
    assert "gongchou init" in told


def test_the_guide_knows_every_command_and_names_no_refusal_that_is_not():
    guide = (Path(__file__).parents[2] / "docs" / "operate" / "audit.md").read_text(encoding="utf-8")
    ours = {name for name, app in get_commands().items() if app == "gongchou.audit"}

    assert set(re.findall(r"^\./gongchou (\w+)", guide, re.MULTILINE)) == ours
    assert set(re.findall(r"`(audit\.(?:log|roots)_\w+)`", guide)) <= set(SENTENCES)
