"""The facts of a line in words, however the operation kept them."""

from __future__ import annotations

import json

import pytest

from gongchou.audit.facts import Change, changes_of, notes_of
from gongchou.audit.models import Line


def line(facts, about="department:1"):
    return Line(about=about, data=json.dumps({"facts": facts}))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"name": {"from": "甲", "to": "乙"}}, [Change("名称", "甲", "乙")]),
        ({"name": ["甲", "乙"]}, [Change("名称", "甲", "乙")]),
        ({"changed": {"name": ["甲", ""], "is_active": [True, False]}}, [
            Change("名称", "甲", "（空）"), Change("有效", "是", "否"),
        ]),
        ({"old": "a", "new": "b"}, [Change("新值", "a", "b")]),
        ({"old": {"name": "甲", "code": "A"}, "new": {"name": "乙", "code": "A"}}, [Change("名称", "甲", "乙")]),
        ({"level": ["city", "county"]}, [Change("层级", "市", "县（区）")]),
        ({"codes": ["甲", "乙"]}, []),
        ({"reason": "演示"}, []),
    ],
)  # fmt: skip
def test_changes_are_found_in_every_form(facts, expected):
    assert changes_of(line(facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"reason": "演示", "note": ""}, [("理由", "演示")]),
        ({"name": ["甲", "乙"], "reason": "演示"}, [("理由", "演示")]),
        ({"fields": ["name"], "changed": {"name": ["甲", "乙"]}}, []),
        ({"fields": ["code", "name"], "changed": {"name": ["甲", "乙"]}}, [("项目", "编码、名称")]),
        ({"content": {"name": "甲", "level": "city"}}, [("内容", "名称：甲；层级：市")]),
        ({"codes": ["甲", "乙"], "count": 2}, [("编码", "甲、乙"), ("数量", "2")]),
        ({"strange": True}, [("strange", "是")]),
    ],
)
def test_the_rest_is_told_beside_them(facts, expected):
    assert notes_of(line(facts)) == expected


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"facts": 3}'])
def test_a_spoilt_line_tells_nothing(data):
    spoilt = Line(about="department:1", data=data)

    assert (changes_of(spoilt), notes_of(spoilt)) == ([], [])


def test_a_thing_of_a_kind_that_is_no_more_is_told_as_it_was_written():
    assert notes_of(line({"name": "甲"}, about="ghost:1")) == [("name", "甲")]
