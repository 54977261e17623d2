"""Forged bundles, each aimed at one check of the verification, with the check and code that must name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gongchou.draw.bundle import Files, in_memory
from gongchou.draw.encoding import Document, sha256_hex
from gongchou.draw.replace import request_of
from gongchou.draw.table import read_all
from gongchou.folders import open_bundle
from tests.factories.bundles import ROUND_123, shop
from tests.factories.forgery import Change, Forgery

EXAMPLES = Path(__file__).parents[2] / "spec" / "bundles"
ZEROS = "0" * 64


@dataclass(frozen=True)
class Mutant:
    """Change ``example`` so that check ``number`` must refuse it with ``code``."""

    name: str
    example: str
    number: int
    code: str
    change: Change
    only_manifest: bool = False  # redo the manifest, not the log

    def files(self) -> Files:
        """The forged bundle."""
        forged = Forgery.of(in_memory(original(self.example)))
        self.change(forged)
        return forged.sign() if self.only_manifest else forged.seal()


@cache
def original(example: str) -> dict[str, bytes]:
    """The files of an example, as bytes."""
    return {path: read_all(blob) for path, blob in open_bundle(EXAMPLES / f"{example}.zip").items()}


def trust_of(example: str) -> str:
    """The trust file of an example."""
    return (EXAMPLES / f"{example.removesuffix('-public')}.trust").read_text(encoding="utf-8")


MUTANTS: list[Mutant] = []


@dataclass(frozen=True)
class Marked:
    """Change ``example`` so that it still holds, with an amber mark of this code and ``number``."""

    name: str
    example: str
    code: str
    number: int
    change: Change

    def files(self) -> Files:
        """The changed bundle."""
        forged = Forgery.of(in_memory(original(self.example)))
        self.change(forged)
        return forged.seal()


MARKED: list[Marked] = []


def marked(example: str, code: str, number: int) -> Callable[[Change], Change]:
    """Register a change."""

    def register(change: Change) -> Change:
        MARKED.append(Marked(getattr(change, "__name__", "change"), example, code, number, change))
        return change

    return register


def mutant(example: str, number: int, code: str, *, only_manifest: bool = False) -> Callable[[Change], Change]:
    """Register a change."""

    def register(change: Change) -> Change:
        name = getattr(change, "__name__", "change")
        MUTANTS.append(Mutant(name, example, number, code, change, only_manifest))
        return change

    return register


def params(forged: Forgery, prefix: str = "", **changes: object) -> None:
    """Set top-level fields of the parameters and let C, close and seed follow."""
    forged.change_params(lambda document: document.update(changes), prefix)


def stratum(forged: Forgery, name: str, prefix: str = "", **changes: object) -> None:
    """Set fields of one stratum."""

    def change(document: Document) -> None:
        next(part for part in document["strata"] if part["id"] == name).update(changes)

    forged.change_params(change, prefix)


# 1 files ----------------------------------------------------------------------------------------


@mutant("open-single", 1, "table_invalid", only_manifest=True)
def frame_with_crlf(forged: Forgery) -> None:
    forged.files["frame.tsv"] = forged.files["frame.tsv"].replace(b"\n", b"\r\n")


@mutant("open-single", 1, "table_invalid", only_manifest=True)
def frame_with_byte_order_mark(forged: Forgery) -> None:
    forged.files["frame.tsv"] = b"\xef\xbb\xbf" + forged.files["frame.tsv"]


@mutant("open-single", 1, "table_order", only_manifest=True)
def frame_out_of_order(forged: Forgery) -> None:
    lines = forged.lines("frame.tsv")
    forged.write_lines("frame.tsv", [lines[1], lines[0], *lines[2:]], in_order=False)


@mutant("open-single", 1, "frame_duplicate", only_manifest=True)
def object_in_two_strata(forged: Forgery) -> None:
    lines = forged.lines("frame.tsv")
    forged.write_lines("frame.tsv", [*lines, "B\t" + lines[0].split("\t", 1)[1]])


@mutant("open-single", 1, "json_field", only_manifest=True)
def unknown_parameter(forged: Forgery) -> None:
    forged.change_json("params.json", lambda document: document.update(fallback="drand"))


@mutant("open-single", 1, "json_field", only_manifest=True)
def unknown_seed_source(forged: Forgery) -> None:
    forged.change_json("params.json", lambda document: document["seed"].insert(0, {"type": "clock"}))


@mutant("open-single", 1, "json_field", only_manifest=True)
def beacon_that_is_not_last(forged: Forgery) -> None:
    forged.change_json("params.json", lambda document: document["seed"].reverse())


@mutant("open-single", 1, "json_field", only_manifest=True)
def exclusion_with_shared_tickets(forged: Forgery) -> None:
    forged.change_json("params.json", lambda document: document.update(exclude_selected_of=["D0"]))


@mutant("open-single", 1, "json_invalid", only_manifest=True)
def parameters_with_a_blank(forged: Forgery) -> None:
    forged.edit("params.json", ",", ", ")


@mutant("open-single", 1, "file_extra", only_manifest=True)
def unknown_file(forged: Forgery) -> None:
    forged.files["frame2.tsv"] = b""


@mutant("open-single", 1, "file_missing", only_manifest=True)
def no_reserve(forged: Forgery) -> None:
    del forged.files["reserve.tsv"]


@mutant("open-single", 1, "file_missing", only_manifest=True)
def open_match_left_out(forged: Forgery) -> None:
    del forged.files["assignment.tsv"]


@mutant("campaign", 1, "json_field", only_manifest=True)
def folder_of_another_name(forged: Forgery) -> None:
    forged.files = {path.replace("D3/", "D4/"): data for path, data in forged.files.items()}


# 2 log ------------------------------------------------------------------------------------------


@mutant("open-single", 2, "entry_files", only_manifest=True)
def close_changed_without_the_log(forged: Forgery) -> None:
    forged.edit("close.txt", "digits 6", "digits 7")


@mutant("open-single", 2, "entry_files", only_manifest=True)
def selection_changed_without_the_log(forged: Forgery) -> None:
    forged.write_lines("selected.tsv", forged.lines("selected.tsv")[1:])


@mutant("open-single", 2, "inclusion", only_manifest=True)
def entry_changed_without_the_tree(forged: Forgery) -> None:
    path = f"log/{forged.index('close'):08}.json"
    forged.files[path] = forged.files[path].replace(b"2024-10-14T17:00:00Z", b"2024-10-14T17:00:01Z")


@mutant("open-single", 2, "consistency", only_manifest=True)
def consistency_line_missing(forged: Forgery) -> None:
    forged.write_lines("log/consistency.tsv", forged.lines("log/consistency.tsv")[1:], in_order=False)


@mutant("open-single", 2, "checkpoint_witnesses", only_manifest=True)
def horizon_with_one_witness(forged: Forgery) -> None:
    lines = forged.lines("log/checkpoint")
    forged.write_lines("log/checkpoint", lines[:-1], in_order=False)


@mutant("open-single", 2, "checkpoint_signature", only_manifest=True)
def horizon_of_another_root(forged: Forgery) -> None:
    lines = forged.lines("log/checkpoint")
    swapped = ("B" if lines[2][0] == "A" else "A") + lines[2][1:]
    forged.write_lines("log/checkpoint", [*lines[:2], swapped, *lines[3:]], in_order=False)


@mutant("open-single", 2, "chain_broken")
def gap_in_the_numbering(forged: Forgery) -> None:
    for entry in forged.entries[2:]:
        entry["seq"] += 1
    forged.keeps_chain = True


@mutant("open-single", 2, "chain_broken")
def time_going_backwards(forged: Forgery) -> None:
    forged.entry("result")["time"] = "2024-10-14T16:00:00Z"


@mutant("open-single", 2, "entry_missing")
def no_result_entry(forged: Forgery) -> None:
    forged.entry("result")["type"] = "audit"


@mutant("open-single", 2, "entry_missing")
def second_close(forged: Forgery) -> None:
    at = forged.index("seed")
    forged.insert(at, "close", {"campaign": "OPEN-2024"}, time="2024-10-14T17:01:00Z")
    forged.entries[at]["files"] = [dict(file) for file in forged.entry("close")["files"]]


@mutant("open-single", 2, "entry_invalid")
def entry_with_an_unknown_field(forged: Forgery) -> None:
    forged.entry("close")["body"]["note"] = "x"


@mutant("campaign", 2, "authority_untrusted")
def draw_of_an_office_nobody_knows(forged: Forgery) -> None:
    params(forged, "D2/", authority="XFJ-2")
    for entry in forged.entries:
        if entry["authority"] == "XFJ":
            entry["authority"] = "XFJ-2"


@mutant("open-single", 2, "log_cut")
def withdrawal_cut_off_at_the_end(forged: Forgery) -> None:
    body = {"campaign": "OPEN-2024", "draw": "D1", "reason": "error_in_frame", "second": "JIJIAN"}
    forged.insert(len(forged.entries), "withdraw", body, time="2024-10-15T00:00:00Z")
    forged.left_out = {len(forged.entries) - 1}


@mutant("open-single", 2, "log_cut")
def end_cut_off_and_somebody_else_s_entry_shown_for_it(forged: Forgery) -> None:
    body = {"campaign": "OPEN-2024", "draw": "D1", "reason": "error_in_frame", "second": "JIJIAN"}
    forged.insert(len(forged.entries), "withdraw", body, time="2024-10-15T00:00:00Z")
    forged.left_out = {len(forged.entries) - 1}
    forged.insert(len(forged.entries), "audit", {}, time="2024-10-16T00:00:00Z", authority="XFJ")


@mutant("open-single", 2, "chain_broken")
def strangers_at_the_end_with_a_gap(forged: Forgery) -> None:
    for day in ("16", "17", "18"):
        forged.insert(len(forged.entries), "audit", {}, time=f"2024-10-{day}T00:00:00Z", authority="XFJ")
    forged.entries[-1]["time"] = "2024-10-01T00:00:00Z"


@mutant("campaign", 2, "authority_untrusted")
def second_person_of_an_office_nobody_knows(forged: Forgery) -> None:
    forged.entry("replace")["body"]["second"] = "FRIEND"


# 3 plan -----------------------------------------------------------------------------------------

COMMIT = {
    "beacon_time": "2024-10-12T20:00:00Z", "campaign": "OTHER", "commitment": ZEROS, "draw": "D9", "mode": "official",
    "plan": "演示计划 OPEN-2024", "supersedes": None,
}  # fmt: skip


@mutant("open-single", 3, "plan_two_live")
def second_live_draw_of_the_plan(forged: Forgery) -> None:
    forged.insert(1, "commit", dict(COMMIT), time="2024-10-13T00:00:00Z")


@mutant("open-single", 3, "draw_withdrawn")
def withdrawn_and_used_all_the_same(forged: Forgery) -> None:
    body = {"campaign": "OPEN-2024", "draw": "D1", "reason": "error_in_frame", "second": None}
    forged.insert(1, "withdraw", body, time="2024-10-13T01:00:00Z")


@mutant("open-single", 3, "withdrawal_invalid")
def withdrawal_after_the_seed_by_one_person(forged: Forgery) -> None:
    body = {"campaign": "OPEN-2024", "draw": "D1", "reason": "error_in_frame", "second": None}
    forged.insert(len(forged.entries), "withdraw", body, time="2024-10-15T00:00:00Z")


@mutant("open-single", 3, "withdrawal_invalid")
def withdrawal_of_what_was_never_committed(forged: Forgery) -> None:
    body = {"campaign": "OPEN-2024", "draw": "D7", "reason": "error_in_frame", "second": None}
    forged.insert(1, "withdraw", body, time="2024-10-13T01:00:00Z")


@mutant("open-single", 3, "plan_two_live")
def second_draw_that_calls_itself_the_successor(forged: Forgery) -> None:
    forged.insert(1, "commit", {**COMMIT, "supersedes": "D1"}, time="2024-10-13T00:00:00Z")


@mutant("open-single", 3, "plan_two_live")
def first_draw_of_several_withdrawn_once_all_seeds_were_known(forged: Forgery) -> None:
    forged.insert(0, "commit", dict(COMMIT), time="2024-10-11T00:00:00Z")
    gone = {"campaign": "OTHER", "draw": "D9", "reason": "error_in_frame", "second": "JIJIAN"}
    forged.insert(len(forged.entries), "withdraw", gone, time="2024-10-15T00:00:00Z")


def earlier_attempt(forged: Forgery, *, second: str | None = "JIJIAN", supersedes: str | None = "D9") -> None:
    """A draw of another campaign, given up after its beacon and before this one was committed."""
    gone = {"campaign": "OTHER", "draw": "D9", "reason": "error_in_frame", "second": second}
    forged.insert(0, "withdraw", gone, time="2024-10-12T21:00:00Z")
    forged.insert(0, "commit", dict(COMMIT), time="2024-10-11T00:00:00Z")
    forged.entry("commit", 1)["body"]["supersedes"] = supersedes
    params(forged, supersedes=supersedes)


@mutant("open-single", 3, "withdrawal_invalid")
def another_campaign_given_up_after_its_beacon_by_one_person(forged: Forgery) -> None:
    earlier_attempt(forged, second=None)


@mutant("open-single", 3, "supersedes_invalid")
def attempt_that_does_not_name_the_one_before(forged: Forgery) -> None:
    earlier_attempt(forged, supersedes=None)


@mutant("open-single", 3, "supersedes_invalid")
def attempt_within_a_day_of_the_one_before(forged: Forgery) -> None:
    earlier_attempt(forged)
    forged.times[forged.covered[1]] += 18 * 3600


@mutant("open-single", 3, "supersedes_invalid")
def first_attempt_that_names_one_before(forged: Forgery) -> None:
    forged.entry("commit")["body"]["supersedes"] = "D0"
    params(forged, supersedes="D0")


@mutant("sm3-notary", 3, "supersedes_invalid")
def successor_without_its_predecessor(forged: Forgery) -> None:
    forged.entry("commit", 1)["body"]["supersedes"] = None
    params(forged, supersedes=None)


@mutant("sm3-notary", 3, "withdrawal_invalid")
def withdrawn_twice(forged: Forgery) -> None:
    forged.insert(2, "withdraw", dict(forged.entry("withdraw")["body"]), time="2024-10-13T06:30:00Z")


@mutant("sm3-notary", 3, "plan_two_live")
def withdrawn_by_another_authority(forged: Forgery) -> None:
    forged.entry("withdraw")["authority"] = "XFJ"


@mutant("sm3-notary", 3, "withdrawal_invalid")
def withdrawn_for_a_made_up_reason(forged: Forgery) -> None:
    forged.entry("withdraw")["body"]["reason"] = "bad_luck"


@mutant("open-single", 3, "draw_committed_twice")
def committed_twice(forged: Forgery) -> None:
    body = dict(forged.entry("commit")["body"])
    forged.insert(1, "commit", body, time="2024-10-13T00:00:00Z")
    forged.entries[1]["files"] = [dict(file) for file in forged.entry("commit")["files"]]


# 4 commitment, 5 times --------------------------------------------------------------------------


@mutant("open-single", 4, "commitment_mismatch")
def parameters_changed_after_the_commit(forged: Forgery) -> None:
    forged.change_json("params.json", lambda document: document["contacts"].append("x"))


@mutant("open-single", 4, "commit_fields")
def another_plan_in_the_commit(forged: Forgery) -> None:
    forged.entry("commit")["body"]["plan"] = "另一计划"


@mutant("open-single", 4, "commit_fields")
def another_beacon_time_in_the_commit(forged: Forgery) -> None:
    forged.entry("commit")["body"]["beacon_time"] = "2024-10-20T17:13:33Z"


@mutant("open-single", 4, "mode_test")
def practice_run(forged: Forgery) -> None:
    forged.entry("commit")["body"]["mode"] = "test"
    params(forged, mode="test")


@mutant("open-single", 5, "commit_late")
def committed_too_late(forged: Forgery) -> None:
    forged.times[forged.covered[forged.index("commit")]] = 1728926013 - 599


@mutant("open-single", 5, "close_late")
def closed_when_the_beacon_was_out(forged: Forgery) -> None:
    forged.times[forged.covered[forged.index("close")]] = 1728926013


@mutant("open-single", 5, "close_early")
def closed_before_its_time(forged: Forgery) -> None:
    forged.entry("close")["time"] = "2024-10-14T16:59:59Z"


@mutant("sealed-single", 5, "not_before_late")
def quoted_round_after_the_commit(forged: Forgery) -> None:
    forged.entry("commit")["time"] = "2019-01-01T00:00:00Z"


# 6 digests --------------------------------------------------------------------------------------


@mutant("open-single", 6, "universe_list")
def friend_left_out(forged: Forgery) -> None:
    lines = forged.lines("frame.tsv")
    forged.write_lines("frame.tsv", lines[1:])
    stratum(forged, "A", size=58)
    forged.restate("frame.tsv", "frame")


@mutant("open-single", 6, "universe_list")
def friend_exchanged_for_a_ghost(forged: Forgery) -> None:
    lines = forged.lines("frame.tsv")
    forged.write_lines("frame.tsv", ["A\tDEMO-999999\tP1", *lines[1:]])
    forged.restate("frame.tsv", "frame")


@mutant("open-single", 6, "size_mismatch")
def ghost_added(forged: Forgery) -> None:
    forged.write_lines("frame.tsv", [*forged.lines("frame.tsv"), "A\tDEMO-999999\tP1"])


@mutant("open-single", 6, "digest_mismatch")
def object_moved_to_another_pool(forged: Forgery) -> None:
    lines = forged.lines("frame.tsv")
    forged.write_lines("frame.tsv", [lines[0][:-1] + ("1" if lines[0][-1] != "1" else "2"), *lines[1:]])


@mutant("open-single", 6, "root_mismatch")
def root_of_something_else(forged: Forgery) -> None:
    forged.change_params(lambda document: document["frame"].update(root=ZEROS))


@mutant("open-single", 6, "stratum_size")
def stratum_of_another_size(forged: Forgery) -> None:
    stratum(forged, "A", size=60)


@mutant("open-single", 6, "stratum_unknown")
def stratum_without_objects(forged: Forgery) -> None:
    def change(document: Document) -> None:
        document["strata"].append({**document["strata"][-1], "id": "Z"})

    forged.change_params(change)


@mutant("open-single", 6, "reason_unknown")
def excluded_for_a_made_up_reason(forged: Forgery) -> None:
    forged.edit("excluded.tsv", "deregistered", "friendship")
    forged.restate("excluded.tsv", "excluded")


@mutant("open-single", 6, "reason_counts")
def reasons_miscounted(forged: Forgery) -> None:
    forged.change_params(lambda document: document["excluded"]["by_reason"].update(cap_reached=2))


@mutant("open-single", 6, "frame_excluded_overlap")
def excluded_and_in_the_frame(forged: Forgery) -> None:
    first = forged.lines("frame.tsv")[0].split("\t")[1]
    forged.write_lines("excluded.tsv", [*forged.lines("excluded.tsv"), f"{first}\tderegistered\t-"])
    forged.change_params(lambda document: document["excluded"]["by_reason"].update(deregistered=2))
    forged.restate("excluded.tsv", "excluded")


@mutant("open-single", 6, "universe_counts")
def rejected_rows_forgotten(forged: Forgery) -> None:
    forged.change_json("universe.json", lambda document: document["rejected"].update(count=0))
    restate_universe(forged)


@mutant("open-single", 6, "rejected_digest")
def rejected_list_exchanged(forged: Forgery) -> None:
    forged.files["rejected.csv"] = forged.files["rejected.csv"][:-2]


@mutant("open-single", 6, "universe_signature", only_manifest=True)
def universe_not_signed_by_the_registry(forged: Forgery) -> None:
    forged.files["universe.note"] = forged.files["manifest.note"]


@mutant("open-single", 6, "digest_mismatch")
def reasons_changed(forged: Forgery) -> None:
    forged.change_json("reasons.json", lambda document: document["exclude"].update(friend="x"))


@mutant("sealed-single", 6, "seal_mismatch")
def another_key_committed(forged: Forgery) -> None:
    forged.change_params(lambda document: document["frame"].update(key_commitment=ZEROS))


@mutant("open-single", 6, "digest_mismatch")
def inspectors_changed(forged: Forgery) -> None:
    forged.edit("inspectors.tsv", "I01\t", "I00\t")
    forged.edit("avoid.tsv", "I01\t", "I00\t")


def restate_universe(forged: Forgery) -> None:
    """Let the parameters state the changed universe."""
    universe = forged.document("universe.json")
    stated = {"root": universe["root"], "sha256": sha256_hex(forged.files["universe.json"]), "size": universe["size"]}
    forged.change_params(lambda document: document.update(universe=stated))


# 8 quotas ---------------------------------------------------------------------------------------


@mutant("open-single", 8, "quota_mismatch")
def one_more_than_the_ratio_gives(forged: Forgery) -> None:
    stratum(forged, "A", n=4)


@mutant("open-single", 8, "quota_mismatch")
def ratio_changed_and_number_kept(forged: Forgery) -> None:
    stratum(forged, "B", num=2)


@mutant("open-single", 8, "quota_invalid")
def ratio_above_one(forged: Forgery) -> None:
    stratum(forged, "B", num=200, den=100)


@mutant("open-single", 8, "quota_invalid")
def nothing_over_nothing(forged: Forgery) -> None:
    stratum(forged, "B", num=0, den=0)


@mutant("open-single", 8, "quota_invalid")
def minimum_above_the_maximum(forged: Forgery) -> None:
    stratum(forged, "B", min=5, max=4)


@mutant("campaign", 8, "quota_invalid")
def total_above_the_pool(forged: Forgery) -> None:
    forged.change_params(lambda document: document.update(hamilton={"total": 121}), "D1/")


@mutant("open-single", 8, "reserve_bound")
def reserve_larger_than_what_is_left(forged: Forgery) -> None:
    stratum(forged, "C", reserve=7)


# 9 close, 10 beacon, 11 seed --------------------------------------------------------------------


def both(forged: Forgery, old: str, new: str) -> None:
    """Change close and seed document alike and let the seed follow."""
    forged.edit("close.txt", old, new)
    forged.edit("seed-input.txt", old, new)
    forged.reseed()


@mutant("open-single", 9, "close_text")
def another_commitment_in_the_close(forged: Forgery) -> None:
    own = forged.entry("commit")["body"]["commitment"]
    both(forged, own, ZEROS)


@mutant("open-single", 9, "close_text")
def another_campaign_in_the_close(forged: Forgery) -> None:
    both(forged, "OPEN-2024", "OPEN-2023")


@mutant("open-single", 9, "value_invalid")
def one_digit_less(forged: Forgery) -> None:
    both(forged, "digits 6", "digits ")


@mutant("open-single", 9, "close_text")
def dice_of_the_seed_document_only(forged: Forgery) -> None:
    forged.edit("seed-input.txt", "digits 6", "digits 7")
    forged.reseed()


@mutant("open-single", 9, "reveal_mismatch")
def another_secret_than_committed(forged: Forgery) -> None:
    secret = forged.entry("reveal")["body"]["secret"]
    forged.entry("reveal")["body"]["secret"] = ZEROS
    both(forged, secret, ZEROS)


@mutant("open-single", 9, "reveal_missing")
def a_revealed_secret_called_missing(forged: Forgery) -> None:
    both(forged, forged.entry("reveal")["body"]["secret"], "missing")


@mutant("open-single", 9, "reveal_missing")
def a_secret_nobody_logged(forged: Forgery) -> None:
    forged.entry("reveal")["body"]["party"] = "DEPT-X"


def read(forged: Forgery, before: str, source: int, **own: object) -> None:
    """Log what the source of a notary's draw showed, typed by one person and confirmed by another."""
    value = forged.lines("seed-input.txt")[-3 + source].split(" ")[-1]
    told = {"campaign": forged.entry("close")["body"]["campaign"], "reader": "P2-A", "second": "P2-B"}
    body, entry = told | {"source": source, "value": value} | own, forged.entry(before)
    forged.insert(forged.index(before), "reading", body, time=entry["time"], authority=entry["authority"])


