"""Whoever takes a list out of the platform stands in the log."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from tests.factories.people import official, signed_in
from tests.factories.subjects import enter, make_library, make_subject

pytestmark = pytest.mark.django_db


def told():
    return [(line.by_name, json.loads(line.data)["facts"]) for line in Line.objects.filter(verb="list.taken_out")]


def test_a_list_taken_out_is_in_the_log_with_what_was_asked_for(client):
    for number in (1, 2, 3):
        make_subject(number, name=f"演示{number}店")
    user = official(RoleCode.LEADER)
    signed_in(client, user)

    client.get(reverse("registry:subjects"), {"q": "演示2店", "kind": "", "page": "2", "export": "1"})
    client.get(reverse("registry:subjects"), {"export": "1"})

    assert told() == [
        (user.name, {"list": "检查对象名录库", "n_rows": 1, "asked": {"名称、拼音首字母、代码、地址": "演示2店"}}),
        (user.name, {"list": "检查对象名录库", "n_rows": 3, "asked": {}}),
    ]


def test_the_log_tells_the_conditions_as_the_page_does(client):
    library, user = make_library(name="演示餐饮库"), official(RoleCode.LEADER)
    enter(make_subject(1), library)
    asked = {"library": library.pk, "region": library.department.region_id, "kind": "trader", "vanished": "false"}

    signed_in(client, user).get(reverse("registry:subjects"), {**asked, "sort": "-name", "export": "1"})

    assert told()[0][1]["asked"] == {
        "分库": str(library),
        "区划（含下级）": str(library.department.region),
        "主体类别": "个体工商户",
        "全量更新未再出现": "否",
        "排序": "名称（倒序）",
    }


def test_looking_at_a_list_or_asking_wrongly_takes_nothing_out(client):
    signed_in(client, official(RoleCode.LEADER))

    client.get(reverse("registry:subjects"), {"q": "演示"})
    answer = client.get(reverse("registry:subjects"), {"kind": "nonsense", "export": "1"})

    assert (answer["Content-Type"].split(";")[0], told()) == ("text/html", [])
