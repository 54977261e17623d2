"""The pages on which a draw is given up: who sees which button, what it costs, and where one goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongchou.accounts.models import Delivery, User
from gongchou.audit.guard import open_for_writing
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, Draw, Withdrawal
from gongchou.draws.operations import withdrawals
from gongchou.plans.models import Task
from gongchou.plans.operations.tasks import cancel, reopen, suspend
from tests.draws.test_withdrawals import AFTER, ask, refused_code, second_approver, withdraw, withdraw_late
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SENT = {"reason": "error_in_frame", "note": "名录少了一个镇"}


def at_desk(by: User) -> Client:
    client = Client()
    client.force_login(by)
    return client


def told(by: User, address: str) -> str:
    answer = at_desk(by).get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def address(draw: Draw, page: str) -> str:
    return f"/draws/draw/{draw.pk}/{page}/"


def soon(**own: Any) -> Batch:
    """Promised now, with sources that are fixed an hour later."""
    now = timezone.now()
    times = {"closes_at": now + timedelta(hours=1), "beacon_at": now + timedelta(hours=2)}
    return factory.committed(factory.make_batch(**times, **own), at=now)


@pytest.fixture
def drawn(home: Path) -> Draw:
    return factory.drawn(factory.make_batch()).draws.get()


def test_before_the_close_an_approver_withdraws_on_one_page(home: Path):
    draw = soon().draws.get()
    approver = approver_of(draw.task.department)
    assert address(draw, "withdraw") in told(approver, draw.get_absolute_url())
    page = told(approver, address(draw, "withdraw"))
    for words in ("不能恢复", "公示页以红色标明", "整个批次随之结束", "回到“待抽取”"):
        assert words in page

    answer = at_desk(approver).post(address(draw, "withdraw"), SENT)

    assert (answer.status_code, answer.headers["Location"]) == (303, draw.get_absolute_url())
    page = told(approver, draw.get_absolute_url())
    assert "名录有误；说明：名录少了一个镇" in page
    assert "重新组织抽取" not in page  # she approves; who keeps plans opens the next batch
    assert f"/draws/tasks/{draw.task_id}/open/" in told(keeper_of(draw.task.department), draw.get_absolute_url())


def test_before_the_close_who_only_keeps_plans_asks(home: Path):
    draw = soon().draws.get()
    page = told(keeper_of(draw.task.department), draw.get_absolute_url())

    assert address(draw, "ask-withdrawal") in page
    assert address(draw, "withdraw") not in page


@pytest.mark.parametrize("sent", [{"reason": "", "note": "错"}, {"reason": "error_in_frame", "note": ""}])
def test_without_a_reason_or_a_word_of_it_nothing_happens(home: Path, sent: dict[str, str]):
    draw = soon().draws.get()

    answer = at_desk(approver_of(draw.task.department)).post(address(draw, "withdraw"), sent)

    assert answer.status_code == 422
    assert "这个字段是必填项" in answer.content.decode()
    assert not Draw.objects.get().is_withdrawn


def test_after_the_seed_two_people_give_up_a_result(drawn: Draw):
    keeper, approver = keeper_of(drawn.task.department), approver_of(drawn.task.department)
    page = told(keeper, address(drawn, "ask-withdrawal"))
    for words in ("来源截止后撤回", "8 户不再检查", "另一位审批人同意", "24 小时以后", "原结果仍在证据包中"):
        assert words in page
    at_desk(keeper).post(address(drawn, "ask-withdrawal"), SENT)
    asked = Withdrawal.objects.get()
    assert "待您答复的撤回申请" in told(approver, "/")
    assert f'撤回申请待您答复：<a href="{drawn.get_absolute_url()}"' in told(approver, "/draws/")
    assert "撤回申请待您答复" not in told(keeper, "/draws/")
    for person, can_agree, word in ((keeper, False, "收回申请"), (approver, True, "不同意")):
        page = told(person, drawn.get_absolute_url())
        assert (f"/draws/withdrawals/{asked.pk}/agree/" in page, word in page) == (can_agree, True)
        assert address(drawn, "ask-withdrawal") not in page
    assert "名录少了一个镇" in told(approver, f"/draws/withdrawals/{asked.pk}/agree/")

    answer = at_desk(approver).post(f"/draws/withdrawals/{asked.pk}/agree/")

    assert answer.status_code == 303
    page = told(keeper, drawn.get_absolute_url())
    assert "来源截止后撤回，结果不作数" in page
    assert f"{keeper.name} 提出，{approver.name} 同意" in page
    assert Delivery.objects.filter(recipient=keeper, message__title__startswith="撤回已同意").count() == 1
    public = Client().get(f"/public/draws/{drawn.batch.code}/").content.decode()
    assert "来源截止后撤回，结果不作数" in public
    assert "名录少了一个镇" not in public


def test_who_does_not_agree_says_why_and_the_draw_stands(drawn: Draw):
    asked = ask(drawn)
    approver = approver_of(drawn.task.department)
    page = f"/draws/withdrawals/{asked.pk}/refuse/"

    assert at_desk(approver).post(page, {"reason": ""}).status_code == 422
    assert at_desk(approver).post(page, {"reason": "名录核过，没有错"}).status_code == 303

    shown = told(keeper_of(drawn.task.department), drawn.get_absolute_url())
    assert "不同意：名录核过，没有错" in shown
    assert address(drawn, "ask-withdrawal") in shown
    assert at_desk(approver).post(page, {"reason": "再来"}).status_code == 422


def test_who_asked_does_not_agree_and_another_does(drawn: Draw):
    approver = approver_of(drawn.task.department)
    asked = ask(drawn, by=approver)
    page = f"/draws/withdrawals/{asked.pk}/agree/"

    answer = at_desk(approver).post(page)

    assert answer.status_code == 409
    assert "须由另一位审批人同意" in answer.content.decode()
    assert at_desk(second_approver(drawn)).post(page).status_code == 303


def test_the_next_batch_is_offered_with_times_that_may_be(drawn: Draw):
    with_times = timezone.now()
    withdraw_late(drawn)
    with open_for_writing():
        Draw.objects.update(withdrawn_at=with_times)

    page = at_desk(keeper_of(drawn.task.department)).get(f"/draws/tasks/{drawn.task_id}/open/")

    assert page.context["form"].initial["beacon_at"] >= with_times + timedelta(hours=25)
    assert "信标时间须在" in page.content.decode()


def test_the_page_of_a_task_asks_for_its_draws(drawn: Draw):
    withdraw_late(drawn)
    keeper = keeper_of(drawn.task.department)
    assert f'hx-get="/draws/tasks/{drawn.task_id}/"' in told(keeper, drawn.task.get_absolute_url())

    page = told(keeper, f"/draws/tasks/{drawn.task_id}/")

    assert drawn.batch.code in page
    assert "来源截止后撤回" in page


# A task that went another way meanwhile -----------------------------------------------------------


def give_up(task: Task, way: Any) -> None:
    by = approver_of(task.department) if way is cancel else keeper_of(task.department)
    way(task=task, reason="演示", by=by, at=NOW)


def test_a_task_that_was_put_aside_stays_so_and_is_set_up_anew(home: Path):
    draw = factory.dispatched(factory.make_batch()).draws.get()
    give_up(draw.task, suspend)

    withdraw_late(draw)

    task = Task.objects.get(pk=draw.task_id)
    assert task.state == "suspended"
    assert reopen(task=task, reason="演示", by=keeper_of(task.department), at=AFTER).state == "created"


def test_a_task_that_was_put_aside_with_its_result_comes_back_with_it(home: Path):
    task = factory.dispatched(factory.make_batch()).draws.get().task
    give_up(task, suspend)

    task = reopen(task=task, reason="演示", by=keeper_of(task.department), at=AFTER)

    assert (task.state, task.suspended_from, task.readied_at is None) == ("dispatched", "", False)


def test_a_finished_task_keeps_its_draw(home: Path):
    draw = factory.dispatched(factory.make_batch()).draws.get()
    with open_for_writing():
        Task.objects.update(state="completed")
    draw.refresh_from_db()

    assert refused_code(ask, draw=draw) == "draws.task_over"
    page = told(keeper_of(draw.task.department), draw.get_absolute_url())
    assert "暂不能申请撤回" in page
    assert "检查已经办完" in page


def test_a_batch_with_a_cancelled_task_says_what_to_do_and_goes_on_without_it(home: Path):
    batch = factory.drawn(factory.two_departments())
    gone, stays = batch.draws.all()
    give_up(gone.task, cancel)
    page = told(approver_of(batch.department), batch.get_absolute_url())
    assert f"任务 {gone.task.number} 已取消，批次不能继续。请先撤回抽取 {gone.code}" in page
    assert "暂不能锁定结果" in page
    assert refused_code(factory.results.lock, batch=batch, by=approver_of(batch.department), at=AFTER) == (
        "draws.task_cancelled"
    )

    withdraw_late(gone)

    gone.task.refresh_from_db()
    batch.refresh_from_db()
    assert gone.task.state == "cancelled"
    assert factory.dispatched(batch).state == "dispatched"
    assert Draw.objects.get(pk=stays.pk).task.state == "dispatched"


def test_a_frozen_list_of_a_cancelled_task_is_thawed(home: Path):
    batch = factory.frozen(factory.make_batch())
    give_up(batch.draws.get().task, cancel)
    keeper = keeper_of(batch.department)
    commit = {"batch": batch, "by": approver_of(batch.department), "at": NOW}
    assert refused_code(factory.committing.commit, **commit) == "draws.task_cancelled"

    assert at_desk(keeper).post(f"/draws/{batch.pk}/thaw/", {"reason": "任务取消"}).status_code == 303

    batch.refresh_from_db()
    assert (batch.state, batch.draws.get().task.state) == ("draft", "cancelled")


def test_a_draw_that_was_given_up_alone_leaves_no_request_behind(home: Path):
    draw = factory.committed(factory.make_batch()).draws.get()
    ask(draw, at=NOW)
    withdraw(draw)

    assert "撤回申请待您答复" not in told(approver_of(draw.task.department), "/draws/")
    assert [entry.type for entry in PublicLog().entries_of(draw.batch.code)] == ["commit", "withdraw"]
    asked = Withdrawal.objects.get()
    late = {"withdrawal": asked, "by": approver_of(draw.task.department), "at": NOW}
    assert refused_code(withdrawals.agree_withdrawal, **late) == "draws.withdrawn_already"
