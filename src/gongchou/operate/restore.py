"""Bringing a backup back, into an empty database and home only; what is refused has not touched them.

An SQLite database is made beside its place and moved there when it is whole. On PostgreSQL all rows go in within one
transaction. Either way a process that is killed on the way leaves nothing that looks like a platform.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from shutil import copyfileobj

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.utils import DatabaseError

from gongchou import __version__
from gongchou.audit.damage import Damage, find_damage
from gongchou.audit.files import alone
from gongchou.audit.keys import LATEST, PublicKeys, read_public, read_vkeys
from gongchou.audit.operations import Keeper
from gongchou.audit.proofs import log_size, tree_of
from gongchou.draw import log, note
from gongchou.draw.errors import FormatError
from gongchou.draws import keys as draw_keys
from gongchou.draws.damage import find_damage as find_draw_damage
from gongchou.draws.models import LogHead
from gongchou.operate import home as homes
from gongchou.operate import keyring, rows
from gongchou.operate.archive import Archive, Manifest, opened
from gongchou.operate.backup import part_of
from gongchou.operate.operations import note_restore
from gongchou.operate.places import database_at, database_file, home_at, is_postgres
from gongchou.refusal import Refused

_FILES = "home/"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
# The file is thrown away unless all goes well, so it needs no journal; what is missing at the end the checks find.
_NEW_FILE = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-131072"


@dataclass(frozen=True)
class Restored:
    """What was brought back.

    damage: the log was touched before the backup was made; in_draws: what stands behind draws was
    lost: lines of the log that this machine has signed and the backup does not have; lost_entries: of the public log
    gone: names of keys that are lost: without them logs are not signed, or the pseudonyms of a batch not opened
    """

    manifest: Manifest
    damage: Damage | None
    in_draws: Damage | None
    lost: int
    lost_entries: int
    gone: list[str]


def restore(
    path: Path, *, home: Path, at: datetime, passphrase: str | None = None, without_keys: bool = False
) -> Restored:
    """Bring a backup back into the database of the settings and a home, and leave a line in the log.

    Raises Refused as ``archive.opened`` and ``keyring.missing_keys``, or ``operate.not_empty``, ``operate.in_use``,
    ``operate.not_whole``.
    """
    with opened(path, _site_of(home)) as archive:
        check_version(archive.manifest)
        keys = keyring.missing_keys(archive, home, passphrase=passphrase, without=without_keys)
        files = _files_to_write(archive, home)
        _check_empty()
        homes.prepare_folder(home)
        with _alone(home), _new_database():
            damage, lost = fill(archive, home, at)
            _put_files(archive, home, files)
            for name, text in keys.items():
                homes.write_secret(home / name, text)
            with home_at(home):
                in_draws, entries = find_draw_damage(), _lost_entries(home)
        return Restored(archive.manifest, damage, in_draws, lost, entries, keyring.lost(archive.manifest, home))


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    lock = home / ".restore.lock"
    with alone(lock, waits=False):
        try:
            yield
        finally:
            lock.unlink()


# Before anything is written ---------------------------------------------------------------------


def _site_of(home: Path) -> note.VerifierKey | None:
    path = home / "keys" / "audit.vkey"
    return read_vkeys(path, note.ED25519)[0] if path.exists() else None


def check_version(manifest: Manifest) -> None:
    """The tables must be those of this program. Raises Refused ``operate.other_version``."""
    loader = MigrationLoader(None)
    ours = {".".join(name) for name in loader.disk_migrations}
    columns = {table.name: list(table.columns) for table in rows.kept_tables()}
    theirs = {name: table["columns"] for name, table in manifest.tables.items()}
    if set(manifest.migrations) != ours or theirs != columns:
        raise Refused("operate.other_version", theirs=manifest.version, ours=__version__)


def _files_to_write(archive: Archive, home: Path) -> list[str]:
    """Names of the files that are not there yet. Raises Refused ``operate.not_empty`` for one that is another."""
    named = [name.removeprefix(_FILES) for name in archive.manifest.parts if name.startswith(_FILES)]
    for name in named:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise Refused("operate.damaged", file=archive.path, part=name)
    return [name for name in named if not _is_there(archive, home, name)]


def _is_there(archive: Archive, home: Path, name: str) -> bool:
    path = home / name
    if not path.exists():
        return False
    is_same = homes.digest_of(path) == archive.manifest.parts[_FILES + name]
    if not is_same and not name.startswith("keys/"):  # what the machine signed since is not unsigned
        raise Refused("operate.not_empty", what=f"文件 {path}")
    return True


def _check_empty() -> None:
    file = database_file()
    if file is None or file.exists():
        filled = rows.find_filled()
        if filled:
            raise Refused("operate.not_empty", what=f"数据库的表 {filled} 里有数据")
    if file is not None:
        connection.close()
        if file.with_name(f"{file.name}-wal").exists():  # whoever closes last takes it away
            raise Refused("operate.in_use", what=file)


# The database -----------------------------------------------------------------------------------


@contextmanager
def _new_database() -> Iterator[None]:
    """Everything inside is there afterwards as a whole, or not at all."""
    file = database_file()
    with ExitStack() as stack:
        if file is not None:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = file.with_name(f".{file.name}.restoring")
            new.unlink(missing_ok=True)  # of one who was killed; the lock is ours
            stack.callback(lambda: new.unlink(missing_ok=True))
            stack.enter_context(database_at(str(new), init_command=_NEW_FILE))
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
        if not is_postgres():
            connection.disable_constraint_checking()
        with transaction.atomic():
            yield
        connection.close()
        if file is not None:
            _move(new, file)


def _move(new: Path, file: Path) -> None:
    with new.open("rb") as written:
        os.fsync(written.fileno())
    new.replace(file)


def fill(archive: Archive, home: Path, at: datetime) -> tuple[Damage | None, int]:
    """Put all rows into empty tables, within a transaction of the caller's; return what was found wrong with the log.

    Raises Refused ``operate.damaged`` or ``operate.not_whole``.
    """
    manifest = archive.manifest
    try:
        for table in rows.kept_tables():
            with archive.part(part_of(table)) as lines:
                n_rows = rows.load(table, lines)
            if n_rows != manifest.tables[table.name]["rows"]:
                raise Refused("operate.not_whole", what=f"表 {table.name} 的行数不符")
        rows.finish_load()
    except DatabaseError as error:
        raise Refused("operate.not_whole", what=str(error).strip()) from error
    keys = _public_keys(archive, home)
    check_log(manifest)
    damage, lost = find_damage(keys), _lost(manifest, home)
    told = {"digest": archive.digest, "made_at": manifest.made_at, "log_size": manifest.log_size, "lost": lost}
    note_restore(site=manifest.site_key.name, facts=told, by=Keeper(), at=at)
    return damage, lost


def check_log(manifest: Manifest) -> None:
    """The log must be the one that was copied. Raises Refused ``operate.not_whole``."""
    size = log_size()
    if (size, tree_of(size).root().hex()) != (manifest.log_size, manifest.log_root):
        raise Refused("operate.not_whole", what="操作日志的行数或根与备份时不符")


def _public_keys(archive: Archive, home: Path) -> PublicKeys:
    """The log's key, and the witnesses' as this home or the backup knows them."""
    if (home / "keys" / "audit.vkey").exists():
        return read_public(home / "keys")
    witnesses = f"{_FILES}keys/witnesses.vkey"
    if witnesses not in archive.manifest.parts:
        return PublicKeys(archive.manifest.site_key)
    with archive.part(witnesses) as file:
        told = file.read().decode().split()
    return PublicKeys(archive.manifest.site_key, tuple(map(note.parse_vkey, told)))


def _lost(manifest: Manifest, home: Path) -> int:
    """Lines that were signed here and are not in the backup."""
    return max(0, _signed_here(home / "keys" / LATEST) - manifest.log_size)


def _lost_entries(home: Path) -> int:
    """The same of the public log of draws."""
    size = LogHead.objects.filter(id=1).values_list("size", flat=True).first() or 0
    return max(0, _signed_here(home / "keys" / draw_keys.LATEST) - size)


def _signed_here(path: Path) -> int:
    try:
        return log.read_checkpoint(path.read_bytes(), str(path)).size if path.exists() else 0
    except FormatError:
        return 0


# The files --------------------------------------------------------------------------------------


def _put_files(archive: Archive, home: Path, names: list[str]) -> None:
    for name in names:
        path = home / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        try:
            with archive.part(_FILES + name) as source, open(os.open(part, _NEW, 0o600), "wb") as file:  # noqa: PTH123 -- takes a mode
                copyfileobj(source, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
