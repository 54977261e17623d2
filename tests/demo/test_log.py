"""What the city's log tells its readers: no key and no code that only programmers know."""

from __future__ import annotations

import re

import pytest

from gongchou.audit.facts import changes_of, notes_of
from gongchou.audit.models import Line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
RAW = re.compile(r"[a-z]+(_[a-z]+)*")


def told(line: Line) -> list[tuple[str, str]]:
    changes = [(one.name, part) for one in changes_of(line) for part in (one.old, one.new)]
    return [*notes_of(line), *changes]


def test_every_fact_of_every_line_is_told_in_chinese() -> None:
    names = {(line.verb, name) for line in Line.objects.order_by("index") for name, _ in told(line)}

    assert sorted(one for one in names if RAW.fullmatch(one[1])) == []


def test_no_value_of_any_line_is_told_as_a_code_of_the_program() -> None:
    parts = {
        (line.verb, name, part)
        for line in Line.objects.order_by("index")
        for name, value in told(line)
        if name not in ("账号", "申请人账号", "收件人账号")
        for part in re.split("[、；：→]", value)
    }

    assert sorted(one for one in parts if RAW.fullmatch(one[2])) == []
