"""The year from left to right: the drawing and the table show the same lines, and late ones say so in words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.plans import charts
from gongchou.plans.models import Line, LineVersion, PlanVersion, Task
from gongchou.plans.operations import tasks
from tests.factories import plans as factory
from tests.factories.lists import department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, official, signed_in
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    ("day", "is_end", "at"),
    [
        (date(2026, 1, 1), False, charts.LEFT),
        (date(2026, 12, 31), True, charts.LEFT + charts.YEAR_WIDTH),
        (date(2025, 6, 1), False, charts.LEFT),
        (date(2027, 6, 1), True, charts.LEFT + charts.YEAR_WIDTH),
        (date(2026, 7, 2), True, charts.LEFT + round(charts.YEAR_WIDTH * 183 / 365, 1)),
    ],
)
def test_a_day_has_its_place_and_other_years_the_edge(day: date, is_end: bool, at: float):
    assert charts.place_of(day, 2026, is_end=is_end) == pytest.approx(at)


def test_a_bar_is_never_too_thin_to_see():
    day = date(2026, 5, 5)

    assert charts.span("x", (day, day), 2026, 0, state="done", words="").width >= 2


def this_year() -> int:
    return timezone.localdate().year


def published(n: int = 1, **own: Any) -> PlanVersion:
    """A plan of this year with so many lines."""
    make_subject(1)
    item = make_item("A01", frequency={"series": None, "subject": None}).item
    version = factory.make_plan(year=this_year())
    days = {"begins_on": date(this_year(), 1, 1), "ends_on": date(this_year(), 12, 31)}
    for number in range(n):
        factory.make_line(version, items=[item], name=f"演示第{number}行检查", **{**days, **own})
    return factory.publish(version)


def moved(line: LineVersion, *, state: str = "not_started", **own: Any) -> None:
    """A line somewhere else in the year, or further on its way."""
    with open_for_writing():
        LineVersion.objects.filter(pk=line.pk).update(**own)
        Line.objects.filter(pk=line.line_id).update(state=state)


def page(client: Client, query: str = "") -> Any:
    return signed_in(client, official(RoleCode.LEADER)).get(f"/plans/calendar/?{query}")


def test_the_drawing_and_the_table_show_the_same_lines_of_the_year(client: Client):
    version = published(2)
    next_year = date(this_year() + 1, 5, 1)
    later = factory.make_plan(year=next_year.year)
    factory.make_line(later, name="明年的草稿", begins_on=next_year, ends_on=next_year)

    answer = page(client)

    shown = [row.record for row in answer.context["table"].rows]
    assert {one.pk for one in shown} == {one.line.pk for one in answer.context["drawn"]}
    assert {one.version_id for one in shown} == {version.pk}
    assert answer.context["filter"].form["year"].value() == str(this_year())


YESTERDAY, TOMORROW = -1, 1
LATE: list[tuple[str, int, bool]] = [
    ("not_started", YESTERDAY, True),
    ("tasked", YESTERDAY, True),
    ("running", YESTERDAY, True),
    ("done", YESTERDAY, False),
    ("cancelled", YESTERDAY, False),
    ("not_started", TOMORROW, False),
    ("running", 0, False),
]


@pytest.mark.parametrize(("state", "days", "is_late"), LATE)
def test_what_is_late_says_so_on_the_bar_and_in_the_table(client: Client, state: str, days: int, is_late: bool):
    line = published().lines.get()
    moved(line, state=state, ends_on=timezone.localdate() + timedelta(days=days), begins_on=date(2000, 1, 1))

    answer = page(client)

    told = answer.content.decode()
    [drawn] = answer.context["drawn"]
    assert drawn.bar.is_late == is_late
    assert ("⚠超期" in told) == ("（超期）</td>" in told) == is_late
    assert f'class="state-{state}{" is-late" if is_late else ""}"' in told


def test_every_state_has_a_look_that_is_not_colour_alone(client: Client):
    version = published(3)
    for line, state in zip(version.lines.all(), ("tasked", "running", "done"), strict=True):
        moved(line, state=state)

    told = page(client).content.decode()

    assert 'fill="url(#hatch)"' in told and 'fill="url(#dots)"' in told
    names = re.findall(r'class="state-name"[^>]*>([^<]+)<', told)
    assert sorted(name.split()[0] for name in names) == ["已下达任务", "已完成", "执行中"]


def test_tasks_are_thin_bars_below_their_line(client: Client):
    line = published(rounds=2).lines.get()
    days = {"begins_on": date(this_year(), 3, 1), "ends_on": date(this_year(), 4, 1)}
    keeper = keeper_of(department_of_lists())
    for name in ("一", "二"):
        tasks.create_from_line(line=line, content={"name": name, **days}, by=keeper, at=NOW)
    with open_for_writing():
        Task.objects.filter(name="二").update(state="cancelled", ended_at=NOW, ended_by=keeper, end_reason="演示")

    answer = page(client)

    [drawn] = answer.context["drawn"]
    [task] = drawn.tasks
    assert drawn.bar.y < task.y and task.height < drawn.bar.height
    assert "03-01 至 04-01" in task.words
    assert answer.context["table"].rows[0].get_cell("n_tasks") == 1


def test_a_line_without_days_stands_over_the_year_and_says_so(client: Client):
    line = published().lines.get()
    moved(line, begins_on=None, ends_on=None)

    answer = page(client)

    assert "时间未定" in answer.content.decode()
    assert answer.context["drawn"][0].bar.width == charts.YEAR_WIDTH


FILTERS = [("joint=no", 1), ("joint=yes", 0), ("state=overdue", 0), ("function=market", 1), ("function=fire", 0)]


@pytest.mark.parametrize(("query", "n"), FILTERS)
def test_a_question_finds_its_lines_in_both(client: Client, query: str, n: int):
    published()

    answer = page(client, query)

    # a line of command that no department has is no choice: nothing is found, and the page says why
    assert answer.context["table"].paginator.count == n
    assert len(answer.context["drawn"]) == n


def test_a_year_that_is_none_draws_nothing_and_says_why(client: Client):
    answer = page(client, "year=abc")

    assert answer.context["drawn"] == ()
    assert "查询条件有误" in answer.content.decode()


def test_the_table_is_taken_away(client: Client):
    published(2)

    answer = page(client, "export=1")

    data = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0][-2:] == ["已建任务", "进度"]
    assert len(rows) == 3


def test_three_lines_cost_as_many_questions_as_thirty(client: Client):
    version = published(30)
    found: list[int] = []
    for n in (30, 3):
        with open_for_writing():
            LineVersion.objects.filter(pk__in=[line.pk for line in version.lines.all()[n:]]).delete()
        if not found:
            page(client)
        with CaptureQueriesContext(connection) as asked:
            client.get("/plans/calendar/")
        found.append(len(asked))

    assert found[0] == found[1]
