"""The sources of the seed by name and value: two parties, of whom one is silent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gongchou.draw.seed import party_commitment
from gongchou.draws.models import Batch
from gongchou.draws.operations import batches, committing
from gongchou.draws.views.steps import buttons_for
from tests.draws.test_certificates import words
from tests.draws.test_withdrawing import at_desk
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db
SECRET = "5e" * 32


def half_shown() -> Batch:
    """Committed, of two tasks and two parties: the organiser has shown its number."""
    batch = factory.two_departments()
    other = batch.draws.get(seq=2).task.department
    parties = [batch.department, other]
    batches.name_parties(batch=batch, departments=parties, by=keeper_of(parties[0]), at=NOW)
    for one in batch.contributions.select_related("department"):
        promise = party_commitment(batch.code, one.department.code, SECRET)
        batches.promise(contribution=one, commitment=promise, by=keeper_of(one.department), at=NOW)
    batch = factory.committed(batch)
    shown = batch.contributions.get(department=parties[0])
    committing.reveal(contribution=shown, secret=SECRET, by=keeper_of(parties[0]), at=NOW)

    return batch


def test_closing_asks_first_and_names_who_is_silent():
    batch = half_shown()
    silent = batch.draws.get(seq=2).task.department

    told = buttons_for(batch, keeper_of(batch.department), ["keep_plan"], at=batch.closes_at)

    (button,) = [one for one in told["buttons"] if one.words == "截止来源"]
    assert button.confirm.startswith(f"{silent.short_name} 还没有揭示承诺的秘密数")
    assert "10:30:00 自动截止" in button.confirm


def test_a_task_that_was_drawn_is_not_asked_to_be_set():
    batch = factory.locked(factory.make_batch())
    task = batch.draws.get().task

    page = at_desk(keeper_of(batch.department)).get(reverse("draws:open", args=[task.pk])).content.decode()

    assert "已有有效的抽取，不能再组织抽取" in page
    assert "设置完成" not in page


def test_the_paper_says_of_each_row_whose_task_and_of_each_party_what_it_gave():
    batch = factory.seeded(factory.closed(half_shown()))
    tasks = [one.task for one in batch.draws.select_related("task__department")]

    told = words(factory.drawn(batch))

    assert [told.count(f"{one.number}{one.name}".replace(" ", "")) for one in tasks] == [3, 3]
    assert SECRET in told
    assert f"{tasks[1].department.short_name}的秘密数没有按时揭示（missing）" in told
    assert factory.signer().sign(batch.last["round"]).signature[:40] in told
