"""Checks 12 to 16: the draw, the match and all that came after, done again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gongchou.draw.beacon import PUBLIC_CHAINS, Chain, parse_beacon
from gongchou.draw.encoding import parse_json
from gongchou.draw.errors import DrawError, EvidenceError, FormatError, RuleError
from gongchou.draw.frame import frame_lines, pools_of
from gongchou.draw.log import Entry
from gongchou.draw.match import match_draws
from gongchou.draw.params import check_together
from gongchou.draw.replace import (
    VOID,
    Board,
    Sample,
    Substitution,
    board_of,
    check_replacements,
    deciding_round,
    read_replacements,
    read_substitutions,
)
from gongchou.draw.roster import (
    SlotGroup,
    find_pool_conflict,
    groups_of,
    read_roster,
)
from gongchou.draw.seed import check_value
from gongchou.draw.select import Ranked, draw_stratum, read_ranked, write_ranked
from gongchou.draw.table import Blob
from gongchou.draw.ticket import digests, event_seed, inspector_prefix, prefix_of
from gongchou.draw.verify.case import Case, DrawCase
from gongchou.draw.verify.files import BEACON_FILE
from gongchou.draw.verify.labels import label_of
from gongchou.draw.verify.readings import READ_BY_PEOPLE, is_seen_by_two
from gongchou.draw.verify.seeding import check_chain_hash


def check_selection(case: Case) -> None:
    """Check 12: tickets computed again; selected and reserve are the lowest, byte for byte."""
    for draw in case.draws:
        params = draw.params
        tickets = digests(prefix_of(params, case.seed), params["suite"])
        gone = _gone(case, draw)
        readers = [
            _Reader(case.blob(draw.prefix + name), draw.prefix + name) for name in ("selected.tsv", "reserve.tsv")
        ]
        for stratum, part in sorted(draw.scan.strata.items()):
            quota = draw.quotas[stratum]
            span = (part.start, part.end)
            ranked = list(draw_stratum(case.blob(draw.prefix + "frame.tsv"), stratum, span, quota, tickets, gone))
            readers[0].expect(ranked[: quota.n])
            readers[1].expect(ranked[quota.n :])
        for reader in readers:
            reader.finish()


def _gone(case: Case, draw: DrawCase) -> set[bytes]:
    others = {other.id: other for other in case.draws}
    named = [others[name] for name in draw.params["exclude_selected_of"] if name in others]
    return {row.object_id.encode() for other in named for row in read_ranked(case.blob(other.prefix + "selected.tsv"))}


class _Reader:
    """Compares a published table with what was computed, stratum by stratum, without holding either whole."""

    def __init__(self, blob: Blob, place: str) -> None:
        self.blob, self.place, self.offset = blob, place, 0

    def expect(self, rows: list[Ranked]) -> None:
        data = write_ranked(rows)
        found = self.blob.read(self.offset, len(data))
        if found != data:
            self._differ(found, data)
        self.offset += len(data)

    def _differ(self, found: bytes, data: bytes) -> None:
        ours, theirs = data.split(b"\n"), found.split(b"\n")
        at = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), 0)
        raise EvidenceError("selection_mismatch", self.place, computed=_text(ours, at), found=_text(theirs, at))

    def finish(self) -> None:
        if self.offset != self.blob.size:
            extra = self.blob.read(self.offset, 200).split(b"\n")
            raise EvidenceError("selection_mismatch", self.place, computed="-", found=_text(extra, 0))


def _text(lines: list[bytes], at: int) -> str:
    return lines[at].decode("utf-8", "replace").replace("\t", " ") if at < len(lines) else "-"


# Replacements -----------------------------------------------------------------------------------


def check_replaced(case: Case) -> bool:
    """Check 13: every replacement took the next of the reserve, with reason, evidence and a second person."""
    any_found = False
    for draw in case.draws:
        path = draw.prefix + "replacements.tsv"
        logged = [
            e
            for e in case.of_type("replace")
            if (e.body["campaign"], e.body["draw"]) == (draw.params["campaign"], draw.id)
        ]
        if path not in case.files and not logged:
            continue
        if path in case.files and not logged:
            raise EvidenceError("replacement_invalid", path, reason="log and table differ")
        any_found = True
        rows = read_replacements(case.text(path) if path in case.files else b"", path)
        draw.sample = _sample(case, draw)
        with _named("replacement_invalid", path):
            check_replacements(rows, case.entries, draw.sample, draw.params, draw.reasons)
        for stratum in draw.sample.overused():
            label = label_of(case.files, draw.prefix, stratum)
            case.mark("replaced_many", "amber", draw=draw.id, stratum=stratum, **({"label": label} if label else {}))
    return any_found


def _sample(case: Case, draw: DrawCase) -> Sample:
    selected = read_ranked(case.blob(draw.prefix + "selected.tsv"))
    return Sample(selected, read_ranked(case.blob(draw.prefix + "reserve.tsv")), draw.quotas)


# Match ------------------------------------------------------------------------------------------


def check_match(case: Case) -> bool:
    """Check 14: deal and repair again. False when there is no match or its tables were left out."""
    if not case.with_match:
        return False
    if case.match_is_sealed_away:
        case.mark("match_sealed", "amber")
        return False
    roster = read_roster(
        case.text("inspectors.tsv"),
        case.text("avoid.tsv"),
        cross_home=case.with_match[0].params["matching"]["cross_home"],
    )
    case.match = match_draws([(draw.params, _pools(case, draw)) for draw in case.with_match], roster, case.seed)
    _same_table(case.text("assignment.tsv"), case.match.assignment(), "assignment.tsv")
    _same_table(case.text("unfilled.tsv"), case.match.unfilled_table(), "unfilled.tsv")
    if any(task.n_least < 2 for task in case.match.tasks):
        case.mark("fewer_than_two", "amber")
    n_of_teams = sum(group.is_of_team for task in case.match.tasks for group in task.slots())
    if n_of_teams:
        case.mark("standing_teams", "grey", count=n_of_teams)
    if case.match.n_unfilled:
        case.mark("unfilled", "grey", count=case.match.n_unfilled)
    return True


def _pools(case: Case, draw: DrawCase) -> dict[str, str]:
    selected = {row.object_id for row in read_ranked(case.blob(draw.prefix + "selected.tsv"))}
    return pools_of(case.blob(draw.prefix + "frame.tsv"), selected)


def _same_table(found: bytes, computed: bytes, place: str) -> None:
    if found != computed:
        theirs, ours = found.split(b"\n"), computed.split(b"\n")
        at = next((i for i, (a, b) in enumerate(zip(theirs, ours, strict=False)) if a != b), 0)
        raise EvidenceError("matching_mismatch", place, computed=_text(ours, at), found=_text(theirs, at))


# Substitutions ----------------------------------------------------------------------------------


def check_substituted(case: Case) -> bool:
    """Check 15: every slot dealt again used a later beacon that nobody knew when asking."""
    path = "substitutions.tsv"
    logged = [e for e in case.of_type("substitute") if e.body["campaign"] == case.shared["campaign"]]
    if path in case.files and not logged:
        raise EvidenceError("substitution_invalid", path, reason="log and table differ")
    if logged and not case.with_match:
        raise EvidenceError("substitution_invalid", logged[0].place, reason="no match")
    if case.match is None:
        if logged:  # whom it concerned stays sealed, and with it which were dealt; that somebody asked does not
            case.mark("substitution_asked", "grey", count=len(logged))
        return False
    rows = read_substitutions(case.text(path), path) if path in case.files else []
    is_told_in_order = [row.event for row in rows] == [entry.index for entry in logged[: len(rows)]]
    if not is_told_in_order or bool(rows) != (path in case.files):
        raise EvidenceError("substitution_invalid", path, reason="log and table differ")
    board = board_of(case.match)
    came_in = _incoming(case)
    for row, entry in zip(rows, logged, strict=False):
        for event in sorted(event for event in came_in if event < row.event):
            board.add_task(*came_in.pop(event))
        with _named("substitution_invalid", path):
            _check_substitution(case, board, row, entry)
    _check_open(case, logged[len(rows) :])
    for event in sorted(came_in):
        board.add_task(*came_in.pop(event))
    _mark_substitutions(case, board, rows)
    return bool(logged)


def _check_open(case: Case, waiting: list[Entry]) -> None:
    """Requests without a row yet: since they are dealt in order, only the last ones. What they ask must be allowed."""
    for entry in waiting:
        _check_asked(case, entry)
    if waiting:
        case.mark("substitution_open", "amber", count=len(waiting), since=waiting[0].document["time"])


def _mark_substitutions(case: Case, board: Board, rows: list[Substitution]) -> None:
    """Asking again and again is visible, and so is an object that came in and has nobody."""
    n_void = sum(row.into == VOID for row in rows)
    if n_void:
        case.mark("substitution_void", "amber", count=n_void)
    done = [row for row in rows if row.into != VOID]
    read = [row for row in done if case.entries[row.event].body["source"]["type"] in READ_BY_PEOPLE]
    n_unlogged = sum(row.event not in case.read_for for row in read)
    if n_unlogged:
        case.mark("event_reading_unlogged", "amber", count=n_unlogged)
    if done:
        case.mark("substituted", "grey", count=len(done))
    for (object_id, slot), times in Counter((row.object_id, row.slot) for row in done).items():
        if times > 1:
            case.mark("substituted_again", "amber", object=object_id, slot=slot)
    came_in = {object_id for object_id, _, _ in _incoming(case).values()}
    n_open = sum(
        (object_id, slot) not in board.seats
        for object_id in came_in
        for slot in range(1, len(board.tasks[object_id].slots()) + 1)
    )
    if n_open:
        case.mark("slots_open", "amber", count=n_open)


def _incoming(case: Case) -> dict[int, tuple[str, str, tuple[SlotGroup, ...]]]:
    """Event of each replacement -> the task that came in with it."""
    found: dict[int, tuple[str, str, tuple[SlotGroup, ...]]] = {}
    for draw in case.with_match:
        path = draw.prefix + "replacements.tsv"
        rows = read_replacements(case.text(path), path) if path in case.files else []
        lines = frame_lines(case.blob(draw.prefix + "frame.tsv"), {row.into for row in rows})
        for row in rows:
            found[row.event] = (row.into, lines[row.into][2], groups_of(draw.params["matching"]))
    return found


def _check_substitution(case: Case, board: Board, row: Substitution, entry: Entry) -> None:
    shared = case.shared
    if entry.body["request"] != row.request:
        raise EvidenceError("substitution_invalid", entry.place, reason="log and table differ")
    _check_asked(case, entry)
    if _is_void(case, row, entry):
        return
    value = _later_value(case, entry)
    own = event_seed(case.seed, entry.index, value, mode=shared["mode"], suite=shared["suite"])
    prefix = inspector_prefix(own, mode=shared["mode"], suite=shared["suite"])
    chosen = board.deal_again(row.object_id, row.slot, row.out, prefix=prefix, suite=shared["suite"])
    if (chosen or (None, None, None)) != (row.into, row.load, row.deck):
        raise EvidenceError(
            "substitution_invalid",
            entry.place,
            reason="another inspector",
            computed=chosen and chosen[0],
            found=row.into,
        )


def _check_asked(case: Case, entry: Entry) -> None:
    """What the log alone says of a request: who asked, why, and what was to decide."""
    body, allowed = entry.body, case.shared["replacement"]["inspectors"]
    if entry.document["authority"] not in {draw.params["authority"] for draw in case.with_match}:
        raise RuleError("substitution_invalid", entry.place, reason="authority")
    if not any(body["reason"] in draw.reasons["substitute"] for draw in case.with_match):
        raise RuleError("substitution_invalid", entry.place, reason="reason not listed")
    if allowed is None or {key: body["source"][key] for key in body["source"] if key != "issue"} != allowed:
        raise RuleError("substitution_invalid", entry.place, reason="source")


def _is_void(case: Case, row: Substitution, entry: Entry) -> bool:
    """A request that witnesses saw when its round could be known counts for nothing, and must say so."""
    source = entry.body["source"]
    is_void = source["type"] == "drand" and _is_late(case, source["chain"], entry)
    if is_void != (row.into == VOID) or (is_void and (row.load, row.deck) != (None, None)):
        raise EvidenceError("substitution_invalid", entry.place, reason="void")
    return is_void


def _is_late(case: Case, chain_hash: str, entry: Entry) -> bool:
    chain = PUBLIC_CHAINS.get(chain_hash) or _carried_chain(case, chain_hash)
    return case.cosigned_at(entry) >= chain.time_of(deciding_round(chain, entry))


def _carried_chain(case: Case, chain_hash: str) -> Chain:
    """A private network's clock, from any of its beacons in the bundle."""
    for path in sorted(path for path in case.files if BEACON_FILE.fullmatch(path)):
        chain = parse_beacon(parse_json(case.text(path), path), path).chain
        if chain.hash == chain_hash:
            return chain
    raise RuleError("substitution_invalid", "sources", reason="source")


