"""Reading batches: who sees which, what one says, what lies in its bundle."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within_any, has_duty
from gongchou.accounts.roles import Duty
from gongchou.draw.table import Blob, line_chunks
from gongchou.draws import store
from gongchou.draws.models import Attendance, Batch, Contribution, Draw, Work
from gongchou.draws.queries.sources import party_names, source_words
from gongchou.draws.settings import settings_of
from gongchou.draws.states import BEING_PREPARED, PUBLIC, BatchState, DrawState, Mode
from gongchou.plans.models import Task
from gongchou.plans.queries.strata import WHOLE
from gongchou.plans.queries.tasks import READERS
from gongchou.plans.queries.tasks import visible as visible_tasks
from gongchou.plans.states.tasks import TaskState
from gongchou.refusal import Refused

AUDITOR = "auditor/"
"""Where files lie that only auditors may see."""


def visible(by: User) -> QuerySet[Batch]:
    """Batches with a task that somebody sees, and those one is asked to witness."""
    asked = Q(pk__in=Attendance.objects.filter(user=by).order_by().values("batch"))
    tasks = visible_tasks(by).order_by().values("pk") if has_duty(by, *READERS) else Task.objects.none().values("pk")
    seen = Q(pk__in=Draw.objects.filter(task__in=tasks).order_by().values("batch"))
    return Batch.objects.filter(asked | seen).select_related("department__region")


def public() -> QuerySet[Batch]:
    """What everybody may see: from the commitment on, for ever."""
    rows = Batch.objects.filter(state__in=PUBLIC).select_related("department__region")
    return rows.annotate(n_draws=Count("draws"))


def to_draw(by: User) -> QuerySet[Task]:
    """Tasks that wait to be drawn and whose draws she prepares."""
    return visible_tasks(by).filter(state=TaskState.READY)


def to_add(by: User, batch: Batch) -> QuerySet[Task]:
    """Of these the ones that this batch can take: not over before its seed is known, nor prepared elsewhere."""
    return _beside(by, batch).filter(ends_on__gte=timezone.localdate(batch.beacon_at))


def too_old(by: User, batch: Batch) -> QuerySet[Task]:
    """Of these the ones whose period is over when the seed of this batch is known."""
    return _beside(by, batch).filter(ends_on__lt=timezone.localdate(batch.beacon_at))


def _beside(by: User, batch: Batch) -> QuerySet[Task]:
    here = Q(batch=batch)
    if batch.mode == Mode.OFFICIAL:
        here |= Q(state=DrawState.LIVE, batch__mode=Mode.OFFICIAL, batch__state__in=BEING_PREPARED)
    return to_draw(by).exclude(pk__in=Draw.objects.filter(here).order_by().values("task"))


def to_promise(by: User) -> QuerySet[Contribution]:
    """Where her department is asked for a number, or to show the one it promised."""
    waits = Q(batch__state=BatchState.DRAFT, commitment="") | Q(batch__state=BatchState.COMMITTED, secret="")
    return contributions(by).filter(waits)


def to_sign(by: User) -> QuerySet[Attendance]:
    """Where she is asked to be a witness and has not signed."""
    return Attendance.objects.filter(user=by, signed_at=None, batch__state__in=PUBLIC).select_related("batch")


def due_to_close(at: datetime) -> QuerySet[Batch]:
    """Batches whose sources are to be fixed now."""
    return Batch.objects.filter(state=BatchState.COMMITTED, closes_at__lte=at, beacon_at__gt=at)


def due_to_seed(at: datetime) -> QuerySet[Batch]:
    """Batches whose beacon may be there by now; dice and lotteries are read by people."""
    rows = Batch.objects.filter(state=BatchState.CLOSED, beacon_at__lte=at, last__type="drand")
    return rows.select_related("department__region")


def seeded_and_left() -> QuerySet[Batch]:
    """Where the clock brought the seed and stopped before it asked for the draw."""
    asked = Work.objects.filter(batch=OuterRef("pk"), kind=Work.Kind.DRAW)
    return Batch.objects.filter(~Exists(asked), state=BatchState.SEEDED, seeded_by=None)


def to_close(by: User, at: datetime) -> QuerySet[Batch]:
    """Those that she works for."""
    return _worked_for(by) & due_to_close(at)


def to_seed(by: User, at: datetime) -> QuerySet[Batch]:
    """Where the last source has come."""
    return _worked_for(by).filter(state=BatchState.CLOSED, beacon_at__lte=at)


def missed(by: User, at: datetime) -> QuerySet[Batch]:
    """Where nobody fixed the sources in time."""
    return _worked_for(by).filter(state=BatchState.COMMITTED, beacon_at__lte=at)


def undrawn(by: User) -> QuerySet[Batch]:
    """Where the seed is known and the draw failed, whoever had asked for it; not while it runs again."""
    last = Work.objects.filter(batch=OuterRef("pk")).order_by("-asked_at", "-pk")
    rows = _worked_for(by).filter(state=BatchState.SEEDED)
    return rows.annotate(failure=Subquery(last.values("failure")[:1])).filter(failure__gt="")


def _worked_for(by: User) -> QuerySet[Batch]:
    own = departments_within_any(by, Duty.KEEP_PLAN, Duty.APPROVE_PLAN).order_by().values("pk")
    return Batch.objects.filter(department__in=own)


CONTENT = (
    "name", "mode", "profile", "sources", "last", "lead_s", "closes_at", "beacon_at", "disclosed_at", "is_sealed",
    "is_match_sealed", "matching", "settings", "video",
)  # fmt: skip
"""What is said of a batch while it is prepared."""


def content_of(batch: Batch) -> dict[str, str]:
    """All that the form of a batch changes, label and words."""
    return {_label(name): _words(batch, name) for name in CONTENT}


def _label(name: str) -> str:
    return str(Batch._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _words(batch: Batch, name: str) -> str:
    value = getattr(batch, name)
    if name == "settings":
        return "；".join(setting_words(batch))
    if name in ("sources", "last"):
        sources = value if name == "sources" else [value]
        names = party_names(batch)
        return "；".join(source_words(source, names) for source in sources if source)
    if hasattr(batch, f"get_{name}_display"):
        return str(getattr(batch, f"get_{name}_display")())
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if hasattr(value, "tzinfo") and value else str(value or "")


def setting_words(batch: Batch) -> list[str]:
    """What is left out and how people are dealt, each as a phrase."""
    told = settings_of(batch.settings)
    found = [f"近{told.recent_days}天检查过的不抽"] if told.recent_days is not None else []
    found += [f"本年度已检查{told.cap}次的不抽"] if told.cap is not None else []
    found += ["另有任务在办的不抽"] if told.leaves_out_in_hand else []
    found += ["同一集中联合抽查中其他部门已抽中的不抽"] if told.leaves_out_campaign else []
    found += [f"每人全年不超过{told.per_person}户次", f"备选按应抽数的{told.reserve_percent}%"]
    return [*found, "下级单位人员参加" if told.with_lower else "只抽本级人员"]


def stratum_words(code: str) -> str:
    """A stratum by its code, as the evidence has it; one that holds all is called so."""
    return "全部" if code == WHOLE else code


def latest_attempt(department: Department, plan: str, mode: str) -> Draw | None:
    """The last committed draw of a plan item, which the next one supersedes."""
    rows = Draw.objects.filter(task__department=department, plan=plan, batch__mode=mode, batch__state__in=PUBLIC)
    return rows.order_by("-batch__committed_at").first()


def is_taken(task: Task, plan: str) -> bool:
    """Whether a plan item has a draw that stands or is being prepared."""
    rows = Draw.objects.filter(task=task, plan=plan, state=DrawState.LIVE)
    return rows.exclude(batch__state=BatchState.DROPPED).exists()


def own_keys(batch: Batch, name: str) -> dict[str, UUID]:
    """Pseudonym -> key of the row it stands for, from an auditor's table. Raises Refused ``draws.file_…``."""
    data = store.read(batch.evidence.get(path=f"{AUDITOR}{name}").sha256)
    rows = (line.split("\t") for line in data.decode().splitlines())
    return {pid: UUID(own) for pid, own in rows}


