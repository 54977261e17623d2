"""Receipts: why this object, or why not, for the object itself."""

from __future__ import annotations

from pathlib import Path

from gongchou.cli.afterwards import replacements_of, seed_at
from gongchou.cli.workspace import Draw, Workspace
from gongchou.draw.bundle import Files, draw_folders
from gongchou.draw.encoding import Document, format_time, parse_time
from gongchou.draw.errors import EvidenceError, FormatError, RuleError
from gongchou.draw.frame import key_commitment, pseudonym, salt_of
from gongchou.draw.merkle import inclusion_proof, is_included, leaf_hash
from gongchou.draw.params import (
    FLAG,
    HASH,
    IDENTIFIER,
    REASONS,
    TEXT,
    array,
    integer,
    matching,
    nullable,
    one_of,
    read_document,
    read_params,
    record,
)
from gongchou.draw.replace import Replacement, read_replacements
from gongchou.draw.seed import seed_of
from gongchou.draw.select import Ranked, read_ranked
from gongchou.draw.table import Blob, read_all
from gongchou.draw.ticket import line_ticket, prefix_of
from gongchou.folders import read_bytes

RECEIPT = record(
    campaign=IDENTIFIER,
    cutoff=nullable(matching(r"[0-9a-f]{64} [0-9A-Z._-]{1,54}")),
    draw=IDENTIFIER,
    id=IDENTIFIER,
    index=integer(),
    line=matching(r"[ -~\t]+"),
    n=nullable(integer()),
    object=IDENTIFIER,
    pid_salt=nullable(HASH),
    prefix=nullable(HASH),
    proof=array(HASH),
    rank=nullable(integer(1)),
    reason=nullable(TEXT),
    root=HASH,
    selected=nullable(FLAG),
    size=integer(1),
    stratum=nullable(IDENTIFIER),
    suite=one_of("sha256", "sm3"),
    table=one_of("frame", "excluded"),
    ticket=nullable(HASH),
    v=one_of("vdp1"),
)


def receipt(workspace: Workspace, draw: Draw, real_id: str, *, key: bytes | None, at: int) -> Document:
    """Why this object, or why not, with the proof of its line. Not before disclosure, for anyone.

    Raises RuleError ``receipt_early``, ``not_drawn``, ``seal_needed``, ``key_commitment``, ``not_in_list``.
    """
    params = draw.params
    after = params["disclosure"]["after"]
    if after is not None and at < parse_time(after):
        raise RuleError("receipt_early", after=after, at=format_time(at))
    if not draw.path("selected.tsv").exists():
        raise RuleError("not_drawn", str(workspace.root))
    if params["frame"]["sealed"] and key is None:
        raise RuleError("seal_needed")
    if key is not None and key_commitment(key) != params["frame"]["key_commitment"]:
        raise RuleError("key_commitment")
    salt = salt_of(key, real_id) if key else None
    own = pseudonym(salt, real_id) if salt else real_id
    table, line, index, proof, digest = _line_of(draw, own, real_id)
    base = {
        "campaign": params["campaign"],
        "draw": draw.id,
        "id": real_id,
        "index": index,
        "line": line,
        "object": own,
        "pid_salt": salt,
        "proof": [part.hex() for part in proof],
        "root": digest["root"],
        "size": digest["size"],
        "suite": params["suite"],
        "table": table,
        "v": "vdp1",
    }
    if table == "excluded":
        nothing = dict.fromkeys(("cutoff", "n", "prefix", "rank", "selected", "stratum", "ticket"))
        return base | nothing | {"reason": line.split("\t")[1]}
    return (
        base
        | _standing(params, seed_at(workspace), line.split("\t"), draw.selected(), draw.reserve())
        | {"reason": None}
    )


def _line_of(draw: Draw, own: str, real_id: str) -> tuple[str, str, int, list[bytes], Document]:
    for table, column in (("frame", 1), ("excluded", 0)):
        lines = read_bytes(draw.path(f"{table}.tsv")).splitlines()
        for index, line in enumerate(lines):
            if line.split(b"\t")[column].decode() == own:
                proof = inclusion_proof([leaf_hash(each) for each in lines], index)
                return table, line.decode(), index, proof, draw.params[table]
    raise RuleError("not_in_list", object=real_id)


