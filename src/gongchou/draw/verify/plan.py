"""Check 3: has each plan item one live draw, this one, and is all that was given up to be seen?"""

from __future__ import annotations

from gongchou.draw.attempts import Attempts, item_of
from gongchou.draw.errors import EvidenceError
from gongchou.draw.verify.case import Case

COLOURS = {"withdrawn": "grey", "withdrawn_after_seed": "red"}


def check_plan(case: Case) -> None:
    """Go through commits and withdrawals as the log has them. Raises EvidenceError as check 3 names them."""
    reasons: dict[str, set[str]] = {}
    for draw in case.draws:
        reasons.setdefault(draw.params["plan"], set()).update(draw.reasons["withdraw"])
    case.attempts = Attempts(case.cosigned_at, reasons)
    for _, entry in sorted(case.entries.items()):
        case.attempts.tell(entry)
    _check_own(case, case.attempts)
    _mark(case, case.attempts)


def _check_own(case: Case, attempts: Attempts) -> None:
    """After the close a draw stays with its campaign; before, it was never drawn; one draw must be left."""
    withdrawals = [attempts.of(draw.commit).withdrawal for draw in case.draws if draw.commit is not None]
    gone = [entry for entry in withdrawals if entry is not None]
    before = [entry for entry in gone if entry.index < case.close().index]
    if before or len(gone) == len(withdrawals):
        entry = (before or gone)[0]
        raise EvidenceError("draw_withdrawn", entry.place, draw=entry.body["draw"])


def _mark(case: Case, attempts: Attempts) -> None:
    """Red or grey for these plan items and this campaign; what else was withdrawn late is a number, and in the list."""
    items = {item_of(draw.commit) for draw in case.draws if draw.commit is not None}
    n_others = 0
    for attempt in attempts:
        body = attempt.commit.body
        if item_of(attempt.commit) not in items and body["campaign"] != case.shared["campaign"]:
            n_others += attempt.is_after_seed
        elif attempt.withdrawal is not None:
            case.mark(attempt.state, COLOURS[attempt.state], campaign=body["campaign"], draw=body["draw"])
    if n_others:
        case.mark("others_withdrawn_after_seed", "grey", count=n_others)
