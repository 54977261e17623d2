"""Ratio rules: every expression of real lists has a structure, and comes back as officials write it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.refusal import Refused
from gongchou.registry.ratio import (
    GRADES,
    Amount,
    AsNeeded,
    By,
    Choice,
    Flat,
    Level,
    Option,
    Part,
    Table,
    is_within,
    peak,
    ratio_from_json,
    ratio_to_json,
    read_amount,
    sentence,
)


def exactly(value: str, unit: str = "%") -> Amount:
    return Amount(unit, Decimal(value), Decimal(value))


def at_least(value: str, unit: str = "%") -> Amount:
    return Amount(unit, least=Decimal(value))


def at_most(value: str, unit: str = "%") -> Amount:
    return Amount(unit, most=Decimal(value))


def table(by: By, **rows: str) -> Table:
    return Table(by, tuple(Part(key, read_amount(text)) for key, text in rows.items()))


CHONGQING = table(By.GRADE, A="3%", B="4%", C="5%", D="6%")

# As public lists write it (domain.md 2.2, 2.7) -> structure -> as it is shown here.
REAL = [
    ("不低于3%或按专项计划", Flat(at_least("3"), or_special_plan=True), "不低于3%或按专项计划"),
    ("100%", Flat(exactly("100")), "100%"),
    ("不超过2%", Flat(at_most("2")), "不超过2%"),
    ("不少于2‰", Flat(at_least("2", "‰")), "不少于2‰"),
    ("33%，分布全年", Flat(exactly("33"), may_split=True), "33%，可在年度内分批完成"),
    ("一般不超过10%/年", Flat(at_most("10"), is_usual=True, is_yearly=True), "一般不超过10%/年"),
    ("20%一次或10%两次", Choice((Option(exactly("20"), 1), Option(exactly("10"), 2))), "20%一次或10%两次"),
    (
        "10%，其中重点单位不低于8%",
        Flat(exactly("10"), parts=(Part("重点单位", at_least("8")),)),
        "10%，其中重点单位不低于8%",
    ),
    ("根据实际情况确定", AsNeeded(), "根据实际情况确定"),
    ("60-70家", Flat(Amount("家", Decimal(60), Decimal(70))), "60-70家"),
    ("市级2% 区级10%", table(By.LEVEL, city="2%", county="10%"), "市级2%；县级10%"),
    ("A3% B4% C5% D6%", CHONGQING, "A级3%；B级4%；C级5%；D级6%"),
    (
        "A≤5% B5-20% C21-60% D61-100%",
        table(By.GRADE, A="≤5%", B="5%-20%", C="21-60%", D="61-100%"),
        "A级不超过5%；B级5%-20%；C级21%-60%；D级61%-100%",
    ),
    (
        "A低于3% B3% C3-20% D20-100%",
        table(By.GRADE, A="<3%", B="3%", C="3-20%", D="20-100%"),
        "A级低于3%；B级3%；C级3%-20%；D级20%-100%",
    ),
    ("高校30%, 中小学幼儿园50%", table(By.GROUP, 高校="30%", 中小学幼儿园="50%"), "高校30%；中小学幼儿园50%"),
    ("≥0.5%", Flat(at_least("0.5")), "不低于0.5%"),
    ("三级≥50%, 二级≥30%", table(By.GROUP, 三级="≥50%", 二级="≥30%"), "三级不低于50%；二级不低于30%"),
]


@pytest.mark.parametrize(("written", "rule", "shown"), REAL, ids=[row[0] for row in REAL])
def test_every_real_expression_has_a_structure_and_comes_back_as_a_sentence(written, rule, shown):
    stored = json.loads(json.dumps(ratio_to_json(rule)))

    assert ratio_from_json(stored) == rule
    assert sentence(rule) == shown


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("3%", exactly("3")),
        (" 3 ％ ", exactly("3")),
        ("≥2‰", at_least("2", "‰")),
        ("不低于3%", at_least("3")),
        ("至多 2.5%", at_most("2.5")),
        ("３％－２０％", Amount("%", Decimal(3), Decimal(20))),
        ("60～70家", Amount("家", Decimal(60), Decimal(70))),
        ("60至70户", Amount("户", Decimal(60), Decimal(70))),
        ("低于3%", Amount("%", most=Decimal(3), is_under=True)),
        ("3%以上", at_least("3")),
        ("10%以内", at_most("10")),
        ("最少5所", at_least("5", "所")),
    ],
)
def test_what_officials_type_is_read(typed, amount):
    assert read_amount(typed) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "registry.ratio_amount"),
        ("3", "registry.ratio_amount"),
        ("若干", "registry.ratio_amount"),
        ("0%", "registry.ratio_amount"),
        ("101%", "registry.ratio_over_whole"),
        ("2.5家", "registry.ratio_amount"),
        ("0.00001%", "registry.ratio_amount"),
        ("1e2%", "registry.ratio_amount"),
        ("-3%", "registry.ratio_amount"),
        ("3%-20‰", "registry.ratio_amount"),
        ("不低于3%-20%", "registry.ratio_amount"),
        ("不低于3%以上", "registry.ratio_amount"),
        ("3%-20%以上", "registry.ratio_amount"),
        ("20%-3%", "registry.ratio_backwards"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(typed, code):
    with pytest.raises(Refused) as refused:
        read_amount(typed)

    assert refused.value.code == code


STORED = ratio_to_json(Flat(exactly("3")))


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (None, "registry.ratio_stored"),
        ({}, "registry.ratio_stored"),
        ({"kind": "guess"}, "registry.ratio_stored"),
        ({"kind": "as_needed", "more": 1}, "registry.ratio_stored"),
        ({**STORED, "is_usual": "yes"}, "registry.ratio_stored"),
        ({**STORED, "amount": {"unit": "%"}}, "registry.ratio_stored"),
        ({**STORED, "amount": {"unit": "%", "least": 3, "most": None, "is_under": False}}, "registry.ratio_stored"),
        ({**STORED, "amount": {"unit": "%", "least": "NaN", "most": None, "is_under": False}}, "registry.ratio_stored"),
        ({**STORED, "amount": {"unit": "斤", "least": "3", "most": None, "is_under": False}}, "registry.ratio_amount"),
        ({"kind": "table", "by": "level", "rows": []}, "registry.ratio_no_rows"),
        ({"kind": "table", "by": "moon", "rows": []}, "registry.ratio_stored"),
        ({"kind": "table", "by": "level", "rows": [{"key": "E", "amount": STORED["amount"]}]}, "registry.ratio_name"),
        (
            {"kind": "table", "by": "grade", "rows": [{"key": "A", "amount": STORED["amount"]}] * 2},
            "registry.ratio_twice",
        ),
        ({"kind": "choice", "options": [{"amount": STORED["amount"], "times": 1}]}, "registry.ratio_choice"),
        ({"kind": "choice", "options": [{"amount": STORED["amount"], "times": True}]}, "registry.ratio_stored"),
        ({"kind": "choice", "options": [{"amount": STORED["amount"], "times": 0}]}, "registry.ratio_times"),
    ],
)
def test_what_is_stored_is_read_strictly(stored, code):
    with pytest.raises(Refused) as refused:
        ratio_from_json(stored)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Flat(at_most("10")), "10"),
        (Flat(at_least("3")), "3"),
        (Flat(at_least("2", "‰")), "0.2"),
        (Flat(exactly("10"), parts=(Part("重点单位", at_least("12")),)), "12"),
        (CHONGQING, "6"),
        (Choice((Option(exactly("20"), 1), Option(exactly("15"), 2))), "30"),
        (Flat(exactly("60", "家")), None),
        (AsNeeded(), None),
    ],
)
def test_the_peak_is_what_a_ceiling_is_held_against(rule, expected):
    assert peak(rule) == (expected and Decimal(expected))


FLOOR, CEILING, FIXED = Flat(at_least("3")), Flat(at_most("10")), Flat(exactly("5"))


@pytest.mark.parametrize(
    ("own", "upper", "may"),
    [
        (Flat(at_least("5")), FLOOR, True),
        (Flat(at_least("2")), FLOOR, False),
        (Flat(at_most("5")), FLOOR, False),  # the direction turned
        (Flat(exactly("3")), FLOOR, True),
        (Flat(at_most("8")), CEILING, True),
        (Flat(at_most("12")), CEILING, False),
        (Flat(at_least("8")), CEILING, False),
        (Flat(exactly("5")), FIXED, True),
        (Flat(exactly("6")), FIXED, False),
        (AsNeeded(), FIXED, False),
        (CHONGQING, AsNeeded(), True),
        (table(By.GRADE, A="3%", D="6%"), CHONGQING, True),
        (table(By.GRADE, A="4%"), CHONGQING, False),
        (Flat(exactly("10")), table(By.LEVEL, city="2%", county="10%"), True),  # asked for a county
        (Flat(exactly("2")), table(By.LEVEL, city="2%", county="10%"), False),
        (Flat(exactly("10")), REAL[6][1], True),
        (Flat(exactly("15")), REAL[6][1], False),
        (Flat(exactly("50", "家")), FLOOR, False),
        (Flat(Amount("%", most=Decimal(3), is_under=True)), Flat(at_most("3")), True),
        (Flat(at_most("3")), Flat(Amount("%", most=Decimal(3), is_under=True)), False),
    ],
)
def test_a_lower_unit_may_tighten_a_ratio_but_not_turn_it(own, upper, may):
    assert is_within(own, upper, "county") == may


numbers = st.decimals("0.0001", "100", places=4).filter(lambda value: value > 0)
counts = st.integers(1, 9_999_999).map(Decimal)
names = st.text("重点单位高校中小学", min_size=1, max_size=8)


@st.composite
def amounts(draw):
    unit = draw(st.sampled_from(["%", "‰", "家", "户", "个", "批次", "人"]))
    low, high = sorted([draw(numbers if unit in "%‰" else counts), draw(numbers if unit in "%‰" else counts)])
    shape = draw(st.sampled_from(["exact", "least", "most", "under", "range"]))
    return {
        "exact": Amount(unit, low, low),
        "least": Amount(unit, least=low),
        "most": Amount(unit, most=low),
        "under": Amount(unit, most=low, is_under=True),
        "range": Amount(unit, low, high),
    }[shape]


def rows(keys):
    return st.lists(st.builds(Part, keys, amounts()), min_size=1, max_size=4, unique_by=lambda row: row.key).map(tuple)


rules = st.one_of(
    st.just(AsNeeded()),
    st.builds(Flat, amounts(), *[st.booleans()] * 4, parts=rows(names)),
    st.builds(Table, st.just(By.LEVEL), rows(st.sampled_from([str(level) for level in Level]))),
    st.builds(Table, st.just(By.GRADE), rows(st.sampled_from(GRADES))),
    st.builds(Table, st.just(By.GROUP), rows(names)),
    st.builds(Choice, st.lists(st.builds(Option, amounts(), st.integers(1, 10)), min_size=2, max_size=3).map(tuple)),
)


@given(amounts())
def test_an_amount_is_read_back_from_its_own_words(amount):
    assert read_amount(str(amount)) == amount


@given(rules)
def test_a_rule_comes_back_from_storage_as_it_was(rule):
    assert ratio_from_json(json.loads(json.dumps(ratio_to_json(rule)))) == rule


@given(amounts(), amounts(), amounts())
def test_keeping_within_is_a_partial_order(one, two, three):
    assert one.is_within(one)
    assert not (one.is_within(two) and two.is_within(three)) or one.is_within(three)
