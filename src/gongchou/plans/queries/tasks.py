"""Reading tasks: who sees which, the pool of one with what is left out, what is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within_any, has_duty
from gongchou.accounts.roles import Duty
from gongchou.checklists.models import ChecklistVersion
from gongchou.checklists.queries import serving
from gongchou.plans.models import Line, LineVersion, Numbering, Participant, Scheme, Task
from gongchou.plans.norms import Most, NormCode
from gongchou.plans.pool import Pool
from gongchou.plans.queries.joint import speaking_for
from gongchou.plans.queries.norms import norms_for
from gongchou.plans.queries.outlook import is_typed, pool_of
from gongchou.plans.queries.pool_words import pool_words
from gongchou.plans.queries.register import sizes_apart, sizes_of, subjects_of
from gongchou.plans.quota import Quota, Sizes, groups_of, levels_drawn, quota_of, share_of
from gongchou.plans.states.joint import InvitationState
from gongchou.plans.states.tasks import BEFORE_DRAW, FINISHED, TaskState
from gongchou.refusal import Refused, sentence
from gongchou.registry.models import Item, ItemVersion, Subject
from gongchou.registry.ratio import AsNeeded, Choice

WORKERS = (Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
READERS = (Duty.READ_PLANS, *WORKERS)


def visible(by: User) -> QuerySet[Task]:
    """Tasks that a department within reach organises or takes part in."""
    if not has_duty(by, *READERS):
        return Task.objects.none()
    own = departments_within_any(by, *READERS).order_by().values("pk")
    asked = Participant.objects.filter(department__in=own).order_by().values("task")
    rows = Task.objects.filter(Q(department__in=own) | Q(pk__in=asked))
    return rows.select_related("department__region", "line__plan", "campaign")


def to_answer(by: User) -> QuerySet[Participant]:
    """Where her department is asked to take part in a task."""
    own = speaking_for(by).order_by().values("pk")
    rows = Participant.objects.filter(department__in=own, state=InvitationState.INVITED)
    return rows.filter(task__state__in=BEFORE_DRAW)


def overdue(rows: QuerySet[Task], on: date) -> QuerySet[Task]:
    """Tasks whose time is over and that are not finished (K-6)."""
    return rows.filter(ends_on__lt=on).exclude(state__in=[*FINISHED, TaskState.CANCELLED])


def alert_days(department: Department, year: int) -> int:
    """How many days before its end a line without a task is somebody's business (R-36)."""
    applied = norms_for(department.region, year).get(NormCode.ALERT_DAYS)
    return applied.demand.n if applied and isinstance(applied.demand, Most) else DEFAULT_ALERT_DAYS


DEFAULT_ALERT_DAYS = 30


def next_serial(department: Department, year: int) -> int:
    """Tasks of a department are counted from 1 in each year."""
    rows = Task.objects.filter(department=department, year=year)
    return (rows.aggregate(Max("serial"))["serial__max"] or 0) + 1


def pattern_of(department: Department, year: int) -> str | None:
    """How the department numbers its tasks in a year, if it has said so."""
    found = Numbering.objects.filter(department=department, year=year).first()
    return found.pattern if found else None


def rounds_tasked(line: Line) -> int:
    """How many of the year's draws have a task already."""
    return line.tasks.exclude(state=TaskState.CANCELLED).count()


def next_round(line: Line) -> int:
    """The first of the year's draws without a task: the place of a cancelled one is free again."""
    taken = set(line.tasks.exclude(state=TaskState.CANCELLED).values_list("round", flat=True))
    return next(n for n in count(1) if n not in taken)


CONTENT = (
    "name", "check_type", "form", "category", "begins_on", "ends_on", "ratio", "frequency", "pool", "bases",
    "pool_words", "by_district", "is_risk_based", "is_list_public", "note",
)  # fmt: skip
"""What is said of a task while it is set up."""


