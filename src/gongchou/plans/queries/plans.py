"""Reading plans: who sees which versions and lines, a line in words, two versions of a plan side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from gongchou.accounts.models import Region, User
from gongchou.accounts.queries import departments_within, departments_within_any, has_duty
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Invitation, LineVersion, Plan, PlanVersion, Waiver
from gongchou.plans.states.joint import OVER
from gongchou.plans.states.plans import FILED_ONCE, OPEN, OUT, STANDING, UNFINISHED, LineState, PlanState
from gongchou.registry.queries.versions import Difference, newest_name
from gongchou.registry.ratio import LEVEL_NAMES, Level

WORKERS = (Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
PUBLIC_COLUMNS = (
    "name", "check_type", "field", "category", "items", "joint_item", "subject_words", "ratio", "rounds", "frequency",
    "begins_on", "ends_on", "time_note", "initiator", "participants", "inspecting", "levels", "mode", "campaign",
    "note",
)  # fmt: skip
"""What the public reads of a line: what documents ask for (S0-3, S1-2), and no more."""


def visible(by: User) -> QuerySet[PlanVersion]:
    """What was published is for every reader of plans; drafts are for who works on that department's plans.

    A joint plan is written by all departments of its place, so all of them see its drafts. What was filed is seen by
    the office of the conference as well, which receives it.
    """
    if not has_duty(by, Duty.READ_PLANS, *WORKERS, Duty.COORDINATE):
        return PlanVersion.objects.none()
    own = departments_within_any(by, *WORKERS).order_by()
    received = departments_within(by, Duty.COORDINATE).order_by().values("pk")
    together = Q(plan__kind=Plan.Kind.JOINT, plan__department__region__in=own.values("region"))
    rows = PlanVersion.objects.filter(
        Q(state__in=OUT)
        | Q(plan__department__in=own.values("pk"))
        | together
        | Q(state__in=FILED_ONCE, plan__department__in=received)
    )
    return rows.select_related("plan__department__region")


def visible_plans(by: User) -> QuerySet[Plan]:
    """The plans of which somebody sees at least one version."""
    return Plan.objects.filter(pk__in=visible(by).order_by().values("plan")).select_related("department__region")


def counted(rows: QuerySet[PlanVersion]) -> QuerySet[PlanVersion]:
    """Each with ``n_lines``."""
    return rows.annotate(n_lines=Count("lines"))


def visible_lines(by: User) -> QuerySet[LineVersion]:
    """The lines of what somebody sees, and those her department is invited to."""
    invited = departments_within(by, Duty.KEEP_PLAN).order_by().values("pk")
    seen = Q(version__in=visible(by).order_by().values("pk"))
    standing = Invitation.objects.filter(department__in=invited).exclude(state__in=OVER)
    asked = Q(line__in=standing.order_by().values("line")) & ~Q(version__state=PlanState.WITHDRAWN)
    return with_parts(LineVersion.objects.filter(seen | asked))


def with_parts(rows: QuerySet[LineVersion]) -> QuerySet[LineVersion]:
    """With all that a line says of other things."""
    rows = rows.select_related(
        "version__plan__department__region", "line__plan__department", "initiator__region", "joint_item", "campaign",
        "agreement", "matter",
    )  # fmt: skip
    return rows.prefetch_related(
        "items__versions", "participants", "joint_item__versions", "matter__versions", "line__invitations__department"
    )


def lines_of(version: PlanVersion) -> list[LineVersion]:
    """The lines of a version in their order, with all they say."""
    return list(with_parts(version.lines.all()))


def find_open(plan: Plan) -> PlanVersion | None:
    """The version somebody still works on."""
    return plan.versions.filter(state__in=OPEN).first()


def find_published(plan: Plan) -> PlanVersion | None:
    """The version that stands."""
    return plan.versions.filter(state=PlanState.PUBLISHED).first()


def find_year_before(plan: Plan) -> PlanVersion | None:
    """The plan of the same kind and department as it stood at the end of the year before."""
    same = {"plan__kind": plan.kind, "plan__department": plan.department_id, "plan__year": plan.year - 1}
    return PlanVersion.objects.filter(**same, state__in=STANDING).first()


def next_number(plan: Plan) -> int:
    """Versions of a plan are counted from 1."""
    return (plan.versions.aggregate(Max("number"))["number__max"] or 0) + 1


def next_line_number(plan: Plan) -> int:
    """Lines of a plan are counted from 1; the number of a dropped one is not used again."""
    return (plan.lines.aggregate(Max("number"))["number__max"] or 0) + 1


def standing() -> QuerySet[LineVersion]:
    """The lines of all plans as they stand, for everybody to read."""
    return LineVersion.objects.filter(version__state__in=STANDING)


def named_regions(by_code: Mapping[str, int]) -> list[tuple[str, int]]:
    """Figures by the code of a region as figures by its name, in the order of the codes."""
    names = dict(Region.objects.filter(code__in=by_code, valid_to=None).values_list("code", "name"))
    return [(names.get(code, code), by_code[code]) for code in sorted(by_code)]


def waivers_of(version: PlanVersion) -> QuerySet[Waiver]:
    """The exceptions that stand beside a version of a plan."""
    return version.waivers.filter(ended_at=None).select_related("line", "item", "given_by").order_by("rule", "given_at")


# A line in words ---------------------------------------------------------------------------------


def field_label(name: str) -> str:
    """What a column of a line is called."""
    return str(LineVersion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def field_words(line: LineVersion, name: str, pool_words: str = "") -> str:
    """One column of a line as a reader sees it. pool_words: its pool in words, which only a query can make."""
    match name:
        case "ratio" | "frequency":
            return str(getattr(line, f"{name}_words"))
        case "pool":
            return pool_words
        case "items" | "joint_item" | "matter":
            return "\n".join(_listed(line, name))
        case "participants":
            return "、".join(sorted(one.short_name for one in line.participants.all()))
        case "levels":
            return "、".join(LEVEL_NAMES[Level(level)] for level in line.levels)
        case "bases":
            return "；".join(f"{key}{'：' * bool(key)}{n}" for key, n in line.bases.items())
    return _plain(line, name)


def _listed(line: LineVersion, name: str) -> list[str]:
    found = line.items.all() if name == "items" else [getattr(line, name)]
    return sorted(f"{one.code} {newest_name(one)}" for one in found if one)


def _plain(line: LineVersion, name: str) -> str:
    value = getattr(line, name)
    if isinstance(value, bool):
        return "是" if value else ""
    if hasattr(line, f"get_{name}_display"):
        return str(getattr(line, f"get_{name}_display")())
    return "" if value is None else str(value)


def told(line: LineVersion, pools: Mapping[UUID, str] | None = None) -> list[tuple[str, str]]:
    """The whole content in words: label and text, in the order of the form."""
    words = (pools or {}).get(line.pk, "")
    return [(field_label(name), field_words(line, name, words)) for name in line.content]


@dataclass(frozen=True)
class LineChange:
    """A line in two versions of its plan: 增 (no old), 减 (no new) or 改, and which columns differ."""

    number: int
    old: LineVersion | None
    new: LineVersion | None
    differences: tuple[Difference, ...] = ()

    @property
    def word(self) -> str:
        """What happened, as the papers call it."""
        return "增" if self.old is None else "减" if self.new is None else "改" if self.differences else "不变"

    @property
    def name(self) -> str:
        """What the line is called, or was."""
        line = self.new or self.old
        assert line is not None  # noqa: S101 -- one of them is there
        return line.name


def compare(old: PlanVersion, new: PlanVersion) -> list[LineChange]:
    """Two versions of a plan side by side, line by line."""
    before, after = ({one.line_id: one for one in lines_of(version)} for version in (old, new))
    numbers = {line.line_id: line.number for line in [*before.values(), *after.values()]}
    pairs = ((numbers[key], before.get(key), after.get(key)) for key in sorted(numbers, key=lambda key: numbers[key]))
    return [LineChange(number, one, other, differences(one, other)) for number, one, other in pairs]


def differences(old: LineVersion | None, new: LineVersion | None) -> tuple[Difference, ...]:
    """The columns in which a line differs between two versions; none where it is in one only."""
    if old is None or new is None:
        return ()
    pairs = zip(_compared(old), _compared(new), strict=True)
    found = (Difference(label, before, after) for (label, before), (_, after) in pairs)
    return tuple(one for one in found if one.is_changed)


def _compared(line: LineVersion) -> Iterable[tuple[str, str]]:
    """As ``told``; a pool is compared as it is stored."""
    for name in line.content:
        yield field_label(name), str(line.pool) if name == "pool" else field_words(line, name)


def shown(line: LineVersion) -> dict[str, str]:
    """All that the form of a line changes, in words."""
    return dict(_compared(line))


# Days ---------------------------------------------------------------------------------------------


def overdue(rows: QuerySet[LineVersion], on: date) -> QuerySet[LineVersion]:
    """Lines of published plans whose time is over and that are not done (R-36)."""
    return rows.filter(version__state=PlanState.PUBLISHED, ends_on__lt=on, line__state__in=UNFINISHED)


def ending(rows: QuerySet[LineVersion], on: date, days: int) -> QuerySet[LineVersion]:
    """Lines without a task whose time soon is over (R-36)."""
    soon = on + timedelta(days=days)
    return rows.filter(
        version__state=PlanState.PUBLISHED, ends_on__gte=on, ends_on__lte=soon, line__state=LineState.NOT_STARTED
    )
