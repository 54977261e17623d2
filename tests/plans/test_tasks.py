"""Tasks come from published lines; others say where they come from and are counted apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.accounts.models import Delivery, Department, User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.checklists.models import ChecklistVersion
from gongchou.checklists.operations import bring_version
from gongchou.plans.models import LineVersion, Participant, Task
from gongchou.plans.operations import joint, norms, parties, tasks
from gongchou.plans.queries import tasks as queries
from gongchou.refusal import Refused
from tests.factories import checklists
from tests.factories import plans as factory
from tests.factories.lists import approver_of, at_least, department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, appoint, make_department, make_region, make_user, signed_in
from tests.factories.subjects import enter, make_library, make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SCHEME = dict.fromkeys(("goals", "duties", "measures", "deadlines"), "演示")
SPRING = {"name": "春季检查", "begins_on": date(2026, 3, 1), "ends_on": date(2026, 6, 30)}


@pytest.fixture
def home() -> Department:
    return department_of_lists()


@pytest.fixture
def keeper(home: Department) -> User:
    return keeper_of(home)


@pytest.fixture
def line(home: Department) -> LineVersion:
    library = make_library("CY")
    for number in range(1, 11):
        enter(make_subject(number), library)
    version = factory.make_plan()
    row = factory.make_line(version, items=[make_item("A01").item], pool=factory.pool_of(library), rounds=2)
    factory.put_out(version)
    row.refresh_from_db()
    return LineVersion.objects.get(pk=row.pk)


def from_line(line: LineVersion, **own: Any) -> Task:
    return tasks.create_from_line(line=line, content={**SPRING, **own}, by=keeper_of(line.initiator), at=NOW)


def ready(task: Task) -> Task:
    by = keeper_of(task.department)
    scheme = tasks.write_scheme(task=task, content=SCHEME, by=by, at=NOW)
    tasks.publish_scheme(scheme=scheme, url="", by=by, at=NOW)
    return tasks.make_ready(task=task, by=by, at=NOW)


def test_a_task_starts_with_what_its_line_says(line: LineVersion) -> None:
    task = from_line(line)

    assert (task.ratio, task.pool, task.round, task.source) == (line.ratio, line.pool, 1, "plan")
    assert [one.department for one in task.participants.all()] == [line.initiator]
    assert task.number == "SCJG双随机抽查〔2026〕1号"
    line.line.refresh_from_db()
    assert line.line.state == "tasked"


# Forms -------------------------------------------------------------------------------------------


def set_to(party: Participant, forms: list[ChecklistVersion], **own: Any) -> None:
    told = {"items": list(party.items.all()), "n_people": 2, "qualification": "", **own}
    parties.set_participant(participant=party, checklists=forms, **told, by=keeper_of(party.department), at=NOW)


def test_a_task_takes_the_forms_in_use_for_its_items(line: LineVersion) -> None:
    item = line.items.get()
    base, form = checklists.make_checklist(), checklists.make_checklist(items=[item])
    checklists.make_checklist(items=[make_item("A02").item])

    task = from_line(line)

    assert set(task.participants.get().checklists.all()) == {base, form}


def test_a_form_that_was_replaced_stays_with_the_task(line: LineVersion, keeper: User) -> None:
    item = line.items.get()
    first = checklists.make_checklist(items=[item])
    party = from_line(line).participants.get()
    told: dict[str, Any] = {"brought": checklists.brought(), "by": keeper, "at": NOW}
    second = checklists.publish(bring_version(checklist=first.checklist, items=[item], **told))

    page = signed_in(Client(), keeper).get(party.task.get_absolute_url()).content.decode()
    assert "已有新版" in page

    set_to(party, [first])
    assert list(party.checklists.all()) == [first]
    set_to(party, [second])
    assert list(party.checklists.all()) == [second]
    with pytest.raises(Refused, match=r"plans\.checklist_foreign"):
        set_to(party, [first])


def test_a_form_for_other_items_is_refused(line: LineVersion) -> None:
    other = make_item("A02").item
    form = checklists.make_checklist(items=[other])
    party = from_line(line).participants.get()

    with pytest.raises(Refused, match=r"plans\.checklist_foreign"):
        set_to(party, [form])

    set_to(party, [form], items=[*line.items.all(), other])
    assert list(party.checklists.all()) == [form]


def test_the_page_says_which_items_have_no_form_yet(line: LineVersion, keeper: User) -> None:
    task = from_line(line)
    client = signed_in(Client(), keeper)
    assert '<span class="badge text-bg-warning">缺</span> A01' in client.get(task.get_absolute_url()).content.decode()

    set_to(task.participants.get(), [checklists.make_checklist(items=list(line.items.all()))])

    assert "text-bg-warning" not in client.get(task.get_absolute_url()).content.decode()


# -------------------------------------------------------------------------------------------------


def test_a_line_gets_as_many_tasks_as_it_draws(line: LineVersion) -> None:
    assert [from_line(line).round, from_line(line).round] == [1, 2]

    with pytest.raises(Refused, match=r"plans\.line_tasked"):
        from_line(line)


def test_a_cancelled_task_leaves_its_place_to_another(line: LineVersion, home: Department) -> None:
    task = from_line(line)
    tasks.cancel(task=task, reason="上级另有安排", by=approver_of(home), at=NOW)

    line.line.refresh_from_db()
    assert line.line.state == "not_started"
    assert from_line(line).number == "SCJG双随机抽查〔2026〕2号"


@pytest.mark.parametrize(
    "days",
    [
        {"begins_on": date(2026, 2, 1), "ends_on": date(2026, 6, 30)},
        {"begins_on": date(2026, 3, 1), "ends_on": date(2026, 12, 31)},
    ],
)
def test_a_task_stays_within_the_time_of_its_line(line: LineVersion, days: Any) -> None:
    with pytest.raises(Refused, match=r"plans\.task_outside_line"):
        from_line(line, **days)


def test_dates_the_wrong_way_round_are_refused(line: LineVersion) -> None:
    with pytest.raises(Refused, match=r"plans\.dates_reversed"):
        from_line(line, begins_on=date(2026, 6, 1), ends_on=date(2026, 5, 1))


def test_a_draft_has_no_tasks(home: Department) -> None:
    make_subject(1)
    row = factory.make_line(factory.make_plan(), items=[make_item("A01").item])

    with pytest.raises(Refused, match=r"plans\.line_not_published"):
        from_line(row)


@pytest.mark.parametrize(
    ("source", "note", "code"),
    [
        ("plan", "计划", "plans.task_source"),
        ("whim", "x", "plans.task_source"),
        ("lead", " ", "plans.task_source_note"),
    ],
)
def test_a_task_outside_the_plan_says_where_it_comes_from(
    home: Department, keeper: User, source: str, note: str, code: str
) -> None:
    told = {"source": source, "source_note": note, "content": factory.task_content()}

    with pytest.raises(Refused) as refused:
        tasks.create_apart(department=home, **told, by=keeper, at=NOW)

    assert refused.value.code == code


def test_tasks_outside_the_plan_are_counted_apart(line: LineVersion, keeper: User) -> None:
    from_line(line)
    factory.make_task()

    counts = queries.counts_by_source(queries.visible(keeper))

    assert counts == {"plan": 1, "lead": 1, "campaign": 0, "superior": 0}


def test_a_task_is_ready_when_nothing_lacks(line: LineVersion) -> None:
    assert ready(from_line(line)).state == "ready"


def test_all_that_lacks_is_told_at_once(line: LineVersion, keeper: User) -> None:
    task = from_line(line)
    fire = make_department("XFJY", task.department.region, is_conference_member=True)
    parties.invite(task=task, departments=[fire], by=keeper, at=NOW)
    tasks.edit(task=task, content={"pool": factory.pool_of(kinds=("behaviour",))}, by=keeper, at=NOW)

    with pytest.raises(Refused) as refused:
        tasks.make_ready(task=task, by=keeper, at=NOW)

    assert refused.value.facts["lacks"] == (
        "XFJY尚未答复；名单条件下没有可抽取的对象；"
        "名单与计划不同，应抽数由1户变为0户，请在“任务说明”中写明理由；工作方案尚未公布"
    )


def test_more_than_there_are_cannot_be_drawn(line: LineVersion, keeper: User) -> None:
    with open_for_writing():
        LineVersion.objects.filter(pk=line.pk).update(ratio=at_least("100%"))
    line.refresh_from_db()
    task = from_line(line)
    left_out = list(queries.subjects_in(task)[:3])
    tasks.exclude(task=task, subjects=left_out, reason="专项检查中", by=keeper, at=NOW)

    with pytest.raises(Refused, match="应抽10户，可抽取的只有7户"):
        ready(task)


def test_what_is_left_out_is_listed_with_its_reason_and_comes_back(line: LineVersion, keeper: User) -> None:
    task = from_line(line)
    first = queries.subjects_in(task).order_by("number").first()
    assert first is not None
    tasks.exclude(task=task, subjects=[first], reason="六十日内已检查", by=keeper, at=NOW)

    pool = queries.look_at_pool(task)
    assert (pool.n, pool.n_out, pool.n_left) == (10, 1, 9)
    assert first not in pool.sample
    exclusion = task.exclusions.get()
    assert (exclusion.subject, exclusion.reason) == (first, "六十日内已检查")

    tasks.include(exclusion=exclusion, by=keeper, at=NOW)
    assert queries.look_at_pool(task).n_left == 10


def test_what_is_ready_is_changed_only_after_it_is_taken_back(line: LineVersion, keeper: User) -> None:
    task = ready(from_line(line))

    with pytest.raises(Refused, match=r"plans\.task_set"):
        tasks.edit(task=task, content={"name": "换个名字"}, by=keeper, at=NOW)

    tasks.reopen(task=task, reason="名单条件要调整", by=keeper, at=NOW)
    assert tasks.edit(task=task, content={"name": "换个名字"}, by=keeper, at=NOW).name == "换个名字"


def test_who_agreed_to_the_line_is_in_the_task_with_its_items(home: Department, keeper: User) -> None:
    make_subject(1)
    fire = make_department("XFJY", home.region, is_conference_member=True)
    own, theirs = make_item("A01").item, make_item("XF01", owner=fire).item
    version = factory.make_plan()
    row = factory.make_line(version, items=[own])
    joint.invite(line=row, departments=[fire], message="", by=keeper, at=NOW)
    told = {"is_accepted": True, "reason": "", "items": [theirs], "n_people": 1}
    joint.answer(invitation=row.line.invitations.get(), **told, by=keeper_of(fire), at=NOW)
    factory.put_out(version)

    task = from_line(LineVersion.objects.get(pk=row.pk))

    found = {(one.department.code, one.is_lead, tuple(one.items.all())) for one in task.participants.all()}
    assert found == {("SCJG", True, (own,)), ("XFJY", False, (theirs,))}


def test_a_department_numbers_its_tasks_its_own_way(line: LineVersion, home: Department, keeper: User) -> None:
    pattern = "演市监双抽〔{年度}〕{序号}号"
    norms.set_numbering(department=home, year=2026, pattern=pattern, by=keeper, at=NOW)

    assert from_line(line).number == "演市监双抽〔2026〕1号"


def test_a_published_scheme_is_followed_by_a_new_version(line: LineVersion, keeper: User) -> None:
    task = ready(from_line(line))

    second = tasks.write_scheme(task=task, content={**SCHEME, "goals": "调整"}, by=keeper, at=NOW)

    assert [(one.number, one.goals) for one in task.schemes.all()] == [(2, "调整"), (1, "演示")]
    assert second.published_at is None


def test_a_task_past_its_end_is_overdue(line: LineVersion, keeper: User) -> None:
    task = from_line(line)
    rows = queries.visible(keeper)

    assert list(queries.overdue(rows, date(2026, 6, 30))) == []
    assert list(queries.overdue(rows, date(2026, 7, 1))) == [task]


def test_who_writes_a_scheme_second_reads_what_the_first_wrote(client: Client, line: LineVersion) -> None:
    task = from_line(line)
    by = keeper_of(task.department)
    page = f"{task.get_absolute_url()}scheme/"
    typed = {"goals": "甲", "duties": "乙", "measures": "丙", "deadlines": "丁"}
    opened = signed_in(client, by).get(page).context["seen"]
    tasks.write_scheme(task=task, content={**typed, "goals": "先写的目标"}, by=by, at=NOW)

    answer = client.post(page, {**typed, "seen": opened})

    assert (answer.status_code, "先写的目标" in answer.content.decode()) == (422, True)
    assert task.schemes.get().goals == "先写的目标"


# Who is asked, who is left out --------------------------------------------------------------------


def test_an_invitation_to_a_task_is_taken_back_and_given_again(line: LineVersion, keeper: User) -> None:
    task = from_line(line)
    fire = make_department("XFJY", task.department.region, is_conference_member=True)
    theirs = keeper_of(fire)
    parties.invite(task=task, departments=[fire], by=keeper, at=NOW)

    parties.revoke(participant=task.participants.get(department=fire), reason="不用了", by=keeper, at=NOW)

    assert list(Delivery.objects.filter(recipient=theirs).order_by("message__sent_at", "id").values("message__title"))
    assert ready(task).state == "ready"
    tasks.reopen(task=task, reason="再请一次", by=keeper, at=NOW)
    desk = signed_in(Client(), keeper)
    desk.post(reverse("plans:invite-to-task", args=[task.pk]), {"departments": [fire.pk]})
    assert task.participants.get(department=fire).state == "invited"


def test_the_organiser_is_not_taken_out_of_its_task(line: LineVersion, keeper: User) -> None:
    with pytest.raises(Refused, match=r"plans\.own_participant"):
        parties.revoke(participant=from_line(line).participants.get(), reason="不用了", by=keeper, at=NOW)


def test_whoever_stands_in_the_pool_is_found_and_left_out(line: LineVersion, home: Department) -> None:
    """Also a subject of another district, which the clerk does not see in the register."""
    task = from_line(line)
    far = make_department("YF", make_region("9902"))
    clerk = make_user("clerk", home)
    appoint(clerk, RoleCode.PLAN_CLERK, "own")
    subject = queries.subjects_in(task).order_by("-number").first()
    assert subject is not None
    with open_for_writing():
        type(subject).objects.filter(pk=subject.pk).update(keeper=far, region=far.region)
    client = signed_in(Client(), clerk)

    page = client.get(task.get_absolute_url(), {"who": subject.name}).content.decode()
    assert f'value="{subject.pk}"' in page
    client.post(reverse("plans:exclude-subjects", args=[task.pk]), {"chosen": [subject.pk], "reason": "刚检查过"})

    assert task.exclusions.get().subject == subject


def test_a_task_outside_the_plan_is_not_over_before_it_begins(home: Department) -> None:
    with pytest.raises(Refused, match=r"plans\.task_over"):
        factory.make_task(begins_on=date(2026, 1, 5), ends_on=date(2026, 1, 31))
