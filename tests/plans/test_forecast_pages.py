"""What a plan comes to, and what a line comes to while it is typed: the pages say what the arrays compute."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from gongchou.accounts.models import Department
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line as LogLine
from gongchou.plans.models import Line, LineVersion, PlanVersion
from gongchou.plans.queries.expected import Year
from gongchou.plans.queries.outlook import Outlook
from gongchou.plans.queries.planned import n_inspectors
from gongchou.plans.queries.preview import counted_sizes
from gongchou.plans.queries.register import sizes_of
from gongchou.plans.queries.survey import Survey
from gongchou.registry.ratio import By, Level, Part, Table, ratio_to_json, read_amount
from tests.factories import plans as factory
from tests.factories.inspectors import make_inspector
from tests.factories.lists import at_least, department_of_lists, keeper_of, make_item, other_department
from tests.factories.people import make_department, official, signed_in
from tests.factories.pools import make_register
from tests.factories.pools import pool_of as pool_of_names

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ON = date(2026, 3, 2)


@pytest.fixture
def register() -> dict[str, Any]:
    return make_register()


@pytest.fixture
def draft(register: dict[str, Any]) -> PlanVersion:
    version = factory.make_plan()
    by_class = factory.by_grade(A="50%", B="50%", C="100%", D="100%")
    factory.make_line(version, name="演示风险抽查", ratio=by_class, is_risk_based=True)
    return version


def address(version: PlanVersion, **asked: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/plans/versions/{version.pk}/forecast/?{query}"


def reader(client: Client) -> Client:
    return signed_in(client, keeper_of(department_of_lists()))


def test_a_line_is_told_by_class_and_district(client: Client, draft: PlanVersion):
    page = reader(client).get(address(draft))

    [row] = page.context["sheets"]["lines"].rows
    told = dict(zip(page.context["sheets"]["lines"].head, row.cells, strict=True))
    assert (told["名录户数"], told["每次抽取"], told["全年抽取"]) == (6, "4户", 4)
    # Of two A one; of one B and one ungraded one of two, each as likely; C and D for certain.
    assert [told[name] for name in ("A级", "B级", "C级", "D级", "未评级")] == pytest.approx([1, 0.5, 1, 1, 0.5])
    assert sum(row.cells[12:]) == pytest.approx(4)


def test_the_page_says_what_the_forecast_computes_both_ways(client: Client, draft: PlanVersion):
    factory.make_line(draft, name="第二行", ratio=at_least("50%"))
    page = reader(client).get(address(draft))

    year = Year(Survey(draft, on=ON), is_whole=False).forecast
    rows = {row.cells[0]: row.cells[1:3] for row in page.context["sheets"]["totals"].rows}
    assert rows["任务（户次）"] == (7, 7)
    assert rows["上门（户次）"] == pytest.approx((7, year.together.n_visits))
    assert year.together.n_visits < 7
    visits = [row.cells[1] for row in page.context["sheets"]["visits"].rows]
    assert sum(visits) == pytest.approx(year.apart.n_doors)
    assert "是预计，不是抽取结果" in page.content.decode()


def test_how_many_are_visited_above_the_cap_of_a_document(client: Client, draft: PlanVersion):
    factory.make_line(draft, ratio=at_least("100%"))
    factory.set_norm("visit_cap", "1次", by=official(RoleCode.CONFERENCE_OFFICE, "all"))

    [*_, last] = reader(client).get(address(draft)).context["sheets"]["totals"].rows

    assert last.cells[0] == "一年超过1次的企业（户）"
    assert last.cells[1:3] == pytest.approx((4, 0))  # all that happens at a door at once is one visit


def test_a_department_is_told_where_it_has_more_to_do_than_its_people_can(client: Client, register: dict[str, Any]):
    version = factory.make_plan()
    days = {"begins_on": date(2026, 5, 1), "ends_on": date(2026, 5, 31)}
    factory.make_line(version, ratio=at_least("100%"), **days)
    make_inspector("Y1", version.plan.department, category="civil_servant")
    factory.set_norm("capacity", "每人每日1户，每年6天", by=official(RoleCode.CONFERENCE_OFFICE, "all"))

    [row] = reader(client).get(address(version)).context["sheets"]["load"].rows

    assert row.cells[1] == 1
    assert row.cells[6] == "12（超）"
    assert row.cells[14:] == (12.0, 6, "200.0%（超）")
    assert row.marks[6] == "heat-over"


def test_inspectors_of_a_unit_below_count_for_all_above(register: dict[str, Any]):
    office = department_of_lists()
    unit = make_department("U1", office.region, parent=office, is_internal_unit=True)
    make_inspector("Y1", unit, category="civil_servant")

    assert n_inspectors([office.pk, unit.pk, register["other"].pk]) == {
        office.pk: 1,
        unit.pk: 1,
        register["other"].pk: 0,
    }


def rows_in(answer: Any) -> list[list[Any]]:
    data = b"".join(answer.streaming_content)
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    return rows


@pytest.mark.parametrize("code", ["lines", "totals", "visits", "load"])
def test_each_figure_is_taken_away_as_it_is_shown(client: Client, draft: PlanVersion, code: str):
    sheet = reader(client).get(address(draft)).context["sheets"][code]

    rows = rows_in(client.get(address(draft, export=code)))

    assert rows[0] == list(sheet.head)
    assert len(rows) == len(sheet.rows) + 1
    assert LogLine.objects.order_by("-index").values_list("verb", flat=True)[0] == "list.taken_out"


def test_a_figure_that_is_none_is_not_there(client: Client, draft: PlanVersion):
    assert reader(client).get(address(draft, export="x")).status_code == 404


def test_the_year_counts_drafts_of_others_and_names_none_of_them(client: Client, draft: PlanVersion):
    other = other_department(draft.plan.department)
    theirs = factory.make_plan(other)
    factory.make_line(theirs, name="他局草稿里的行", ratio=at_least("100%"))

    own = reader(client).get(address(draft))
    year = client.get(address(draft, scope="year"))

    assert own.context["year"].forecast.apart.n_tasks == 4
    assert year.context["year"].forecast.apart.n_tasks == 10
    assert "他局草稿里的行" not in year.content.decode()
    assert year.context["sheets"]["lines"].rows[-1].cells[6] == 6


def test_a_base_counted_by_hand_is_told_and_left_out_of_the_doors(client: Client, register: dict[str, Any]):
    version = factory.make_plan()
    factory.make_line(version, bases={"": 60}, ratio=at_least("10%"))

    page = reader(client).get(address(version))

    [row] = page.context["sheets"]["lines"].rows
    assert (row.cells[3], row.cells[6], row.cells[7]) == (60, 6, None)
    assert page.context["year"].forecast.apart.n_doors == 0
    assert "有1行的抽查基数是人工统计的" in page.content.decode()


@pytest.mark.parametrize("scope", ["plan", "year"])
@pytest.mark.parametrize("has_line", [False, True])
def test_a_plan_without_lines_and_a_line_without_anybody_come_to_nothing(client: Client, scope: str, has_line: bool):
    version = factory.make_plan()
    if has_line:
        factory.make_line(version)

    page = reader(client).get(address(version, scope=scope))

    assert page.status_code == 200
    assert page.context["year"].forecast.apart.n_tasks == 0
    assert has_line or "还没有计划行" in page.content.decode()


def n_queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


@pytest.mark.parametrize("scope", ["plan", "year"])
def test_thirty_lines_cost_as_many_questions_as_three(client: Client, register: dict[str, Any], scope: str):
    version = factory.make_plan()
    others = [other_department(version.plan.department, f"W{n}") for n in range(3)]
    with open_for_writing():
        Department.objects.update(is_conference_member=True)
    for one in others:
        one.refresh_from_db()
    item = make_item("A01").item
    for _ in range(3):
        factory.make_line(version, items=[item], participants=others[:1])
    reader(client)
    few = n_queries(client, address(version, scope=scope))
    for n in range(27):
        factory.make_line(version, items=[item], participants=others[: n % 4])

    assert n_queries(client, address(version, scope=scope)) == few


GROUPS = Table(By.GROUP, tuple(Part(name, read_amount("50%")) for name in ("重点", "小类", "没有这个标签")))


@pytest.mark.parametrize("wanted", [{}, {"regions": ("990102",)}, {"tags": ("小类",)}], ids=str)
def test_groups_are_counted_from_the_one_reading_as_the_database_counts_them(register: dict[str, Any], wanted: Any):
    pool = pool_of_names(register, **wanted)
    line = LineVersion(line=Line(number=1), pool=factory.pool_to_json(pool), ratio=ratio_to_json(GROUPS), rounds=1)

    found = Outlook([LineVersion(line=Line(number=2), rounds=1), line]).sizes(1).by_group

    assert found == sizes_of(pool, groups=("重点", "小类", "没有这个标签")).by_group
    assert set(found) == {"重点", "小类"}


def test_lines_with_groups_cost_as_many_questions_as_one(client: Client, register: dict[str, Any]):
    version = factory.make_plan()
    factory.make_line(version, ratio=ratio_to_json(GROUPS))
    reader(client)
    few = n_queries(client, address(version))
    for _ in range(5):
        factory.make_line(version, ratio=ratio_to_json(GROUPS))

    assert n_queries(client, address(version)) == few


# While it is typed --------------------------------------------------------------------------------


def typed(version: PlanVersion, **own: Any) -> dict[str, Any]:
    return {"name": "演示行", "initiator": str(version.plan.department_id), "rounds": "1", **own}


def flat(text: str) -> dict[str, str]:
    return {"ratio_kind": "flat", "ratio_flat": text}


POOLS: list[dict[str, Any]] = [
    {},
    {"libraries": ("CY",)},
    {"regions": ("990102",)},
    {"tags": ("重点",)},
    {"grades": ("A", "")},
    {"keepers": ("other",), "kinds": ("enterprise",)},
]
RULES: list[dict[str, Any]] = [
    at_least("40%"),
    factory.by_grade(A="1%", B="50%", C="60%", D="100%"),
    ratio_to_json(Table(By.LEVEL, tuple(Part(level, read_amount("50%")) for level in (Level.CITY, Level.COUNTY)))),
]


@pytest.mark.parametrize("wanted", POOLS, ids=str)
@pytest.mark.parametrize("rule", RULES, ids=["flat", "grade", "level"])
def test_a_single_pool_is_counted_as_the_arrays_count_it(register: dict[str, Any], wanted: Any, rule: Any):
    pool = factory.pool_to_json(pool_of_names(register, **wanted)) if wanted else {}
    line = LineVersion(version=PlanVersion(), line=Line(number=1), pool=pool, ratio=rule, rounds=2)

    slow = Outlook([line])

    assert counted_sizes(line) == slow.sizes(0)


def preview(client: Client, version: PlanVersion, **own: Any) -> Any:
    return client.post(f"/plans/versions/{version.pk}/preview/", typed(version, **own))


@pytest.fixture
def keeper(client: Client, draft: PlanVersion) -> Client:
    return signed_in(client, keeper_of(draft.plan.department))


def test_a_preview_says_how_many_and_saves_nothing(keeper: Client, draft: PlanVersion):
    n_log, n_lines = LogLine.objects.count(), LineVersion.objects.count()

    page = preview(keeper, draft, **{"ratio-kind": "flat"})

    told = page.content.decode()
    assert page.context["preview"].drawn.size == 6
    assert "没有填写抽查比例" in told
    assert (LogLine.objects.count(), LineVersion.objects.count()) == (n_log, n_lines)


def test_only_who_writes_plans_asks_for_a_preview(client: Client, draft: PlanVersion):
    leader = signed_in(client, official(RoleCode.LEADER))

    assert preview(leader, draft).status_code == 403


def test_a_preview_shows_names_only_as_far_as_somebody_sees(client: Client, draft: PlanVersion, register: Any):
    clerk = official(RoleCode.PLAN_CLERK, "own", department=register["other"])
    version = factory.make_plan(register["other"])

    page = preview(signed_in(client, clerk), version)

    assert {one.name for one in page.context["preview"].sample} == {"演示四号", "演示五号"}
    assert page.context["preview"].drawn.size == 6


def test_what_is_typed_wrong_is_named_and_the_rest_is_counted(keeper: Client, draft: PlanVersion):
    page = preview(keeper, draft, rounds="99", begins_on="x", kinds=["trader"])

    assert page.context["wrong"] == ["全年抽取次数", "开始日期"]
    assert page.context["preview"].drawn.size == 2


def test_the_form_of_a_line_asks_for_its_preview(keeper: Client, draft: PlanVersion):
    for path in (f"/plans/versions/{draft.pk}/lines/add/", f"/plans/contents/{draft.lines.get().pk}/change/"):
        assert f'hx-post="/plans/versions/{draft.pk}/preview/"' in keeper.get(path).content.decode()


def test_the_totals_say_what_they_leave_out(client: Client, draft: PlanVersion):
    assert "没有计入" not in reader(client).get(address(draft)).context["sheets"]["totals"].meaning

    factory.make_line(draft, name="尚无比例", ratio={})
    factory.make_line(draft, name="手工基数", ratio=at_least("50%"), pool={}, bases={"": 8})

    told = reader(client).get(address(draft)).context["sheets"]["totals"].meaning
    assert "有1行抽取数量未定，1行按手工填写的基数计算、不知道是哪些企业，没有计入。" in told
