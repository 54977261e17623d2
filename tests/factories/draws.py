"""Fictitious draw days (演示数据), made by the operations everybody uses, with a beacon of this machine's own."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from gongchou.accounts.models import Department
from gongchou.audit.apps import keys_folder
from gongchou.audit.guard import open_for_writing
from gongchou.demo.beacon import Signer
from gongchou.draws import beacons, keys
from gongchou.draws.drawing import outcome_of
from gongchou.draws.freezing import tables_of
from gongchou.draws.models import Batch, Draw
from gongchou.draws.operations import batches, committing, results
from gongchou.draws.settings import Settings, to_store
from gongchou.plans.models import Task
from gongchou.plans.operations import parties, tasks
from gongchou.registry.models import SubLibrary
from tests.factories import plans
from tests.factories.inspectors import make_staff
from tests.factories.lists import approver_of, department_of_lists, item_in_list, keeper_of, other_department
from tests.factories.people import NOW, make_department
from tests.factories.subjects import fill, make_library

SITE = "gongchou.example"
CLOSES = NOW + timedelta(hours=1)
BEACON = NOW + timedelta(hours=2)
SCHEME = {"goals": "演示目标", "duties": "演示分工", "measures": "演示措施", "deadlines": "演示时限"}


@cache
def signer() -> Signer:
    """The beacon of the tests."""
    return Signer(20260302, genesis_time=int(NOW.timestamp()) - 86_400)


@cache
def _made_keys() -> Path:
    """A folder of keys, made once for all tests of a process."""
    folder = Path(tempfile.mkdtemp(prefix="gongchou-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    keys.make_keys(SITE, n_practice=2, folder=folder)
    return folder


def set_up_keys() -> None:
    """Keys, two practice witnesses, and the chain of the beacon, in the home of the test."""
    if not keys_folder().exists():
        shutil.copytree(_made_keys(), keys_folder())
    keys.make_keys(SITE, n_practice=2)
    folder = keys_folder() / beacons.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "practice.json").write_text(json.dumps(asdict(signer().chain)), encoding="utf-8")


def ready_task(
    department: Department | None = None,
    *,
    n: int = 40,
    first: int = 1,
    library: SubLibrary | None = None,
    **own: Any,
) -> Task:
    """A task that can be drawn: so many shops in a library of its own, unless one is given; ten people."""
    department = department or department_of_lists()
    grade = own.pop("grade", "")
    if library is None:
        library = make_library(f"L{first}", department=department)
        fill(library, range(first, first + n), department, grade=grade)
    task = plans.make_task(
        department, pool=plans.pool_of(library), **{"ratio": plans.at_least("20%"), "is_list_public": True, **own}
    )
    lead = task.participants.get(is_lead=True)
    item = item_in_list(f"I{first}", department)
    by = keeper_of(department)
    parties.set_participant(participant=lead, items=[item], checklists=[], n_people=2, qualification="", by=by, at=NOW)
    staff(department)
    scheme = tasks.write_scheme(task=task, content=SCHEME, by=by, at=NOW)
    tasks.publish_scheme(scheme=scheme, url="", by=by, at=NOW)
    return tasks.make_ready(task=task, by=by, at=NOW)


def staff(department: Department, n: int = 10) -> None:
    """Inspectors of a department, unless it has some."""
    if not department.inspectors.exists():
        make_staff(department, range(n), date(2027, 12, 31))


def content(**own: Any) -> dict[str, Any]:
    """All that a batch says, with the beacon of this machine last."""
    beacon_at = own.get("beacon_at", BEACON)
    return {
        "name": "演示抽取",
        "mode": "official",
        "profile": "P",
        "sources": [],
        "last": beacons.source_of(signer().chain, beacon_at),
        "closes_at": CLOSES,
        "beacon_at": beacon_at,
        "disclosed_at": beacon_at + timedelta(days=30),
        "settings": to_store(Settings()),
        **own,
    }


def make_batch(task: Task | None = None, **own: Any) -> Batch:
    """A draft with one task."""
    set_up_keys()
    task = task or ready_task()
    return batches.open_batch(task=task, content=content(**own), by=keeper_of(task.department), at=NOW)


def joint_batch(*, n: int = 40, other: Department | None = None, n_draws: int = 2, **own: Any) -> Batch:
    """A draft in which departments draw from one and the same library with one seed."""
    batch = make_batch(ready_task(n=n), **own)
    library = SubLibrary.objects.get(code="L1")
    for at in range(1, n_draws):
        department = other or make_department(f"J{at}", batch.department.region)
        task = ready_task(department, first=1_000 * at, library=library)
        batch = batches.add_task(batch=batch, task=task, by=keeper_of(department), at=NOW)
    return batch


def frozen(batch: Batch, at: datetime = NOW) -> Batch:
    """Lists fixed."""
    return batches.freeze(batch=batch, tables=tables_of(batch, at=at), by=keeper_of(batch.department), at=at)


def two_departments(**own: Any) -> Batch:
    """A draft with a task of each of two departments over the same forty shops; the second draws half of them."""
    batch = make_batch(**own)
    library = SubLibrary.objects.get(code="L1")
    other = other_department(batch.department)
    task = ready_task(other, first=101, library=library, ratio=plans.at_least("50%"))
    return batches.add_task(batch=batch, task=task, by=keeper_of(other), at=NOW)


def committed(batch: Batch, at: datetime = NOW) -> Batch:
    """Promised to everybody."""
    return committing.commit(batch=frozen(batch, at), by=approver_of(batch.department), at=at)


def closed(batch: Batch, at: datetime = NOW) -> Batch:
    """Sources fixed."""
    batch = committed(batch, at) if batch.state == "draft" else batch
    return committing.close(batch=batch, by=keeper_of(batch.department), at=batch.closes_at)


def seeded(batch: Batch, at: datetime = NOW) -> Batch:
    """The beacon has come."""
    batch = batch if batch.state == "closed" else closed(batch, at)
    beacon = signer().sign(batch.last["round"])
    return committing.seed(batch=batch, beacon=beacon, by=keeper_of(batch.department), at=batch.beacon_at)


def drawn(batch: Batch, at: datetime = NOW) -> Batch:
    """The result is there. at: when its lists were fixed"""
    if batch.state == "drawn":
        return batch
    batch = batch if batch.state == "seeded" else seeded(batch, at)
    outcome = outcome_of(batch, lambda *_: None)
    return results.record_result(batch=batch, outcome=outcome, by=keeper_of(batch.department), at=batch.beacon_at)


def locked(batch: Batch) -> Batch:
    """Confirmed."""
    return results.lock(batch=drawn(batch), by=approver_of(batch.department), at=batch.beacon_at)


def dispatched(batch: Batch) -> Batch:
    """Handed to the units."""
    return results.dispatch(batch=locked(batch), by=keeper_of(batch.department), at=batch.beacon_at)


def drawn_later(days: int, task: Task | None = None, **own: Any) -> Batch:
    """Drawn on another day; the public log goes forward only."""
    day = timedelta(days=days)
    return drawn(make_batch(task, closes_at=CLOSES + day, beacon_at=BEACON + day, **own), NOW + day)


def give_up_late(draw: Draw, state: str = "withdrawn_late") -> None:
    """Withdrawn, as the table has it."""
    with open_for_writing():
        Draw.objects.filter(pk=draw.pk).update(state=state, withdrawn_at=draw.batch.beacon_at)
