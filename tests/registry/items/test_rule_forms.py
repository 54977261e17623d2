"""Every real expression of a ratio or a frequency goes in through the form and comes back as the sentence."""

from __future__ import annotations

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.registry.forms.frequency import FrequencyWidget
from gongchou.registry.forms.ratio import RatioWidget
from gongchou.registry.models import ItemVersion
from tests.factories.lists import department_of_lists, keeper_of
from tests.factories.people import official, signed_in

CONTROLS = {"code": "A01", "name": "演示检查", "category": "餐饮", "kind": "key", "valid_from": "2026-01-01",
            "reason": "首次制定"}  # fmt: skip


def rows(word, *pairs):
    told = [(f"{word}-{n}", key, amount) for n, (key, amount) in enumerate(pairs)]
    return {f"{name}-key": key for name, key, _ in told} | {f"{name}-amount": amount for name, _, amount in told}


# As public lists write it (domain.md 2.2, 2.7) -> what an official chooses and types -> as it is shown
RATIOS = {
    "不低于3%或按专项计划": ({"amount": "不低于3%", "or_special_plan": "on"}, "不低于3%或按专项计划"),
    "100%": ({"amount": "100%"}, "100%"),
    "不超过2%": ({"amount": "不超过2%"}, "不超过2%"),
    "不少于2‰": ({"amount": "不少于2‰"}, "不少于2‰"),
    "33%，分布全年": ({"amount": "33%", "may_split": "on"}, "33%，可在年度内分批完成"),
    "一般不超过10%/年": ({"amount": "不超过10%", "is_usual": "on", "is_yearly": "on"}, "一般不超过10%/年"),
    "20%一次或10%两次": ({"kind": "choice", **rows("option", ("1", "20%"), ("2", "10%"))}, "20%一次或10%两次"),
    "10%，其中重点单位不低于8%": (
        {"amount": "10%", **rows("part", ("重点单位", "不低于8%"))}, "10%，其中重点单位不低于8%"),
    "根据实际情况确定": ({"kind": "as_needed"}, "根据实际情况确定"),
    "60-70家": ({"amount": "60－70家"}, "60-70家"),
    "市级2% 区级10%": ({"kind": "level", "level-city": "2%", "level-county": "10%"}, "市级2%；县级10%"),
    "A3% B4% C5% D6%": (
        {"kind": "grade", "grade-A": "3%", "grade-B": "4%", "grade-C": "5%", "grade-D": "6%"},
        "A级3%；B级4%；C级5%；D级6%"),
    "A低于3% D20-100%": ({"kind": "grade", "grade-A": "低于3%", "grade-D": "20-100%"}, "A级低于3%；D级20%-100%"),
    "高校30%, 中小学幼儿园50%": (
        {"kind": "group", **rows("group", ("高校", "30%"), ("中小学幼儿园", "50%"))}, "高校30%；中小学幼儿园50%"),
    "经办≥20%, 三级≥50%, 二级≥30%": (
        {"kind": "group", **rows("group", ("经办机构", "≥20%"), ("三级", "≥50%"), ("二级", "30%以上"))},
        "经办机构不低于20%；三级不低于50%；二级不低于30%"),
    "更多类别": (
        {"kind": "group", **rows("group", *((f"第{n}类", f"{n}%") for n in range(1, 8)))},
        "第1类1%；第2类2%；第3类3%；第4类4%；第5类5%；第6类6%；第7类7%"),
    "≥0.5%": ({"amount": "≥0.5%"}, "不低于0.5%"),
}  # fmt: skip
FREQUENCIES = {
    "每年不少于1次": ({"series": "每年不少于1次"}, "每年不少于1次"),
    "1次/年": ({"series": "1次/年"}, "每年1次"),
    "每年不超过2次": ({"series": "每年不超过2次"}, "每年不超过2次"),
    "≥2次/年": ({"series": "≥2次/年"}, "每年不少于2次"),
    "每年一次，同一单位同一年度不超过2次": (
        {"series": "每年一次", "subject": "同一单位同一年度不超过2次"}, "每年1次；同一检查对象每年不超过2次"),
    "每2年不超过1次": ({"kind": "none", "subject": "每2年不超过1次"}, "同一检查对象每2年不超过1次"),
    "市级每年1次；县级每月1次": (
        {"kind": "level", "level-city": "每年1次", "level-county": "每月1次"}, "市级每年1次；县级每月1次"),
    "A<1/年 B1/年 C<2/年 D按需": (
        {"kind": "grade", "grade-A": "少于1次/年", "grade-B": "1次/年", "grade-C": "少于2次/年", "grade-D": "按需"},
        "A级每年少于1次；B级每年1次；C级每年少于2次；D级根据实际情况确定"),
    "高校每年2次，幼儿园每季度1次": ({"kind": "group", **rows("group", ("高校", "每年2次"), ("幼儿园", "每季度1次"))},
                 "高校每年2次；幼儿园每季度1次"),
    "根据实际情况确定": ({"kind": "none"}, "根据实际情况确定"),
}  # fmt: skip


def sent(name, controls):
    return {f"{name}-{key}": text for key, text in {"kind": "flat", **controls}.items()}