@mutant("sm3-notary", 9, "reading_late")
def dice_of_the_seed_read_before_the_close(forged: Forgery) -> None:
    read(forged, "close", 2)


@mutant("sm3-notary", 9, "reading_late")
def a_lottery_read_after_the_close(forged: Forgery) -> None:
    read(forged, "seed", 1)


@mutant("sm3-notary", 9, "reading_late")
def a_reading_after_the_seed(forged: Forgery) -> None:
    read(forged, "result", 2)


@mutant("sm3-notary", 9, "reading_mismatch")
def another_reading_than_was_used(forged: Forgery) -> None:
    read(forged, "seed", 2, value="1" * 20)


@mutant("sm3-notary", 9, "reading_alone")
def a_reading_that_nobody_confirmed(forged: Forgery) -> None:
    read(forged, "seed", 2, second=None)


@mutant("sm3-notary", 9, "reading_alone")
def a_reading_confirmed_by_who_typed_it(forged: Forgery) -> None:
    read(forged, "seed", 2, second="P2-A")


def readings_of(forged: Forgery, event: int) -> list[Document]:
    """What was typed and what was confirmed of the dice for a request."""
    return [entry["body"] for entry in forged.entries if entry["body"].get("event") == event]


@mutant("dice-seats", 9, "reading_late")
def dice_of_a_request_read_before_it(forged: Forgery) -> None:
    at = forged.index("substitute", 1)
    body = readings_of(forged, at)[0] | {"event": at + 1}
    forged.insert(at, "reading", body, time=forged.entries[at]["time"])


