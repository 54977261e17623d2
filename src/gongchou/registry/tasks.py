"""The work behind the pages: dry runs and imports, chunk by chunk, by a worker that may die at any moment.

A worker (``manage.py db_worker``) takes a batch by its id. Each chunk commits with ``done_rows``, so whoever comes next
goes on from there, and of two at the same batch only one passes (``import_overtaken``). ``manage.py resume_imports``
finds batches whose worker fell silent and asks for them again; it runs beside them, every minute.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, OperationalError
from django.utils import timezone
from django_tasks import task

from gongchou.draw.register import Row
from gongchou.refusal import Refused, sentence
from gongchou.registry.imports import indexes, store
from gongchou.registry.imports.ahead import ahead, in_chunks
from gongchou.registry.imports.checking import Repeats, Taken, Turned, no_repeats, survey
from gongchou.registry.imports.full import Census
from gongchou.registry.imports.keyed import Library, Numbered
from gongchou.registry.imports.loading import KINDS, library_of, source_of
from gongchou.registry.imports.reading import Source, data_rows
from gongchou.registry.imports.samples import Samples
from gongchou.registry.models import ImportBatch
from gongchou.registry.operations import import_work as operations
from gongchou.registry.queries.imports import SILENT, is_waiting, silent, waiting_tasks

State = ImportBatch.State
CHUNK = 10_000  # rows in one transaction: half a second, so that others who write need not wait long
BEAT = SILENT / 3  # between two signs of life where no chunk gives them
TRIES = 3
_MANY = 50 * CHUNK  # objects; a row that is being written is up to five
OVERTAKEN = "registry.import_overtaken"


@task()
def check_import(batch_id: str) -> None:
    """核对: find out what an import would do, and write down what it would refuse."""
    _work(batch_id, State.CHECKING, _check)


@task()
def run_import(batch_id: str) -> None:
    """导入, from wherever the batch stands."""
    _work(batch_id, State.RUNNING, _run)


def resume(at: datetime) -> int:
    """Ask again for every batch whose worker fell silent, unless it waits for one; return how many. Make the indexes
    that they left aside.
    """
    if not ImportBatch.objects.filter(state=State.RUNNING).exists():
        for model in {kind.model for kind in KINDS.values() if issubclass(kind, Numbered)}:
            indexes.make_again(model)
    waiting = waiting_tasks()
    found = [batch for batch in silent(at) if not is_waiting(batch, waiting)]
    for batch in found:
        enqueue(batch)
    return len(found)


def enqueue(batch: ImportBatch) -> None:
    """Hand a batch to the workers."""
    own = check_import if batch.state == State.CHECKING else run_import
    own.enqueue(str(batch.pk))


# ------------------------------------------------------------------------------------------------


class _Work:
    """A batch that is being worked on."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch, self.by = batch, batch.created_by
        self.source: Source = source_of(batch)
        self.library: Library = library_of(batch, timezone.now())
        self.repeats = self._survey()
        if not self.repeats.n_rows:
            raise Refused("registry.file_no_rows")

    def _survey(self) -> Repeats:
        """What the dry run found, where it found nothing: it read the same file."""
        if self.batch.state == State.RUNNING and self.batch.has_repeats is False:
            return no_repeats(self.batch.n_rows or 0, self.library.identities)
        return survey(self._read_aloud, self.library.identities, self.library.checker)

    def _read_aloud(self) -> Iterator[Row]:
        """The rows, with a sign of life now and then: nothing else is heard of a worker that looks through a file.

        No reading beside it gives signs: rows on their way into a table hold the connection.
        """
        told_at = timezone.now()
        for n, row in enumerate(data_rows(self.source), 1):
            if n % CHUNK == 0 and timezone.now() - told_at > BEAT:
                told_at = timezone.now()
                operations.beat(batch=self.batch, state=self.batch.state, by=self.by, at=told_at)
            yield row

    def census(self) -> Census | None:
        """Who stands in a full register; None where it is not one."""
        if not (self.batch.is_full and isinstance(self.library, Numbered) and self.library.can_be_full):
            return None
        census = Census(self.library)
        census.take(data_rows(self.source))
        return census

    def indexes_aside(self, start: int) -> AbstractContextManager[None]:
        """While the rows from one on are taken."""
        if not isinstance(self.library, Numbered):
            return nullcontext()
        return indexes.set_aside(self.library.model, self.repeats.n_rows - start)

    def chunks(self, start: int) -> Iterator[list[Taken | Turned]]:
        """The rows from one on, in chunks."""
        rows = islice(data_rows(self.source), start, None)
        judged = ahead(self.library.judged(rows, self.repeats), self.repeats.n_rows - start)
        return in_chunks(judged, CHUNK)


def _work(batch_id: str, state: str, act: Callable[[_Work], None]) -> None:
    batch = ImportBatch.objects.select_related("department__region", "region", "created_by").get(pk=UUID(batch_id))
    if batch.state != state:
        return  # given up meanwhile, or done by another
    store.make_room()
    try:
        with _seldom_collecting():
            act(_Work(batch))
    except Refused as refused:
        if refused.code != OVERTAKEN:
            _fail(batch, sentence(refused))
    except Exception:
        done = ImportBatch.objects.get(pk=batch.pk).done_rows
        _fail(batch, sentence(Refused("registry.import_broken", done=done)))
        raise


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for rubbish when there is more than the rows of some chunks: a million rows of texts leave none, and looking
    at each of them takes a quarter of the time.
    """
    often = gc.get_threshold()
    gc.set_threshold(_MANY, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)


def _fail(batch: ImportBatch, failure: str) -> None:
    operations.fail(batch=batch, failure=failure, by=batch.created_by, at=timezone.now())


def _check(work: _Work) -> None:
    by = work.by
    batch = operations.restart_check(
        batch=work.batch, n_rows=work.repeats.n_rows, has_repeats=bool(work.repeats), by=by, at=timezone.now()
    )
    samples = Samples(work.library)
    for rows in work.chunks(0):
        plan = work.library.compare(rows)
        samples.take(rows, plan)
        batch = operations.note_checked(
            batch=batch, rows=rows, plan=plan, start=batch.done_rows, by=by, at=timezone.now()
        )
    census = work.census()
    missing = census.missing() if census else []
    found = samples.told(missing)
    operations.finish_check(
        batch=batch, library=work.library, n_vanished=len(missing), samples=found, by=by, at=timezone.now()
    )
    store.forget()


def _run(work: _Work) -> None:
    work.library.makes_texts = True
    batch = operations.note_worker(batch=work.batch, n_rows=work.repeats.n_rows, by=work.by, at=timezone.now())
    with work.indexes_aside(batch.done_rows):
        for rows in work.chunks(batch.done_rows):
            batch = _take(work, batch, rows)
    census = work.census()
    operations.finish_import(batch=batch, library=work.library, census=census, by=work.by, at=timezone.now())
    store.forget()
    store.take_stock()


def _take(work: _Work, batch: ImportBatch, rows: list[Taken | Turned]) -> ImportBatch:
    """Write a chunk; when another import wrote one of its numbers first, look again."""
    for turn in range(1, TRIES + 1):
        try:
            return operations.take_part(
                batch=batch, library=work.library, rows=rows, start=batch.done_rows, by=work.by, at=timezone.now()
            )
        except (IntegrityError, OperationalError):
            if turn == TRIES:
                raise
    raise AssertionError("not reached")
