"""Finding where somebody touched what stands behind draws, whatever rights they had in database and folders.

``log`` reads the public log, ``files`` the evidence of each batch against the store, the log and the parameters,
``rows`` what the database says of a batch against that evidence. What is found first is named, and nothing is judged
that stands behind it: rows are held against files only once the files are whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction

from gongchou.audit.damage import Damage
from gongchou.draw.errors import DrawError
from gongchou.draws.damage import files, log, rows
from gongchou.draws.damage.record import Record
from gongchou.draws.models import Batch


def find_damage(batches: Iterable[Batch] | None = None) -> Damage | None:
    """Read everything and say the first place where it was touched, or None.

    batches: look at these only, and at the log. Raises Refused ``audit.key_…`` where a key to check with is missing.
    """
    return next(_damages(batches), None)


def _damages(batches: Iterable[Batch] | None) -> Iterator[Damage]:
    yield from log.damages()
    yield from files.of_plans()
    for batch in Batch.objects.order_by("code") if batches is None else batches:
        yield from files.in_store(batch)  # the long part, while everybody may go on working
        yield from _in_record(batch)


@transaction.atomic
def _in_record(batch: Batch) -> list[Damage]:
    """Whoever moves a batch holds it; so nothing of it moves while it is read."""
    record = Record.of(batch)
    if not record.is_promised:
        return []
    try:
        first = next(_in_order(record), None)
    except (DrawError, LookupError, ValueError) as error:  # one who changed a file and its row need not write sense
        return [Damage(Batch._meta.db_table, str(batch.pk), "unreadable", against=f"{batch.code}：{error}")]
    return [first] if first else []


def _in_order(record: Record) -> Iterator[Damage]:
    yield from files.against_log(record)
    yield from rows.of_names(record)
    yield from files.damages(record)
    yield from rows.damages(record)
    yield from files.moments(record)  # the moments themselves were looked at just now