def save(client, ratio, frequency):
    owner = department_of_lists()
    told = {**CONTROLS, "owner": owner.pk, **sent("ratio", ratio), **sent("frequency", frequency)}
    answer = signed_in(client, keeper_of(owner)).post("/registry/items/add/", told)
    assert answer.status_code == 303, answer.context["form"].errors
    return ItemVersion.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize("written", RATIOS)
def test_every_real_ratio_is_filled_in_and_shown_as_a_sentence(client, written):
    controls, sentence = RATIOS[written]

    version = save(client, controls, {"series": "每年1次"})
    page = client.get(version.get_absolute_url()).content.decode()
    shown = client.get(f"/registry/versions/items/{version.pk}/change/").context["form"]["ratio"]

    assert version.ratio_words == sentence
    assert f'<dd class="words">{sentence}</dd>' in page
    assert f"表述为：<strong>{sentence}</strong>" in str(shown)
    assert f'value="{controls.get("kind", "flat")}" checked' in str(shown)


@pytest.mark.django_db
@pytest.mark.parametrize("written", FREQUENCIES)
def test_every_real_frequency_is_filled_in_and_shown_as_a_sentence(client, written):
    controls, sentence = FREQUENCIES[written]

    version = save(client, {"amount": "3%"}, controls)
    page = client.get(version.get_absolute_url()).content.decode()

    assert version.frequency_words == sentence
    assert f'<dd class="words">{sentence}</dd>' in page


@pytest.mark.parametrize(
    ("widget", "written", "controls"),
    [
        *((RatioWidget(), written, controls) for written, (controls, _) in RATIOS.items()),
        *((FrequencyWidget(), written, controls) for written, (controls, _) in FREQUENCIES.items()),
    ],
)
def test_a_stored_rule_fills_its_controls_so_that_saving_again_changes_nothing(widget, written, controls):
    stored = widget.read({"kind": "flat", **controls})

    again = widget.read(widget.raw(stored))

    assert again == stored


@pytest.mark.django_db
def test_the_controls_of_other_ways_are_left_aside(client):
    version = save(client, {"kind": "as_needed", "amount": "3%", "level-city": "若干"}, {"series": "每年1次"})

    assert version.ratio == {"kind": "as_needed"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["flat", "level", "grade", "group", "choice", "as_needed"])
def test_what_was_typed_stands_there_again_whatever_else_was_wrong(client, kind):
    owner = department_of_lists()
    typed = {"kind": kind, "amount": "若干", "grade-A": "大约3%", **rows("group", ("高校", "很多")), "is_usual": "on"}
    told = {**CONTROLS, "owner": owner.pk, "name": "", **sent("ratio", typed), **sent("frequency", {"series": "常常"})}

    answer = signed_in(client, keeper_of(owner)).post("/registry/items/add/", told)

    page = answer.content.decode()
    kept = ['value="若干"', 'value="大约3%"', 'value="高校"', 'value="很多"', 'value="常常"']
    assert (answer.status_code, [text for text in kept if text not in page]) == (422, [])
    assert f'value="{kind}" checked' in page
    assert "“常常”不是能识别的频次" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "controls", "told"),
    [
        ("ratio", {"amount": "不低于3%", "is_usual": "on"}, "表述为：<strong>一般不低于3%</strong>"),
        ("ratio", {"amount": "3-2%"}, "前一个数大于后一个数"),
        ("ratio", {"amount": "100000%"}, "超过了100%"),
        ("ratio", {"kind": "level"}, "请至少填写一行"),
        ("ratio", {"kind": "nothing"}, "请选择比例的确定方式"),
        ("ratio", {"kind": "choice", **rows("option", ("0", "3%"), ("x", "4%"))}, "请填写1至10之间的整数"),
        ("ratio", {"kind": "group", **rows("group", ("高校", "3%"), ("高校", "4%"))}, "填写了两次"),
        ("ratio", {}, ""),
        ("frequency", {"series": "1次/年"}, "表述为：<strong>每年1次</strong>"),
        ("frequency", {"subject": "同一单位常常"}, "不是能识别的频次"),
    ],
)
def test_the_sentence_is_told_while_somebody_types(client, name, controls, told):
    signed_in(client, official(RoleCode.LIAISON))

    answer = client.get(f"/registry/rules/{name}/words/", sent(name, controls))

    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert bool(answer.content.strip()) == bool(told)


@pytest.mark.django_db
def test_there_are_two_rules_only(client):
    signed_in(client, official(RoleCode.LIAISON))

    assert client.get("/registry/rules/colour/words/").status_code == 404


@pytest.mark.django_db
def test_all_amounts_that_cannot_be_read_are_named_once(client):
    owner = department_of_lists()
    typed = {"amount": "大约3%", **rows("part", ("高校", "4%"), ("企业", "若干"), ("其他", "若干"))}
    told = {**CONTROLS, "owner": owner.pk, **sent("ratio", typed), **sent("frequency", {"series": "每年1次"})}

    page = signed_in(client, keeper_of(owner)).post("/registry/items/add/", told).content.decode()

    assert page.count("“大约3%”“若干”不是能识别的比例或数量。") == 1
