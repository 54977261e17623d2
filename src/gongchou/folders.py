"""Reading and writing bundles on a disk. Files appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import gongchou.draw
from gongchou.draw.bundle import check_path, read_zip
from gongchou.draw.errors import FormatError
from gongchou.draw.table import Blob

# What file managers drop into directories; no part of a bundle.
LEFT_BY_DESKTOPS = (".DS_Store", "Thumbs.db", "desktop.ini")


class FileBlob:
    """A file as a blob; opened for each read, so that thousands of them cost no handles."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size

    def read(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``."""
        with self.path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


def open_bundle(path: Path) -> dict[str, Blob]:
    """The files of a bundle directory or zip. Raises FormatError ``not_found``, ``path_invalid``, ``zip_invalid``."""
    if path.is_dir():
        return dict(_files_below(path))
    if not path.is_file():
        raise FormatError("not_found", str(path))
    return read_zip(FileBlob(path), path.name)


def _files_below(root: Path) -> Iterator[tuple[str, Blob]]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            raise FormatError("path_invalid", name)
        if path.is_file() and path.name not in LEFT_BY_DESKTOPS:
            check_path(name)
            yield name, FileBlob(path)


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file under a passing name and move it into place when it is complete and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        with part.open("wb") as file:
            for piece in (data,) if isinstance(data, bytes) else data:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_files(root: Path, files: dict[str, bytes]) -> None:
    """Write several files, each whole."""
    for name, data in files.items():
        write_whole(root / name, data)


def beside(path: Path, ending: str) -> Path:
    """The sibling that is named like this path with something added; ``.`` and ``..`` have names too."""
    named = path.resolve() if path.name in ("", "..") else path
    return named.with_name(named.name + ending)


def check_is_free(root: Path) -> None:
    """Raises FormatError ``folder_exists`` unless a new directory may be made here."""
    if root.is_symlink() or (root.exists() and (not root.is_dir() or any(root.iterdir()))):
        raise FormatError("folder_exists", str(root))


def make_folder(root: Path, files: dict[str, bytes]) -> None:
    """Make a new directory with these files, all of them or nothing. Raises FormatError ``folder_exists``."""
    check_is_free(root)
    part = beside(root, f".part-{os.getpid()}")
    try:
        write_files(part, files)
        if root.exists():
            root.rmdir()
        part.rename(root)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_bytes(path: Path) -> bytes:
    """A file that must be there. Raises FormatError ``not_found``."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise FormatError("not_found", str(path)) from error


def read_text(path: Path) -> str:
    """A UTF-8 file that must be there, with or without a byte order mark. Raises FormatError."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("not_utf8", str(path)) from error


def core_digest() -> str:
    """SHA-256 over the sources of the core, so that a report can name what computed it. Reported, never trusted."""
    digest = sha256()
    folder = Path(gongchou.draw.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()
