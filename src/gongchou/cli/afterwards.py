"""Verbs after the draw: reserve, replace, substitute, withdraw, receipt."""

from __future__ import annotations

from pathlib import Path

from gongchou.cli.drawing import beacon_document, match_draws, read_beacon
from gongchou.cli.folders import read_bytes, write_whole
from gongchou.cli.workspace import Draw, Workspace
from gongchou.draw.encoding import Document, dump_json, format_time, is_hash, parse_time
from gongchou.draw.errors import EvidenceError, RuleError
from gongchou.draw.frame import frame_lines, pseudonym, salt_of
from gongchou.draw.log import Entry
from gongchou.draw.match import Roster, groups_of, read_avoid, read_inspectors
from gongchou.draw.merkle import inclusion_proof, is_included, leaf_hash
from gongchou.draw.params import REASONS, quotas, read_document
from gongchou.draw.replace import (
    EVENT_LEAD_S,
    Board,
    Replacement,
    Sample,
    Substitution,
    board_of,
    read_replacements,
    read_substitutions,
    replacement_body,
    write_replacements,
    write_substitutions,
)
from gongchou.draw.seed import Beacon, seed_of
from gongchou.draw.select import Ranked
from gongchou.draw.table import RANKED, read_table
from gongchou.draw.ticket import event_seed, inspector_prefix, object_prefix, ticket


def read_ranked(path: Path) -> list[Ranked]:
    """The rows of ``selected.tsv`` or ``reserve.tsv``."""
    rows = read_table(read_bytes(path), RANKED, path.name)
    return [Ranked(stratum, int(rank), object_id, own) for stratum, rank, object_id, own in rows]


def find_draw(workspace: Workspace, name: str | None) -> Draw:
    """The draw of that id, or the only one. Raises RuleError ``draw_unknown``."""
    draws = workspace.draws()
    found = [draw for draw in draws if name in (None, draw.id)]
    if len(found) != 1:
        raise RuleError("draw_unknown", draw=name or "?", draws="、".join(draw.id for draw in draws))
    return found[0]


def sample_of(draw: Draw) -> Sample:
    """The sample as replacements have left it."""
    sample = Sample(read_ranked(draw.path("selected.tsv")), read_ranked(draw.path("reserve.tsv")), quotas(draw.params))
    for row in replacements_of(draw):
        sample.apply(row.out, row.into, row.rank, row.stratum)
    return sample


def replacements_of(draw: Draw) -> list[Replacement]:
    """The replacements so far."""
    path = draw.path("replacements.tsv")
    return read_replacements(read_bytes(path)) if path.exists() else []


def replace_object(
    workspace: Workspace, draw: Draw, out: str, *, reason: str, evidence: str, second: str, at: int
) -> Replacement:
    """Put the next of the reserve in the place of an object that is objectively void.

    Raises RuleError ``replacement_invalid`` or ``reason_unknown``.
    """
    reasons = read_document(read_bytes(draw.path("reasons.json")), REASONS, "reasons.json")
    if reason not in reasons["replace"]:
        raise RuleError("reason_unknown", reason=reason, reasons="、".join(reasons["replace"]))
    if not is_hash(evidence) or second == draw.params["authority"] or not draw.params["replacement"]["objects"]:
        raise RuleError("replacement_invalid", reason="no second person", object=out)
    sample = sample_of(draw)
    stratum = sample.stratum_of(out)
    following = sample.next_of(stratum)
    row = Replacement(0, stratum, out, following.object_id, following.rank, reason, evidence)
    body = replacement_body(row, campaign=draw.params["campaign"], draw=draw.id, second=second)
    entry = workspace.record("replace", body, at, authority=draw.params["authority"])
    row = row._replace(event=entry.index)
    write_whole(draw.path("replacements.tsv"), write_replacements([*replacements_of(draw), row]))
    return row


# Substitution -----------------------------------------------------------------------------------


