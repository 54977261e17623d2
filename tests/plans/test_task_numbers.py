"""A task draws what the approved plan promised: the same number, from the same subjects, or fewer with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.accounts.models import Department, User
from gongchou.audit.guard import open_for_writing
from gongchou.plans.models import LineVersion, PlanVersion, Task
from gongchou.plans.operations import lines, parties, plans, tasks, waivers
from gongchou.plans.queries import tasks as queries
from gongchou.plans.queries.outlook import Outlook
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules.checks import Check
from gongchou.plans.rules.line_checks import number_unknown, tasks_outside
from gongchou.refusal import Refused
from gongchou.registry.models import Subject, SubLibrary
from gongchou.registry.ratio import ratio_to_json, read_ratio
from tests.factories import plans as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item
from tests.factories.once import standing
from tests.factories.people import NOW, signed_in
from tests.factories.subjects import enter, make_library, make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SCHEME = dict.fromkeys(("goals", "duties", "measures", "deadlines"), "演示")


@pytest.fixture
def home() -> Department:
    return department_of_lists()


@pytest.fixture
def keeper(home: Department) -> User:
    return keeper_of(home)


@pytest.fixture(scope="module")
def shops(django_db_setup: None, django_db_blocker: Any) -> Iterator[SubLibrary]:
    """A hundred shops, graded in turn, half of them companies."""
    with standing(django_db_blocker):
        library = make_library("CY")
        for number in range(100):
            kind = "enterprise" if number % 2 else "trader"
            enter(make_subject(number, kind=kind), library)
        with open_for_writing():
            for at, grade in enumerate("ABCD"):
                numbers = [f"{one.number}" for one in Subject.objects.order_by("number")[at::4]]
                Subject.objects.filter(number__in=numbers).update(grade=grade)
        yield library


def published_line(ratio: str, library: SubLibrary, **own: Any) -> LineVersion:
    version = factory.make_plan()
    told = {"ratio": ratio_to_json(read_ratio(ratio)), "pool": factory.pool_of(library), **own}
    row = factory.make_line(version, items=[make_item("A01").item], **told)
    factory.put_out(version)
    return LineVersion.objects.get(pk=row.pk)


def task_of(line: LineVersion) -> Task:
    days = {"begins_on": date(2026, 3, 1), "ends_on": date(2026, 6, 30)}
    return tasks.create_from_line(line=line, content={"name": "春季检查", **days}, by=keeper_of(line.initiator), at=NOW)


def said(check: Check, version: PlanVersion, words: str) -> bool:
    return any(words in one.text for one in check(Survey(version, on=date(2026, 3, 1))))


def n_of(task: Task) -> int | None:
    task.refresh_from_db()
    quota = queries.look_at_pool(task).quota
    return quota.n if quota else None


def lacks_of(task: Task) -> str:
    by = keeper_of(task.department)
    if not task.schemes.exists():
        scheme = tasks.write_scheme(task=task, content=SCHEME, by=by, at=NOW)
        tasks.publish_scheme(scheme=scheme, url="", by=by, at=NOW)
    try:
        tasks.make_ready(task=task, by=by, at=NOW)
    except Refused as refused:
        return str(refused.facts["lacks"])
    return ""


@pytest.mark.parametrize(
    ("ratio", "rounds", "each"),
    [
        ("3%", 1, [3]),
        ("3%", 2, [3, 3]),
        ("20%，可在年度内分批完成", 4, [5, 5, 5, 5]),
        ("10%/年", 3, [4, 3, 3]),
        ("20%一次或10%两次", 1, [20]),
        ("20%一次或10%两次", 2, [10, 10]),
        ("A级4%；B级8%；C级20%；D级100%", 2, [33, 33]),
        ("12家", 2, [12, 12]),
    ],
)
def test_the_tasks_of_a_line_draw_what_its_forecast_says(
    shops: SubLibrary, ratio: str, rounds: int, each: list[int]
) -> None:
    line = published_line(ratio, shops, rounds=rounds)

    found = [n_of(task_of(line)) for _ in range(rounds)]

    assert found == each
    assert sum(each) == Outlook([line]).drawn[0].n_year


def test_a_base_counted_by_hand_waits_for_conditions(shops: SubLibrary, keeper: User) -> None:
    line = published_line("100%", shops, pool={}, bases={"": 3})
    task = task_of(line)

    assert n_of(task) == 3
    assert "计划的抽查基数3户是人工统计的" in lacks_of(task)

    tasks.edit(task=task, content={"pool": factory.pool_of(shops, grades=("D",))}, by=keeper, at=NOW)
    assert (n_of(task), lacks_of(task)) == (
        25,
        "名单与计划不同，应抽数由3户变为25户，请在“任务说明”中写明理由",
    )


@pytest.mark.parametrize(
    "content",
    [
        {"ratio": ratio_to_json(read_ratio("0.1%"))},
        {"category": "key"},
        {"is_risk_based": True},
        {"by_district": True},
    ],
)
def test_what_the_plan_decided_is_not_changed_in_a_task(
    shops: SubLibrary, keeper: User, content: dict[str, Any]
) -> None:
    task = task_of(published_line("3%", shops))

    with pytest.raises(Refused, match=r"plans\.task_planned"):
        tasks.edit(task=task, content=content, by=keeper, at=NOW)


def test_what_the_plan_left_open_is_said_in_the_task(shops: SubLibrary, keeper: User) -> None:
    task = task_of(published_line("根据实际情况确定", shops))

    tasks.edit(task=task, content={"ratio": ratio_to_json(read_ratio("7家"))}, by=keeper, at=NOW)

    assert (n_of(task), lacks_of(task)) == (7, "")


def test_a_task_draws_from_others_with_a_reason(shops: SubLibrary, keeper: User) -> None:
    task = task_of(published_line("20%", shops))
    tasks.edit(task=task, content={"pool": factory.pool_of(shops, kinds=("enterprise",))}, by=keeper, at=NOW)
    assert lacks_of(task) == "名单与计划不同，应抽数由20户变为10户，请在“任务说明”中写明理由"

    tasks.edit(task=task, content={"note": "个体工商户由所里另行安排"}, by=keeper, at=NOW)
    assert lacks_of(task) == ""


def test_a_task_does_not_draw_whom_the_plan_does_not_name(shops: SubLibrary, keeper: User) -> None:
    other = make_library("LG")
    enter(make_subject(901), other)
    task = task_of(published_line("20%", shops))

    tasks.edit(task=task, content={"pool": factory.pool_of(shops, other)}, by=keeper, at=NOW)

    assert lacks_of(task).startswith("名单中有1户不在计划第1行的抽查对象之内")


def test_the_round_of_a_cancelled_task_is_free_again(shops: SubLibrary, home: Department) -> None:
    line = published_line("3%", shops, rounds=2)
    first, second = task_of(line), task_of(line)
    tasks.cancel(task=first, reason="另有安排", by=approver_of(home), at=NOW)

    third = task_of(line)

    assert (first.round, second.round, third.round) == (1, 2, 1)
    with pytest.raises(Refused, match=r"plans\.line_tasked"):
        task_of(line)


def test_one_inspector_alone_makes_no_visit(shops: SubLibrary, keeper: User) -> None:
    task = task_of(published_line("3%", shops))
    party = task.participants.get()
    told: dict[str, Any] = {"items": list(party.items.all()), "checklists": [], "qualification": ""}

    parties.set_participant(participant=party, n_people=1, **told, by=keeper, at=NOW)

    assert lacks_of(task) == "各部门每户人数合计1人，检查时执法人员不得少于2人"


def test_a_revision_that_drops_a_line_with_a_task_is_not_published(shops: SubLibrary, keeper: User) -> None:
    line = published_line("3%", shops)
    second = factory.make_line(_revision(line, keeper), items=list(line.items.all()))
    lines.drop_line(line=second.version.lines.get(line=line.line_id), reason="合并", by=keeper, at=NOW)
    _on_its_way(second.version)
    task = task_of(line)

    with pytest.raises(Refused, match=r"plans\.line_has_tasks"):
        plans.publish(version=second.version, channel="演示", url="", by=approver_of(line.initiator), at=NOW)

    tasks.cancel(task=task, reason="计划调整", by=approver_of(line.initiator), at=NOW)
    plans.publish(version=second.version, channel="演示", url="", by=approver_of(line.initiator), at=NOW)


def _revision(line: LineVersion, keeper: User) -> PlanVersion:
    return plans.revise(plan=line.version.plan, reason="合并计划行", by=keeper, at=NOW)


def _on_its_way(version: PlanVersion) -> None:
    by, head = keeper_of(version.plan.department), approver_of(version.plan.department)
    for finding in ("coverage", "number", "ratio", "frequency"):
        waivers.waive(version=version, rule=finding, reason="演示", by=by, at=NOW)
    plans.submit(version=version, by=by, at=NOW)
    plans.approve(version=version, by=head, at=NOW)
    plans.file(version=version, filed_with="演示", by=by, at=NOW)


def test_a_task_follows_what_its_line_says_now(shops: SubLibrary, keeper: User) -> None:
    line = published_line("10%", shops)
    task = task_of(line)
    revision = _revision(line, keeper)
    content = {"ratio": ratio_to_json(read_ratio("50%"))}
    lines.edit_line(line=revision.lines.get(), content=content, by=keeper, at=NOW)
    assert any(
        "其抽查比例与调整后的计划不同" in one.text for one in tasks_outside(Survey(revision, on=date(2026, 3, 1)))
    )
    with open_for_writing():
        PlanVersion.objects.filter(pk=line.version_id).update(state="superseded", ended_at=NOW, ended_by=keeper)
    factory.put_out(revision)
    assert "抽查比例与现行计划不同" in lacks_of(task)

    tasks.edit(task=task, content={"name": "春季检查"}, by=keeper, at=NOW)

    assert (n_of(task), lacks_of(task)) == (50, "")


def test_a_share_of_nothing_is_no_draw(shops: SubLibrary) -> None:
    line = published_line("1%，可在年度内分批完成", shops, rounds=2)
    assert any(
        "有的任务没有可抽的对象" in one.text for one in number_unknown(Survey(line.version, on=date(2026, 3, 1)))
    )

    first, second = task_of(line), task_of(line)

    assert lacks_of(first) == ""
    assert lacks_of(second).startswith("本次应抽数为0户")


def test_the_preview_of_a_task_is_of_its_draw(shops: SubLibrary, keeper: User) -> None:
    task = task_of(published_line("10%，可在年度内分批完成", shops, rounds=2))
    desk = signed_in(Client(), keeper)
    address = f"{reverse('plans:task-preview')}?task="

    page = desk.post(f"{address}{task.pk}", {"libraries": [shops.pk]}).content.decode()

    assert "<strong>5户</strong>" in page
    assert desk.post(f"{address}abc").status_code == 404
