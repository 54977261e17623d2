"""Check 1: are these the files that were signed, and is each in its one permitted form?"""

from __future__ import annotations

import re

from gongchou.draw import table
from gongchou.draw.beacon import parse_beacon
from gongchou.draw.bundle import KEY_FILES, MATCH_FILES, check_layout, check_manifest, check_path, draw_folders
from gongchou.draw.encoding import parse_json
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.frame import list_digest, scan_frame
from gongchou.draw.log import read_key, read_keys
from gongchou.draw.note import COSIGNATURE, ED25519
from gongchou.draw.params import REASONS, UNIVERSE, read_document, read_params
from gongchou.draw.replace import VOID, read_replacements, read_substitutions
from gongchou.draw.roster import read_inspectors
from gongchou.draw.verify.case import Case, DrawCase

BEACON_FILE = re.compile(r"sources/(?:drand|not-before|event-.*)\.json")


def check_files(case: Case) -> None:
    """Manifest, keys, documents, tables. Raises FormatError or EvidenceError."""
    operator_file, registry_file, log_file, witnesses_file = KEY_FILES
    for path in sorted(case.files):
        check_path(path)
    case.operator = read_key(case.text(operator_file), ED25519, operator_file)
    check_manifest(case.files, case.operator)
    check_layout(case.files)
    case.check_trusted("operator", case.operator, operator_file)
    case.registry = read_key(case.text(registry_file), ED25519, registry_file)
    case.check_trusted("registry", case.registry, registry_file)
    read_key(case.text(log_file), ED25519, log_file)
    case.witnesses = [
        key
        for key in read_keys(case.text(witnesses_file), COSIGNATURE, witnesses_file)
        if case.is_trusted("witness", str(key))
    ]
    case.draws = sorted(
        (_read_draw(case, prefix) for prefix in draw_folders(case.files).values()), key=lambda draw: draw.params["seq"]
    )
    _check_shared_tables(case)
    _check_presence(case)
    for path in sorted(case.files):
        if BEACON_FILE.fullmatch(path):
            parse_beacon(_document(case.text(path), path), path)


def _read_draw(case: Case, prefix: str) -> DrawCase:
    data = case.text(prefix + "params.json")
    params = read_params(data, prefix + "params.json")
    universe = read_document(case.text(prefix + "universe.json"), UNIVERSE, prefix + "universe.json")
    reasons = read_document(case.text(prefix + "reasons.json"), REASONS, prefix + "reasons.json")
    rule = parse_json(case.text(prefix + "strata-rule.json"), prefix + "strata-rule.json")
    if not isinstance(rule, dict) or rule.get("v") != "vdp1":
        raise FormatError("json_field", prefix + "strata-rule.json", field="v")
    place = prefix + "frame.tsv"
    scan = scan_frame(case.blob(place), with_unit=params["ticket_key"] == "unit", place=place)
    draw = DrawCase(prefix, data, params, universe, reasons, scan)
    if prefix not in ("", draw.id + "/"):
        raise FormatError("json_field", prefix + "params.json", field="draw", value=draw.id)
    for name, columns in (
        ("excluded.tsv", table.EXCLUDED),
        ("selected.tsv", table.RANKED),
        ("reserve.tsv", table.RANKED),
    ):
        _check_table(case, prefix + name, columns)
    if prefix + "replacements.tsv" in case.files:
        read_replacements(case.text(prefix + "replacements.tsv"), prefix + "replacements.tsv")
    _merge_lists(case, draw)
    return draw


def _merge_lists(case: Case, draw: DrawCase) -> None:
    """Find doubles now; whether frame and exclusions overlap is said by check 6, whose question it is."""
    try:
        draw.id_list = list_digest(
            case.blob(draw.prefix + "frame.tsv"),
            draw.scan,
            case.blob(draw.prefix + "excluded.tsv"),
            draw.prefix + "frame.tsv",
        )
    except EvidenceError as error:
        draw.overlap = error


def _check_table(case: Case, path: str, columns: table.Columns) -> None:
    for _ in table.table_chunks(case.blob(path), columns, path):
        pass


def _check_shared_tables(case: Case) -> None:
    readers = {"avoid.tsv": table.AVOID, "assignment.tsv": table.ASSIGNMENT, "unfilled.tsv": table.UNFILLED}
    for path, columns in readers.items():
        if path in case.files:
            _check_table(case, path, columns)
    if "inspectors.tsv" in case.files:
        read_inspectors(case.text("inspectors.tsv"))
    if "substitutions.tsv" in case.files:
        read_substitutions(case.text("substitutions.tsv"))


def _document(data: bytes, path: str) -> dict[str, object]:
    value = parse_json(data, path)
    if not isinstance(value, dict):
        raise FormatError("json_field", path, field="")
    return value


def _check_presence(case: Case) -> None:
    """Files that the parameters call for are there, and no others of their kind."""
    needed = {
        "sources/drand.json": case.shared["seed"][-1]["type"] == "drand",
        "sources/not-before.json": any(draw.params["not_before"] for draw in case.draws),
    }
    needed |= dict.fromkeys(MATCH_FILES, bool(case.with_match) and not case.match_is_sealed_away)
    if not case.with_match:
        needed["substitutions.tsv"] = False
    for path, is_needed in needed.items():
        if is_needed != (path in case.files):
            raise FormatError("file_missing" if is_needed else "file_extra", path)
    _check_event_sources(case)


def _check_event_sources(case: Case) -> None:
    """A beacon or value of an event is there where a substitution used it, and nowhere else."""
    rows = read_substitutions(case.text("substitutions.tsv")) if "substitutions.tsv" in case.files else []
    source = case.with_match[0].params["replacement"]["inspectors"] if case.with_match else None
    suffix = "json" if source is not None and source["type"] == "drand" else "txt"
    used = {f"sources/event-{row.event}.{suffix}" for row in rows if row.into != VOID}
    there = {path for path in case.files if path.startswith("sources/event-")}
    for path in sorted(used ^ there):
        raise FormatError("file_missing" if path in used else "file_extra", path)
