"""Bringing in the entries of 互联网+监管 and 权责清单."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, operation
from gongchou.registry.models import OfficialEntry, OfficialImport
from gongchou.registry.permissions.lists import check_can_keep

CHUNK = 500  # rows of one statement


@dataclass(frozen=True)
class EntryRow:
    """An entry as a file has it."""

    code: str
    name: str
    basis: str


@operation("official.imported", "导入监管事项与权责清单条目")
def import_entries(
    *,
    source: str,
    department: Department,
    rows: Iterable[EntryRow],
    is_full: bool,
    file_name: str,
    file_digest: str,
    by: User,
    at: datetime,
) -> Done[OfficialImport]:
    """Take the entries of a file: new ones are added, changed ones follow the old row, equal ones stay.

    is_full: the file is all there is; entries that it does not name are ended
    """
    check_can_keep(by, department)
    news = _compare(_standing(source, department), {row.code: row for row in rows}, is_full=is_full)
    brought = OfficialImport.objects.create(
        source=source,
        department=department,
        file_name=file_name,
        file_digest=file_digest,
        is_full=is_full,
        n_new=len(news.new),
        n_changed=len(news.changed),
        n_same=news.n_same,
        n_ended=len(news.gone),
        at=at,
        done_by=by,
    )
    _end([*news.gone, *(old for old, _ in news.changed)], at)
    _add([*news.new, *(row for _, row in news.changed)], brought)
    return Done(brought, _counts(brought))


@dataclass(frozen=True)
class _News:
    """What a file says otherwise than the entries that stand: ``changed`` pairs the old with the new."""

    new: list[EntryRow]
    changed: list[tuple[OfficialEntry, EntryRow]]
    gone: list[OfficialEntry]
    n_same: int


def _standing(source: str, department: Department) -> dict[str, OfficialEntry]:
    """The entries that are in force, by code, held until the transaction ends."""
    rows = OfficialEntry.objects.select_for_update().filter(source=source, department=department, ended_at=None)
    return {entry.code: entry for entry in rows}


def _compare(known: dict[str, OfficialEntry], given: dict[str, EntryRow], *, is_full: bool) -> _News:
    new = [row for code, row in given.items() if code not in known]
    changed = [(known[code], row) for code, row in given.items() if code in known and _differs(known[code], row)]
    gone = [entry for code, entry in known.items() if code not in given] if is_full else []
    return _News(new, changed, gone, len(given) - len(new) - len(changed))


def _end(entries: list[OfficialEntry], at: datetime) -> None:
    for start in range(0, len(entries), CHUNK):
        chunk = [entry.pk for entry in entries[start : start + CHUNK]]
        OfficialEntry.objects.filter(pk__in=chunk).update(ended_at=at)


def _add(rows: list[EntryRow], brought: OfficialImport) -> None:
    own = {"source": brought.source, "department": brought.department, "brought": brought}
    entries = [OfficialEntry(code=row.code, name=row.name, basis=row.basis, **own) for row in rows]
    OfficialEntry.objects.bulk_create(entries, batch_size=CHUNK)


def _differs(entry: OfficialEntry, row: EntryRow) -> bool:
    return (entry.name, entry.basis) != (row.name, row.basis)


def _counts(brought: OfficialImport) -> dict[str, object]:
    names = ("source", "file_digest", "is_full", "n_new", "n_changed", "n_same", "n_ended")
    return {name: getattr(brought, name) for name in names}
