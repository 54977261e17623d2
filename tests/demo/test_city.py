from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from gongchou.accounts.models import Appointment, Delivery, Department, Region, User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.facts import changes_of, notes_of
from gongchou.audit.models import Line
from gongchou.demo import items
from gongchou.demo.accounts import ACCOUNTS, FIRST, PASSWORD
from gongchou.demo.expressions import FREQUENCIES, RATIOS
from gongchou.demo.trades import MARKET, TRADES
from gongchou.draw.register import read_id
from gongchou.registry.models import (
    Claim,
    Conflict,
    ImportBatch,
    Inspector,
    ItemVersion,
    JointItemVersion,
    MatterVersion,
    Membership,
    RefusedRow,
    Subject,
    SubLibrary,
    Tag,
)
from gongchou.registry.queries import subjects
from gongchou.registry.queries.items import suspended_claims
from gongchou.web.values import values_of
from tests.factories.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
MARK = '<span class="demo-mark">演示数据</span>'


def test_a_note_in_the_home_says_that_the_city_is_whole(city: dict[str, int]) -> None:
    told = json.loads((Path(settings.HOME) / "city.json").read_text(encoding="utf-8"))

    assert {name: told[name] for name in city} == city


def test_every_place_is_under_a_division_that_is_not_assigned() -> None:
    codes = Region.objects.exclude(level="province").values_list("code", flat=True)

    assert [code for code in codes if not code.startswith("9901")] == []
    assert Counter(Region.objects.filter(kind="civil").values_list("level", flat=True)) == {
        "province": 1,
        "city": 1,
        "county": 10,
        "town": 80,
    }


def test_every_credit_code_is_well_formed_and_of_a_division_nobody_has() -> None:
    numbers = list(Subject.objects.values_list("number", flat=True))
    codes = [number for number in numbers if len(number) == 18]

    assert [code for code in codes if read_id(code, "USCC") != code or code[2:6] != "9901"] == []
    assert len(codes) > 0.9 * len(numbers)


def test_every_firm_is_named_after_a_place_of_this_city() -> None:
    places = tuple(Region.objects.exclude(level__in=["province", "town"]).values_list("name", flat=True))

    assert [name for name in Subject.objects.values_list("name", flat=True) if not name.startswith(places)] == []


def test_no_telephone_number_is_one_that_rings() -> None:
    phones = {*Subject.objects.values_list("phone", flat=True), *Inspector.objects.values_list("phone", flat=True)}

    assert [phone for phone in phones - {""} if not phone.startswith("0000")] == []


def test_there_are_35_departments_and_a_bureau_of_the_province() -> None:
    whole = Department.objects.filter(is_internal_unit=False)

    assert Counter(whole.values_list("level", flat=True)) == {"province": 1, "city": 25, "county": 10}
    assert Department.objects.filter(is_internal_unit=True).count() == 8


def test_the_market_items_cover_all_27_sub_libraries() -> None:
    published = ItemVersion.objects.filter(state="published", item__owner__code="SCJG")
    covered = set(published.exclude(sub_library=None).values_list("sub_library__code", flat=True))

    assert len(MARKET) == 27
    assert set(MARKET) - covered == set()
    assert published.count() == len(items.MARKET) == 36


def test_every_ratio_and_frequency_of_the_real_lists_stands_on_some_item() -> None:
    rows = [*items.MARKET.values(), *items.OTHERS.values()]

    assert set(RATIOS) - {row.ratio for row in rows} == set()
    assert set(FREQUENCIES) - {row.frequency for row in rows} == set()


def test_no_sub_library_is_empty() -> None:
    filled = set(Membership.objects.values_list("sub_library__code", flat=True))

    assert SubLibrary.objects.count() == len(TRADES) == 39
    assert set(TRADES) - filled == set()


def test_subjects_are_of_all_kinds(city: dict[str, int]) -> None:
    kinds = set(Subject.objects.values_list("kind", flat=True))

    assert city["subjects"] == 300
    assert kinds == {
        "enterprise", "cooperative", "trader", "institution", "society", "project", "product", "behaviour",
    }  # fmt: skip


def test_the_import_takes_everything_but_six_rows_that_are_wrong() -> None:
    batches = {batch.kind: batch for batch in ImportBatch.objects.all()}
    reasons = [reason["code"] for row in RefusedRow.objects.order_by("line") for reason in row.reasons]

    assert {batch.state for batch in batches.values()} == {"done"}
    assert {kind: batch.n_refused for kind, batch in batches.items()} == {"subjects": 6, "licences": 0, "inspectors": 0}
    assert len(set(reasons)) == 6