@mutant("dice-seats", 9, "reading_late")
def dice_of_no_request(forged: Forgery) -> None:
    readings_of(forged, forged.index("substitute"))[0]["event"] = forged.index("close")


@mutant("dice-seats", 9, "reading_late")
def dice_of_a_request_of_another_campaign(forged: Forgery) -> None:
    forged.entry("substitute", 1)["body"]["campaign"] = "OTHER-2024"


@mutant("campaign", 9, "reading_late")
def dice_of_a_request_that_a_beacon_decides(forged: Forgery) -> None:
    told = {"campaign": "JOINT-2023", "reader": "P2-A", "second": "P2-B", "value": "123456"}
    body = told | {"event": forged.index("substitute")}
    forged.insert(len(forged.entries), "reading", body, time="2024-10-15T00:00:00Z")


@mutant("dice-seats", 2, "entry_invalid")
def reading_of_a_source_and_a_request(forged: Forgery) -> None:
    readings_of(forged, forged.index("substitute"))[0]["source"] = 1


def beacon(forged: Forgery, **changes: object) -> None:
    """Change the carried beacon."""
    forged.change_json("sources/drand.json", lambda document: document.update(changes))


@mutant("open-single", 10, "beacon_signature")
def signature_of_another_round(forged: Forgery) -> None:
    own = forged.document("sources/drand.json")["signature"]
    beacon(forged, signature=ROUND_123.signature)
    forged.edit("seed-input.txt", own, ROUND_123.signature)
    forged.reseed()


