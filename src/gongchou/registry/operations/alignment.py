"""Bringing in the entries of 互联网+监管 and 权责清单."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, operation
from gongchou.registry.models import OfficialEntry, OfficialImport
from gongchou.registry.permissions.lists import check_can_keep


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
    known = {
        entry.code: entry
        for entry in OfficialEntry.objects.select_for_update().filter(
            source=source, department=department, ended_at=None
        )
    }
    given = {row.code: row for row in rows}
    new = [row for row in given.values() if row.code not in known]
    changed = [row for row in given.values() if row.code in known and _differs(known[row.code], row)]
    gone = [code for code in known if code not in given] if is_full else []
    brought = OfficialImport.objects.create(
        source=source,
        department=department,
        file_name=file_name,
        file_digest=file_digest,
        is_full=is_full,
        n_new=len(new),
        n_changed=len(changed),
        n_same=len(given) - len(new) - len(changed),
        n_ended=len(gone),
        at=at,
        done_by=by,
    )
    over = [known[code].pk for code in [*gone, *(row.code for row in changed)]]
    for start in range(0, len(over), 500):
        OfficialEntry.objects.filter(pk__in=over[start : start + 500]).update(ended_at=at)
    OfficialEntry.objects.bulk_create(
        [
            OfficialEntry(
                source=source, department=department, code=row.code, name=row.name, basis=row.basis, brought=brought
            )
            for row in [*new, *changed]
        ],
        batch_size=500,
    )
    return Done(brought, _counts(brought))


def _differs(entry: OfficialEntry, row: EntryRow) -> bool:
    return (entry.name, entry.basis) != (row.name, row.basis)


def _counts(brought: OfficialImport) -> dict[str, object]:
    names = ("source", "file_digest", "is_full", "n_new", "n_changed", "n_same", "n_ended")
    return {name: getattr(brought, name) for name in names}
