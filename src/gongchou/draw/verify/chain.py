"""Checks 2, 4 and 5: was this in the public log, as committed, in time?"""

from __future__ import annotations

import re

from gongchou.draw.beacon import Chain, parse_beacon
from gongchou.draw.encoding import parse_json, parse_time
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.log import (
    Entry,
    chains_of,
    check_chain,
    check_checkpoint,
    check_history,
    check_inclusion,
    read_checkpoint,
    read_consistency,
    read_entry,
    read_key,
    read_proof,
)
from gongchou.draw.note import ED25519
from gongchou.draw.params import commitment
from gongchou.draw.verify.case import Case, DrawCase

LOG_KEY = "keys/log.vkey"


def check_log(case: Case) -> None:
    """Check 2: signatures, witnesses, inclusion, consistency, chains, entries and their files."""
    log_key = read_key(case.text(LOG_KEY), ED25519, LOG_KEY)
    case.check_trusted("log", log_key, LOG_KEY)
    case.horizon = read_checkpoint(case.text("log/checkpoint"), "log/checkpoint")
    _read_entries(case)
    k = case.shared["witness_k"]
    check_checkpoint(case.horizon, log_key, case.witnesses, k, "log/checkpoint")
    good = {case.horizon.signed}  # many entries share one checkpoint
    for index, entry in sorted((case.entries | case.foreign).items()):
        place = f"log/{index:08}.tlog-proof"
        checkpoint = case.proofs[index].checkpoint
        if checkpoint.signed not in good:
            check_checkpoint(checkpoint, log_key, case.witnesses, k, place)
            good.add(checkpoint.signed)
        check_inclusion(entry, case.proofs[index], place)
    consistency = read_consistency(case.text("log/consistency.tsv"), "log/consistency.tsv")
    check_history((proof.checkpoint for proof in case.proofs.values()), case.horizon, consistency)
    for own in chains_of(case.entries.values()):
        check_chain(own)
    for run in chains_of(case.foreign.values()):
        check_chain(run, is_whole=False)
    _check_tail(case)
    _check_authorities(case)
    _check_required(case)


def _check_tail(case: Case) -> None:
    """Behind the last entry of each authority nothing is left out, or a withdrawal could be cut off."""
    ends = {entry.document["authority"]: index for index, entry in sorted(case.entries.items())}
    size = case.horizon.size if case.horizon else 0
    for index in range(min(ends.values(), default=-1) + 1, size):
        if index not in case.entries and index not in case.foreign:
            raise EvidenceError("log_cut", "log/checkpoint", index=index, size=size)


def _read_entries(case: Case) -> None:
    for path in sorted(case.files):
        found = re.fullmatch(r"log/([0-9]{8})\.json", path)
        if found:
            index = int(found[1])
            entry = read_entry(case.text(path), index)
            (case.entries if entry.document["authority"] in case.authorities else case.foreign)[index] = entry
            place = f"log/{found[1]}.tlog-proof"
            case.proofs[index] = read_proof(case.text(place), place)
            if case.proofs[index].index != index:
                raise FormatError("proof_invalid", place, index=case.proofs[index].index)


def _check_authorities(case: Case) -> None:
    """An office that may call itself by any name could commit one plan item under several."""
    if case.options.trust is None:
        return
    known = case.options.trust["authority"]
    if not known:
        case.mark("authorities_open", "amber")
        return
    for _, entry in sorted(case.entries.items()):
        second = entry.body["second"] if entry.type in ("replace", "substitute", "withdraw") else None
        for name in (entry.document["authority"], second):
            if name is not None and name not in known:
                raise EvidenceError("authority_untrusted", entry.place, authority=name)


def _check_required(case: Case) -> None:
    lead, campaign = case.shared["authority"], case.shared["campaign"]
    for draw in case.draws:
        own = draw.params
        draw.commit = _commit_of(case, draw)
        _check_entry_files(case, draw.commit, [draw.prefix + "params.json"])
        result = case.only("result", own["authority"], campaign=campaign, draw=draw.id)
        _check_entry_files(case, result, [draw.prefix + "reserve.tsv", draw.prefix + "selected.tsv"])
    _check_entry_files(case, case.close(), ["close.txt"])
    _check_entry_files(case, case.only("seed", lead, campaign=campaign), ["seed-input.txt"])
    if case.with_match:
        _check_entry_files(case, case.only("match", lead, campaign=campaign), ["assignment.tsv", "unfilled.tsv"])
    elif any(entry.body["campaign"] == campaign for entry in case.of_type("match")):
        raise EvidenceError("entry_missing", "log", type="match", found=1)


