"""A backup is one zip file of parts, a manifest that names them with their digests, and a seal behind it.

The seal is the comment of the zip file: a note signed by the log's key (C2SP signed-note) with the digest of all
that is before it. So the first look tells a file that was cut off from one that was changed, and no byte of it is free.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from io import BufferedIOBase, BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from gongchou.draw import note
from gongchou.draw.errors import FormatError
from gongchou.refusal import Refused

FORMAT = 1
MANIFEST = "manifest.json"
_ORIGIN = b"gongchou-backup/"
_CHUNK = 1 << 20
_MOST_SEAL = 1 << 11
_LENGTH = 2  # bytes before the comment that say how long it is

ABOUT = """公抽平台备份 / a backup of the platform Gongchou

manifest.json 列出其余各部分及其 SHA-256、各表行数、日志的行数和根、未备份的内容。
恢复：GONGCHOU_HOME=空文件夹 ./gongchou restore 本文件
To restore: GONGCHOU_HOME=(an empty folder) ./gongchou restore FILE
"""


@dataclass
class Manifest:
    """What a backup holds and where it comes from.

    site: the log's public key, which is who the platform is; secret: a fingerprint of the secret key
    tables: table -> its columns and number of rows; parts: part -> SHA-256; left: what is not in it, and why
    keys: names of the keys of the home; sealed: whether they are in it, encrypted
    """

    made_at: str
    version: str
    database: str
    site: str
    secret: str
    migrations: list[str]
    log_size: int
    log_root: str
    keys: list[str]
    sealed: bool
    left: dict[str, str]
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def site_key(self) -> note.VerifierKey:
        """Who signed."""
        return note.parse_vkey(self.site)

    @property
    def n_rows(self) -> int:
        """Rows of all tables."""
        return sum(table["rows"] for table in self.tables.values())


# Writing ----------------------------------------------------------------------------------------


class Writer:
    """An archive being written beside its place; it is there when it is whole, or not at all."""

    def __init__(self, path: Path) -> None:
        self.path, self.part_path = path, path.with_name(f".{path.name}.part-{os.getpid()}")
        self.digests: dict[str, str] = {}
        handle = os.open(self.part_path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)  # it holds names and telephones
        self._file = open(handle, "w+b")  # noqa: SIM115, PTH123 -- closed by finish or give_up
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=1)

    @contextmanager
    def part(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """A function that writes to a part."""
        digest = sha256()
        info = ZipInfo(name)
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as file:

            def write(data: bytes) -> None:
                digest.update(data)
                file.write(data)

            yield write
        self.digests[name] = digest.hexdigest()

    def add(self, name: str, data: bytes) -> None:
        """A short part."""
        with self.part(name) as write:
            write(data)

    def add_file(self, name: str, path: Path) -> None:
        """A file as a part."""
        with path.open("rb") as file, self.part(name) as write:
            while data := file.read(_CHUNK):
                write(data)

    def finish(self, manifest: Manifest, key: note.SecretKey) -> str:
        """Add the manifest, seal everything, and put the file into its place; return the sealed digest.

        Raises Refused ``operate.file_exists``.
        """
        manifest.parts = dict(sorted(self.digests.items()))
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        self._zip.comment = _seal("0" * 64, key)  # as long as the seal will be
        self._zip.close()
        length = len(self._zip.comment)
        end = self._file.seek(0, os.SEEK_END) - length
        digest = _digest(self._file, end)
        self._file.seek(end)
        self._file.write(_seal(digest, key))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        try:
            os.link(self.part_path, self.path)  # unlike a rename, never over another
        except FileExistsError as error:
            raise Refused("operate.file_exists", file=self.path) from error
        self.part_path.unlink()
        return digest

    def give_up(self) -> None:
        """Leave nothing behind; where the disk is full, even closing fails."""
        with suppress(OSError, ValueError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        self.part_path.unlink(missing_ok=True)


def _seal(digest: str, key: note.SecretKey) -> bytes:
    text = f"{_ORIGIN.decode()}{FORMAT}\n{digest}\n"
    return note.write_note(text, [note.sign(text, key.public, key.secret)])


def _digest(file: IO[bytes], end: int) -> str:
    found, left = sha256(), end
    file.seek(0)
    while left:
        data = file.read(min(_CHUNK, left))
        if not data:
            break
        found.update(data)
        left -= len(data)
    return found.hexdigest()


# Reading ----------------------------------------------------------------------------------------


class Archive:
    """A backup that was found whole. ``digest`` is the sealed one."""

    def __init__(self, path: Path, file: ZipFile, manifest: Manifest, digest: str) -> None:
        self.path, self.manifest, self.digest = path, manifest, digest
        self._zip = file

    @contextmanager
    def part(self, name: str) -> Iterator[BufferedIOBase]:
        """A part to read from, to its end; then its digest is compared. Raises Refused ``operate.damaged``."""
        try:
            with self._zip.open(name) as raw, closing(_Hashed(raw)) as hashed:
                reader = BufferedReader(hashed, _CHUNK)
                yield reader
                whole = not reader.read(1) and hashed.digest.hexdigest() == self.manifest.parts[name]
        except (KeyError, BadZipFile) as error:
            raise Refused("operate.damaged", file=self.path, part=name) from error
        if not whole:
            raise Refused("operate.damaged", file=self.path, part=name)

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()


class _Hashed(RawIOBase):
    """Passes on what it reads, and keeps its digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        self.digest.update(data)
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def opened(path: Path, site: note.VerifierKey | None) -> Iterator[Archive]:
    """A backup of this platform, after every byte of it has been looked at.

    site: who the platform is; None where nobody knows yet, and the backup says

    Raises Refused ``operate.file_unreadable``, ``operate.not_a_backup``, ``operate.truncated``, ``operate.damaged``,
    ``operate.other_version`` or ``operate.foreign_site``.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused("operate.file_unreadable", file=path, cause=error.strerror) from error
    with file:
        seal, digest = _read_seal(path, file)
        archive = _read(path, file, digest)
        signer = archive.manifest.site_key
        if not note.is_signed_by(seal, signer):
            raise Refused("operate.damaged", file=path, part="整个文件")
        if site is not None and site != signer:
            raise Refused("operate.foreign_site", theirs=signer.name, ours=site.name)
        yield archive
        archive.close()


def _read_seal(path: Path, file: IO[bytes]) -> tuple[note.Note, str]:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(4)
    if head != b"PK\3\4"[: len(head)]:
        raise Refused("operate.not_a_backup", file=path)
    file.seek(max(0, size - _MOST_SEAL))
    tail = file.read()
    at = tail.rfind(_ORIGIN)
    data = tail[at:]
    if at < _LENGTH or len(data) < int.from_bytes(tail[at - _LENGTH : at], "little"):
        raise Refused("operate.truncated", file=path)
    found, digest = _parse_seal(path, data)
    if _digest(file, size - len(data)) != digest:
        raise Refused("operate.damaged", file=path, part="整个文件")
    return found, digest


def _parse_seal(path: Path, data: bytes) -> tuple[note.Note, str]:
    version = re.match(rb"gongchou-backup/(\d{1,9})\n", data)
    if version and int(version[1]) != FORMAT:
        raise Refused("operate.other_version", theirs=f"格式 {int(version[1])}", ours=f"格式 {FORMAT}")
    try:
        seal = note.parse_note(data)
    except FormatError as error:
        raise Refused("operate.damaged", file=path, part="封签") from error
    told = re.fullmatch(r"gongchou-backup/\d+\n([0-9a-f]{64})\n", seal.text)
    if told is None:
        raise Refused("operate.damaged", file=path, part="封签")
    return seal, told[1]


def _read(path: Path, file: IO[bytes], digest: str) -> Archive:
    try:
        parts = ZipFile(file)
        manifest = Manifest(**json.loads(parts.read(MANIFEST)))
        note.parse_vkey(manifest.site)
    except (BadZipFile, KeyError, ValueError, TypeError, FormatError) as error:
        raise Refused("operate.damaged", file=path, part=MANIFEST) from error
    if set(parts.namelist()) != {*manifest.parts, MANIFEST}:
        raise Refused("operate.damaged", file=path, part=MANIFEST)
    return Archive(path, parts, manifest, digest)
