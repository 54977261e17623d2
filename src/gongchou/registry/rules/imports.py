"""What may happen to an import, and with what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from gongchou.accounts.models import Department, Region, User
from gongchou.refusal import Refused
from gongchou.registry.models import ImportBatch
from gongchou.registry.queries.imports import AT_WORK, is_below, running_beside

State = ImportBatch.State
MOVES: dict[str, tuple[str, ...]] = {
    State.UPLOADED: (State.CHECKING, State.FAILED, State.GIVEN_UP),
    State.CHECKING: (State.CHECKING, State.CHECKED, State.FAILED, State.GIVEN_UP),
    State.CHECKED: (State.CHECKING, State.RUNNING, State.GIVEN_UP),
    State.RUNNING: (State.RUNNING, State.DONE, State.FAILED, State.GIVEN_UP),
    State.FAILED: (State.CHECKING, State.RUNNING, State.GIVEN_UP),
    State.DONE: (),
    State.GIVEN_UP: (),
}


def check_region(region: Region | None, department: Department) -> None:
    """A default lies where the department works. Raises Refused ``registry.import_region``."""
    if region is not None and not is_below(region, department.region):
        raise Refused("registry.import_region", region=region.name, department=department.short_name)


def check_move(batch: ImportBatch, state: str) -> None:
    """Raises Refused ``registry.import_state``."""
    if state not in MOVES[batch.state]:
        told = State(batch.state).label
        raise Refused("registry.import_state", file=batch.file_name, state=told)


def check_is_own(batch: ImportBatch, by: User) -> None:
    """Who brought a file answers for what becomes of it. Raises Refused ``registry.import_not_yours``."""
    if batch.created_by_id != by.pk:
        raise Refused("registry.import_not_yours", name=batch.created_by.name)


def check_can_be_mapped(batch: ImportBatch) -> None:
    """Columns are fixed once rows were taken. Raises Refused ``registry.import_state``."""
    if batch.state not in (State.UPLOADED, State.CHECKED, State.FAILED) or (
        batch.done_rows and batch.state == State.FAILED
    ):
        raise Refused("registry.import_state", file=batch.file_name, state=State(batch.state).label)


def check_can_be_started(batch: ImportBatch) -> None:
    """Only what was looked at is confirmed, and once. Raises Refused ``registry.import_state``."""
    if batch.state != State.CHECKED:
        raise Refused("registry.import_state", file=batch.file_name, state=State(batch.state).label)


def check_can_be_resumed(batch: ImportBatch) -> None:
    """Only a run that broke off goes on; a dry run begins again. Raises Refused ``registry.import_state``."""
    if batch.state != State.FAILED or not batch.done_rows:
        raise Refused("registry.import_state", file=batch.file_name, state=State(batch.state).label)


def check_can_be_removed(batch: ImportBatch) -> None:
    """What a worker has needs its file. Raises Refused ``registry.import_state``, ``…_removed``."""
    if is_at_work(batch):
        raise Refused("registry.import_state", file=batch.file_name, state=State(batch.state).label)
    check_is_there(batch)


def check_is_there(batch: ImportBatch) -> None:
    """Raises Refused ``registry.import_removed``."""
    if batch.removed_at:
        raise Refused("registry.import_removed", file=batch.file_name, day=timezone.localdate(batch.removed_at))


def check_none_runs_beside(batch: ImportBatch) -> None:
    """Raises Refused ``registry.import_runs``."""
    other = running_beside(batch)
    if other is not None:
        raise Refused("registry.import_runs", file=other.file_name, kind=batch.get_kind_display())


def check_columns(batch: ImportBatch, fields: Iterable[str], needed: Sequence[tuple[str, str]]) -> None:
    """Each field once, none of the needed ones left out that have no default.

    Raises Refused ``registry.import_columns_unknown``, ``…_column_twice``, ``…_column_needed``, ``…_region_needed``.
    """
    used = [name for name in fields if name not in ("", "-")]
    if not used:
        raise Refused("registry.import_columns_unknown", where=where_header(batch))
    labels = dict(needed)
    twice = next((name for name in used if used.count(name) > 1), None)
    if twice is not None:
        raise Refused("registry.import_column_twice", label=labels.get(twice, twice))
    missing = [label for name, label in needed if name not in used and name in needed_of(batch)]
    if missing:
        raise Refused("registry.import_column_needed", labels="、".join(missing))
    if batch.kind == ImportBatch.Kind.SUBJECTS and "region" not in used and batch.region_id is None:
        raise Refused("registry.import_region_needed")


def where_header(batch: ImportBatch) -> str:
    """Where the headings were looked for."""
    sheet = f"工作表“{batch.sheet}”" if batch.sheet else ""
    return f"{sheet}第 {batch.header_line} 行"


NEEDED: dict[str, tuple[str, ...]] = {
    ImportBatch.Kind.SUBJECTS: ("number", "name"),
    ImportBatch.Kind.INSPECTORS: ("number", "name"),
    ImportBatch.Kind.LICENCES: ("number", "sub_library"),
}


def needed_of(batch: ImportBatch) -> tuple[str, ...]:
    """The fields without which a file is of no use; a default stands in for the sub-library."""
    needed = NEEDED[batch.kind]
    return tuple(name for name in needed if name != "sub_library") if batch.sub_library_id else needed


def is_at_work(batch: ImportBatch) -> bool:
    """Whether a worker has it."""
    return batch.state in AT_WORK
