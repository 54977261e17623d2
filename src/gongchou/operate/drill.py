"""The drill: back up, bring it back somewhere else, compare everything, start the platform there, take the time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedIOBase
from itertools import takewhile
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import connection

from gongchou.audit.damage import Damage, find_damage
from gongchou.audit.proofs import tree_of
from gongchou.draws.damage import find_damage as find_draw_damage
from gongchou.operate import rows
from gongchou.operate.archive import Archive, opened
from gongchou.operate.backup import Made, back_up, part_of
from gongchou.operate.home import digest_of
from gongchou.operate.places import database_at, scratch_database
from gongchou.operate.restore import restore
from gongchou.refusal import Refused

SOURCE = Path(__file__).parents[2]
_GROWN = ("audit_line", "audit_head")  # restoring adds a line of its own; the root and the chain tell of the others


@dataclass
class Drilled:
    """What came out, with the seconds that each step took."""

    made: Made
    damage: Damage | None = None
    in_draws: Damage | None = None
    pages: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def recovery_s(self) -> float:
        """From the decision to bring the backup back until pages answer."""
        return sum(took for step, took in self.seconds.items() if step != "backup")


def drill(*, home: Path, at: datetime, say: Callable[[str], None]) -> Drilled:
    """Do it all; the platform itself is only read.

    Raises Refused as ``back_up`` and ``restore``, ``operate.no_scratch`` or ``operate.copy_differs``.
    """
    with tempfile.TemporaryDirectory(prefix=".drill-", dir=home) as name:
        folder = Path(name)
        path, elsewhere, seconds = folder / "drill.zip", folder / "home", dict[str, float]()
        with _timed(seconds, "backup"):
            made = back_up(path, home=home, at=at, records=False)
        done = Drilled(made, seconds=seconds)
        say(f"备份完成：{made.manifest.n_rows}行")
        elsewhere.mkdir()
        with scratch_database(elsewhere) as scratch, database_at(scratch):
            with _timed(seconds, "restore"):
                restored = restore(path, home=elsewhere, at=at, without_keys=True)
            done.damage, done.in_draws = restored.damage, restored.in_draws
            say("已恢复到临时数据库和临时文件夹")
            with _timed(seconds, "compare"):
                compare(path, elsewhere)
            say("逐项核对一致：每个表的行数和内容、每个文件、操作日志的根")
            with _timed(seconds, "start"):
                done.pages = start(elsewhere, say)
            say(f"试运行正常：{'、'.join(done.pages)}")
    if find_damage() != done.damage:
        raise Refused("operate.copy_differs", what="操作日志的核查结果与原平台不同")
    if find_draw_damage() != done.in_draws:
        raise Refused("operate.copy_differs", what="抽取的核查结果与原平台不同")
    return done


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    began = monotonic()
    yield
    seconds[step] = monotonic() - began


def compare(path: Path, home: Path) -> None:
    """Hold a restored platform against the backup. Raises Refused ``operate.copy_differs`` with what differs first."""
    with opened(path, None) as archive:
        for table in rows.kept_tables():
            if table.name not in _GROWN:
                _compare_table(archive, table)
        if tree_of(archive.manifest.log_size).root().hex() != archive.manifest.log_root:
            raise Refused("operate.copy_differs", what="操作日志的根与备份不同")
        for part, digest in archive.manifest.parts.items():
            file = home / part.removeprefix("home/")
            if part.startswith("home/") and not (file.exists() and digest_of(file) == digest):
                raise Refused("operate.copy_differs", what=f"文件 {file.relative_to(home)} 与备份不同或缺失")


def _compare_table(archive: Archive, table: rows.Table) -> None:
    """Write the table out again: the same rows give the same bytes."""
    with archive.part(part_of(table)) as kept:
        against = _Against(kept)
        rows.dump(table, against.compare)
        if against.has_more() or against.differs:
            row = against.n_same + 1
            raise Refused(
                "operate.copy_differs", what=f"表 {table.name} 按 {table.key} 排序的第{row}行与备份不同或缺失"
            )


class _Against:
    """Lines held against those of a backup, up to the first that differs."""

    def __init__(self, kept: BufferedIOBase) -> None:
        self.n_same, self.differs = 0, False
        self._kept = kept

    def compare(self, lines: bytes) -> None:
        if self.differs:
            return
        kept = self._kept.read(len(lines))
        self.differs = kept != lines
        both = zip(kept.split(b"\n"), lines.split(b"\n"), strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
        self.n_same += same if self.differs else lines.count(b"\n")

    def has_more(self) -> bool:
        return bool(self._kept.read(1))


def start(home: Path, say: Callable[[str], None]) -> list[str]:
    """Let a new process start the platform on the database of now and a home; return the pages that answered.

    Raises Refused ``operate.copy_differs`` where it does not start.
    """
    name = str(connection.settings_dict["NAME"])
    connection.close()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")]),
        "DJANGO_SETTINGS_MODULE": "gongchou.settings",
        "GONGCHOU_HOME": str(home),
        "GONGCHOU_SECRET_KEY": settings.SECRET_KEY,
        "GONGCHOU_TWO_FACTORS": "0",
    }
    command = [sys.executable, "-m", "gongchou.operate.smoke", name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- our own
    if done.returncode:
        say(done.stderr)
        raise Refused("operate.copy_differs", what="平台没有在恢复后的数据上启动，原因见上")
    return done.stdout.split()