def _standing(
    params: Document, seed: str, fields: list[str], selected: list[Ranked], reserve: list[Ranked]
) -> Document:
    """Where the object of a frame line stands in its stratum."""
    stratum = fields[0]
    prefix = prefix_of(params, seed)
    selected = [row for row in selected if row.stratum == stratum]
    reserve = [row for row in reserve if row.stratum == stratum]
    last = max(selected, key=lambda row: row.rank, default=None)
    rank = next((row.rank for row in selected + reserve if row.object_id == fields[1]), None)
    return {
        "cutoff": f"{last.ticket} {last.object_id}" if last else None,
        "n": len(selected),
        "prefix": prefix,
        "rank": rank,
        "selected": any(row.object_id == fields[1] for row in selected),
        "stratum": stratum,
        "ticket": line_ticket(prefix, fields, suite=params["suite"]),
    }


def replaced(workspace: Workspace, draw: Draw, object_id: str) -> list[Replacement]:
    """The replacements that took an object out of the sample or brought it in, in their order.

    From the log; where a bundle stands alone, from its table.
    """
    path = draw.path("replacements.tsv")
    rows = replacements_of(workspace, draw) or (read_replacements(read_bytes(path)) if path.exists() else [])
    return [row for row in rows if object_id in (row.out, row.into)]


def title_of(draw: Draw, reason: str) -> str:
    """A reason for replacement in words."""
    titles = read_document(read_bytes(draw.path("reasons.json")), REASONS, "reasons.json")["replace"]
    return str(titles.get(reason, reason))


# Checking ---------------------------------------------------------------------------------------


def read_receipt(path: Path) -> Document:
    """A receipt as it was printed or saved. Raises FormatError ``json_invalid`` or ``json_field``."""
    return read_document(read_bytes(path).rstrip(b"\r\n"), RECEIPT, str(path))


def check_receipt(document: Document) -> None:
    """Check a receipt by itself (level L0). Raises EvidenceError ``receipt_wrong``."""
    own = document["object"]
    named = pseudonym(document["pid_salt"], document["id"]) if document["pid_salt"] else document["id"]
    _hold("object", named == own)
    proof = [bytes.fromhex(part) for part in document["proof"]]
    leaf = leaf_hash(document["line"].encode())
    root = bytes.fromhex(document["root"])
    _hold("proof", is_included(leaf, document["index"], document["size"], proof, root))
    fields = document["line"].split("\t")
    if document["table"] == "excluded":
        _hold("line", len(fields) == 3 and fields[0] == own)
        _hold("reason", fields[1] == document["reason"])
        _hold("selected", all(document[name] is None for name in ("cutoff", "n", "rank", "selected", "ticket")))
    else:
        _hold("line", len(fields) in (3, 4) and fields[:2] == [document["stratum"], own])
        _check_standing(document, fields)


def _check_standing(document: Document, fields: list[str]) -> None:
    _hold("prefix", document["prefix"] is not None and document["n"] is not None and document["reason"] is None)
    computed = line_ticket(document["prefix"], fields, suite=document["suite"])
    _hold("ticket", computed == document["ticket"])
    rank, is_selected = document["rank"], document["selected"]
    _hold("rank", is_selected is (rank is not None and rank <= document["n"]))
    below = document["cutoff"] is not None and f"{computed} {document['object']}" <= document["cutoff"]
    # One whom an earlier draw took has no rank here, and may stand below the cut-off all the same.
    _hold("selected", rank is None or is_selected is below)


def check_against(document: Document, files: Files) -> None:
    """Hold a receipt that holds by itself against the bundle of its draw; whether the bundle holds is not asked.

    Raises EvidenceError ``receipt_wrong`` with the first field that differs, FormatError for a malformed bundle.
    """
    params, prefix = _params_of(files, document["draw"])
    stated = params[document["table"]]
    expected = {
        "campaign": params["campaign"],
        "suite": params["suite"],
        "root": stated["root"],
        "size": stated["size"],
    }
    if document["table"] == "frame":
        seed = seed_of(read_all(_blob(files, "seed-input.txt")).decode("utf-8", "replace"), params["suite"])
        paths = [prefix + name for name in ("selected.tsv", "reserve.tsv")]
        ranked = [list(read_ranked(_blob(files, path), path)) for path in paths]
        expected |= _standing(params, seed, document["line"].split("\t"), *ranked)
    for field, value in expected.items():
        _hold(field, document[field] == value)


def _params_of(files: Files, draw: str) -> tuple[Document, str]:
    for prefix in draw_folders(files).values():
        path = prefix + "params.json"
        params = read_params(read_all(files[path]), path)
        if params["draw"] == draw:
            return params, prefix
    raise EvidenceError("receipt_wrong", field="draw")


def _blob(files: Files, path: str) -> Blob:
    if path not in files:
        raise FormatError("file_missing", path)
    return files[path]


def _hold(field: str, holds: bool) -> None:
    if not holds:
        raise EvidenceError("receipt_wrong", field=field)
