"""Verbs after the draw: reserve, replace, substitute, withdraw."""

from __future__ import annotations

import re

from gongchou.cli.drawing import match_selected, read_beacon
from gongchou.cli.readings import check_as_read
from gongchou.cli.workspace import Draw, Workspace
from gongchou.draw.beacon import PUBLIC_CHAINS, Beacon, Chain
from gongchou.draw.encoding import Document, dump_json, is_hash, is_id, parse_time
from gongchou.draw.errors import EvidenceError, RuleError
from gongchou.draw.frame import frame_lines
from gongchou.draw.log import Entry
from gongchou.draw.params import REASONS, quotas, read_document
from gongchou.draw.replace import (
    VOID,
    Board,
    Replacement,
    Sample,
    Substitution,
    board_of,
    deciding_round,
    read_substitutions,
    replacement_body,
    write_replacements,
    write_substitutions,
)
from gongchou.draw.roster import groups_of
from gongchou.draw.seed import check_value, seed_of
from gongchou.draw.ticket import event_seed, inspector_prefix
from gongchou.folders import read_bytes, write_whole


def find_draw(workspace: Workspace, name: str | None) -> Draw:
    """The draw of that id, or the only one. Raises RuleError ``draw_unknown``."""
    draws = workspace.draws()
    found = [draw for draw in draws if name in (None, draw.id)]
    if len(found) != 1:
        raise RuleError("draw_unknown", draw=name or "?", draws="、".join(draw.id for draw in draws))
    return found[0]


def sample_of(workspace: Workspace, draw: Draw) -> Sample:
    """The sample as replacements have left it. Raises RuleError ``not_drawn``."""
    _check_drawn(draw)
    sample = Sample(draw.selected(), draw.reserve(), quotas(draw.params))
    for row in replacements_of(workspace, draw):
        sample.apply(row.out, row.into, row.rank, row.stratum)
    return sample


def replacements_of(workspace: Workspace, draw: Draw) -> list[Replacement]:
    """The replacements so far, from the log: the table follows from it, whenever a run was cut short."""
    entries = [entry for entry in workspace.entries("replace") if entry.body["draw"] == draw.id]
    return [_row_of(entry) for entry in entries]


def refresh_replacements(workspace: Workspace) -> None:
    """Write ``replacements.tsv`` of every draw that has one as the log has it."""
    for draw in workspace.draws():
        rows = replacements_of(workspace, draw)
        if rows:
            write_whole(draw.path("replacements.tsv"), write_replacements(rows))


def _row_of(entry: Entry) -> Replacement:
    said = entry.body
    fields = (said["stratum"], said["out"], said["in"], said["rank"], said["reason"], said["evidence"])
    return Replacement(entry.index, *fields)


def _check_drawn(draw: Draw) -> None:
    if not draw.path("selected.tsv").exists():
        raise RuleError("not_drawn", str(draw.root))


def replace_object(
    workspace: Workspace, draw: Draw, out: str, *, reason: str, evidence: str, second: str, at: int
) -> Replacement:
    """Put the next of the reserve in the place of an object that is objectively void.

    Raises RuleError ``replacement_invalid`` or ``reason_unknown``.
    """
    reasons = read_document(read_bytes(draw.path("reasons.json")), REASONS, "reasons.json")
    if reason not in reasons["replace"]:
        raise RuleError("reason_unknown", reason=reason, reasons="、".join(reasons["replace"]))
    if not draw.params["replacement"]["objects"]:
        raise RuleError("replacement_invalid", reason="not allowed by the parameters", object=out)
    if not is_hash(evidence) or not is_id(second) or second == draw.params["authority"]:
        raise RuleError("replacement_invalid", reason="no second person", object=out)
    _check_drawn(draw)
    sample = sample_of(workspace, draw)
    stratum = sample.stratum_of(out)
    following = sample.next_of(stratum)
    row = Replacement(0, stratum, out, following.object_id, following.rank, reason, evidence)
    body = replacement_body(row, campaign=draw.params["campaign"], draw=draw.id, second=second)
    entry = workspace.record("replace", body, at, authority=draw.params["authority"])
    refresh_replacements(workspace)
    return _row_of(entry)


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
    _check_reason(workspace, reason)
    _check_words(object_id, evidence, second, source, issue)
    _check_slot(workspace, object_id, slot, out)
    body = {
        "campaign": shared["campaign"],
        "evidence": evidence,
        "reason": reason,
        "request": workspace.office.keep_request(shared["campaign"], object_id, slot, out),
        "second": second,
        "source": source | ({"issue": issue} if source["type"] == "lottery" else {}),
    }
    entry = workspace.record("substitute", body, at, authority=shared["authority"])
    return entry, _round_for(workspace, entry)