def test_what_ran_out_is_out_of_its_sub_library() -> None:
    assert set(Membership.objects.filter(valid_to__lt="2026-05-20").values_list("state", flat=True)) == {"inactive"}


def test_each_person_counts_and_searches_the_subjects_she_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "SHARE", 0)
    seen = {by.username: set(subjects.visible(by).values_list("pk", flat=True)) for by in User.objects.all()}

    assert seen == {by.username: set(subjects.counted(by).values_list("pk", flat=True)) for by in User.objects.all()}
    looked_up = {by.username: subjects.ids_if_few(by, None) for by in User.objects.all()}
    few = {name: set(ids) for name, ids in looked_up.items() if ids is not None}
    assert few == {name: seen[name] for name in few}
    assert len(few) > 5
    assert len({len(rows) for rows in seen.values()}) > 5


def test_a_joint_item_names_its_initiator_by_the_type_of_its_subjects() -> None:
    cinemas = JointItemVersion.objects.get(field="影剧院、歌舞厅")

    assert {one.subject_type: one.department.code for one in cinemas.initiators.all()} == {
        "电影院": "XCB",
        "歌舞娱乐场所": "WLJ",
        "其他公共场所": "WJW",
    }


def test_the_eight_one_things_are_published() -> None:
    published = MatterVersion.objects.filter(state="published").exclude(one_thing="")

    assert published.values("one_thing").distinct().count() == 8


def test_a_district_has_claimed_adapted_and_left_something() -> None:
    district = Department.objects.get(code="SCJG02")

    assert Counter(Claim.objects.filter(department=district, ended_at=None).values_list("state", flat=True)) == {
        "claimed": 36,
        "adapted": 1,
    }
    assert list(suspended_claims(district)) == []


def test_versions_stand_at_every_step_of_their_life() -> None:
    assert set(ItemVersion.objects.values_list("state", flat=True)) == {"draft", "review", "published", "superseded"}


def test_what_is_revised_is_valid_from_the_day_it_is_in_china() -> None:
    newest = ItemVersion.objects.get(item__code="B05", state="published")
    first = ItemVersion.objects.get(item__code="B05", state="superseded")

    assert (first.valid_from, newest.valid_from) == (date(2026, 4, 5), date(2026, 5, 20))


def test_conflicts_stand_at_every_step() -> None:
    assert set(Conflict.objects.values_list("decision", flat=True)) == {"pending", "upheld", "rejected", "lifted"}


def test_tags_of_every_dimension_are_in_use_and_one_waits() -> None:
    used = set(Tag.objects.filter(state="in_use").values_list("dimension", flat=True))

    assert used == {"industry", "area", "risk", "licence", "focus", "qualification", "speciality"}
    assert Tag.objects.get(state="proposed").name == "预制菜经营"


def test_inspectors_differ_in_category_papers_and_scope() -> None:
    everybody = Inspector.objects.all()

    assert {"civil_servant", "qualified", "daily", "expert", "assistant"} == set(
        everybody.values_list("category", flat=True)
    )
    assert everybody.filter(does_all_items=False).exists()
    assert everybody.filter(certificates=None).exists()
    assert everybody.filter(leaves__isnull=False).exists()
    assert everybody.filter(state="inactive").exists()


def test_every_account_of_the_table_signs_in_with_the_one_password_and_has_its_role() -> None:
    users = {user.username: user for user in User.objects.all()}

    assert [one.username for one in ACCOUNTS if not users[one.username].check_password(PASSWORD)] == []
    held = set(Appointment.objects.filter(granted_at__isnull=False).values_list("user__username", "role"))
    assert {(one.username, one.role) for one in ACCOUNTS} - held == set()
    assert {one.role for one in ACCOUNTS} == set(RoleCode)


def test_all_but_the_first_were_appointed_by_two_people() -> None:
    alone = Appointment.objects.filter(requested_by=None).values_list("user__username", flat=True)

    assert set(alone) == set(FIRST)
    assert Appointment.objects.filter(granted_at=None).count() == 1


def test_there_is_something_in_the_inbox() -> None:
    told = set(Delivery.objects.values_list("recipient__username", flat=True))

    assert {"aqgly2", "scjg_fzr", "scjg_lly", "qj_lly", "scjg_jb"} <= told