def ask_substitute(
    workspace: Workspace,
    object_id: str,
    slot: int,
    out: str | None,
    *,
    reason: str,
    evidence: str | None,
    second: str | None,
    issue: str | None,
    at: int,
) -> tuple[Entry, int | None]:
    """Log that a slot is to be dealt again; return the entry and the drand round that will decide (or None).

    Nobody can know the substitute when asking for one: the round lies in the future.
    """
    shared = workspace.shared()
    source = shared["replacement"]["inspectors"]
    if source is None:
        raise RuleError("substitution_invalid", reason="not allowed by the parameters", object=object_id, slot=slot)
    if current_board(workspace).seats.get((object_id, slot)) != out:
        raise RuleError("substitution_invalid", reason="slot is not held so", object=object_id, slot=slot)
    body = {
        "campaign": shared["campaign"],
        "evidence": evidence,
        "object": object_id,
        "out": out,
        "reason": reason,
        "second": second,
        "slot": slot,
        "source": source | ({"issue": issue} if source["type"] == "lottery" else {}),
    }
    entry = workspace.record("substitute", body, at, authority=shared["authority"])
    return entry, _round_for(workspace, entry)


def _round_for(workspace: Workspace, entry: Entry) -> int | None:
    carried = workspace.root / "sources" / "drand.json"
    if entry.body["source"]["type"] != "drand" or not carried.exists():
        return None
    return read_beacon(carried).chain.round_at(entry.time + EVENT_LEAD_S)


def finish_substitute(workspace: Workspace, event: int, *, beacon: Beacon | None, value: str | None) -> Substitution:
    """Deal the slot of a logged request again with the value that has come since."""
    entries = workspace.office.entries()
    if not 0 <= event < len(entries) or entries[event].type != "substitute":
        raise RuleError("substitution_invalid", reason="no such request", object=str(event), slot="")
    shared, entry = workspace.shared(), entries[event]
    if beacon is not None:
        _check_event_beacon(beacon, entry)
        value = beacon.signature
        write_whole(workspace.root / "sources" / f"event-{event}.json", dump_json(beacon_document(beacon)))
    elif value is not None:
        write_whole(workspace.root / "sources" / f"event-{event}.txt", value.encode() + b"\n")
    else:
        raise RuleError("value_needed", number=event, type=entry.body["source"]["type"])
    board = current_board(workspace)
    own = event_seed(_seed(workspace), event, value, mode=shared["mode"], suite=shared["suite"])
    prefix = inspector_prefix(own, mode=shared["mode"], suite=shared["suite"])
    body = entry.body
    chosen = board.deal_again(body["object"], body["slot"], body["out"], prefix=prefix, suite=shared["suite"])
    into, load, deck = chosen or (None, None, None)
    row = Substitution(event, body["object"], body["slot"], body["out"], into, load, deck)
    rows = [*substitutions_of(workspace), row]
    write_whole(workspace.root / "substitutions.tsv", write_substitutions(rows))
    return row


def _check_event_beacon(beacon: Beacon, entry: Entry) -> None:
    due = beacon.chain.round_at(entry.time + EVENT_LEAD_S)
    if entry.body["source"].get("chain") != beacon.chain.hash:
        raise EvidenceError(
            "chain_hash", entry.place, stated=entry.body["source"].get("chain"), computed=beacon.chain.hash
        )
    if beacon.round != due:
        raise EvidenceError("beacon_round", entry.place, stated=due, computed=beacon.round)
    beacon.check(entry.place)


def _seed(workspace: Workspace) -> str:
    text = read_bytes(workspace.root / "seed-input.txt").decode()
    return seed_of(text, workspace.shared()["suite"])


def substitutions_of(workspace: Workspace) -> list[Substitution]:
    """The substitutions so far."""
    path = workspace.root / "substitutions.tsv"
    return read_substitutions(read_bytes(path)) if path.exists() else []


def current_board(workspace: Workspace) -> Board:
    """Teams and loads as substitutions have left them, with the objects that came in."""
    draws = [draw for draw in workspace.draws() if draw.params["matching"] is not None]
    if not draws:
        raise RuleError("substitution_invalid", reason="no match", object="", slot="")
    selected = {draw.prefix: [row.object_id for row in read_ranked(draw.path("selected.tsv"))] for draw in draws}
    inspectors = read_inspectors(read_bytes(workspace.root / "inspectors.tsv"))
    avoid = read_avoid(read_bytes(workspace.root / "avoid.tsv"), inspectors)
    roster = Roster(inspectors, avoid, cross_home=draws[0].params["matching"]["cross_home"])
    board = board_of(match_draws(workspace.root, draws, selected, _seed(workspace)), roster)
    for draw in draws:
        rows = replacements_of(draw)
        lines = frame_lines(draw.frame(), draw.scan(), {row.into for row in rows})
        for row in rows:
            board.add_task(row.into, lines[row.into][2], groups_of(draw.params["matching"]))
    for done in substitutions_of(workspace):
        _replay(board, done)
    return board


