"""Drawing several times and publishing once is refused, or shows."""

from __future__ import annotations

import pytest

from gongchou.draw.attempts import Attempts
from gongchou.draw.encoding import format_time, parse_time
from gongchou.draw.errors import EvidenceError
from gongchou.draw.log import Entry

BEACON = "2026-03-01T10:00:00Z"
KNOWN = parse_time(BEACON)
DAY = 86400


class Log:
    """Entries as they come, with the times at which witnesses saw them."""

    def __init__(self, **reasons: set[str]) -> None:
        self.entries: list[Entry] = []
        self.seen: dict[int, int] = {}
        self.attempts = Attempts(lambda entry: self.seen[entry.index], reasons)

    def add(self, kind: str, seen: int, body: dict[str, object], authority: str) -> Entry:
        entry = Entry(len(self.entries), b"", {"type": kind, "body": body, "authority": authority})
        self.entries.append(entry)
        self.seen[entry.index] = seen
        self.attempts.tell(entry)
        return entry

    def commit(
        self, draw: str, *, campaign: str = "C1", seen: int = KNOWN - DAY, by: str = "SCJG", **own: object
    ) -> Entry:
        body = {"beacon_time": BEACON, "campaign": campaign, "draw": draw, "mode": "official", "plan": "P"}
        return self.add("commit", seen, body | {"supersedes": None} | own, by)

    def withdraw(
        self,
        draw: str,
        *,
        seen: int,
        campaign: str = "C1",
        second: str | None = None,
        by: str = "SCJG",
        why: str = "error",
    ) -> Entry:
        return self.add("withdraw", seen, {"campaign": campaign, "draw": draw, "reason": why, "second": second}, by)


def refused(code: str, reason: str = ""):
    return pytest.raises(EvidenceError, match=rf"{code}.*{reason}")


def test_one_commit_is_one_live_attempt():
    log = Log()

    entry = log.commit("D1")

    assert (log.attempts.of(entry).state, [each.commit for each in log.attempts]) == ("live", [entry])


@pytest.mark.parametrize(
    ("by", "plan", "mode"), [("SCJG", "Q", "official"), ("SCJG", "P", "test"), ("XFJ", "P", "official")]
)
def test_different_items_do_not_stand_in_each_other_s_way(by, plan, mode):
    log = Log()
    log.commit("D1")

    log.commit("D2", by=by, plan=plan, mode=mode)

    assert [each.state for each in log.attempts] == ["live", "live"]


@pytest.mark.parametrize("supersedes", [None, "D1"])
def test_a_second_attempt_waits_for_the_withdrawal_of_the_first(supersedes):
    log = Log()
    log.commit("D1")

    with refused("plan_two_live"):
        log.commit("D2", campaign="C2", supersedes=supersedes)


def test_withdrawing_afterwards_does_not_undo_that_two_were_live():
    log = Log()
    log.commit("D1")
    with refused("plan_two_live"):
        log.commit("D2", campaign="C2")

    log.withdraw("D1", seen=KNOWN + 5, second="JIJIAN")

    assert [each.state for each in log.attempts] == ["withdrawn_after_seed"]


def test_the_same_draw_is_committed_once():
    log = Log()
    log.commit("D1")

    with refused("draw_committed_twice"):
        log.commit("D1", plan="Q")


@pytest.mark.parametrize(("seen", "state"), [(KNOWN - 1, "withdrawn"), (KNOWN, "withdrawn_after_seed")])
def test_what_witnesses_saw_tells_whether_the_seed_could_be_known(seen, state):
    log = Log()
    entry = log.commit("D1")

    log.withdraw("D1", seen=seen, second="JIJIAN")

    assert log.attempts.of(entry).state == state


@pytest.mark.parametrize(("closed", "state"), [("C1", "withdrawn_after_seed"), ("C2", "withdrawn")])
def test_from_the_close_of_its_campaign_on_a_draw_is_not_given_up_silently(closed, state):
    log = Log()
    entry = log.commit("D1")
    log.add("close", KNOWN - 600, {"campaign": closed}, "SCJG")

    log.withdraw("D1", seen=KNOWN - 1, second="JIJIAN")

    assert log.attempts.of(entry).state == state


@pytest.mark.parametrize("second", [None, "SCJG"])
def test_after_the_seed_one_person_is_not_enough(second):
    log = Log(P={"error"})
    log.commit("D1")

    with refused("withdrawal_invalid", "second person"):
        log.withdraw("D1", seen=KNOWN, second=second)


def test_of_a_plan_that_is_not_ours_it_is_only_counted():
    log = Log(Q={"error"})
    entry = log.commit("D1")

    log.withdraw("D1", seen=KNOWN)

    assert log.attempts.of(entry).is_after_seed


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ({"draw": "D9"}, "no commit"),
        ({"draw": "D1", "campaign": "C2"}, "no commit"),
        ({"draw": "D1", "by": "XFJ"}, "no commit"),
        ({"draw": "D1", "why": "bad_luck"}, "reason not listed"),
    ],
)
def test_a_withdrawal_that_is_none_is_refused(own, reason):
    log = Log(P={"error"})
    log.commit("D1")

    with refused("withdrawal_invalid", reason):
        log.withdraw(seen=KNOWN - 1, **own)


def test_what_is_withdrawn_is_withdrawn_once():
    log = Log()
    log.commit("D1")
    log.withdraw("D1", seen=KNOWN - 2)

    with refused("withdrawal_invalid", "withdrawn already"):
        log.withdraw("D1", seen=KNOWN - 1)


@pytest.mark.parametrize(("named", "is_right"), [("D2", True), ("D1", False), (None, False)])
def test_a_successor_names_the_last_attempt_and_no_other(named, is_right):
    log = Log()
    log.commit("D1")
    log.withdraw("D1", seen=KNOWN - 3)
    log.commit("D2", campaign="C2", supersedes="D1")
    log.withdraw("D2", campaign="C2", seen=KNOWN - 2)

    if is_right:
        assert log.attempts.of(log.commit("D3", campaign="C3", supersedes=named)).state == "live"
    else:
        with refused("supersedes_invalid"):
            log.commit("D3", campaign="C3", supersedes=named)


@pytest.mark.parametrize(("wait", "is_enough"), [(DAY, True), (DAY - 1, False)])
def test_after_the_seed_the_next_beacon_is_a_day_away(wait, is_enough):
    log = Log()
    log.commit("D1")
    log.withdraw("D1", seen=KNOWN + 60, second="JIJIAN")
    next_beacon = format_time(KNOWN + 60 + wait)

    if is_enough:
        assert log.attempts.of(log.commit("D2", supersedes="D1", beacon_time=next_beacon)).state == "live"
    else:
        with refused("supersedes_invalid", "too soon"):
            log.commit("D2", supersedes="D1", beacon_time=next_beacon)


def test_before_the_seed_the_next_attempt_need_not_wait():
    log = Log()
    log.commit("D1")
    log.withdraw("D1", seen=KNOWN - 1)

    assert log.attempts.of(log.commit("D2", supersedes="D1")).state == "live"