def field_label(name: str) -> str:
    """What a column of a task is called."""
    return str(Task._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def shown(task: Task) -> dict[str, str]:
    """All that the form of a task changes, label and words."""
    return {field_label(name): _words(task, name) for name in CONTENT}


SCHEME = ("goals", "duties", "measures", "deadlines")


def shown_scheme(task: Task) -> dict[str, str]:
    """What the newest scheme says, label and words; empty where none is written."""
    newest = task.schemes.first()
    return {str(Scheme._meta.get_field(name).verbose_name): getattr(newest, name, "") for name in SCHEME}  # type: ignore[union-attr]


def shown_party(one: Participant) -> dict[str, str]:
    """What a department does in a task, label and words."""
    items = "、".join(sorted(item.code for item in one.items.all()))
    forms = "、".join(sorted(map(str, one.checklists.select_related("checklist"))))
    told = {"抽查事项": items, "检查表": forms, "每户人数": str(one.n_people)}
    return {**told, "派出方式": one.get_sends_display(), "人员要求": one.qualification}


def parties_of(task: Task) -> QuerySet[Participant]:
    """Who takes part, with items and forms."""
    rows = task.participants.select_related("department")
    return rows.prefetch_related("items__versions", "checklists__checklist", "checklists__items")


def offered_to(one: Participant, items: Iterable[Item]) -> QuerySet[ChecklistVersion]:
    """The forms that a department may choose for its items, and those it has chosen already."""
    known = {form.pk for form in [*serving(one.department, items), *one.checklists.all()]}
    return (
        ChecklistVersion.objects.filter(pk__in=known).select_related("checklist").order_by("checklist__name", "number")
    )


def _words(task: Task, name: str) -> str:
    value = getattr(task, name)
    match name:
        case "ratio" | "frequency":
            return str(getattr(task, f"{name}_words"))
        case "pool":
            return pool_words([pool_of(task)])[0]
        case "bases":
            return "；".join(f"{key}{'：' * bool(key)}{n}" for key, n in value.items())
        case "category":
            return dict(ItemVersion.Kind.choices).get(value, "")
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(getattr(task, f"get_{name}_display")() if hasattr(task, f"get_{name}_display") else value)


# The pool -----------------------------------------------------------------------------------------

SAMPLE = 20


@dataclass(frozen=True)
class PoolView:
    """A pool as it would be frozen now.

    n: subjects that meet the conditions; n_out: of these left out; sample: the first of what remains, by number
    """

    n: int
    n_out: int
    sample: list[Subject]
    quota: Quota | None
    why: str = ""

    @property
    def n_left(self) -> int:
        """Who can be drawn."""
        return self.n - self.n_out


def subjects_in(task: Task) -> QuerySet[Subject]:
    """Who can be drawn: meets the conditions and is not left out."""
    out = task.exclusions.filter(ended_at=None).order_by().values("subject")
    return subjects_of(pool_of(task)).exclude(pk__in=out)


def look_at_pool(task: Task, wanted: str = "") -> PoolView:
    """Count the pool of a task and take a look into it; wanted: part of a name or a number, to find somebody there."""
    pool = pool_of(task)
    found = subjects_of(pool)
    out = task.exclusions.filter(ended_at=None).order_by().values("subject")
    n_out = found.filter(pk__in=out).count()
    shown = subjects_in(task).filter(Q(name__icontains=wanted) | Q(number__icontains=wanted) if wanted else Q())
    sample = shown.select_related("region").order_by("number")[:SAMPLE]
    sizes = _sizes(task, pool)
    n = found.count() if is_typed(task) else sizes.whole
    return PoolView(n, n_out, list(sample), *_quota(task, sizes))


def _sizes(task: Task, pool: Pool) -> Sizes:
    groups = groups_of(task.ratio_rule) if task.ratio else ()
    typed = {name: task.bases[name] for name in groups if name in task.bases}
    if pool == Pool() and "" in task.bases:
        return Sizes(task.bases[""], by_group=typed)
    return replace(sizes_of(pool), by_group=typed | sizes_apart(pool, groups))


def _quota(task: Task, sizes: Sizes) -> tuple[Quota | None, str]:
    """As its line promises: of a choice the option of so many draws, of a table by level the organiser's row, of the
    year's number this draw's share.
    """
    if not task.ratio:
        return None, "没有填写抽查比例。"
    rule = task.ratio_rule
    times = task.rounds if task.line_id and isinstance(rule, Choice) else None
    try:
        quota = quota_of(rule, sizes, times=times, levels=levels_drawn(rule, task.department.level))
        return share_of(rule, quota, task.round, task.rounds), ""
    except Refused as refused:
        return None, sentence(refused)


def promised(task: Task, line: LineVersion) -> Quota | None:
    """What the task would draw of the pool of its line, as the register has it now."""
    return _quota(task, _sizes(task, pool_of(line)))[0]


def n_outside(task: Task, line: LineVersion) -> int:
    """Subjects in the pool of a task that are not in that of its line; none where that was counted by hand."""
    if is_typed(line) or task.pool == line.pool:
        return 0
    inside = subjects_of(pool_of(line)).values("pk")
    return subjects_of(pool_of(task)).exclude(pk__in=inside).count()


PLANNED = ("check_type", "form", "category", "ratio", "frequency", "bases", "by_district", "is_risk_based")
"""What the approved line decides for its tasks, as far as it says something."""


def planned(line: LineVersion | None) -> dict[str, Any]:
    """Of these what a line decides, by column."""
    return {name: getattr(line, name) for name in PLANNED if line is not None and _says(line, name)}


def unlike(task: Task, line: LineVersion | None) -> list[str]:
    """What a line decides otherwise than its task says, as the columns are called."""
    return [field_label(name) for name, value in planned(line).items() if value != getattr(task, name)]


def planned_words(task: Task) -> list[str]:
    """What its line decides for a task, each as 抽查比例：3%."""
    decided = planned(line_of(task))
    told = Task(**decided)
    return [f"{field_label(name)}：{words}" for name in decided if (words := _words(told, name))]


def _says(line: LineVersion, name: str) -> bool:
    value = getattr(line, name)
    is_open = name == "ratio" and bool(value) and isinstance(line.ratio_rule, AsNeeded)
    return isinstance(value, bool) or (bool(value) and not is_open)


def counts_by_source(rows: QuerySet[Task]) -> Mapping[str, int]:
    """How many tasks come from plans, and how many do not (R-57)."""
    found: dict[str, int] = dict.fromkeys(Task.Source.values, 0)
    counted = rows.exclude(state=TaskState.CANCELLED).order_by().values("source")
    return found | dict(counted.annotate(n=Count("pk", distinct=True)).values_list("source", "n"))


def line_of(task: Task) -> LineVersion | None:
    """What its line says in the published plan."""
    if task.line_id is None:
        return None
    rows = LineVersion.objects.filter(line=task.line_id, version__state="published")
    return rows.select_related("version__plan").first()