# Everybody of the table opens everything in her menu ----------------------------------------------


def menu_of(page: str) -> list[str]:
    menu = re.search(r'<ul class="menu-list">(.*?)</ul>', page, re.DOTALL)
    assert menu is not None
    return re.findall(r'<a [^>]*href="([^"]+)"', menu[1])


def opened(client: Client, username: str, known: Iterable[str] = ()) -> dict[str, Any]:
    """Address -> answer, of the pages of somebody's menu that are not known yet."""
    signed_in(client, User.objects.get(username=username))
    menu = menu_of(client.get("/").content.decode())
    assert len(menu) >= 2
    return {address: client.get(address) for address in menu if address not in known}


def check_opened(answers: dict[str, Any]) -> None:
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert [address for address, answer in answers.items() if MARK not in answer.content.decode()] == []


@pytest.mark.night
@pytest.mark.parametrize("username", [account.username for account in ACCOUNTS])
def test_every_page_of_her_menu_opens_and_bears_the_mark(client: Client, username: str) -> None:
    check_opened(opened(client, username))


@pytest.fixture(scope="module")
def pages(city: dict[str, int], django_db_blocker: Any) -> dict[str, Any]:
    """Every page of any menu, as who has it first sees it."""
    found: dict[str, Any] = {}
    with django_db_blocker.unblock(), transaction.atomic():
        for account in ACCOUNTS:
            found |= opened(Client(), account.username, found)
        transaction.set_rollback(True)
    return found


def test_every_page_of_a_menu_opens_and_bears_the_mark(pages: dict[str, Any]) -> None:
    check_opened(pages)


def is_said_otherwise(ours: Any, theirs: Any) -> bool:
    """A moment by the clock here, yes and no in Chinese, and what a column says in place of nothing."""
    if isinstance(ours, datetime):
        return ours == datetime.fromisoformat(str(theirs)) and str(ours.tzinfo) == "Asia/Shanghai"
    return (ours, theirs) in {("是", "True"), ("否", "False"), (None, "—")} or theirs is None


def test_a_workbook_says_what_the_columns_of_its_list_say(pages: dict[str, Any]) -> None:
    tables = {address: table for address, page in pages.items() if (table := (page.context or {}).get("table"))}
    told = {address: (list(values_of(table)), list(table.as_values())) for address, table in tables.items()}

    cells = [
        (ours, theirs)
        for both in told.values()
        for rows in zip(*both, strict=True)
        for ours, theirs in zip(*rows, strict=True)
    ]
    differ = [(ours, theirs) for ours, theirs in cells if ours != theirs]
    assert [both for both in differ if not is_said_otherwise(*both)] == []
    assert {type(ours) for ours, _ in differ} >= {datetime, str}
    assert len([address for address, (ours, _) in told.items() if len(ours) > 1]) >= 12


def test_the_office_sees_every_page_of_the_lists_and_libraries(client: Client) -> None:
    signed_in(client, User.objects.get(username="ssjb"))

    menu = menu_of(client.get("/").content.decode())

    assert len([address for address in menu if address.startswith("/registry/")]) >= 13


def test_the_page_of_the_entrance_bears_the_mark(client: Client) -> None:
    assert MARK in client.get("/account/login/").content.decode()


def test_pages_without_an_account_bear_the_mark_as_well(client: Client) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert MARK in answer.content.decode()


# What its log tells: no key and no code that only programmers know ------------------------

RAW = re.compile(r"[a-z]+(_[a-z]+)*")


def told_of(line: Line) -> list[tuple[str, str]]:
    changes = [(one.name, part) for one in changes_of(line) for part in (one.old, one.new)]
    return [*notes_of(line), *changes]


def test_every_fact_of_every_line_is_told_in_chinese() -> None:
    names = {(line.verb, name) for line in Line.objects.order_by("index") for name, _ in told_of(line)}

    assert sorted(one for one in names if RAW.fullmatch(one[1])) == []


def test_no_value_of_any_line_is_told_as_a_code_of_the_program() -> None:
    parts = {
        (line.verb, name, part)
        for line in Line.objects.order_by("index")
        for name, value in told_of(line)
        if name not in ("账号", "申请人账号", "收件人账号")
        for part in re.split("[、；：→]", value)
    }

    assert sorted(one for one in parts if RAW.fullmatch(one[2])) == []
