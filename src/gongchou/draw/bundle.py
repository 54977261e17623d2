"""The evidence bundle: which files there are, the signed manifest, the one permitted zip form (spec section 2)."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256

from gongchou.draw import note
from gongchou.draw.encoding import dump_json, is_id, sha256_hex
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.params import HASH, array, integer, matching, one_of, read_document, record
from gongchou.draw.table import CHUNK, Blob, Bytes, read_all

Files = Mapping[str, Blob]

MANIFEST = "manifest.json"
MANIFEST_NOTE = "manifest.note"
OF_DRAW = frozenset(
    [
        "universe.json",
        "universe.note",
        "strata-rule.json",
        "reasons.json",
        "frame.tsv",
        "excluded.tsv",
        "params.json",
        "selected.tsv",
        "reserve.tsv",
        "replacements.tsv",
        "rejected.csv",
        "params.tsr",
    ]
)
OF_CAMPAIGN = frozenset(
    [
        "manifest.json",
        "manifest.note",
        "inspectors.tsv",
        "avoid.tsv",
        "assignment.tsv",
        "unfilled.tsv",
        "substitutions.tsv",
        "close.txt",
        "seed-input.txt",
        "README.zh.md",
        "VERIFY.html",
    ]
)
MATCH_FILES = ("inspectors.tsv", "avoid.tsv", "assignment.tsv", "unfilled.tsv")
LEFT_OUT_WHEN_SEALED = (*MATCH_FILES, "substitutions.tsv")
KEY_FILES = ("keys/operator.vkey", "keys/registry.vkey", "keys/log.vkey", "keys/witnesses.vkey")
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_PATH = re.compile(rf"{_PART}(?:/{_PART})*")
_LOG_FILE = re.compile(r"log/(?:checkpoint|consistency\.tsv|[0-9]{8}\.(?:json|tlog-proof))")
_LOG_ENTRY = re.compile(r"log/[0-9]{8}\.(?:json|tlog-proof)")
LARGEST_ZIP = (1 << 32) - 1
MOST_ENTRIES = 65_000

_MANIFEST_SHAPE = record(files=array(record(path=matching(r".{1,200}"), sha256=HASH, size=integer())), v=one_of("vdp1"))


def check_path(path: str) -> None:
    """Refuse a path that could climb out of the bundle or be spelled two ways. Raises FormatError ``path_invalid``."""
    if not _PATH.fullmatch(path) or len(path) > 200 or ".." in path.split("/"):
        raise FormatError("path_invalid", path[:200])


def is_of_match(path: str) -> bool:
    """Tell whether a file tells who visits whom, and is left out where that is sealed."""
    return path in LEFT_OUT_WHEN_SEALED or path.startswith("sources/event-")


def draw_folders(files: Files) -> dict[str, str]:
    """Draw id -> path prefix (``""`` for a single draw, known later, under the key ``""``)."""
    if "params.json" in files:
        return {"": ""}
    folders = sorted(path.removesuffix("/params.json") for path in files if path.endswith("/params.json"))
    return {folder: folder + "/" for folder in folders if is_id(folder)}  # a draw's id, so never `sources`


def check_layout(files: Files) -> None:
    """Refuse missing and unknown files. Raises FormatError ``path_invalid``, ``file_missing`` or ``file_extra``."""
    for path in sorted(files):
        check_path(path)
    prefixes = list(draw_folders(files).values())
    if not prefixes:
        raise FormatError("file_missing", "params.json")
    for path in sorted(files):
        if not _is_known(path, prefixes):
            raise FormatError("file_extra", path)
    optional = {"replacements.tsv", "rejected.csv", "params.tsr"}
    needed = [prefix + name for prefix in prefixes for name in sorted(OF_DRAW - optional)]
    needed += ["close.txt", "seed-input.txt", "log/checkpoint", "log/consistency.tsv", *KEY_FILES]
    needed += [_partner(path) for path in sorted(files) if _LOG_ENTRY.fullmatch(path)]
    for path in needed:
        if path not in files:
            raise FormatError("file_missing", path)


def _partner(path: str) -> str:
    """An entry's proof, a proof's entry."""
    stem, _, kind = path.rpartition(".")
    return f"{stem}.{'tlog-proof' if kind == 'json' else 'json'}"


def _is_known(path: str, prefixes: list[str]) -> bool:
    if path in OF_CAMPAIGN or path in KEY_FILES or _LOG_FILE.fullmatch(path):
        return True
    if path.startswith("sources/"):
        return path.count("/") == 1
    return any(path.startswith(prefix) and path[len(prefix) :] in OF_DRAW for prefix in prefixes)


def digest_of(blob: Blob) -> str:
    """SHA-256 of a blob, read in pieces."""
    digest = sha256()
    for offset in range(0, blob.size, CHUNK):
        digest.update(blob.read(offset, CHUNK))
    return digest.hexdigest()


def manifest_text(manifest: bytes) -> str:
    """The text of ``manifest.note``."""
    return f"vdp1 manifest\n{sha256_hex(manifest)}\n"


def universe_text(universe: bytes) -> str:
    """The text of ``universe.note``."""
    return f"vdp1 universe\n{sha256_hex(universe)}\n"


def write_manifest(files: Files) -> bytes:
    """``manifest.json`` over all other files."""
    listed = sorted(set(files) - {MANIFEST, MANIFEST_NOTE})
    rows = [{"path": path, "sha256": digest_of(files[path]), "size": files[path].size} for path in listed]
    return dump_json({"files": rows, "v": "vdp1"})


def check_manifest(files: Files, operator: note.VerifierKey) -> None:
    """The files are exactly those listed and signed. Raises FormatError or EvidenceError as check 1 names them."""
    for path in (MANIFEST, MANIFEST_NOTE):
        if path not in files:
            raise FormatError("manifest_missing", path)
    data = read_all(files[MANIFEST])
    listed = _listed(data)
    check_signed(read_all(files[MANIFEST_NOTE]), manifest_text(data), operator, "manifest_signature", MANIFEST_NOTE)
    for path in sorted(set(files) - {MANIFEST, MANIFEST_NOTE} - set(listed)):
        raise FormatError("file_extra", path)
    for path, (size, digest) in listed.items():
        if path not in files:
            raise FormatError("file_missing", path)
        if files[path].size != size:
            raise EvidenceError("file_size", path, stated=size, found=files[path].size)
        if digest_of(files[path]) != digest:
            raise EvidenceError("file_digest", path)


def _listed(data: bytes) -> dict[str, tuple[int, str]]:
    try:
        manifest = read_document(data, _MANIFEST_SHAPE, MANIFEST)
    except FormatError as error:
        raise FormatError("manifest_invalid", MANIFEST, **error.facts) from error
    paths = [row["path"] for row in manifest["files"]]
    if paths != sorted(set(paths)):
        raise FormatError("manifest_invalid", MANIFEST, field="path")
    for path in paths:
        check_path(path)
    return {row["path"]: (row["size"], row["sha256"]) for row in manifest["files"]}


def check_signed(data: bytes, text: str, key: note.VerifierKey, code: str, place: str) -> None:
    """Raises EvidenceError ``code`` unless ``data`` is a note of exactly this text, signed by this key."""
    try:
        signed = note.parse_note(data, place)
    except FormatError as error:
        raise EvidenceError(code, place) from error
    if signed.text != text or not note.is_signed_by(signed, key):
        raise EvidenceError(code, place)


# Zip --------------------------------------------------------------------------------------------

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_DOS_DATE = 0x0021


class Slice:
    """Part of another blob."""

    def __init__(self, whole: Blob, start: int, size: int) -> None:
        self.whole, self.start, self.size = whole, start, size

    def read(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``."""
        return self.whole.read(self.start + offset, max(0, min(length, self.size - offset)))