def _commit_of(case: Case, draw: DrawCase) -> Entry:
    """The first commit of this draw; that there is no second one is check 3's question."""
    for entry in case.of_type("commit"):
        same = (entry.body["campaign"], entry.body["draw"]) == (draw.params["campaign"], draw.id)
        if same and entry.document["authority"] == draw.params["authority"]:
            return entry
    raise EvidenceError("entry_missing", "log", type="commit", draw=draw.id, found=0)


def _check_entry_files(case: Case, entry: Entry, names: list[str]) -> None:
    from_entry = {file["name"]: file for file in entry.document["files"]}
    if sorted(from_entry) != sorted(names):
        raise EvidenceError("entry_files", entry.place, type=entry.type, names=",".join(sorted(from_entry)))
    listed = _manifest_digests(case)
    for name, file in from_entry.items():
        if name not in case.files:
            if case.match_is_sealed_away:
                continue
            raise EvidenceError("entry_files", entry.place, type=entry.type, names=name)
        if listed[name] != (file["sha256"], file["size"]):
            raise EvidenceError("entry_files", entry.place, type=entry.type, names=name)


def _manifest_digests(case: Case) -> dict[str, tuple[str, int]]:
    """What check 1 has found equal to the files themselves: no need to hash them again."""
    rows = parse_json(case.text("manifest.json"))["files"]
    return {row["path"]: (row["sha256"], row["size"]) for row in rows}


# Checks 4 and 5 ---------------------------------------------------------------------------------


def check_commitment(case: Case) -> None:
    """Check 4: the parameters are the committed ones, and meant in earnest."""
    for draw in case.draws:
        if draw.commit is None:
            raise EvidenceError("entry_missing", "log", type="commit", draw=draw.id, found=0)
        body = draw.commit.body
        for field in ("beacon_time", "mode", "plan", "supersedes"):
            if body[field] != draw.params[field]:
                raise EvidenceError("commit_fields", draw.commit.place, field=field)
        computed = commitment(draw.params_bytes, draw.params["suite"])
        if body["commitment"] != computed:
            raise EvidenceError(
                "commitment_mismatch",
                draw.prefix + "params.json",
                stated=body["commitment"],
                computed=computed,
            )
        if draw.params["mode"] == "test":
            if not case.options.allow_test:
                raise EvidenceError("mode_test", draw.prefix + "params.json")
            case.mark("test_mode", "amber")


def check_times(case: Case) -> None:
    """Check 5: committed before, closed before, the beacon after; as witnesses saw it."""
    for draw in case.draws:
        if draw.commit is None:
            continue
        latest = parse_time(draw.params["beacon_time"]) - draw.params["lead_s"]
        if case.cosigned_at(draw.commit) > latest:
            raise EvidenceError("commit_late", draw.commit.place, seconds=case.cosigned_at(draw.commit) - latest)
        _check_not_before(case, draw, draw.commit)
    close = case.close()
    if close.time < parse_time(case.shared["closes_at"]):
        raise EvidenceError("close_early", close.place, closes_at=case.shared["closes_at"])
    limit = _beacon_moment(case)
    if case.cosigned_at(close) >= limit:
        raise EvidenceError("close_late", close.place, seconds=case.cosigned_at(close) - limit)


def _beacon_moment(case: Case) -> int:
    """When the beacon can first be known (seconds since 1970)."""
    last = case.shared["seed"][-1]
    if last["type"] != "drand":
        return parse_time(case.shared["beacon_time"])
    return _network(case, "sources/drand.json").time_of(last["round"])


def _network(case: Case, place: str) -> Chain:
    return parse_beacon(parse_json(case.text(place), place), place).chain


def _check_not_before(case: Case, draw: DrawCase, commit: Entry) -> None:
    quoted = draw.params["not_before"]
    if quoted is None:
        return
    signed_at = _network(case, "sources/not-before.json").time_of(quoted["round"])
    if signed_at > commit.time:
        raise EvidenceError("not_before_late", commit.place, round=quoted["round"])
