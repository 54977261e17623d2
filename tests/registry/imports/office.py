"""What goes on in a process of its own beside a database of its own: ``python -m tests.registry.imports.office WORD``.

make FILE    a small city, the file brought, looked at and confirmed, and handed to the workers
work N       a worker that takes N rows at a time
told         what became of everything
resume       the same, and then what runs every minute, two minutes later
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any


def make(path: str) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- django is set up by now

    from gongchou.registry import tasks  # noqa: PLC0415
    from tests.registry.imports import desk  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    batch = desk.dry_run(desk.upload(desk.keeper(), Path(path).read_bytes()))
    tasks.enqueue(desk.operations.start_import(batch=batch, by=batch.created_by, at=_now()))


def work(rows: str) -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from gongchou.registry import tasks  # noqa: PLC0415
    from gongchou.registry.imports import ahead  # noqa: PLC0415

    tasks.CHUNK = int(rows)
    ahead.PAYS_FROM = 0  # a process beside, as in a large import; it must go with the one that is killed
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


def resume() -> None:
    from gongchou.registry import tasks  # noqa: PLC0415

    told()
    tasks.resume(_now() + timedelta(minutes=2))


def told() -> None:
    from gongchou.audit.models import Line  # noqa: PLC0415
    from gongchou.registry.models import ImportBatch, RefusedRow, Subject, SubjectText  # noqa: PLC0415
    from tests.registry.imports.desk import counts  # noqa: PLC0415

    batch = ImportBatch.objects.get()
    parts = Line.objects.filter(verb="import.part_taken").order_by("index")
    found: dict[str, Any] = {
        "state": batch.state,
        "done_rows": batch.done_rows,
        "counts": counts(batch),
        "subjects": Subject.objects.count(),
        "texts": SubjectText.objects.count(),
        "refused": list(RefusedRow.objects.order_by("line").values_list("line", flat=True)),
        "parts": [json.loads(line.data)["facts"]["lines"] for line in parts],
    }
    print(json.dumps(found))


def _now() -> Any:
    from django.utils import timezone  # noqa: PLC0415

    return timezone.now()


if __name__ == "__main__":
    import django

    django.setup()
    words: dict[str, Callable[..., None]] = {"make": make, "work": work, "resume": resume, "told": told}
    words[sys.argv[1]](*sys.argv[2:])
