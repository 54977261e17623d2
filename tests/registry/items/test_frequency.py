"""Frequency rules: how often tasks are run, how often one subject is visited."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.refusal import Refused
from gongchou.registry.frequency import (
    Frequency,
    Period,
    Times,
    TimesRow,
    TimesTable,
    frequency_from_json,
    frequency_to_json,
    is_within,
    read_times,
    read_visits,
    sentence,
)
from gongchou.registry.ratio import By

BY_LEVEL = TimesTable(By.LEVEL, (TimesRow("city", Times(1, 1)), TimesRow("county", Times(1, 1, period=Period.MONTH))))
BY_GRADE = TimesTable(By.GRADE, (TimesRow("A", Times(most=1, is_under=True)), TimesRow("B", Times(1, 1))))
AS_NEEDED_FOR_D = TimesTable(By.GRADE, (TimesRow("A", Times(most=1, is_under=True)), TimesRow("D", None)))

# As public lists write it (domain.md 2.2, 2.7) -> structure -> as it is shown here.
REAL = [
    ("每年不少于1次", Frequency(Times(least=1)), "每年不少于1次"),
    ("1次/年", Frequency(Times(1, 1)), "每年1次"),
    ("每年不超过2次", Frequency(Times(most=2)), "每年不超过2次"),
    ("≥2次/年", Frequency(Times(least=2)), "每年不少于2次"),
    ("同一单位同一年度不超过2次", Frequency(subject=Times(most=2)), "同一检查对象每年不超过2次"),
    ("每2年不超过1次", Frequency(subject=Times(most=1, every=2)), "同一检查对象每2年不超过1次"),
    ("市级每年1次；县级每月1次", Frequency(BY_LEVEL), "市级每年1次；县级每月1次"),
    ("A <1/年, B 1/年", Frequency(BY_GRADE), "A级每年少于1次；B级每年1次"),
    ("每年1次，同一单位不超过2次", Frequency(Times(1, 1), Times(most=2)), "每年1次；同一检查对象每年不超过2次"),
    ("A <1/年, D 按需", Frequency(AS_NEEDED_FOR_D), "A级每年少于1次；D级根据实际情况确定"),
    ("根据实际情况确定", Frequency(), "根据实际情况确定"),
]


@pytest.mark.parametrize(("written", "rule", "shown"), REAL, ids=[row[0] for row in REAL])
def test_every_real_expression_has_a_structure_and_comes_back_as_a_sentence(written, rule, shown):
    stored = json.loads(json.dumps(frequency_to_json(rule)))

    assert frequency_from_json(stored) == rule
    assert sentence(rule) == shown


@pytest.mark.parametrize(
    ("typed", "times"),
    [
        ("每年1次", Times(1, 1)),
        ("1 次／年", Times(1, 1)),
        ("≥2次/年", Times(least=2)),
        ("每两年不超过1次", Times(most=1, every=2)),
        ("每半年1-2次", Times(1, 2, period=Period.HALF_YEAR)),
        ("每季度至少1次", Times(least=1, period=Period.QUARTER)),
        ("每年一次", Times(1, 1)),
        ("一年一次", Times(1, 1)),
        ("两年一次", Times(1, 1, every=2)),
        ("每年十二次", Times(12, 12)),
        ("每年两至三次", Times(2, 3)),
        ("年度内不超过两次", Times(most=2)),
        ("1次/季", Times(1, 1, period=Period.QUARTER)),
        ("每个月1次", Times(1, 1, period=Period.MONTH)),
        ("每年最多2次", Times(most=2)),
        ("每年1次以上", Times(least=1)),
    ],
)
def test_what_officials_type_is_read(typed, times):
    assert read_times(typed) == times


@pytest.mark.parametrize("typed", ["", "常常", "每年0次", "每年2-1次", "1次", "每0年1次", "每年999次"])
def test_what_is_no_frequency_is_refused(typed):
    with pytest.raises(Refused, match=r"registry\.times_text"):
        read_times(typed)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        {"series": None},
        {"series": None, "subject": None, "more": None},
        {"series": {"by": "level", "rows": None}, "subject": None},
        {"series": {"by": "moon", "rows": []}, "subject": None},
        {"series": None, "subject": {"least": "1", "most": None, "every": 1, "period": "年", "is_under": False}},
        {"series": None, "subject": {"least": 1, "most": None, "every": 1, "period": "世纪", "is_under": False}},
    ],
)
def test_what_is_stored_is_read_strictly(stored):
    with pytest.raises(Refused, match=r"registry\.ratio_stored"):
        frequency_from_json(stored)


@st.composite
def times(draw):
    low, high = sorted([draw(st.integers(1, 366)), draw(st.integers(1, 366))])
    span = {"every": draw(st.integers(1, 99)), "period": draw(st.sampled_from(Period))}
    shape = draw(st.sampled_from(["exact", "least", "most", "under", "range"]))
    return {
        "exact": Times(low, low, **span),
        "least": Times(least=low, **span),
        "most": Times(most=low, **span),
        "under": Times(most=low, is_under=True, **span),
        "range": Times(low, high, **span),
    }[shape]


@given(times())
def test_it_is_read_back_from_its_own_words(one):
    assert read_times(str(one)) == one


@given(st.one_of(st.none(), times()), st.one_of(st.none(), times()))
def test_a_rule_comes_back_from_storage_as_it_was(series, subject):
    rule = Frequency(series, subject)

    assert frequency_from_json(json.loads(json.dumps(frequency_to_json(rule)))) == rule


@pytest.mark.parametrize(
    "typed", ["同一单位同一年度不超过2次", "对同一企业每年最多2次", "同一检查对象年度内不超过两次", "每年不超过2次"]
)
def test_what_officials_type_about_one_subject_is_read(typed):
    assert read_visits(typed) == Times(most=2)


def test_a_series_is_not_about_one_subject():
    with pytest.raises(Refused):
        read_times("同一单位每年不超过2次")


def series(text):
    return Frequency(read_times(text))


def visits(text):
    return Frequency(None, read_times(text))


# own, upper -> does the lower unit keep to the list?
@pytest.mark.parametrize(
    ("own", "upper", "keeps"),
    [
        (series("每年2次"), series("每年1次"), True),  # a plain number of tasks is the least
        (series("每年1次"), series("每年2次"), False),
        (series("每半年1次"), series("每年2次"), True),
        (series("每2年1次"), series("每年1次"), False),
        (series("每2年2次"), series("每年1次"), False),  # both might fall in one year
        (series("每年不少于2次"), series("每年不少于1次"), True),
        (series("每年3次"), series("每年不超过2次"), False),
        (series("每季度不超过1次"), series("每年不超过4次"), True),
        (series("每月不超过1次"), series("每年不超过4次"), False),
        (series("每年少于2次"), series("每年不超过2次"), True),
        (series("每年不超过2次"), series("每年少于2次"), False),
        (series("每年不超过1次"), series("每年少于2次"), True),
        (Frequency(), series("每年1次"), False),
        (series("每年1次"), Frequency(), True),
        (series("每月1次"), Frequency(BY_LEVEL), True),  # asked for a county
        (series("每年1次"), Frequency(BY_LEVEL), False),
        (Frequency(BY_LEVEL), Frequency(BY_LEVEL), True),
        (Frequency(BY_GRADE), Frequency(BY_LEVEL), False),
        (Frequency(TimesTable(By.GRADE, (TimesRow("D", Times(1, 1)),))), Frequency(BY_GRADE), False),
        (Frequency(AS_NEEDED_FOR_D), Frequency(AS_NEEDED_FOR_D), True),
        (visits("每年不超过1次"), visits("每年不超过2次"), True),
        (visits("每年不超过3次"), visits("每年不超过2次"), False),
        (visits("每4年不超过2次"), visits("每2年不超过1次"), False),  # both might fall in two years
        (series("每年1次"), visits("每年不超过2次"), False),  # says nothing of the subject any more
        (Frequency(read_times("每年1次"), read_times("每年不超过2次")), series("每年1次"), True),
    ],
)
def test_a_lower_unit_may_not_loosen_a_frequency(own, upper, keeps):
    assert is_within(own, upper, "county") == keeps
