"""Many people press the same buttons at once, in a database of their own; prints what came of it.

DATABASE_URL=… GONGCHOU_HOME=… python -m tests.draws.racers N [without]

without: nobody holds the row (PostgreSQL) or the database (SQLite) that is written to; what then goes wrong shows that
the others would have seen it.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402 -- Django is set up only now
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from gongchou.audit.guard import open_for_writing  # noqa: E402
from gongchou.draw.encoding import dump_json  # noqa: E402
from gongchou.draw.frame import key_commitment  # noqa: E402
from gongchou.draws import tasks  # noqa: E402
from gongchou.draws.freezing import tables_of  # noqa: E402
from gongchou.draws.keys import seal_of  # noqa: E402
from gongchou.draws.models import Batch, Work  # noqa: E402
from gongchou.draws.operations import batches, committing, results  # noqa: E402
from gongchou.refusal import Refused  # noqa: E402
from tests.draws.invariants import entries_of, faults, lines_of, result_of  # noqa: E402
from tests.factories import draws as factory  # noqa: E402
from tests.factories.lists import approver_of, keeper_of  # noqa: E402
from tests.factories.people import NOW, signed_in  # noqa: E402

Deed = Callable[[], Any]
N_WORKERS = 8
_number = count()


def at_once(deeds: Sequence[Deed]) -> list[Any]:
    """Everybody waits for the last one to be ready; what each was told."""
    ready = Barrier(len(deeds))

    def run(deed: Deed) -> Any:
        try:
            ready.wait(60)
            return deed()
        except Refused as refused:
            return refused.code
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def counted(told: Sequence[Any]) -> dict[str, int]:
    """What was told -> how often."""
    return dict(sorted(Counter(map(str, told)).items()))


def said(deed: Deed) -> str:
    """``done``, for an operation that was let through."""
    deed()
    return "done"


def batch_of(n: int = 5) -> Batch:
    """A draft with a task of its own, hours after the one before: no authority's log goes back in time."""
    number = next(_number)
    begins = NOW + timedelta(hours=3 * number)
    times = {"closes_at": begins + timedelta(hours=1), "beacon_at": begins + timedelta(hours=2)}
    return factory.make_batch(factory.ready_task(n=n, first=100 * number), **times)


def frozen(batch: Batch) -> Batch:
    return factory.frozen(batch, begins(batch))


def commit(batch: Batch) -> Batch:
    return committing.commit(batch=batch, by=approver_of(batch.department), at=begins(batch))


def close(batch: Batch) -> Batch:
    return committing.close(batch=batch, by=keeper_of(batch.department), at=batch.closes_at)


def seed(batch: Batch) -> Batch:
    beacon = factory.signer().sign(batch.last["round"])
    return committing.seed(batch=batch, beacon=beacon, by=keeper_of(batch.department), at=batch.beacon_at)


def thaw(batch: Batch) -> Batch:
    return batches.thaw(batch=batch, reason="演示", by=keeper_of(batch.department), at=begins(batch))


def begins(batch: Batch) -> datetime:
    return batch.closes_at - timedelta(hours=1)


def again(batch: Batch) -> Batch:
    """As it stands now."""
    return Batch.objects.select_related("department__region").get(pk=batch.pk)


def result(n: int) -> dict[str, Any]:
    """So many people bring the beacon and press for the draw, then several workers do it at once."""
    batch = close(commit(frozen(batch_of(40))))
    beacon = dump_json(factory.signer().sign(batch.last["round"]).document())
    people = [signed_in(Client(raise_request_exception=False), keeper_of(batch.department)) for _ in range(n)]
    addresses = {page: reverse(f"draws:{page}", args=[batch.pk]) for page in ("seed", "run", "screen-state")}

    def press(person: Client) -> tuple[int, str, int]:
        brought = person.post(addresses["seed"], {"file": SimpleUploadedFile("beacon.json", beacon)})
        return brought.status_code, brought.headers.get("Location", ""), person.post(addresses["run"]).status_code

    pressed = at_once([partial(press, person) for person in people])
    works = list(Work.objects.filter(batch=batch))
    worked = at_once([partial(tasks.do_work.call, works[0].pk)] * N_WORKERS) if works else ["no work"]

    def look(person: Client) -> str:
        told = person.get(addresses["screen-state"]).json()
        return json.dumps({name: told[name] for name in ("state", "seed", "results")}, sort_keys=True)

    seen = at_once([partial(look, person) for person in people])
    own = [one for one in pressed if one != (303, batch.get_absolute_url(), 303)]
    return {
        "others": counted(own),
        "receipts": len(set(seen)),
        "works": [(work.kind, work.failure) for work in Work.objects.filter(batch=batch)],
        "workers": counted(worked),
        "state": again(batch).state,
        "entries": dict(sorted(entries_of(batch).items())),
        "lines": {verb: n for verb, n in sorted(lines_of(batch).items()) if verb in ("batch.seeded", "batch.drawn")},
        "files": len(result_of(batch)),
    }