@mutant("open-single", 10, "beacon_point")
def signature_that_is_no_point(forged: Forgery) -> None:
    own = forged.document("sources/drand.json")["signature"]
    beacon(forged, signature="ff" * 48)
    forged.edit("seed-input.txt", own, "ff" * 48)
    forged.reseed()


@mutant("open-single", 10, "beacon_round")
def carried_round_is_another(forged: Forgery) -> None:
    beacon(forged, round=12040884)


@mutant("open-single", 10, "chain_hash")
def chain_with_another_period(forged: Forgery) -> None:
    forged.change_json("sources/drand.json", lambda document: document["chain"].update(beacon_id="quickernet"))


@mutant("open-single", 10, "beacon_round")
def round_that_is_not_of_the_stated_time(forged: Forgery) -> None:
    params(forged, beacon_time="2024-10-14T17:20:00Z")


@mutant("sealed-single", 10, "beacon_signature")
def quoted_round_with_a_false_signature(forged: Forgery) -> None:
    def change(document: Document) -> None:
        document["not_before"]["signature"] = "0" + document["not_before"]["signature"][1:]

    forged.change_params(change)


@mutant("open-single", 11, "seed_mismatch")
def another_seed_in_the_log(forged: Forgery) -> None:
    forged.entry("seed")["body"]["seed"] = ZEROS