def _later_value(case: Case, entry: Entry) -> str:
    """The value of the source that the parameters named and that came after the entry was public."""
    source = entry.body["source"]
    if source["type"] != "drand":
        place = f"sources/event-{entry.index}.txt"
        value, end, rest = case.text(place).decode("ascii", "replace").partition("\n")
        if not end or rest:
            raise FormatError("value_invalid", place, source=source["type"], value=value)
        check_value(source, value)
        _check_read(case, entry, value)
        case.mark("substitution_source", "amber", event=entry.index)
        return value
    place = f"sources/event-{entry.index}.json"
    beacon = parse_beacon(parse_json(case.text(place), place), place)
    check_chain_hash(case, beacon, source["chain"], place)
    due = deciding_round(beacon.chain, entry)
    if beacon.round != due:
        raise EvidenceError("substitution_invalid", entry.place, reason="round", computed=due, found=beacon.round)
    beacon.check(place)
    return beacon.signature


def _check_read(case: Case, entry: Entry, value: str) -> None:
    """What two people are logged to have read for the request, where anybody logged it."""
    told = case.read_for.get(entry.index)
    if not told:
        return
    if told[-1].body["value"] != value:
        raise EvidenceError("substitution_invalid", told[-1].place, reason="another reading")
    if not is_seen_by_two(told[-1]):
        raise EvidenceError("substitution_invalid", told[-1].place, reason="read by one")


