"""One record over many connections at once, in a database of its own; prints what came of it.

DATABASE_URL=… GONGCHOU_HOME=… python -m tests.inspections.racers N [without]

without: nothing in the database keeps a record from coming twice (PostgreSQL)
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402 -- Django is set up only now
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from gongchou.accounts.models import User  # noqa: E402
from gongchou.audit.models import Line  # noqa: E402
from gongchou.inspections.models import Instance, Result, Revision  # noqa: E402
from tests.factories.inspections import (  # noqa: E402
    bytes_of,
    first_seat,
    inspector_at,
    on_its_way,
    package,
    post,
    record_for,
)
from tests.factories.people import signed_in  # noqa: E402

KEY = UUID(int=0x6E)


def main(n: int, *, is_unguarded: bool) -> dict[str, Any]:
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    by = inspector_at(first_seat(on_its_way()))
    door = package(by)["visits"][0]
    if is_unguarded:
        _open_up()
    body = bytes_of(record_for(door))
    answers = _at_once(by, [body] * n)
    other = post(_phone(by), KEY, record_for(door, opinion="另一份"))
    return {
        "statuses": dict(sorted(Counter(str(status) for status, _ in answers).items())),
        "receipts": len({told for status, told in answers if status in (200, 201)}),
        "other": other.status_code,
        "records": Instance.objects.count(),
        "revisions": Revision.objects.count(),
        "results": Result.objects.count(),
        "items": len(door["items"]),
        "lines": Line.objects.filter(verb="inspection.recorded").count(),
        "is_first": all(one.body.encode() == body for one in Revision.objects.all()),
    }


def _open_up() -> None:
    """Take away what holds a record to one row."""
    with connection.cursor() as cursor:
        for table in ("instance", "revision"):
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'u')",
                [f"inspections_{table}"],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE inspections_{table} DROP CONSTRAINT "{name}" CASCADE')


def _phone(by: User) -> Client:
    return signed_in(Client(), by)


def _at_once(by: User, bodies: list[bytes]) -> list[tuple[int, bytes]]:
    """Everybody waits for the last one to be ready; status and answer of each."""
    ready = Barrier(len(bodies))
    phones = [_phone(by) for _ in bodies]

    def run(phone: Client, body: bytes) -> tuple[int, bytes]:
        try:
            ready.wait(60)
            answer = post(phone, KEY, body)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(run, phones, bodies))


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), is_unguarded="without" in sys.argv)))