# 12 selection -----------------------------------------------------------------------------------


@mutant("open-single", 12, "selection_mismatch")
def winner_exchanged(forged: Forgery) -> None:
    lines = [line.split("\t") for line in forged.lines("selected.tsv")]
    lines[0][2] = shop(2) if lines[0][2] != shop(2) else shop(4)
    forged.write_lines("selected.tsv", ["\t".join(line) for line in lines])


@mutant("open-single", 12, "selection_mismatch")
def winner_dropped(forged: Forgery) -> None:
    forged.write_lines("selected.tsv", forged.lines("selected.tsv")[:-1])


@mutant("open-single", 12, "selection_mismatch")
def winner_added(forged: Forgery) -> None:
    extra = forged.lines("reserve.tsv")[-1]
    forged.write_lines("selected.tsv", [*forged.lines("selected.tsv"), extra])


@mutant("open-single", 12, "selection_mismatch")
def reserve_reordered(forged: Forgery) -> None:
    lines = [line.split("\t") for line in forged.lines("reserve.tsv")]
    of_c = [line for line in lines if line[0] == "C"]
    of_c[0][1], of_c[1][1] = of_c[1][1], of_c[0][1]
    forged.write_lines("reserve.tsv", ["\t".join(line) for line in lines])


@mutant("open-single", 12, "selection_mismatch")
def ticket_misstated(forged: Forgery) -> None:
    line = forged.lines("selected.tsv")[0]
    forged.edit("selected.tsv", line.split("\t")[3], ZEROS)