@contextmanager
def _named(code: str, place: str) -> Iterator[None]:
    """Whatever the core refuses while replaying an event is this check's finding."""
    try:
        yield
    except DrawError as error:
        raise EvidenceError(code, error.place or place, cause=error.code, **error.facts) from error


# Campaign ---------------------------------------------------------------------------------------


def check_campaign(case: Case) -> bool:
    """Check 16: the draws of a campaign have one seed, one match, one list of commits. False for a single draw."""
    check_together([(draw.prefix, draw.params) for draw in case.draws])
    _check_commits(case)
    conflict = find_pool_conflict(_pools(case, draw) for draw in case.with_match) if len(case.with_match) > 1 else None
    if conflict:
        raise EvidenceError("pool_conflict", "frame.tsv", object=conflict)
    return len(case.draws) > 1


def _check_commits(case: Case) -> None:
    """A third draw committed for this campaign and left out of the bundle would be a hidden second chance."""
    closed_at, campaign = case.close().index, case.shared["campaign"]
    live = {
        attempt.commit.body["draw"]: attempt.commit.body["commitment"]
        for attempt in case.attempts or ()
        if attempt.commit.body["campaign"] == campaign and attempt.is_live_at(closed_at)
    }
    ours = {draw.id: draw.commit.body["commitment"] for draw in case.draws if draw.commit}
    if live != ours:
        raise EvidenceError("campaign_incomplete", "close.txt", draws=",".join(sorted(live.keys() ^ ours.keys())))