def subject_keys(batch: Batch, path: str, pids: Collection[str]) -> dict[str, str]:
    """Of some pseudonyms, as ``own_keys``, but keys as 32 hex digits: a province's table fills no memory.

    Raises Refused ``draws.file_missing`` or ``draws.file_damaged``.
    """
    sha256 = batch.evidence.get(path=f"{AUDITOR}{path}").sha256
    table, wanted = store.blob(sha256), sorted(f"{pid}\t".encode() for pid in pids)
    if not store.is_whole(sha256):
        raise Refused("draws.file_damaged", file=sha256)
    return {begin[:-1].decode(): line[len(begin) :].decode() for begin, line in _lines_that_begin(table, wanted)}


def _lines_that_begin(table: Blob, wanted: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Both are sorted, so that each piece is searched for what may stand in it alone."""
    at = 0
    for lines in line_chunks(table):
        place = 0
        while at < len(wanted) and wanted[at] <= lines[-1]:
            place = bisect_left(lines, wanted[at], place)
            if lines[place].startswith(wanted[at]):
                yield wanted[at], lines[place]
            at += 1


def files_of(batch: Batch) -> dict[str, Blob]:
    """Path -> blob of everything that is kept of a batch, for auditors' eyes too."""
    return {one.path: store.blob(one.sha256) for one in batch.evidence.all()}


def contributions(by: User) -> QuerySet[Contribution]:
    """The numbers of the departments she plans for."""
    own = departments_within_any(by, *READERS).order_by().values("pk")
    rows = Contribution.objects.filter(department__in=own)
    return rows.select_related("batch__department__region", "department")