def records() -> dict[str, Any]:
    """The result is written down by several at once, past the row that says who works."""
    batch = seed(close(commit(frozen(batch_of()))))
    by, at = keeper_of(batch.department), batch.beacon_at

    def record() -> Batch:
        outcome = tasks.outcome_of(again(batch), lambda *_: None)
        return results.record_result(batch=batch, outcome=outcome, by=by, at=at)

    return told_of(batch, record)


def freezes() -> dict[str, Any]:
    """The lists are fixed by several at once, and what was fixed can be committed to and drawn from."""
    batch = batch_of()
    by, at = keeper_of(batch.department), begins(batch)

    def freeze() -> Batch:
        return batches.freeze(batch=batch, tables=tables_of(again(batch), at=at), by=by, at=at)

    told = told_of(batch, freeze)
    is_ours = again(batch).key_commitment == key_commitment(seal_of(batch.code))
    commit(batch)
    return told | {"is_the_key_that_was_promised": is_ours}


def told_of(batch: Batch, deed: Deed) -> dict[str, Any]:
    """What several were told who did it at once, and what the log says of it."""
    told = at_once([partial(said, deed)] * N_WORKERS)
    return {"told": counted(told), "entries": dict(sorted(entries_of(batch).items()))}


def commits() -> dict[str, Any]:
    """Several approve one batch at once."""
    batch = frozen(batch_of())
    return told_of(batch, partial(commit, batch))


def against(other: Callable[[Batch], Any]) -> list[list[str]]:
    """A commitment beside something else, three times over; what each was told, and where the batch stands."""
    found = []
    for _ in range(3):
        batch = frozen(batch_of())
        told = at_once([partial(said, partial(deed, batch)) for deed in (commit, other)])
        found.append([*told, again(batch).state])
    return found


def different() -> dict[str, int]:
    """Different batches are committed at the same moment: one log, one line of succession."""
    own = [frozen(batch_of()) for _ in range(6)]
    at = begins(own[-1])
    with open_for_writing():  # their times are one after another, but what they do here they do at once
        Batch.objects.filter(pk__in=[one.pk for one in own]).update(
            closes_at=at + timedelta(hours=1), beacon_at=at + timedelta(hours=2), last=own[-1].last
        )
    return counted(at_once([partial(said, partial(commit, again(one))) for one in own]))


def hold_nothing() -> None:
    """As if nobody had thought of a second person."""
    if connection.vendor == "sqlite":
        connection.close()
        connection.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"

    def plain(row: Any, *together: str) -> Any:
        rows = type(row)._default_manager.all()
        return (rows.select_related(*together) if together else rows).get(pk=row.pk)

    for room in (batches, committing, results):
        room.held = plain


def main(n: int, *, is_held: bool) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = 120  # a busy machine; nobody shall give up
    call_command("migrate", verbosity=0)
    if not is_held:
        hold_nothing()
        print(json.dumps({"records": records(), "result": result(n), "faults": faults()}))
        return
    told = {
        "freezes": freezes(),
        "commits": commits(),
        "thaw": against(thaw),
        "close": against(close),
        "different": different(),
        "records": records(),
        "result": result(n),  # last: pages look at the clock of this machine
        "faults": faults(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    Path(os.environ["GONGCHOU_HOME"]).mkdir(parents=True, exist_ok=True)
    main(int(sys.argv[1]), is_held="without" not in sys.argv)
