"""Two tabs on one form: who saves later takes nothing back without knowing it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.accounts.models import Department
from gongchou.accounts.roles import RoleCode
from gongchou.refusal import Refused
from gongchou.registry.models import Inspector, ItemVersion, Subject
from gongchou.seen import check_unchanged, token
from tests.factories.inspectors import make_inspector
from tests.factories.lists import department_of_lists, keeper_of, make_item
from tests.factories.people import official, signed_in
from tests.factories.subjects import home, make_subject

pytestmark = pytest.mark.django_db
MEANWHILE = "您打开本页之后，有人修改并保存了：{}。"


class Tab(HTMLParser):
    """A form as a browser holds it: the values of its controls, the hidden ones too."""

    def __init__(self, client: Client, address: str) -> None:
        super().__init__()
        self.client, self.address = client, address
        self.values: dict[str, list[str]] = {}
        self.within = ""
        self.feed(client.get(address).content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        name, value = own.get("name") or "", own.get("value") or ""
        if tag == "input" and name and (own.get("type") not in ("checkbox", "radio") or "checked" in own):
            self.values.setdefault(name, []).append(value)
        elif tag in ("select", "textarea"):
            self.within = name
        elif tag == "option" and self.within and "selected" in own:
            self.values.setdefault(self.within, []).append(value)

    def handle_data(self, data: str) -> None:
        if self.within and self.lasttag == "textarea":
            self.values.setdefault(self.within, []).append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self.within = "" if tag in ("select", "textarea") else self.within

    def save(self, **own: str) -> Any:
        """Send it with other values; when it comes back with a mistake, what it says it showed counts from then on."""
        self.values |= {name: [value] for name, value in own.items()}
        answer = self.client.post(self.address, self.values)
        if answer.status_code == 422:
            self.values["seen"] = [answer.context["seen"]]
        return answer


def two_tabs(client: Client, name: str, *args: Any) -> tuple[Tab, Tab]:
    address = reverse(name, args=args)
    return Tab(client, address), Tab(client, address)


def check(first: Tab, second: Tab, one: dict[str, str], other: dict[str, str], label: str) -> Any:
    """The first saves; the second is told, keeps what was typed, and saves knowingly."""
    saved, refused = first.save(**one), second.save(**other)
    text = refused.content.decode()
    again = second.save(**one)

    assert (saved.status_code, refused.status_code, again.status_code) == (303, 422, 303)
    assert refused.context["form"].non_field_errors()[0].startswith(MEANWHILE.format(label))
    assert all(value in text for value in other.values())


def test_a_subject(client: Client):
    subject = make_subject(1, address="演示路1号", station="演示一所")
    tabs = two_tabs(signed_in(client, official(RoleCode.LIAISON)), "registry:change-subject", subject.pk)

    check(*tabs, {"address": "演示路2号"}, {"station": "演示二所"}, "住所（经营场所）")

    assert Subject.objects.values_list("address", "station").get() == ("演示路2号", "演示二所")


def test_an_inspector(client: Client):
    home()
    desk = signed_in(client, official(RoleCode.LIAISON))
    inspector = make_inspector("001", home(), title="演示一级")
    tabs = two_tabs(desk, "registry:change-inspector", inspector.pk)

    check(*tabs, {"station": "演示一所"}, {"title": "演示二级"}, "管辖片区")

    assert Inspector.objects.values_list("station", "title").get() == ("演示一所", "演示二级")


def test_a_draft(client: Client):
    version = make_item(published=False)
    desk = signed_in(client, keeper_of(department_of_lists()))
    tabs = two_tabs(desk, "registry:change-version", "items", version.pk)

    check(*tabs, {"details": "看现场一"}, {"inspecting_subject": "演示县局"}, "检查内容及要求")

    assert ItemVersion.objects.values_list("details", "inspecting_subject").get() == ("看现场一", "演示县局")


def test_a_department(client: Client):
    user = official(RoleCode.SYSTEM_ADMIN, "below")
    desk, bureau = signed_in(client, user), user.department
    tabs = two_tabs(desk, "accounts:department-change", bureau.pk)

    check(*tabs, {"short_name": "演示简称"}, {"name": "演示新局"}, "简称")

    assert Department.objects.filter(pk=bureau.pk).values_list("short_name", "name").get() == ("演示简称", "演示新局")


def test_another_mistake_leaves_what_was_seen_as_it_was(client: Client):
    subject = make_subject(1, address="演示路1号")
    first, second = two_tabs(signed_in(client, official(RoleCode.LIAISON)), "registry:change-subject", subject.pk)

    first.save(address="演示路2号")
    mistaken = second.save(name="")
    told = second.save(name="演示店")

    assert [answer.status_code for answer in (mistaken, told)] == [422, 422]
    assert told.context["form"].non_field_errors()[0].startswith(MEANWHILE.format("住所（经营场所）"))


@pytest.mark.parametrize("cut", ["x", "[]", "{}", '{"地址": 1}'])
def test_a_token_that_somebody_cut_is_one_of_other_values(cut: str):
    with pytest.raises(Refused) as refused:
        check_unchanged(cut, {"地址": ""})

    assert refused.value.facts == {"fields": "地址"}


def test_a_token_tells_no_value():
    assert "10000000001" not in token({"电话": "10000000001"})