@mutant("sm3-notary", 12, "selection_mismatch")
def sm3_ticket_misstated(forged: Forgery) -> None:
    forged.edit("selected.tsv", forged.lines("selected.tsv")[0].split("\t")[3], ZEROS)


# 13 replacements --------------------------------------------------------------------------------


@mutant("campaign", 13, "replacement_invalid")
def replacement_that_skips_the_next(forged: Forgery) -> None:
    fields = forged.lines("D1/replacements.tsv")[0].split("\t")
    others = [line.split("\t") for line in forged.lines("D1/reserve.tsv")]
    other = next(line for line in others if line[0] == fields[1] and line[2] != fields[3]) if len(others) > 2 else None
    into, rank = (other[2], other[1]) if other else (fields[3], str(int(fields[4]) + 1))
    forged.write_lines("D1/replacements.tsv", ["\t".join([*fields[:3], into, rank, *fields[5:]])])
    forged.entry("replace")["body"].update({"in": into, "rank": int(rank)})


@mutant("campaign", 13, "replacement_invalid")
def replacement_for_a_made_up_reason(forged: Forgery) -> None:
    forged.edit("D1/replacements.tsv", "not_found", "not_liked")
    forged.entry("replace")["body"]["reason"] = "not_liked"


@mutant("campaign", 13, "replacement_invalid")
def replacement_by_one_person(forged: Forgery) -> None:
    forged.entry("replace")["body"]["second"] = "SCJG"


