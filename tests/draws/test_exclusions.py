"""Who is left out of a draw, for which reason, and what is frozen stays frozen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gongchou.audit.guard import open_for_writing
from gongchou.draw.verify import Options, verify
from gongchou.draws.bundles import bundle_of
from gongchou.draws.drawing import outcome_of
from gongchou.draws.freezing import Tables, tables_of
from gongchou.draws.models import Batch, Draw
from gongchou.draws.operations import batches
from gongchou.draws.queries.frames import Frame, Register, draws_of, frame_of
from gongchou.draws.reasons import REASONS
from gongchou.draws.settings import Settings, to_store
from gongchou.draws.store import read
from gongchou.plans.models import Exclusion, Task
from gongchou.refusal import Refused
from gongchou.registry.models import Certificate, Subject, SubLibrary
from tests.factories import draws as factory
from tests.factories import plans
from tests.factories.inspectors import TODAY, days
from tests.factories.lists import at_least, department_of_lists, keeper_of, other_department
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ALL = at_least("100%")


def change(subject: Subject, **values: Any) -> None:
    """As an import would, past its operations."""
    with open_for_writing():
        Subject.objects.filter(pk=subject.pk).update(**values)


def set_to(batch: Batch, **settings: Any) -> None:
    with open_for_writing():
        Batch.objects.filter(pk=batch.pk).update(settings=to_store(Settings(**settings)))


def frame(batch: Batch, on: date = TODAY) -> Frame:
    """The pool of its draw; whoever the task speaks of is in it or left out, never both."""
    found = frame_of(draws_of(batch)[0], on=on)
    assert set(found.candidates) == set(found.stratum_of) | set(found.left)
    assert not set(found.stratum_of) & set(found.left)
    assert sum(found.by_reason.values()) == len(found.left)
    return found


def reason(batch: Batch, subject: Subject) -> str:
    left = frame(batch).left.get(subject.pk)
    return left.reason if left else ""


def shops() -> list[Subject]:
    return list(Subject.objects.order_by("number"))


def beside(first: Task, **own: Any) -> Task:
    """A task of another department on the same shops."""
    other = other_department(first.department)
    return factory.ready_task(other, first=101, library=SubLibrary.objects.get(code="L1"), **own)


@pytest.mark.parametrize(
    ("state", "status", "expected"),
    [
        ("active", "living", ""),
        ("inactive", "deregistered", "deregistered"),
        ("inactive", "revoked", "deregistered"),
        ("archived", "cancelled", "deregistered"),
        ("inactive", "moved_out", "moved_away"),
        ("inactive", "suspended", "suspended"),
        ("inactive", "living", "not_in_library"),
    ],
)
def test_who_does_not_live_in_the_library_is_left_out(state, status, expected):
    batch = factory.make_batch(factory.ready_task(n=3))
    change(shops()[0], state=state, status=status)

    assert reason(batch, shops()[0]) == expected
    assert frame(batch).by_reason == ({expected: 1} if expected else {})


def test_of_several_reasons_the_first_of_the_published_list_is_told():
    campaign = plans.make_campaign(department_of_lists())
    first = factory.ready_task(n=4, ratio=ALL, campaign=campaign)
    factory.dispatched(factory.make_batch(first))
    pool = plans.pool_of(SubLibrary.objects.get(code="L1"), established_before=date(2020, 1, 1))
    for one in shops():
        change(one, grade="C", established_on=date(2010, 1, 1))
    batch = factory.make_batch(beside(first, ratio=plans.by_grade(C="50%"), campaign=campaign))
    task = draws_of(batch)[0].task
    with open_for_writing():
        Task.objects.filter(pk=task.pk).update(pool=pool)
        told = {"task": task, "subject": shops()[0], "set_at": NOW, "set_by": task.created_by}
        Exclusion.objects.create(reason="演示理由", **told)
    odd = {"grade": "A", "established_on": date(2025, 1, 1), "visited_on": TODAY}
    change(shops()[0], state="inactive", status="deregistered", **odd)
    settings = {"recent_days": 90, "cap": 1, "leaves_out_campaign": True, "leaves_out_in_hand": True}
    set_to(batch, **settings)

    def include() -> None:
        with open_for_writing():
            Exclusion.objects.update(ended_at=NOW, ended_by=task.created_by)

    lifted: list[Callable[[], None]] = [
        lambda: change(shops()[0], state="active", status="living"),
        include,
        lambda: change(shops()[0], established_on=date(2010, 1, 1)),
        lambda: change(shops()[0], visited_on=None),
        lambda: set_to(batch, **(settings | {"cap": None})),
        lambda: set_to(batch, **(settings | {"cap": None, "leaves_out_campaign": False})),
        lambda: set_to(batch),
        lambda: change(shops()[0], grade="C"),
    ]
    found = [reason(batch, shops()[0])]
    for lift in lifted:
        lift()
        found.append(reason(batch, shops()[0]))

    assert found == [
        "deregistered",
        "set_aside",
        "too_new",
        "inspected_recently",
        "cap_reached",
        "campaign_drawn",
        "in_hand",
        "no_ratio",
        "",
    ]
    order = list(REASONS["exclude"])
    assert found[:-1] == sorted(found[:-1], key=order.index)


@pytest.mark.parametrize(
    ("recent_days", "condition", "visited_on", "expected"),
    [
        (None, None, TODAY, ""),
        (90, None, None, ""),
        (90, None, days(-91), ""),
        (90, None, days(-90), "inspected_recently"),
        (90, days(-200), days(-91), "inspected_recently"),
        (90, days(-30), days(-60), "inspected_recently"),
        (None, days(-30), days(-31), ""),
        (None, days(-30), days(-30), "inspected_recently"),
    ],
)
def test_the_longer_of_the_batchs_days_and_the_tasks_own_condition_counts(recent_days, condition, visited_on, expected):
    task = factory.ready_task(n=2)
    batch = factory.make_batch(task, settings=to_store(Settings(recent_days=recent_days)))
    pool = plans.pool_of(SubLibrary.objects.get(code="L1"), not_visited_since=condition)
    with open_for_writing():
        Task.objects.filter(pk=task.pk).update(pool=pool)
    change(shops()[0], visited_on=visited_on)

    assert reason(batch, shops()[0]) == expected


@pytest.mark.parametrize(("cap", "n_out"), [(None, 0), (1, 4), (2, 0)])
def test_the_cap_counts_the_doors_of_the_year(cap, n_out):
    first = factory.ready_task(n=8, ratio=at_least("50%"))
    drawn = factory.drawn(factory.make_batch(first))
    batch = factory.make_batch(beside(first), settings=to_store(Settings(cap=cap)))

    found = frame(batch)

    assert len(found.left) == n_out
    if n_out:
        assert set(found.left) == set(drawn.visits.values_list("subject", flat=True))
        assert found.by_reason == {"cap_reached": n_out}


@pytest.mark.parametrize(("state", "expected"), [("dispatched", {"in_hand": 4}), ("completed", {})])
def test_who_is_in_hand_is_left_out_until_the_other_task_is_over(state, expected):
    first = factory.ready_task(n=8, ratio=at_least("50%"))
    factory.dispatched(factory.make_batch(first))
    with open_for_writing():
        Task.objects.filter(pk=first.pk).update(state=state)
    batch = factory.make_batch(beside(first), settings=to_store(Settings(leaves_out_in_hand=True)))

    assert frame(batch).by_reason == expected


@pytest.mark.parametrize(
    ("is_wanted", "same_campaign", "same_department", "expected"),
    [
        (True, True, False, {"campaign_drawn": 4}),
        (False, True, False, {}),
        (True, False, False, {}),
        (True, True, True, {}),
    ],
)
def test_what_another_department_drew_for_the_campaign_may_be_left_out(
    is_wanted, same_campaign, same_department, expected
):
    department = department_of_lists()
    campaign = plans.make_campaign(department)
    first = factory.ready_task(n=8, ratio=at_least("50%"), campaign=campaign)
    earlier = factory.drawn(factory.make_batch(first))
    own = {"campaign": campaign if same_campaign else plans.make_campaign(department, "演示另一次")}
    library = SubLibrary.objects.get(code="L1")
    task = (
        factory.ready_task(department, first=101, library=library, **own) if same_department else beside(first, **own)
    )
    batch = factory.make_batch(task, settings=to_store(Settings(leaves_out_campaign=is_wanted)))

    found = frame(batch)

    assert found.by_reason == expected
    assert {left.evidence for left in found.left.values()} == ({draws_of(earlier)[0].commitment} if expected else set())


def test_within_one_batch_nobody_is_left_out_for_the_campaign():
    campaign = plans.make_campaign(department_of_lists())
    first = factory.ready_task(n=8, ratio=at_least("50%"), campaign=campaign)
    second = beside(first, campaign=campaign, ratio=at_least("50%"))
    batch = factory.make_batch(first, settings=to_store(Settings(leaves_out_campaign=True)))
    batch = batches.add_task(batch=batch, task=second, by=keeper_of(second.department), at=NOW)

    batch = factory.drawn(batch)

    assert [draw.left_out for draw in draws_of(batch)] == [{}, {}]
    assert batch.visits.count() == 4  # the same doors for both: tickets are shared


def test_a_supplementary_draw_leaves_out_whom_its_parent_selected():
    task = factory.ready_task(n=8, ratio=at_least("50%"))
    parent = draws_of(factory.drawn(factory.make_batch(task)))[0]
    batch = factory.make_batch(factory.ready_task(first=101, n=1))
    with open_for_writing():
        Draw.objects.filter(batch=batch).delete()
        told = {"seq": 1, "code": f"{batch.code}-01", "plan": f"{task.number} 补充抽取1"}
        Draw.objects.create(batch=batch, task=task, parent=parent, **told)

    found = frame(batch)

    assert found.by_reason == {"drawn_before": 4}
    assert set(found.left) == set(parent.hits.filter(place="selected").values_list("subject", flat=True))


@pytest.mark.parametrize("option", [{"cap": 1}, {"leaves_out_in_hand": True}, {"leaves_out_campaign": True}])
def test_a_practice_run_leaves_nobody_out_of_a_real_draw(option):
    campaign = plans.make_campaign(department_of_lists())
    first = factory.ready_task(n=8, ratio=at_least("50%"), campaign=campaign)
    factory.drawn(factory.make_batch(first, mode="test"))
    batch = factory.make_batch(beside(first, campaign=campaign), settings=to_store(Settings(**option)))

    assert frame(batch).left == {}
    first.refresh_from_db()
    assert first.state == "ready"


@pytest.mark.parametrize(
    ("option", "earlier", "is_refused"),
    [
        ({"leaves_out_in_hand": True}, {}, True),
        ({"cap": 1}, {}, True),
        ({"leaves_out_in_hand": True}, {"is_sealed": False, "is_match_sealed": False}, False),
        ({"leaves_out_in_hand": True}, {"disclosed_at": factory.BEACON}, False),
        ({}, {}, False),
    ],
)
def test_a_public_list_does_not_tell_who_was_drawn_elsewhere(option, earlier, is_refused):
    first = factory.ready_task(n=8, ratio=at_least("50%"))
    factory.dispatched(factory.make_batch(first, **earlier))
    settings = to_store(Settings(**option))
    batch = factory.make_batch(beside(first), is_sealed=False, is_match_sealed=False, settings=settings)
    code = ""

    try:
        tables_of(batch, at=factory.BEACON)
    except Refused as refused:
        code = refused.code

    assert code == ("draws.reasons_tell" if is_refused else "")


@pytest.mark.parametrize("is_in", ["ratio", "pool"])
def test_a_public_list_does_not_tell_a_grade_of_credit_risk(is_in: str):
    task = factory.ready_task(n=8, grade="D")
    by, batch = keeper_of(task.department), factory.make_batch(task, mode="test")
    told = {"ratio": plans.by_grade(D="50%"), "pool": {**task.pool, "grades": ["D"]}}
    with open_for_writing():
        Task.objects.filter(pk=task.pk).update(**{is_in: told[is_in]})
    task.refresh_from_db()

    for ask in (
        lambda: factory.make_batch(task, mode="test", is_sealed=False),
        lambda: batches.edit(batch=batch, content={"is_sealed": False}, by=by, at=NOW),
        lambda: opened_then_frozen(task),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.code == "draws.grades_tell"
    assert factory.frozen(batch)


def opened_then_frozen(task: Task) -> Batch:
    """As where the task was given another ratio when the list was open already."""
    batch = factory.make_batch(task, mode="test")
    with open_for_writing():
        Batch.objects.filter(pk=batch.pk).update(is_sealed=False)
    batch.refresh_from_db()
    return factory.frozen(batch)


def test_a_reason_that_somebody_wrote_is_in_the_evidence_as_its_digest():
    task = factory.ready_task(n=2)
    with open_for_writing():
        told = {"task": task, "subject": shops()[0], "set_at": NOW, "set_by": task.created_by}
        Exclusion.objects.create(reason="演示理由", **told)

    left = frame(factory.make_batch(task)).left[shops()[0].pk]

    assert left == ("set_aside", "0b032840700cfd792ded290cf2d1bbdf528e05b6912aa577ac057f20905a0ed8")


def test_the_registers_of_the_day_of_the_freeze_count_until_the_end():
    batch = factory.seeded(factory.make_batch(factory.ready_task(n=10)))
    before = outcome_of(batch, lambda *_: None).files()
    with open_for_writing():
        Subject.objects.update(state="inactive", status="deregistered", grade="D", visited_on=TODAY)
        SubLibrary.objects.get(code="L1").memberships.all().update(state="ended")
        Certificate.objects.update(valid_to=days(-1))

    after = factory.drawn(batch)

    assert outcome_of(after, lambda *_: None).files() == before
    kept = {one.path: read(one.sha256) for one in after.evidence.all()}
    assert {path: kept[path] for path in before} == before
    assert verify(bundle_of(after), Options()).failure is None


@pytest.mark.parametrize(
    ("ratio", "n_left", "code"),
    [(at_least("20%"), 0, "draws.pool_empty"), (plans.by_grade(D="100%"), 2, "draws.pool_empty")],
)
def test_a_draw_from_nobody_is_refused(ratio, n_left, code):
    task = factory.ready_task(n=2)
    batch = factory.make_batch(task)
    with open_for_writing():
        Task.objects.filter(pk=task.pk).update(ratio=ratio)
        if not n_left:
            SubLibrary.objects.get(code="L1").memberships.all().delete()

    with pytest.raises(Refused) as refused:
        tables_of(batch, at=NOW)

    assert (refused.value.code, refused.value.facts["left"]) == (code, n_left)


def test_a_draw_of_none_is_refused():
    task = factory.ready_task(n=2)
    batch = factory.make_batch(task)
    with open_for_writing():
        yearly = {**at_least("1户"), "is_yearly": True}
        Task.objects.filter(pk=task.pk).update(ratio=yearly, round=2, rounds=2)

    with pytest.raises(Refused) as refused:
        tables_of(batch, at=NOW)

    assert refused.value.code == "draws.nothing_to_draw"


def test_tasks_that_speak_of_the_same_subjects_read_the_register_once_and_leave_out_their_own():
    first = factory.ready_task(n=4)
    second = beside(first)
    with open_for_writing():
        pool = plans.pool_of(SubLibrary.objects.get(code="L1"), not_visited_since=days(-30))
        Task.objects.filter(pk=second.pk).update(pool=pool)
    change(shops()[0], visited_on=TODAY)
    batch = factory.make_batch(first)
    batch = batches.add_task(batch=batch, task=second, by=keeper_of(second.department), at=NOW)
    register = Register()

    together = [frame_of(draw, on=TODAY, register=register) for draw in draws_of(batch)]

    assert together == [frame_of(draw, on=TODAY) for draw in draws_of(batch)]
    assert together[0].candidates is together[1].candidates
    assert [found.by_reason for found in together] == [{}, {"inspected_recently": 1}]


def test_a_subject_has_one_name_in_all_draws_of_a_batch_and_another_in_the_next_batch():
    first = factory.ready_task(n=4)
    second = beside(first)
    batch = factory.make_batch(first)
    batch = batches.add_task(batch=batch, task=second, by=keeper_of(second.department), at=NOW)

    named = [names_in(tables_of(one, at=NOW)) for one in (batch, factory.make_batch(first, mode="test"))]

    assert [len(names) for names in named] == [2, 1]
    assert named[0][0] == named[0][1]
    assert not named[0][0] & named[1][0]


def names_in(tables: Tables) -> list[set[str]]:
    """The names of the objects in each frame."""
    frames = [read(kept.sha256).decode() for path, kept in tables.files.items() if path.endswith("frame.tsv")]
    return [{line.split("\t")[1] for line in text.splitlines()} for text in frames]


def test_a_list_is_open_only_where_its_task_says_so():
    task = factory.ready_task(is_list_public=False)

    with pytest.raises(Refused) as refused:
        factory.make_batch(task, is_sealed=False, is_match_sealed=False)

    assert refused.value.code == "draws.list_not_public"