def _check_reason(workspace: Workspace, reason: str) -> None:
    known: set[str] = set()
    for draw in matched(workspace):
        known |= set(read_document(read_bytes(draw.path("reasons.json")), REASONS, "reasons.json")["substitute"])
    if reason not in known:
        raise RuleError("reason_unknown", reason=reason, reasons="、".join(sorted(known)))


def _check_words(object_id: str, evidence: str | None, second: str | None, source: Document, issue: str | None) -> None:
    """What could never be read back may not enter the log."""
    has_issue = source["type"] != "lottery" or re.fullmatch("[0-9]{1,20}", issue or "")
    told = (
        ("object", object_id, is_id(object_id)),
        ("evidence", evidence, evidence is None or is_hash(evidence)),
        ("second", second, second is None or is_id(second)),
        ("issue", issue, has_issue),
    )
    for field, value, holds in told:
        if not holds:
            raise RuleError("json_field", field=field, value=value)


def _check_slot(workspace: Workspace, object_id: str, slot: int, out: str | None) -> None:
    """A slot that is not there, or that is being dealt again already, would spoil the evidence for good."""
    board = current_board(workspace)
    slots = board.tasks[object_id].slots() if object_id in board.tasks else []
    if not 1 <= slot <= len(slots):
        raise RuleError("substitution_invalid", reason="no such slot", object=object_id, slot=slot)
    if board.seats.get((object_id, slot)) != out:
        raise RuleError("substitution_invalid", reason="slot is not held so", object=object_id, slot=slot)
    waiting = [workspace.office.request(entry) for entry in pending(workspace)]
    if any((asked.object_id, asked.slot) == (object_id, slot) for asked in waiting):
        raise RuleError("substitution_invalid", reason="asked already", object=object_id, slot=slot)


def pending(workspace: Workspace) -> list[Entry]:
    """Requests that no value has decided yet, in order."""
    done = {row.event for row in substitutions_of(workspace)}
    return [entry for entry in workspace.entries("substitute") if entry.index not in done]


def _round_for(workspace: Workspace, entry: Entry) -> int | None:
    """The round that will decide, where the chain's clock is known here."""
    chain = _clock_of(workspace, entry)
    return None if chain is None else deciding_round(chain, entry)


def _clock_of(workspace: Workspace, entry: Entry) -> Chain | None:
    carried = workspace.root / "sources" / "drand.json"
    chains = [*PUBLIC_CHAINS.values(), *([read_beacon(carried).chain] if carried.exists() else [])]
    named = entry.body["source"].get("chain")
    return next((chain for chain in chains if chain.hash == named), None)


def finish_substitute(workspace: Workspace, event: int, *, beacon: Beacon | None, value: str | None) -> Substitution:
    """Deal the slot of a logged request again with the value that has come since. Requests are done in their order."""
    waiting = pending(workspace)
    entry = next((entry for entry in waiting if entry.index == event), None)
    if entry is None:
        raise RuleError("substitution_invalid", reason="no such request", object=str(event), slot="")
    if entry is not waiting[0]:
        raise RuleError("substitution_invalid", reason="an earlier request waits", object=str(waiting[0].index))
    if _is_void(workspace, entry):
        return _finish_void(workspace, entry)
    shared = workspace.shared()
    value = _event_value(entry, beacon, value)
    check_as_read(workspace, {"event": event}, value)
    board = current_board(workspace)
    own = event_seed(seed_at(workspace), event, value, mode=shared["mode"], suite=shared["suite"])
    prefix = inspector_prefix(own, mode=shared["mode"], suite=shared["suite"])
    asked = workspace.office.request(entry)
    chosen = board.deal_again(asked.object_id, asked.slot, asked.out, prefix=prefix, suite=shared["suite"])
    into, load, deck = chosen or (None, None, None)
    row = Substitution(event, asked.object_id, asked.slot, asked.out, into, load, deck, asked.nonce)
    name = f"event-{event}." + ("json" if beacon else "txt")
    carried = dump_json(beacon.document()) if beacon else value.encode() + b"\n"
    write_whole(workspace.root / "sources" / name, carried)
    return _add_row(workspace, row)


def _add_row(workspace: Workspace, row: Substitution) -> Substitution:
    rows = [*substitutions_of(workspace), row]
    write_whole(workspace.root / "substitutions.tsv", write_substitutions(rows))
    return row


def _is_void(workspace: Workspace, entry: Entry) -> bool:
    """Witnesses saw the request when its round could be known: it counts for nothing, and a new one must be made."""
    chain = _clock_of(workspace, entry)
    if chain is None:
        return False
    seen = workspace.office.seen_at(entry, workspace.shared()["witness_k"], otherwise=entry.time)
    return seen >= chain.time_of(deciding_round(chain, entry))