def _local_header(name: bytes, crc: int, size: int) -> bytes:
    return _LOCAL.pack(b"PK\x03\x04", 10, 0, 0, 0, _DOS_DATE, crc, size, size, len(name), 0) + name


def _central_header(name: bytes, crc: int, size: int, offset: int) -> bytes:
    fixed = _CENTRAL.pack(b"PK\x01\x02", 10, 10, 0, 0, 0, _DOS_DATE, crc, size, size, len(name), 0, 0, 0, 0, 0, offset)
    return fixed + name


def write_zip(files: Files) -> Iterator[bytes]:
    """Yield the bytes of the one zip file these files have. Raises FormatError ``zip_too_large``."""
    central: list[bytes] = []
    offset = 0
    for path in sorted(files):
        check_path(path)
        name, blob = path.encode(), files[path]
        if offset + blob.size + _LOCAL.size + len(name) > LARGEST_ZIP or len(central) == MOST_ENTRIES:
            raise FormatError("zip_too_large", path)
        crc = _crc(blob)
        central.append(_central_header(name, crc, blob.size, offset))
        header = _local_header(name, crc, blob.size)
        offset += len(header) + blob.size
        yield header
        for start in range(0, blob.size, CHUNK):
            yield blob.read(start, CHUNK)
    directory = b"".join(central)
    yield directory
    yield _END.pack(b"PK\x05\x06", 0, 0, len(central), len(central), len(directory), offset, 0)