@mutant("campaign", 13, "replacement_invalid")
def replacement_that_is_not_logged_so(forged: Forgery) -> None:
    evidence = forged.entry("replace")["body"]["evidence"]
    forged.edit("D1/replacements.tsv", evidence, ZEROS)


@mutant("campaign", 13, "replacement_invalid")
def replacement_kept_out_of_the_bundle(forged: Forgery) -> None:
    del forged.files["D1/replacements.tsv"]


# 14 matching ------------------------------------------------------------------------------------


@mutant("open-single", 14, "matching_mismatch")
def favourite_sent(forged: Forgery) -> None:
    lines = [line.split("\t") for line in forged.lines("assignment.tsv")]
    a = lines[0]
    b = next(line for line in lines if line[1] == a[1] and line[2] != a[2])
    a[2], b[2] = b[2], a[2]
    forged.write_lines("assignment.tsv", ["\t".join(line) for line in lines])


@mutant("open-single", 14, "matching_mismatch")
def slot_left_empty(forged: Forgery) -> None:
    forged.write_lines("assignment.tsv", forged.lines("assignment.tsv")[1:])


@mutant("campaign", 14, "matching_mismatch")
def slot_called_unfilled(forged: Forgery) -> None:
    object_id, slot = forged.lines("assignment.tsv")[0].split("\t")[:2]
    forged.write_lines("unfilled.tsv", [f"{object_id}:{slot}\topen\t{object_id}:{slot}"])


# 15 substitutions -------------------------------------------------------------------------------


@mutant("campaign", 15, "substitution_invalid")
def another_substitute(forged: Forgery) -> None:
    lines = [line.split("\t") for line in forged.lines("substitutions.tsv")]
    lines[0][4] = "I16" if lines[0][4] != "I16" else "I15"
    forged.write_lines("substitutions.tsv", ["\t".join(line) for line in lines])


@mutant("campaign", 15, "substitution_invalid")
def asked_when_the_round_was_known(forged: Forgery) -> None:
    size = forged.covered[forged.index("substitute")]
    forged.times[size] = 1728926013


@mutant("campaign", 15, "substitution_invalid")
def good_request_called_void(forged: Forgery) -> None:
    lines = [line.split("\t") for line in forged.lines("substitutions.tsv")]
    lines[0][4:7] = ["void", "-", "-"]
    del forged.files[f"sources/event-{lines[0][0]}.json"]
    forged.write_lines("substitutions.tsv", ["\t".join(line) for line in lines])


@mutant("campaign", 15, "substitution_invalid")
def another_round_than_due(forged: Forgery) -> None:
    forged.entry("substitute", 0)["time"] = "2024-10-14T17:12:20Z"


@mutant("campaign", 15, "substitution_invalid")
def substitution_for_no_listed_reason(forged: Forgery) -> None:
    forged.entry("substitute")["body"]["reason"] = "holiday"


@mutant("campaign", 15, "substitution_invalid")
def substitution_of_somebody_else(forged: Forgery) -> None:
    lines = [line.split("\t") for line in forged.lines("substitutions.tsv")]
    lines[0][3] = "I16" if lines[0][3] != "I16" else "I15"
    event, object_id, slot, out, *_, nonce = lines[0]
    forged.entries[int(event)]["body"]["request"] = request_of(nonce, object_id, int(slot), out)
    forged.write_lines("substitutions.tsv", ["\t".join(line) for line in lines])


@mutant("campaign", 15, "substitution_invalid")
def substitution_of_another_slot_than_asked_for(forged: Forgery) -> None:
    lines = [line.split("\t") for line in forged.lines("substitutions.tsv")]
    lines[0][-1] = ZEROS
    forged.write_lines("substitutions.tsv", ["\t".join(line) for line in lines])


def leave_open(forged: Forgery, *waiting: int) -> None:
    """Take away the rows of these requests, with the sources that decided them."""
    lines = forged.lines("substitutions.tsv")
    for at in waiting:
        stem = f"sources/event-{lines[at].split(chr(9))[0]}"
        del forged.files[next(path for path in (f"{stem}.json", f"{stem}.txt") if path in forged.files)]
    forged.write_lines("substitutions.tsv", [line for at, line in enumerate(lines) if at not in waiting])


@mutant("campaign", 15, "substitution_invalid")
def request_left_open_before_one_that_was_dealt(forged: Forgery) -> None:
    leave_open(forged, 1)


@mutant("campaign", 15, "substitution_invalid")
def table_of_no_rows_while_all_are_open(forged: Forgery) -> None:
    leave_open(forged, 0, 1, 2)


@mutant("campaign", 15, "substitution_invalid")
def open_request_for_no_listed_reason(forged: Forgery) -> None:
    leave_open(forged, 2)
    forged.entry("substitute", 2)["body"]["reason"] = "holiday"


