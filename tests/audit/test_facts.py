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


@pytest.mark.parametrize(
    ("about", "facts", "expected"),
    [
        ("user:1", {"cause": "idle"}, [("原因", "长时间未操作")]),
        ("user:1", {"what": "password"}, [("事由", "密码连续错误")]),
        ("user:1", {"kinds": ["totp", "recovery_codes"]}, [("类别", "验证器、恢复码")]),
        ("officialimport:1", {"source": "duty_list"}, [("来源", "权责清单")]),
        ("officialimport:1", {"source": "排查文件"}, [("来源", "排查文件")]),
        ("tag:1", {"uses": ["items"], "still_on": 3}, [("用途", "抽查事项"), ("仍标注的数量", "3")]),
        ("inspector:1", {"does_all": False, "added": ["990100-ZC-8"]}, [("全部事项", "否"), ("增加", "990100-ZC-8")]),
        ("importbatch:1", {"lines": [2, 31]}, [("文件中的行（首行、末行）", "2、31")]),
        ("importbatch:1", {"was": "checked"}, [("原状态", "待确认")]),
        ("importbatch:1", {"columns": {"企业名称": "名称", "备注": "不导入"}}, [
            ("栏目对应", "企业名称：名称；备注：不导入"),
        ]),
    ],
)  # fmt: skip
def test_keys_and_codes_of_the_rooms_are_told_in_their_words(about, facts, expected):
    assert notes_of(line(facts, about=about)) == expected


def test_a_state_before_and_after_is_told_in_words():
    assert changes_of(line({"old": "living", "new": "revoked"}, about="subject:1")) == [Change("新值", "存续", "吊销")]