def _finish_void(workspace: Workspace, entry: Entry) -> Substitution:
    asked = workspace.office.request(entry)
    row = Substitution(entry.index, asked.object_id, asked.slot, asked.out, VOID, None, None, asked.nonce)
    return _add_row(workspace, row)


def _event_value(entry: Entry, beacon: Beacon | None, value: str | None) -> str:
    """The value in the form its source has. Raises DrawError."""
    source = entry.body["source"]
    if source["type"] == "drand" and beacon is not None:
        _check_event_beacon(beacon, entry)
        return beacon.signature
    if beacon is not None:
        raise EvidenceError("beacon_source", entry.place, type=source["type"])
    if source["type"] == "drand" or value is None:
        raise RuleError("value_needed", number=entry.index, type=source["type"])
    check_value(source, value)
    return value


def _check_event_beacon(beacon: Beacon, entry: Entry) -> None:
    due = deciding_round(beacon.chain, entry)
    if entry.body["source"].get("chain") != beacon.chain.hash:
        raise EvidenceError(
            "chain_hash", entry.place, stated=entry.body["source"].get("chain"), computed=beacon.chain.hash
        )
    if beacon.round != due:
        raise EvidenceError("beacon_round", entry.place, stated=due, computed=beacon.round)
    beacon.check(entry.place)


def seed_at(workspace: Workspace) -> str:
    """The seed of the campaign, 64 hex digits."""
    text = read_bytes(workspace.root / "seed-input.txt").decode()
    return seed_of(text, workspace.shared()["suite"])


def substitutions_of(workspace: Workspace) -> list[Substitution]:
    """The substitutions so far."""
    path = workspace.root / "substitutions.tsv"
    return read_substitutions(read_bytes(path)) if path.exists() else []


def matched(workspace: Workspace) -> list[Draw]:
    """The draws with inspectors. Raises RuleError ``substitution_invalid`` when there are none."""
    draws = [draw for draw in workspace.draws() if draw.params["matching"] is not None]
    if not draws:
        raise RuleError("substitution_invalid", reason="no match", object="", slot="")
    return draws


def current_board(workspace: Workspace) -> Board:
    """Teams and loads as substitutions have left them, with the objects that came in."""
    draws = matched(workspace)
    for draw in draws:
        _check_drawn(draw)
    selected = {draw.prefix: [row.object_id for row in draw.selected()] for draw in draws}
    board = board_of(match_selected(workspace.root, draws, selected, seed_at(workspace)))
    came_in = _incoming(workspace, draws)
    lines = {draw.id: frame_lines(draw.frame(), {o for _, own, o in came_in if own is draw}) for draw in draws}
    for _, draw, object_id in sorted(came_in, key=lambda event: event[0]):
        board.add_task(object_id, lines[draw.id][object_id][2], groups_of(draw.params["matching"]))
    for done in substitutions_of(workspace):
        board.replay(done)
    return board


def _incoming(workspace: Workspace, draws: list[Draw]) -> list[tuple[int, Draw, str]]:
    """(event, draw, object) of every replacement: slots are numbered in the order of events."""
    return [(row.event, draw, row.into) for draw in draws for row in replacements_of(workspace, draw)]


# Withdrawal -------------------------------------------------------------------------------------


def withdraw(workspace: Workspace, draw: Draw, *, reason: str, second: str | None, at: int) -> bool:
    """Withdraw a draw; nothing is deleted. Returns whether it was after the seed, which stays visible in red.

    Raises RuleError ``reason_unknown``, or ``withdrawal_invalid`` without a second person.
    """
    reasons = read_document(read_bytes(draw.path("reasons.json")), REASONS, "reasons.json")
    if reason not in reasons["withdraw"]:
        raise RuleError("reason_unknown", reason=reason, reasons="、".join(reasons["withdraw"]))
    if any(entry.body["draw"] == draw.id for entry in workspace.entries("withdraw")):
        raise RuleError("draw_withdrawn", draw=draw.id)
    authority = draw.params["authority"]
    # Witnesses may see it late, and late it needs a second person: so it always has one here.
    if second is None or not is_id(second) or second == authority:
        raise RuleError("withdrawal_invalid", reason="second person", draw=draw.id)
    body = {"campaign": draw.params["campaign"], "draw": draw.id, "reason": reason, "second": second}
    workspace.record("withdraw", body, at, authority=authority)
    return bool(workspace.entries("close")) or at >= parse_time(draw.params["beacon_time"])