def _replay(board: Board, done: Substitution) -> None:
    if done.out is not None:
        del board.seats[done.object_id, done.slot]
        board.load[done.out] -= 1
    if done.into is not None:
        board.seats[done.object_id, done.slot] = done.into
        board.load[done.into] += 1


# Withdrawal -------------------------------------------------------------------------------------


def withdraw(workspace: Workspace, draw: Draw, *, reason: str, second: str | None, at: int) -> bool:
    """Withdraw a draw; nothing is deleted. Returns whether it was after the close, which stays visible in red.

    Raises RuleError ``reason_unknown``, or ``withdrawal_invalid`` without a second person after the close.
    """
    reasons = read_document(read_bytes(draw.path("reasons.json")), REASONS, "reasons.json")
    if reason not in reasons["withdraw"]:
        raise RuleError("reason_unknown", reason=reason, reasons="、".join(reasons["withdraw"]))
    after = bool(workspace.entries("close"))
    if after and second in (None, draw.params["authority"]):
        raise RuleError("withdrawal_invalid", reason="second person", draw=draw.id)
    body = {"campaign": draw.params["campaign"], "draw": draw.id, "reason": reason, "second": second}
    workspace.record("withdraw", body, at, authority=draw.params["authority"])
    return after


# Receipt ----------------------------------------------------------------------------------------


def receipt(workspace: Workspace, draw: Draw, real_id: str, *, key: bytes | None, at: int) -> Document:
    """Why this object, or why not, with the proof of its line. Not before disclosure, for anyone.

    Raises RuleError ``receipt_early``; EvidenceError ``not_in_list``.
    """
    params = draw.params
    after = params["disclosure"]["after"]
    if after is not None and at < parse_time(after):
        raise RuleError("receipt_early", after=after, at=format_time(at))
    salt = salt_of(key, real_id) if key else None
    own = pseudonym(salt, real_id) if salt else real_id
    table, line, index, proof, digest = _line_of(draw, own)
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


def _line_of(draw: Draw, own: str) -> tuple[str, str, int, list[bytes], Document]:
    for table, column in (("frame", 1), ("excluded", 0)):
        lines = read_bytes(draw.path(f"{table}.tsv")).splitlines()
        for index, line in enumerate(lines):
            if line.split(b"\t")[column].decode() == own:
                proof = inclusion_proof([leaf_hash(each) for each in lines], index)
                return table, line.decode(), index, proof, draw.params[table]
    raise EvidenceError("not_in_list", "frame.tsv", object=own)


def _standing(workspace: Workspace, draw: Draw, fields: list[str]) -> Document:
    params, stratum = draw.params, fields[0]
    scope = draw.id if params["ticket_scope"] == "draw" else None
    prefix = object_prefix(_seed(workspace), mode=params["mode"], suite=params["suite"], draw=scope)
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


def check_receipt(document: Document) -> None:
    """Check a receipt by itself (level L0). Raises EvidenceError ``receipt_wrong``."""
    own = document["object"]
    if document["pid_salt"] and pseudonym(document["pid_salt"], document["id"]) != own:
        raise EvidenceError("receipt_wrong", field="object")
    proof = [bytes.fromhex(part) for part in document["proof"]]
    leaf = leaf_hash(document["line"].encode())
    if not is_included(leaf, document["index"], document["size"], proof, bytes.fromhex(document["root"])):
        raise EvidenceError("receipt_wrong", field="proof")
    fields = document["line"].split("\t")
    if fields[0 if document["table"] == "excluded" else 1] != own:
        raise EvidenceError("receipt_wrong", field="line")
    if document["table"] == "frame":
        _check_standing(document, fields)


def _check_standing(document: Document, fields: list[str]) -> None:
    computed = ticket(document["prefix"], fields[3] if len(fields) == 4 else fields[1], suite=document["suite"])
    if computed != document["ticket"]:
        raise EvidenceError("receipt_wrong", field="ticket")
    below = document["cutoff"] is not None and f"{computed} {document['object']}" <= document["cutoff"]
    if document["selected"] and not below:
        raise EvidenceError("receipt_wrong", field="selected")
