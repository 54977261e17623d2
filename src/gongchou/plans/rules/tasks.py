"""What may happen to a task now, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from gongchou.checklists.models import ChecklistVersion
from gongchou.plans.models import LineVersion, Participant, Task
from gongchou.plans.pool import pool_from_json
from gongchou.plans.queries import tasks as queries
from gongchou.plans.queries.outlook import PEOPLE, is_typed
from gongchou.plans.queries.tasks import PoolView
from gongchou.plans.states.joint import INVITATION_MOVES, TAKING_PART, InvitationState
from gongchou.plans.states.plans import LineState, PlanState
from gongchou.plans.states.tasks import TASK_MOVES, TaskState
from gongchou.refusal import Refused
from gongchou.registry.models import Item
from gongchou.registry.queries.items import usable_items
from gongchou.registry.rules.items import check_rules


def check_may_become(task: Task, state: TaskState) -> None:
    """Raises Refused ``plans.task_state`` where the life of a task knows no such move."""
    if state not in TASK_MOVES[TaskState(task.state)]:
        raise Refused("plans.task_state", number=task.number, state=task.state_word, wanted=state.label)


def check_is_being_set(task: Task) -> None:
    """Raises Refused ``plans.task_set``: behind the frozen pool nothing changes."""
    if task.state != TaskState.CREATED:
        raise Refused("plans.task_set", number=task.number, state=task.state_word)


def check_content(content: Mapping[str, Any]) -> None:
    """What no task may say. Raises Refused."""
    check_rules(content)
    if content.get("pool"):
        pool_from_json(content["pool"])
    begins, ends = content.get("begins_on"), content.get("ends_on")
    if begins and ends and ends < begins:
        raise Refused("plans.dates_reversed", begins=begins, ends=ends)


def check_as_planned(task: Task, content: Mapping[str, Any]) -> None:
    """What the approved line has decided is changed by revising the plan (R-31).

    Raises Refused ``plans.task_planned``.
    """
    decided = queries.planned(queries.line_of(task))
    changed = [name for name, value in decided.items() if name in content and content[name] != value]
    if changed:
        what = "、".join(map(queries.field_label, changed))
        raise Refused("plans.task_planned", number=task.number, what=what)


def check_may_be_tasked(line: LineVersion, *, begins_on: date, ends_on: date) -> None:
    """A line of a published plan, within its time and its number of draws. Raises Refused."""
    if line.version.state != PlanState.PUBLISHED:
        raise Refused("plans.line_not_published", number=line.number, state=line.version.state_word)
    if line.line.state in (LineState.DONE, LineState.CANCELLED):
        raise Refused("plans.line_over", number=line.number, state=line.line.state_word)
    if queries.rounds_tasked(line.line) >= line.rounds:
        raise Refused("plans.line_tasked", number=line.number, rounds=line.rounds)
    first, last = line.begins_on or begins_on, line.ends_on or ends_on
    if begins_on < first or ends_on > last:
        raise Refused("plans.task_outside_line", number=line.number, begins=first, ends=last)


def check_source(source: str, note: str) -> None:
    """R-57: outside the plan only a lead, a campaign or an instruction, and told. Raises Refused."""
    if source == Task.Source.PLAN or source not in Task.Source.values:
        raise Refused("plans.task_source")
    if not note.strip():
        raise Refused("plans.task_source_note")


def check_checklists(one: Participant, items: Iterable[Item], chosen: Iterable[ChecklistVersion]) -> None:
    """Forms are chosen among those in use for the items; what was chosen before may stay.

    Raises Refused ``plans.checklist_foreign``.
    """
    offered = set(queries.offered_to(one, items).values_list("pk", flat=True))
    foreign = next((form for form in chosen if form.pk not in offered), None)
    if foreign is not None:
        raise Refused("plans.checklist_foreign", name=str(foreign), department=one.department.short_name)


def check_is_not_over(ends_on: date, today: date) -> None:
    """Raises Refused ``plans.task_over``: what was done already is no task to be drawn."""
    if ends_on < today:
        raise Refused("plans.task_over", day=ends_on)


def check_is_ready(task: Task, *, on: date) -> None:
    """All that a draw needs is there. Raises Refused ``plans.task_not_ready`` with everything that lacks."""
    pool = queries.look_at_pool(task)
    lacks = [*_of_participants(task, on), *_of_pool(task, pool), *_beside_plan(task, pool)]
    if not task.schemes.filter(published_at__isnull=False).exists():
        lacks.append("工作方案尚未公布")
    if lacks:
        raise Refused("plans.task_not_ready", number=task.number, lacks="；".join(lacks))


def _of_participants(task: Task, on: date) -> list[str]:
    lacks, n_people = [], 0
    for one in task.participants.select_related("department").prefetch_related("items"):
        name = one.department.short_name
        if one.state == InvitationState.INVITED:
            lacks.append(f"{name}尚未答复")
        elif one.state in TAKING_PART:
            lacks += _of_items(one, name, on)
            n_people += one.n_people
    if n_people < PEOPLE:
        lacks.append(f"各部门每户人数合计{n_people}人，检查时执法人员不得少于{PEOPLE}人")
    return lacks


def _of_items(one: Participant, name: str, on: date) -> list[str]:
    items = list(one.items.all())
    if not items:
        return [f"{name}没有选择抽查事项"]
    usable = set(usable_items(one.department, on=on).order_by().values_list("item", flat=True))
    gone = [item.code for item in items if item.pk not in usable]
    return [f"{name}的事项{'、'.join(gone)}已不在现行清单上"] if gone else []


def _of_pool(task: Task, pool: PoolView) -> list[str]:
    if not task.ratio:
        return ["没有填写抽查比例或数量"]
    if is_typed(task):
        return [f"计划的抽查基数{task.bases['']}户是人工统计的，请在“修改设置”中设定名单条件，使名单就是这些对象"]
    if pool.n_left == 0:
        return ["名单条件下没有可抽取的对象"]
    if pool.quota is None or pool.quota.n is None:
        return [f"抽取数量还不能确定（{pool.why or '；'.join(pool.quota.notes if pool.quota else ())}）"]
    if pool.quota.n == 0:
        return ["本次应抽数为0户，没有可以抽取的，请按程序调整比例或次数"]
    return [] if pool.quota.n <= pool.n_left else [f"应抽{pool.quota.n}户，可抽取的只有{pool.n_left}户"]


def _beside_plan(task: Task, pool: PoolView) -> list[str]:
    """A task draws from what its line says; where its own conditions make another number, somebody says why (R-31)."""
    line = queries.line_of(task)
    if unlike := queries.unlike(task, line):
        return [f"{'、'.join(unlike)}与现行计划不同，请打开“修改设置”保存一次，按现行计划更新"]
    if line is None or task.pool == line.pool or not task.ratio:
        return []
    n_outside = queries.n_outside(task, line)
    if n_outside:
        return [f"名单中有{n_outside}户不在计划第{line.number}行的抽查对象之内，请收窄名单条件，或先按程序调整计划"]
    planned, own = queries.promised(task, line), pool.quota
    if planned is None or own is None or own.n == planned.n or task.note.strip():
        return []
    return [f"名单与计划不同，应抽数由{planned.n}户变为{own.n}户，请在“任务说明”中写明理由"]


def check_participant_may_become(one: Participant, state: InvitationState) -> None:
    """Raises Refused ``plans.invitation_state``."""
    if state not in INVITATION_MOVES[InvitationState(one.state)]:
        told = {"department": one.department.short_name, "state": one.state_word}
        raise Refused("plans.invitation_state", **told, wanted=state.label)
