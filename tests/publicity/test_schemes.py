"""Work schemes before the public: the newest of each task, those outside the plans as well (R-32)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.plans.models import Scheme, Task
from gongchou.plans.operations import tasks
from gongchou.publicity.queries import plans as queries
from tests.factories import plans as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def written(task: Task, goals: str, *, is_out: bool = True) -> Scheme:
    by = keeper_of(task.department)
    content = {"goals": goals, "duties": "各查各的", "measures": "一次进户", "deadlines": "十一月底前"}
    scheme = tasks.write_scheme(task=task, content=content, by=by, at=NOW)
    return tasks.publish_scheme(scheme=scheme, url="", by=by, at=NOW) if is_out else scheme


def test_the_newest_scheme_of_a_task_outside_the_plans_is_public(client: Client) -> None:
    task = factory.make_task()
    written(task, "旧的目标")
    newest = written(task, "摸清情况")
    written(task, "还在改的目标", is_out=False)

    assert list(queries.published_schemes()) == [newest]
    assert task.name in client.get(reverse("publicity:schemes")).content.decode()
    page = client.get(reverse("publicity:scheme", args=[task.pk])).content.decode()
    assert "摸清情况" in page
    assert "旧的目标" not in page
    assert "还在改的目标" not in page


def test_a_cancelled_task_has_no_scheme_before_the_public(client: Client) -> None:
    task = factory.make_task()
    written(task, "摸清情况")

    tasks.cancel(task=task, reason="另有安排", by=approver_of(task.department), at=NOW)

    assert client.get(reverse("publicity:scheme", args=[task.pk])).status_code == 404
