"""Threads that write, sign and verify at once, in a database of their own; prints what they found.

DATABASE_URL=… GONGCHOU_HOME=… python -m tests.audit.racers WRITERS EACH VERIFIERS
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402 -- Django is set up only now
from django.db import connection  # noqa: E402

from gongchou.accounts.operations import add_region  # noqa: E402
from gongchou.audit.apps import keys_folder  # noqa: E402
from gongchou.audit.checkpoints import make_checkpoint  # noqa: E402
from gongchou.audit.damage import find_damage  # noqa: E402
from gongchou.audit.models import Checkpoint, Head, Line  # noqa: E402
from gongchou.refusal import Refused  # noqa: E402
from tests.factories.log import make_log_keys  # noqa: E402
from tests.factories.people import BY, NOW  # noqa: E402


def write(writer: int, each: int) -> None:
    for number in range(each):
        add_region(code=f"{writer:03}{number:04}", name="演示区", level="county", parent=None, **BY)
    connection.close()


def verify(each: int) -> list[str]:
    """What went wrong in the eyes of a verifier: nothing, if all goes well."""
    found = []
    for _ in range(each):
        try:
            make_checkpoint(at=NOW)
        except Refused as refused:
            found += [refused.code] if refused.code != "audit.log_empty" else []
        found += filter(None, [str(find_damage() or "")])
    connection.close()
    return found


def verify_while_the_first_line_comes() -> list[str]:
    """It comes after the look at the head, which is not there yet; SQLite lets nobody write between the two looks."""
    if connection.vendor != "postgresql":
        return []
    with ThreadPoolExecutor(1) as pool:

        def look(execute, sql, params, many, context):
            found = execute(sql, params, many, context)
            if Head._meta.db_table in sql and not Line.objects.exists():
                pool.submit(write, 999, 1).result()
            return found

        with connection.execute_wrapper(look):
            return [str(damage) for damage in [find_damage()] if damage]


def main(writers: int, each: int, verifiers: int) -> None:
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = 120  # sixty writers on a busy machine; nobody shall give up
    call_command("migrate", verbosity=0)
    make_log_keys(keys_folder())
    early = verify_while_the_first_line_comes()
    n_early = Line.objects.count()
    with ThreadPoolExecutor(writers + verifiers) as pool:
        writing = [pool.submit(write, writer, each) for writer in range(writers)]
        verifying = [pool.submit(verify, 5) for _ in range(verifiers)]
        for work in writing:
            work.result()
        alarms = early + [alarm for work in verifying for alarm in work.result()]
    indices = list(Line.objects.order_by("index").values_list("index", flat=True))
    told = {
        "alarms": alarms,
        "is_without_gaps": indices == list(range(n_early + writers * each)),
        "damage": str(find_damage() or ""),
        "has_checkpoints": Checkpoint.objects.exists(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    Path(os.environ["GONGCHOU_HOME"]).mkdir(parents=True, exist_ok=True)
    main(*map(int, sys.argv[1:]))
