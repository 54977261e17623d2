"""Receipts: why this object, or why not, for the object itself (spec section 12).

Made from the files of a bundle and, where the list is sealed, its key; checked by themselves or against a bundle.
Lists are held to the roots in the parameters. Whether parameters, seed document and result are those that were logged
is for whoever hands them in to say: ``verify`` for a bundle, the platform by the digests that it keeps.
"""

from __future__ import annotations

from gongchou.draw import lookup
from gongchou.draw.bundle import Files, Slice, draw_folders
from gongchou.draw.encoding import Document, format_time, parse_time
from gongchou.draw.errors import EvidenceError, FormatError, RuleError
from gongchou.draw.frame import key_commitment, pseudonym, salt_of
from gongchou.draw.lookup import Found, NoShelf, Shelf
from gongchou.draw.merkle import is_included, leaf_hash
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
    read_params,
    record,
)
from gongchou.draw.seed import seed_of
from gongchou.draw.select import Ranked, read_ranked
from gongchou.draw.table import Blob, read_all, span_of
from gongchou.draw.ticket import line_ticket, prefix_of

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


NO_SHELF = NoShelf()


def receipt(
    files: Files,
    prefix: str,
    real_id: str,
    *,
    key: bytes | None,
    at: int,
    place: str = "",
    shelf: Shelf = NO_SHELF,
) -> Document:
    """Why this object, or why not, with the proof of its line. Not before disclosure, for anyone.

    prefix: where the draw lies among the files; key: of a sealed list; at: now; place: what is named where nothing was
    drawn yet; shelf: where indexes of the lists are kept, without which a list is read whole
    Raises RuleError ``receipt_early``, ``not_drawn``, ``seal_needed``, ``key_commitment``, ``not_in_list``;
    EvidenceError ``size_mismatch`` or ``root_mismatch`` where a list is not the stated one.
    """
    params = read_params(read_all(_blob(files, f"{prefix}params.json")), f"{prefix}params.json")
    _check_may_ask(params, f"{prefix}selected.tsv" in files, key, at, place)
    salt = salt_of(key, real_id) if key else None
    own = pseudonym(salt, real_id) if salt else real_id
    table, found = _line_of(files, prefix, params, own, shelf)
    if found is None:
        raise RuleError("not_in_list", object=real_id)
    line = found.line
    base = {
        "campaign": params["campaign"],
        "draw": params["draw"],
        "id": real_id,
        "index": found.index,
        "line": line,
        "object": own,
        "pid_salt": salt,
        "proof": [part.hex() for part in found.proof],
        "root": params[table]["root"],
        "size": params[table]["size"],
        "suite": params["suite"],
        "table": table,
        "v": "vdp1",
    }
    if table == "excluded":
        nothing = dict.fromkeys(("cutoff", "n", "prefix", "rank", "selected", "stratum", "ticket"))
        return base | nothing | {"reason": line.split("\t")[1]}
    return base | _standing_in(files, prefix, params, line.split("\t")) | {"reason": None}


def _check_may_ask(params: Document, is_drawn: bool, key: bytes | None, at: int, place: str) -> None:
    after = params["disclosure"]["after"]
    if after is not None and at < parse_time(after):
        raise RuleError("receipt_early", after=after, at=format_time(at))
    if not is_drawn:
        raise RuleError("not_drawn", place)
    if params["frame"]["sealed"] and key is None:
        raise RuleError("seal_needed")
    if key is not None and key_commitment(key) != params["frame"]["key_commitment"]:
        raise RuleError("key_commitment")


def prepare(files: Files, prefix: str, shelf: Shelf) -> None:
    """Have the lists of a draw indexed, so that nobody who asks waits for it. Raises EvidenceError as ``receipt``."""
    params = read_params(read_all(_blob(files, f"{prefix}params.json")), f"{prefix}params.json")
    for table in ("frame", "excluded"):
        path = f"{prefix}{table}.tsv"
        lookup.prepare(_blob(files, path), params[table], shelf, path)


def _line_of(files: Files, prefix: str, params: Document, own: str, shelf: Shelf) -> tuple[str, Found | None]:
    """The table in which an object stands, and its line there. An object stands in one stratum, if any."""
    found = None
    for table, begins in (
        ("frame", [f"{part['id']}\t{own}\t".encode() for part in params["strata"]]),
        ("excluded", [f"{own}\t".encode()]),
    ):
        path = f"{prefix}{table}.tsv"
        found = lookup.find(_blob(files, path), params[table], begins, shelf, path)
        if found:
            break
    return table, found


def _standing_in(files: Files, prefix: str, params: Document, fields: list[str]) -> Document:
    seed = seed_of(read_all(_blob(files, "seed-input.txt")).decode("utf-8", "replace"), params["suite"])
    paths = [f"{prefix}{name}" for name in ("selected.tsv", "reserve.tsv")]
    return _standing(params, seed, fields, *(_of_stratum(_blob(files, path), fields[0], path) for path in paths))


def _of_stratum(blob: Blob, stratum: str, path: str) -> list[Ranked]:
    start, end = span_of(blob, f"{stratum}\t".encode())
    return list(read_ranked(Slice(blob, start, end - start), path))


def _standing(
    params: Document, seed: str, fields: list[str], selected: list[Ranked], reserve: list[Ranked]
) -> Document:
    """Where the object of a frame line stands in its stratum: ``selected`` and ``reserve`` are those of it."""
    stratum = fields[0]
    prefix = prefix_of(params, seed)
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


# Checking ---------------------------------------------------------------------------------------


def parse_receipt(data: bytes, place: str = "") -> Document:
    """A receipt as it was printed or saved. Raises FormatError ``json_invalid`` or ``json_field``."""
    return read_document(data.rstrip(b"\r\n"), RECEIPT, place)


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
        expected |= _standing_in(files, prefix, params, document["line"].split("\t"))
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
