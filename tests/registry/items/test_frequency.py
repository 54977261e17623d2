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
    read_times,
    sentence,
)
from gongchou.registry.ratio import By

BY_LEVEL = TimesTable(By.LEVEL, (TimesRow("city", Times(1, 1)), TimesRow("county", Times(1, 1, period=Period.MONTH))))
BY_GRADE = TimesTable(By.GRADE, (TimesRow("A", Times(most=1, is_under=True)), TimesRow("B", Times(1, 1))))

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