def _crc(blob: Blob) -> int:
    crc = 0
    for start in range(0, blob.size, CHUNK):
        crc = zlib.crc32(blob.read(start, CHUNK), crc)
    return crc


def read_zip(whole: Blob, place: str = "") -> dict[str, Blob]:
    """Open a bundle zip. Every byte of its structure must be what ``write_zip`` would have written.

    Nothing is inflated and nothing is extracted, so there is no bomb and no path to climb.
    Raises FormatError ``zip_invalid`` or ``path_invalid``.
    """
    rows, directory_at = _central_rows(whole, place)
    files: dict[str, Blob] = {}
    offset = 0
    for name, crc, size in rows:
        path = _zip_path(name, place)
        header = _local_header(name, crc, size)
        if whole.read(offset, len(header)) != header:
            raise FormatError("zip_invalid", place, entry=path, reason="local header")
        files[path] = Slice(whole, offset + len(header), size)
        offset += len(header) + size
        if offset > directory_at:
            raise FormatError("zip_invalid", place, entry=path, reason="size")
        if _crc(files[path]) != crc:
            raise FormatError("zip_invalid", place, entry=path, reason="crc")
    _check_directory(whole, rows, directory_at, offset, place)
    return files


def _zip_path(name: bytes, place: str) -> str:
    try:
        path = name.decode("ascii")
    except UnicodeDecodeError as error:
        raise FormatError("path_invalid", place) from error
    check_path(path)
    return path


def _central_rows(whole: Blob, place: str) -> tuple[list[tuple[bytes, int, int]], int]:
    end = whole.read(max(0, whole.size - 22), 22)
    if len(end) != 22 or end[:4] != b"PK\x05\x06":
        raise FormatError("zip_invalid", place, reason="end record")
    _, _, _, _, count, length, start, _ = _END.unpack(end)
    if count > MOST_ENTRIES or start + length + 22 != whole.size:
        raise FormatError("zip_invalid", place, reason="end record")
    directory, at, rows = whole.read(start, length), 0, []
    for _ in range(count):
        fixed = directory[at : at + _CENTRAL.size]
        if len(fixed) != _CENTRAL.size:
            raise FormatError("zip_invalid", place, reason="directory")
        fields = _CENTRAL.unpack(fixed)
        name = directory[at + _CENTRAL.size : at + _CENTRAL.size + fields[10]]
        if fields[4] != 0:
            raise FormatError("zip_invalid", place, entry=name.decode("ascii", "replace"), reason="compressed")
        rows.append((name, fields[7], fields[9]))
        at += _CENTRAL.size + fields[10] + fields[11] + fields[12]
    return rows, start


def _check_directory(whole: Blob, rows: list[tuple[bytes, int, int]], start: int, offset: int, place: str) -> None:
    names = [name for name, _, _ in rows]
    if names != sorted(set(names)) or offset != start:
        raise FormatError("zip_invalid", place, reason="order or gap")
    written, at = [], 0
    for name, crc, size in rows:
        written.append(_central_header(name, crc, size, at))
        at += len(_local_header(name, crc, size)) + size
    directory = b"".join(written)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(rows), len(rows), len(directory), start, 0)
    if whole.read(start, whole.size - start) != directory + end:
        raise FormatError("zip_invalid", place, reason="directory")


def in_memory(files: Mapping[str, bytes]) -> dict[str, Blob]:
    """Wrap plain bytes as a bundle."""
    return {path: Bytes(data) for path, data in files.items()}
