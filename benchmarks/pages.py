"""How fast the lists answer over a full city, beside Django's own admin over the same rows.

    python -m benchmarks.pages [--home DIR] [--runs 15] [--million] [--by ssjb]

Uses the city of ``./gongchou make_city --full`` in a home folder (default build/bench-pages) or in the database of
DATABASE_URL, made where there is none. Every page is asked for in one process through all middleware, by an official
who reaches the whole city unless --by names another (``gaj_lly``: by sub-libraries only; ``scjg03_lly``: one district).
The peer is the changelist of ``django.contrib.admin`` with the same columns and search fields. With --million there are
a million subjects.

    python tools/with_postgres.py python -m benchmarks.pages --home DIR
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "检查对象": "/registry/subjects/",
    "检查对象 第 50 页": "/registry/subjects/?page=50",
    "检查对象 按名称排序": "/registry/subjects/?sort=name",
    "检查对象 按分库": "/registry/subjects/?library={library}",
    "检查对象 按区": "/registry/subjects/?region={region}",
    "搜索 两个字": "/registry/subjects/?q=澍煦",
    "搜索 常见词": "/registry/subjects/?q=餐饮",
    "搜索 拼音首字母": "/registry/subjects/?q=xgd",
    "搜索 地址": "/registry/subjects/?q=观澜路 88号",
    "搜索 没有的": "/registry/subjects/?q=查无此户",
    "对象档案": "/registry/subjects/{subject}/",
    "分库": "/registry/libraries/",
    "许可到期": "/registry/entries/expiring/",
    "执法检查人员": "/registry/inspectors/",
    "抽查事项清单": "/registry/items/",
}
PEER = {
    "检查对象": "/admin/registry/subject/",
    "检查对象 第 50 页": "/admin/registry/subject/?p=50",
    "检查对象 按名称排序": "/admin/registry/subject/?o=1",
    "搜索 两个字": "/admin/registry/subject/?q=澍煦",
    "搜索 常见词": "/admin/registry/subject/?q=餐饮",
    "搜索 地址": "/admin/registry/subject/?q=观澜路 88号",
    "搜索 没有的": "/admin/registry/subject/?q=查无此户",
    "执法检查人员": "/admin/registry/inspector/",
}


def set_up(home: Path) -> None:
    """A city of full size in a home folder of its own, and Django started on it."""
    os.environ.update(
        GONGCHOU_HOME=str(home),
        GONGCHOU_SECRET_KEY="benchmark",  # noqa: S106 -- of a city that is gone afterwards
        GONGCHOU_TWO_FACTORS="0",
        GONGCHOU_DEMO="1",
        DJANGO_SETTINGS_MODULE="benchmarks.pages_settings",
        PYTHONPATH=os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    )
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    home.mkdir(parents=True, exist_ok=True)
    import django  # noqa: PLC0415 -- the environment is set above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from gongchou.accounts.models import User  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        call_command("make_city", full=True)


def timed(ask: Callable[[], Any], runs: int) -> tuple[float, float]:
    """Median and slowest in seconds, after one that does not count."""
    ask()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), max(taken)


def asking(client: Any, address: str) -> Callable[[], Any]:
    """One page, which must come."""

    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return ask


def main(words: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "bench-pages")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--by", default="ssjb", help="whose account asks")
    args = parser.parse_args(words)
    set_up(args.home)
    measure(args.runs, args.by, is_million=args.million)


def measure(runs: int, by: str, *, is_million: bool) -> None:
    """Every page, ours and the peer's."""
    from benchmarks import pages_city  # noqa: PLC0415 -- needs Django, which main has started

    if is_million:
        pages_city.fill_up(1_000_000)
    ours, peer, ids = pages_city.clients(by)
    print(f"{pages_city.count():,} subjects, {runs} runs, asked by {by}, seconds: median (slowest); peer: Django admin")
    for name, address in PAGES.items():
        median, slowest = timed(asking(ours, address.format(**ids)), runs)
        line = f"{name:<14} {median:7.3f} ({slowest:.3f})"
        if name in PEER:
            other, _ = timed(asking(peer, PEER[name]), max(3, runs // 3))
            line += f"   peer {other:7.3f}   {other / median:5.1f} x"
        print(line, flush=True)


if __name__ == "__main__":
    main()
