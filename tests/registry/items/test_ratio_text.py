"""What officials type is read back into the rule that they see; what could mean two things is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.demo.expressions import FREQUENCIES, RATIOS
from gongchou.refusal import Refused
from gongchou.refusal import sentence as told
from gongchou.registry import frequency
from gongchou.registry.frequency_read import read_frequency
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
    Ratio,
    Table,
    ratio_from_json,
    read_ratio,
    sentence,
)


@pytest.mark.parametrize("text", RATIOS)
def test_every_ratio_of_the_demonstration_city_comes_back(text: str) -> None:
    assert read_ratio(text) == ratio_from_json(RATIOS[text])


@pytest.mark.parametrize("text", FREQUENCIES)
def test_every_frequency_of_the_demonstration_city_comes_back(text: str) -> None:
    assert read_frequency(text) == frequency.frequency_from_json(FREQUENCIES[text])


AS_TYPED = {  # domain.md 2.2, and the ways in which plans vary it -> as it is shown here
    "3%": "3%",
    "３％": "3%",
    "不低于 3 %": "不低于3%",
    "不低于3%或按专项计划": "不低于3%或按专项计划",
    "不低于3%，或按专项抽查计划执行": "不低于3%或按专项计划",
    "一般不超过10%/年": "一般不超过10%/年",
    "每年不少于10家": "不少于10家/年",
    "33%，可在年度内分批完成": "33%，可在年度内分批完成",
    "33%（可分批）": "33%，可在年度内分批完成",
    "33%，分布全年": "33%，可在年度内分批完成",
    "10%，其中重点单位不低于8%": "10%，其中重点单位不低于8%",
    "10%（其中重点单位不低于8%）": "10%，其中重点单位不低于8%",
    "10%，其中重点单位8%，一般单位5%": "10%，其中重点单位8%，其中一般单位5%",
    "市级2%；县级10%": "市级2%；县级10%",
    "市级2% 区级10%": "市级2%；县级10%",
    "市级2%、县（区）级10%": "市级2%；县级10%",
    "省级1%,市级2%,县级3%": "省级1%；市级2%；县级3%",
    "市、县级3%": "市级3%；县级3%",
    "A级3%；B级4%；C级5%；D级6%": "A级3%；B级4%；C级5%；D级6%",
    "A3% B4% C5% D6%": "A级3%；B级4%；C级5%；D级6%",
    "A类3%，B类4%，C类5%，D类6%": "A级3%；B级4%；C级5%；D级6%",
    "A、B类1%，C类10%，D类100%": "A级1%；B级1%；C级10%；D级100%",
    "高校30%；中小学、幼儿园50%": "高校30%；中小学、幼儿园50%",
    "高校：30%，中小学：50%": "高校30%；中小学50%",
    "三级医院≥50% 二级医院≥30%": "三级医院不低于50%；二级医院不低于30%",
    "20%一次或10%两次": "20%一次或10%两次",
    "20%1次，或10%2次": "20%一次或10%两次",
    "60-70家": "60-70家",
    "60—70户": "60-70户",
    "不少于20批次": "不少于20批次",
    "≥2‰": "不少于2‰",
    "根据实际情况确定": "根据实际情况确定",
    "按实际": "根据实际情况确定",
    "视情况": "根据实际情况确定",
    "按需": "根据实际情况确定",
}


@pytest.mark.parametrize("text", AS_TYPED)
def test_what_officials_type_is_read(text: str) -> None:
    assert sentence(read_ratio(text)) == AS_TYPED[text]


UNCLEAR = (
    "", "3", "0.03", "一二三", "约3%", "抽查3%", "3%左右", "3%；4%", "5%或3%", "10%，重点单位8%",
    "市级2%；高校10%", "全部", "%",
)  # fmt: skip


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_could_mean_anything_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match=r"registry\.ratio_text") as caught:
        read_ratio(text)
    assert text in told(caught.value)
    assert "市级2%；县级10%" in told(caught.value)


@pytest.mark.parametrize(
    ("text", "code"), [("5%-3%", "ratio_backwards"), ("A3%A4%", "ratio_twice"), ("300%", "ratio_over_whole")]
)
def test_a_rule_that_is_understood_but_cannot_be_says_why(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_ratio(text)


FREQUENTLY = {
    "每年1次；同一检查对象每年不超过2次": "每年1次；同一检查对象每年不超过2次",
    "1次/年，同一单位同一年度不超过2次": "每年1次；同一检查对象每年不超过2次",
    "市级每年1次；县级每月1次": "市级每年1次；县级每月1次",
    "市级每年1次；县级根据实际情况确定": "市级每年1次；县级根据实际情况确定",
    "A类每2年1次，B类每年1次": "A级每2年1次；B级每年1次",
    "餐饮每年1次；药店每年2次": "餐饮每年1次；药店每年2次",
    "≥2次/年": "每年不少于2次",
    "视情况确定": "根据实际情况确定",
}


@pytest.mark.parametrize("text", FREQUENTLY)
def test_frequencies_are_read_as_they_are_typed(text: str) -> None:
    assert frequency.sentence(read_frequency(text)) == FREQUENTLY[text]


@pytest.mark.parametrize("text", ["", "3次", "每年1次；每年2次", "市级每年1次；餐饮每年1次", "经常"])
def test_an_unclear_frequency_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match=r"registry\.frequency_text") as caught:
        read_frequency(text)
    assert "县级每月1次" in told(caught.value)


# Whatever the forms can make is read back --------------------------------------------------------

shares = st.integers(1, 10_000).map(lambda n: Decimal(n) / 100)
counts = st.integers(1, 9_999_999).map(Decimal)


def _amounts(unit: str, numbers: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Amount]:
    ranges = st.lists(numbers, min_size=2, max_size=2, unique=True).map(sorted)
    return st.one_of(
        numbers.map(lambda n: Amount(unit, n, n)),
        numbers.map(lambda n: Amount(unit, least=n)),
        numbers.map(lambda n: Amount(unit, most=n)),
        numbers.map(lambda n: Amount(unit, most=n, is_under=True)),
        ranges.map(lambda pair: Amount(unit, *pair)),
    )


amounts = st.one_of(*(_amounts(unit, shares) for unit in "%‰"), _amounts("家", counts), _amounts("批次", counts))
names = st.text("高校中小学幼儿园、重点单位培训（）", min_size=2, max_size=12).filter(
    lambda name: name[0] not in "、（）"
)
groups = st.lists(st.tuples(names, amounts), min_size=1, max_size=4, unique_by=lambda row: row[0])
flats = st.builds(
    Flat,
    amounts,
    is_usual=st.booleans(),
    is_yearly=st.booleans(),
    or_special_plan=st.booleans(),
    may_split=st.booleans(),
    parts=st.lists(st.tuples(names, amounts), max_size=2, unique_by=lambda row: row[0]).map(
        lambda rows: tuple(Part(*row) for row in rows)
    ),
)


def _tables(by: By, keys: tuple[str, ...]) -> st.SearchStrategy[Table]:
    chosen = st.lists(st.sampled_from(keys), min_size=1, unique=True)
    return chosen.flatmap(
        lambda own: st.tuples(*(st.builds(Part, st.just(key), amounts) for key in own)).map(
            lambda rows: Table(by, rows)
        )
    )


rules: st.SearchStrategy[Ratio] = st.one_of(
    flats,
    groups.map(lambda rows: Table(By.GROUP, tuple(Part(*row) for row in rows))),
    _tables(By.LEVEL, tuple(str(level) for level in Level)),
    _tables(By.GRADE, GRADES),
    st.lists(st.builds(Option, amounts, st.integers(1, 10)), min_size=2, max_size=3).map(lambda o: Choice(tuple(o))),
    st.just(AsNeeded()),
)


@given(rules)
def test_whatever_is_shown_is_read_as_what_it_was(rule: Ratio) -> None:
    assert read_ratio(sentence(rule)) == rule
