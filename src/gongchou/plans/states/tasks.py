"""The life of a task up to where its pool is frozen; the rooms that draw and inspect move it on (domain.md 4.4)."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class TaskState(TextChoices):
    """Of one task."""

    CREATED = "created", "设置中"
    READY = "ready", "待抽取"
    POOL_FROZEN = "pool_frozen", "名单已锁定"
    DRAWN = "drawn", "已抽取"
    LOCKED = "locked", "结果已锁定"
    DISPATCHED = "dispatched", "已派发"
    COMPLETED = "completed", "已完成"
    ARCHIVED = "archived", "已归档"
    SUSPENDED = "suspended", "已暂停"
    CANCELLED = "cancelled", "已取消"


TASK_MOVES: Final = {
    TaskState.CREATED: (TaskState.READY, TaskState.SUSPENDED, TaskState.CANCELLED),
    TaskState.READY: (TaskState.CREATED, TaskState.POOL_FROZEN, TaskState.SUSPENDED, TaskState.CANCELLED),
    # A draw that is given up leaves its task ready for the next one.
    TaskState.POOL_FROZEN: (TaskState.DRAWN, TaskState.READY, TaskState.CANCELLED),
    TaskState.DRAWN: (TaskState.LOCKED, TaskState.READY, TaskState.CANCELLED),
    TaskState.LOCKED: (TaskState.DISPATCHED, TaskState.READY, TaskState.CANCELLED),
    TaskState.DISPATCHED: (TaskState.COMPLETED, TaskState.READY, TaskState.SUSPENDED, TaskState.CANCELLED),
    TaskState.COMPLETED: (TaskState.ARCHIVED,),
    TaskState.ARCHIVED: (),
    TaskState.SUSPENDED: (TaskState.CREATED, TaskState.DISPATCHED, TaskState.CANCELLED),
    TaskState.CANCELLED: (),
}
BEFORE_DRAW: Final = (TaskState.CREATED, TaskState.READY)
HELD_BY_DRAW: Final = (TaskState.POOL_FROZEN, TaskState.DRAWN, TaskState.LOCKED, TaskState.DISPATCHED)
FINISHED: Final = (TaskState.COMPLETED, TaskState.ARCHIVED)
