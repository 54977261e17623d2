"""Receipts: why this object, or why not, for the object itself."""

from __future__ import annotations

from pathlib import Path

from gongchou.cli.afterwards import read_ranked, seed_at
from gongchou.cli.folders import read_bytes
from gongchou.cli.workspace import Draw, Workspace
from gongchou.draw.encoding import Document, format_time, parse_time
from gongchou.draw.errors import EvidenceError, RuleError
from gongchou.draw.frame import pseudonym, salt_of
from gongchou.draw.merkle import inclusion_proof, is_included, leaf_hash
from gongchou.draw.params import (
    FLAG,
    HASH,
    IDENTIFIER,
    TEXT,
    array,
    integer,
    matching,
    nullable,
    one_of,
    read_document,
    record,
)
from gongchou.draw.ticket import prefix_of, ticket

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

    Raises RuleError ``receipt_early``, ``not_drawn``, ``seal_needed``, ``not_in_list``.
    """
    params = draw.params
    after = params["disclosure"]["after"]
    if after is not None and at < parse_time(after):
        raise RuleError("receipt_early", after=after, at=format_time(at))
    if not draw.path("selected.tsv").exists():
        raise RuleError("not_drawn", str(workspace.root))
    if params["frame"]["sealed"] and key is None:
        raise RuleError("seal_needed")
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
    return base | _standing(workspace, draw, line.split("\t")) | {"reason": None}


def _line_of(draw: Draw, own: str, real_id: str) -> tuple[str, str, int, list[bytes], Document]:
    for table, column in (("frame", 1), ("excluded", 0)):
        lines = read_bytes(draw.path(f"{table}.tsv")).splitlines()
        for index, line in enumerate(lines):
            if line.split(b"\t")[column].decode() == own:
                proof = inclusion_proof([leaf_hash(each) for each in lines], index)
                return table, line.decode(), index, proof, draw.params[table]
    raise RuleError("not_in_list", object=real_id)


def _standing(workspace: Workspace, draw: Draw, fields: list[str]) -> Document:
    params, stratum = draw.params, fields[0]
    prefix = prefix_of(params, seed_at(workspace))
    key = fields[3] if params["ticket_key"] == "unit" else fields[1]
    selected = [row for row in read_ranked(draw.path("selected.tsv")) if row.stratum == stratum]
    reserve = [row for row in read_ranked(draw.path("reserve.tsv")) if row.stratum == stratum]
    last = max(selected, key=lambda row: row.rank, default=None)
    rank = next((row.rank for row in selected + reserve if row.object_id == fields[1]), None)
    return {
        "cutoff": f"{last.ticket} {last.object_id}" if last else None,
        "n": len(selected),
        "prefix": prefix,
        "rank": rank,
        "selected": any(row.object_id == fields[1] for row in selected),
        "stratum": stratum,
        "ticket": ticket(prefix, key, suite=params["suite"]),
    }


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
    key = fields[3] if len(fields) == 4 else fields[1]
    _hold("prefix", document["prefix"] is not None and document["n"] is not None and document["reason"] is None)
    computed = ticket(document["prefix"], key, suite=document["suite"])
    _hold("ticket", computed == document["ticket"])
    rank, is_selected = document["rank"], document["selected"]
    _hold("rank", is_selected is (rank is not None and rank <= document["n"]))
    below = document["cutoff"] is not None and f"{computed} {document['object']}" <= document["cutoff"]
    # One whom an earlier draw took has no rank here, and may stand below the cut-off all the same.
    _hold("selected", rank is None or is_selected is below)


def _hold(field: str, holds: bool) -> None:
    if not holds:
        raise EvidenceError("receipt_wrong", field=field)