@mutant("campaign", 15, "substitution_invalid")
def open_request_for_a_source_that_was_not_promised(forged: Forgery) -> None:
    leave_open(forged, 2)
    forged.entry("substitute", 2)["body"]["source"] = {"n": 6, "type": "digits"}


@mutant("tiny", 15, "substitution_invalid")
def request_where_nobody_was_matched(forged: Forgery) -> None:
    source = {"n": 6, "type": "digits"}
    told = {"evidence": None, "reason": "absent", "request": ZEROS, "second": None, "source": source}
    body = {"campaign": "TINY-2024"} | told
    forged.insert(len(forged.entries), "substitute", body, time="2024-10-15T00:00:00Z")


@mutant("dice-seats", 15, "substitution_invalid")
def other_dice_than_the_last_that_were_read(forged: Forgery) -> None:
    readings_of(forged, forged.index("substitute"))[-1]["value"] = "1" * 20


@mutant("dice-seats", 15, "substitution_invalid")
def dice_of_a_request_that_nobody_confirmed(forged: Forgery) -> None:
    readings_of(forged, forged.index("substitute", 1))[-1]["second"] = None


@mutant("dice-seats", 15, "substitution_invalid")
def dice_of_a_request_confirmed_by_who_typed_them(forged: Forgery) -> None:
    readings_of(forged, forged.index("substitute"))[-1]["second"] = "P2-A"


@mutant("campaign", 1, "file_extra")
def open_request_whose_source_is_there(forged: Forgery) -> None:
    forged.write_lines("substitutions.tsv", forged.lines("substitutions.tsv")[:-1])


# What holds, and is marked ----------------------------------------------------------------------


@marked("campaign", "substitution_open", 1)
def last_request_waits(forged: Forgery) -> None:
    leave_open(forged, 2)


@marked("campaign", "substitution_open", 3)
def all_requests_wait(forged: Forgery) -> None:
    leave_open(forged, 0, 1, 2)
    del forged.files["substitutions.tsv"]


@marked("sm3-notary", "reading_changed", 2)
def dice_typed_again_with_another_value(forged: Forgery) -> None:
    read(forged, "close", 1)
    read(forged, "seed", 2, value="1" * 20)
    read(forged, "seed", 2)


@marked("sm3-notary", "reading_unlogged", 2)
def dice_that_nobody_logged(forged: Forgery) -> None:
    read(forged, "close", 1)


@marked("dice-seats", "event_reading_changed", 2)
def dice_of_a_request_typed_again(forged: Forgery) -> None:
    readings_of(forged, forged.index("substitute"))[0]["value"] = "0" * 20


@marked("dice-seats", "event_reading_unlogged", 1)
def dice_of_a_request_that_nobody_logged(forged: Forgery) -> None:
    for body in readings_of(forged, forged.index("substitute", 1)):
        body["campaign"] = "OTHER-2024"


@marked("dice-seats", "substitution_open", 1)
def dice_typed_and_not_confirmed_yet(forged: Forgery) -> None:
    leave_open(forged, 1)
    readings_of(forged, forged.index("substitute", 1))[-1]["second"] = None


def ask_under_seal(forged: Forgery) -> None:
    """Ask for a slot of a sealed match; what was dealt of it nobody sees."""
    told = {"evidence": None, "reason": "absent", "request": ZEROS, "second": None}
    body = {"campaign": "SEALED-2024", "source": {"n": 6, "type": "digits"}} | told
    forged.insert(len(forged.entries), "substitute", body, time="2024-10-15T00:00:00Z")


@marked("sealed-single-public", "substitution_asked", 2)
def requests_of_a_sealed_match(forged: Forgery) -> None:
    ask_under_seal(forged)
    ask_under_seal(forged)


@marked("sealed-single-public", "event_reading_changed", 2)
def dice_of_a_sealed_match_typed_again(forged: Forgery) -> None:
    ask_under_seal(forged)
    event = forged.index("substitute")
    for value in ("000000", "111111"):
        body = {"campaign": "SEALED-2024", "event": event, "reader": "P2-A", "second": None, "value": value}
        forged.insert(len(forged.entries), "reading", body, time="2024-10-15T00:00:00Z")


# 16 campaign ------------------------------------------------------------------------------------


@mutant("open-single", 16, "campaign_incomplete")
def third_draw_kept_out_of_the_bundle(forged: Forgery) -> None:
    body = {**COMMIT, "campaign": "OPEN-2024", "plan": "另一计划"}
    forged.insert(1, "commit", body, time="2024-10-13T00:00:00Z")


@mutant("campaign", 16, "campaign_mixed")
def draws_with_different_closing_times(forged: Forgery) -> None:
    params(forged, "D2/", closes_at="2023-08-23T14:00:00Z")


@mutant("campaign", 16, "campaign_mixed")
def draws_with_different_home_rules(forged: Forgery) -> None:
    forged.change_params(lambda document: document["matching"].update(cross_home=True), "D2/")


@mutant("campaign", 16, "campaign_order")
def excluding_a_later_draw(forged: Forgery) -> None:
    params(forged, "D3/", exclude_selected_of=["D1", "D9"])


@mutant("campaign", 16, "campaign_order")
def two_draws_of_one_place(forged: Forgery) -> None:
    params(forged, "D3/", seq=2)
