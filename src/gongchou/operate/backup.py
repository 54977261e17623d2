"""Making a backup: the database as of one moment, the files of the home, and the names of what is not in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from gongchou import __version__
from gongchou.audit.apps import keys_folder
from gongchou.audit.keys import read_secret
from gongchou.audit.operations import Keeper
from gongchou.audit.proofs import log_size, tree_of
from gongchou.draw import note
from gongchou.draw.encoding import format_time
from gongchou.operate import keyring, rows
from gongchou.operate.archive import ABOUT, Manifest, Writer
from gongchou.operate.home import SECRET, files_of
from gongchou.operate.operations import note_backup
from gongchou.operate.places import database_file, one_moment
from gongchou.refusal import Refused

NOT_IN_ANY = {
    "程序与网页静态文件": "随安装包提供；静态文件可重新生成",
    "环境变量和服务配置": "见 docs/operate/settings.md，请另行保存",
    "见证人的密钥和存放处": "不在本机，由见证人自己备份",
    "系统日志": "由操作系统管理",
}


@dataclass(frozen=True)
class Made:
    """A backup that was made; ``digest`` is the sealed one."""

    manifest: Manifest
    digest: str
    size: int


def back_up(path: Path, *, home: Path, at: datetime, passphrase: str | None = None, records: bool = True) -> Made:
    """Copy the platform into a new file.

    passphrase: carry the keys, encrypted with it; without one they are only named
    records: leave a line in the log

    Raises Refused ``operate.file_exists``, ``operate.file_unreadable``, ``operate.table_unknown``,
    ``operate.not_migrated`` or ``audit.key_missing``.
    """
    key = read_secret(keys_folder() / "audit.key")
    rows.check_all_known()
    check_migrated()
    made = _write(path, key, home, at, passphrase)
    if records:
        told = {"file": path.name, "digest": made.digest, "rows": made.manifest.n_rows}
        note_backup(site=key.public.name, facts=told | {"log_size": made.manifest.log_size}, by=Keeper(), at=at)
    return made


def check_migrated() -> None:
    """Raises Refused ``operate.not_migrated``."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused("operate.not_migrated")


def _write(path: Path, key: note.SecretKey, home: Path, at: datetime, passphrase: str | None) -> Made:
    if path.exists():
        raise Refused("operate.file_exists", file=path)
    try:
        writer = Writer(path)
    except OSError as error:
        raise Refused("operate.file_unreadable", file=path, cause=error.strerror) from error
    try:
        writer.add("README.txt", ABOUT.encode())
        with one_moment():
            manifest = _manifest(key, home, at, is_sealed=passphrase is not None)
            manifest.tables = _dump(writer)
        _take_files(writer, home, path, manifest)
        if passphrase is not None:
            writer.add(keyring.PART, keyring.seal(keyring.keys_of(home), passphrase))
        digest = writer.finish(manifest, key)
    finally:
        writer.give_up()
    return Made(manifest, digest, path.stat().st_size)


def _manifest(key: note.SecretKey, home: Path, at: datetime, *, is_sealed: bool) -> Manifest:
    size = log_size()
    return Manifest(
        made_at=format_time(int(at.timestamp())),
        version=__version__,
        database=connection.vendor,
        site=str(key.public),
        secret=keyring.fingerprint(),
        migrations=applied_migrations(),
        log_size=size,
        log_root=tree_of(size).root().hex(),
        keys=sorted({SECRET, *keyring.keys_of(home)}),
        sealed=is_sealed,
        left=NOT_IN_ANY | {f"表 {label}": why for label, why in rows.NOT_KEPT.items()},
    )


def applied_migrations() -> list[str]:
    """How far the structure of the database has come."""
    return sorted(".".join(name) for name in MigrationRecorder(connection).applied_migrations())


def _dump(writer: Writer) -> dict[str, dict[str, object]]:
    told = {}
    for table in rows.kept_tables():
        with writer.part(part_of(table)) as write:
            n_rows = rows.dump(table, write)
        told[table.name] = {"columns": list(table.columns), "rows": n_rows}
    return told


def part_of(table: rows.Table) -> str:
    """Where the rows of a table are."""
    return f"tables/{table.name}.tsv"


def _take_files(writer: Writer, home: Path, path: Path, manifest: Manifest) -> None:
    """After the rows: whatever a row names was there before the row."""
    taken, left = files_of(home, database=database_file())
    for name in taken:
        if home / name != path.absolute():
            writer.add_file(f"home/{name}", home / name)
    manifest.left |= left
