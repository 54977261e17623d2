"""Verbs that prepare a frame: frame, exclude, universe."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gongchou.cli.office import Office
from gongchou.draw import note
from gongchou.draw.bundle import digest_of, universe_text
from gongchou.draw.encoding import Document, dump_json, format_time, is_hash, is_id, parse_json, sha256_hex
from gongchou.draw.errors import EvidenceError, FormatError, RuleError
from gongchou.draw.frame import digest_of_list, exclude, key_commitment, seal
from gongchou.draw.params import REASONS, UNIVERSE, Shape, read_document
from gongchou.draw.register import Layout, Outcome, find_header, read_register
from gongchou.draw.sentences import reason_sentence
from gongchou.draw.table import write_table
from gongchou.folders import (
    FileBlob,
    beside,
    check_is_free,
    make_folder,
    read_bytes,
    read_text,
    write_files,
    write_whole,
)
from gongchou.sheets.reading import read_rows
from gongchou.sheets.workbooks import workbook_sheets

DEFAULT_REASONS: Document = {
    "exclude": {
        "campaign_drawn": "同批已由他部门抽取",
        "cap_reached": "年度频次已满",
        "deregistered": "注销",
        "inspected_recently": "近期已检查",
        "moved_away": "已迁出",
        "special_check": "专项检查在办",
    },
    "replace": {"deregistered": "注销", "duplicate": "重复", "not_found": "查无", "out_of_scope": "不属管辖"},
    "substitute": {"absent": "因故不能参加", "recusal": "回避", "unfilled": "空缺补配"},
    "v": "vdp1",
    "withdraw": {
        "error_in_frame": "名录有误",
        "error_in_parameters": "参数有误",
        "source_failed": "种子来源失效",
    },
}


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


# frame ------------------------------------------------------------------------------------------


def read_seal_key(path: Path) -> bytes:
    """The 32-byte campaign key from a file of 64 hex digits. Raises FormatError ``seal_key``."""
    text = read_text(path).strip()
    if not is_hash(text):
        raise FormatError("seal_key", str(path))
    return bytes.fromhex(text)


def make_frame(
    register: Path,
    layout: Layout,
    target: Path,
    *,
    at: int,
    registry: str,
    scope: str,
    sheet: str | None = None,
    encoding: str | None = None,
    seal_key: bytes | None = None,
    reasons: Document | None = None,
) -> Outcome:
    """Read a register and write the frozen tables into a new directory; return what became of its rows.

    Sealed: the auditor's list and the rejected rows, which hold real ids, go beside it into ``TARGET.auditor``.
    Raises DrawError before anything is written.
    """
    auditor = beside(target, ".auditor")
    for folder in (target, auditor) if seal_key else (target,):
        check_is_free(folder)
    outcome = _read(register, layout, sheet, encoding)
    _check_accepted(outcome)
    rejected = write_rejected(outcome)
    rows = [_sealed(fields, seal_key) for fields in outcome.accepted] if seal_key else outcome.accepted
    universe = _universe(outcome, rejected, registry=registry, scope=scope, at=at, key=seal_key, source=register)
    files = {
        "frame.tsv": write_table(rows),
        "excluded.tsv": b"",
        "universe.json": dump_document(universe, UNIVERSE, "universe.json"),
        "strata-rule.json": dump_document(layout.document(), None, "strata-rule.json"),
        "reasons.json": dump_document(reasons or DEFAULT_REASONS, REASONS, "reasons.json"),
    }
    if seal_key:
        opened = [(fields[1], sealed[1], *fields[3:]) for fields, sealed in zip(outcome.accepted, rows, strict=True)]
        make_folder(auditor, {"real-ids.tsv": write_table(opened), "rejected.csv": rejected})
    else:
        files["rejected.csv"] = rejected
    make_folder(target, files)
    return outcome


def _read(register: Path, layout: Layout, sheet: str | None, encoding: str | None) -> Outcome:
    try:
        return read_register(read_rows(register, sheet, encoding, layout.header), layout)
    except RuleError as error:
        if error.code in ("column_missing", "register_empty"):
            column = str(error.facts.get("column", layout.id_column))
            for name, line in _headers(register, layout, sheet, encoding):
                raise _elsewhere(register, column, layout, name, line) from error
        raise


def _elsewhere(register: Path, column: str, layout: Layout, sheet: str | None, line: int) -> RuleError:
    words = [f'--sheet "{sheet}"'] if sheet else []
    words += [f"--header {line}"] if line != layout.header else []
    return RuleError(
        "sheet_elsewhere" if sheet else "header_elsewhere",
        str(register),
        column=column,
        line=line,
        sheet=sheet,
        options=" ".join(words),
    )


def _headers(
    register: Path, layout: Layout, sheet: str | None, encoding: str | None
) -> Iterator[tuple[str | None, int]]:
    """Where all that is needed is named: the sheet (None for the one that was read) and the line."""
    others: list[str] = []
    if register.suffix.lower() == ".xlsx":
        names = workbook_sheets(register)
        others = [name for name in names if name != (sheet or names[0])]
    for name in (None, *others):
        with suppress(FormatError):  # what else is wrong with the file is not what was asked
            line = find_header(read_rows(register, name or sheet, encoding), layout)
            if line is not None:
                yield name, line


def _check_accepted(outcome: Outcome) -> None:
    if not outcome.read:
        raise RuleError("no_rows")
    if not outcome.accepted:
        reason = Counter(row.reason for row in outcome.rejected).most_common(1)[0][0]
        first = next(row for row in outcome.rejected if row.reason == reason)
        told = reason_sentence(reason, column=first.column, value=first.value, first_line=first.first_line)
        raise RuleError("nothing_accepted", read=outcome.read, line=first.line, reason=reason, told=told)


def dump_document(value: Document, shape: Shape | None, place: str) -> bytes:
    """Write a document and read it back as any reader will. Raises FormatError ``json_invalid`` or ``json_field``."""
    try:
        data = dump_json(value)
    except ValueError as error:  # a lone surrogate
        raise FormatError("json_invalid", place, reason=str(error)[:120]) from error
    if shape is None:
        parse_json(data, place)
    else:
        read_document(data, shape, place)
    return data


def _sealed(fields: tuple[str, ...], key: bytes) -> tuple[str, ...]:
    stratum, object_id, pool, *unit = fields
    return (stratum, seal(key, object_id), pool, *(seal(key, own) for own in unit))


def _universe(
    outcome: Outcome, rejected: bytes, *, registry: str, scope: str, at: int, key: bytes | None, source: Path
) -> Document:
    listed = digest_of_list(fields[1] for fields in outcome.accepted)
    return {
        "key_commitment": key_commitment(key) if key else None,
        "read": outcome.read,
        "registry": registry,
        "rejected": {"count": len(outcome.rejected), "sha256": sha256_hex(rejected)},
        "root": listed.root,
        "scope": scope,
        "sealed": key is not None,
        "sha256": listed.sha256,
        "size": listed.size,
        "snapshot_at": format_time(at),
        "source_sha256": digest_of(FileBlob(source)),
        "v": "vdp1",
    }


def write_rejected(outcome: Outcome) -> bytes:
    """``rejected.csv`` for a spreadsheet: where, whom, why (a code), what stood there, and how to mend it.

    It holds real ids and cells as they came: of a sealed frame it goes to the auditor, and only its digest is public.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["line", "object", "reason", "column", "value", "first_line", "sentence"])
    for row in sorted(outcome.rejected):
        sentence = reason_sentence(row.reason, column=row.column, value=row.value, first_line=row.first_line)
        cells = (row.line, row.object_id, row.reason, row.column, row.value, row.first_line or "", sentence)
        writer.writerow([_harmless(str(cell)) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: str) -> str:
    """A cell that begins like a formula would run when somebody opens the list in a spreadsheet."""
    return "'" + value if value.startswith(FORMULA_STARTS) else value


def exclude_objects(folder: Path, listed: Path, key: bytes | None) -> int:
    """Move objects of a list ``id,reason[,evidence]`` from the frame to the exclusions; return how many."""
    if (folder / "params.json").exists():
        raise RuleError("already_committed", str(folder))
    _check_key(folder, key)
    reasons = read_document(read_bytes(folder / "reasons.json"), REASONS, "reasons.json")
    wanted: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(read_text(listed).splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.replace("\t", ",").split(",")]
        if number == 1 and cells[1:2] in (["理由"], ["原因"], ["reason"]):
            continue  # a header, as spreadsheets have one
        object_id, reason, evidence = (*cells, "-")[:3] if len(cells) in (2, 3) else ("", "", "")
        if is_id(object_id) and reason not in reasons["exclude"]:
            raise RuleError(
                "reason_unknown", f"{listed}:{number}", reason=reason, reasons="、".join(reasons["exclude"])
            )
        if not is_id(object_id) or not (evidence == "-" or is_hash(evidence)):
            raise FormatError("exclusion_invalid", str(listed), line=number, text=line[:80])
        own = seal(key, object_id) if key else object_id
        if wanted.setdefault(own, (reason, evidence)) != (reason, evidence):
            raise FormatError("exclusion_invalid", str(listed), line=number, text=line[:80])
    frame, added = _without(folder, wanted)
    rows = read_bytes(folder / "excluded.tsv").splitlines(keepends=True) + added.splitlines(keepends=True)
    write_files(folder, {"frame.tsv": frame, "excluded.tsv": b"".join(sorted(rows))})
    return len(wanted)


def _check_key(folder: Path, key: bytes | None) -> None:
    """Raises RuleError ``seal_needed`` or ``key_commitment`` when this is not the key of the frame."""
    stated = read_document(read_bytes(folder / "universe.json"), UNIVERSE, "universe.json")["key_commitment"]
    if key is None and stated is not None:
        raise RuleError("seal_needed")
    if key is not None and key_commitment(key) != stated:
        raise RuleError("key_commitment", str(folder))


def _without(folder: Path, wanted: dict[str, tuple[str, str]]) -> tuple[bytes, bytes]:
    """The frame without these objects, and their lines. Raises RuleError ``not_in_frame`` or ``nothing_left``."""
    try:
        frame, added = exclude(read_bytes(folder / "frame.tsv"), wanted)
    except EvidenceError as error:
        raise RuleError(error.code, error.place, **error.facts) from error
    if not frame:
        raise RuleError("nothing_left", str(folder))
    return frame, added


def sign_universe(folder: Path, office: Office) -> None:
    """The registry signs what it held."""
    data = read_bytes(folder / "universe.json")
    read_document(data, UNIVERSE, "universe.json")
    key = office.key("registry")
    text = universe_text(data)
    write_whole(folder / "universe.note", note.write_note(text, [note.sign(text, key.public, key.secret)]))
