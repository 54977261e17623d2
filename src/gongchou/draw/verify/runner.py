"""Runs the checks in order, stops at the first that does not hold, and sums up."""

from __future__ import annotations

from collections.abc import Callable

from gongchou.draw.bundle import Files
from gongchou.draw.encoding import Document, format_time
from gongchou.draw.errors import DrawError
from gongchou.draw.seed import strength_of
from gongchou.draw.verify.case import Case, DrawCase, Options
from gongchou.draw.verify.chain import check_commitment, check_log, check_times
from gongchou.draw.verify.files import check_files
from gongchou.draw.verify.labels import directory_of, label_of
from gongchou.draw.verify.plan import check_plan
from gongchou.draw.verify.report import Check, Failure, Report
from gongchou.draw.verify.result import (
    check_campaign,
    check_match,
    check_replaced,
    check_selection,
    check_substituted,
)
from gongchou.draw.verify.seeding import check_beacon, check_close, check_seed
from gongchou.draw.verify.tables import check_digests, check_opening_by_auditor, check_quotas

Step = Callable[[Case], bool | None]


def _report_software(case: Case) -> None:
    """Check 17: what produced the bundle is told, never trusted: it changes no verdict."""


def _sum_up(case: Case) -> None:
    """Check 18: the summary below."""


CHECKS: tuple[tuple[str, Step], ...] = (
    ("files", check_files),
    ("log", check_log),
    ("plan", check_plan),
    ("commitment", check_commitment),
    ("times", check_times),
    ("digests", check_digests),
    ("opening", check_opening_by_auditor),
    ("quotas", check_quotas),
    ("close", check_close),
    ("beacon", check_beacon),
    ("seed", check_seed),
    ("selection", check_selection),
    ("replacements", check_replaced),
    ("matching", check_match),
    ("substitutions", check_substituted),
    ("campaign", check_campaign),
    ("software", _report_software),
    ("summary", _sum_up),
)

# Whether the draws belong together is settled before they are drawn again.
ORDER = (*range(1, 12), 16, *range(12, 16), 17, 18)

Progress = Callable[[Check], None]


def verify(files: Files, options: Options | None = None, progress: Progress = lambda check: None) -> Report:
    """Run all checks over a bundle.

    files: path -> blob, for a directory or an opened zip.
    progress: told of every check as it ends.
    """
    case = Case(files, options or Options())
    done: dict[int, Check] = {}
    failure: Failure | None = None
    for number in ORDER:
        name, step = CHECKS[number - 1]
        status = "skipped"
        if failure is None:
            status, failure = _run(case, number, step)
        done[number] = Check(number, name, status)
        progress(done[number])
    return _report(case, [done[number] for number in sorted(done)], failure)


def _run(case: Case, number: int, step: Step) -> tuple[str, Failure | None]:
    try:
        applies = step(case)
    except DrawError as error:
        facts = {key: str(value) for key, value in error.facts.items()}
        if label := label_of(case.files, directory_of(error.place), facts.get("stratum")):
            facts["label"] = label
        return "failed", Failure(number, error.code, error.place, facts)
    return ("not_checked" if applies is False else "passed"), None


def _report(case: Case, checks: list[Check], failure: Failure | None) -> Report:
    if failure:
        return Report(False, "red", None, None, failure, checks, case.marks, {})
    if case.options.trust is None:
        case.mark("self_attested", "amber")
    colour = "amber" if any(mark.colour != "grey" for mark in case.marks) else "green"
    return Report(
        True,
        colour,
        _level(case, checks),
        strength_of(case.shared["seed"]),
        None,
        checks,
        case.marks,
        _summary(case),
    )


def _level(case: Case, checks: list[Check]) -> str:
    """L2: real ids were seen, or nothing was hidden; else L1."""
    opened = checks[6].status == "passed"
    sealed = any(draw.universe["sealed"] for draw in case.draws)
    return "L1" if case.match_is_sealed_away or (sealed and not opened) else "L2"


def _summary(case: Case) -> Document:
    shared = case.shared
    beacon = case.beacon
    return {
        "campaign": shared["campaign"],
        "mode": shared["mode"],
        "suite": shared["suite"],
        "seed": case.seed,
        "sources": [source["type"] for source in shared["seed"]],
        "beacon_round": beacon.round if beacon else None,
        "beacon_at": format_time(beacon.chain.time_of(beacon.round)) if beacon else shared["beacon_time"],
        "horizon": {"size": case.horizon.size, "at": format_time(case.cosigned_time(case.horizon))}
        if case.horizon
        else None,
        "witnesses": [key.name for key in case.witnesses],
        "draws": [_draw_summary(case, draw) for draw in case.draws],
        "other_commits": _other_commits(case),
        "doors": len(case.match.tasks) if case.match else None,
        "unfilled": case.match.n_unfilled if case.match else None,
    }


def _other_commits(case: Case) -> list[Document]:
    """What else these authorities committed: whether two names are one plan item in truth, a reader must judge."""
    own = {draw.commit.index for draw in case.draws if draw.commit is not None}
    return [
        {
            "index": attempt.commit.index,
            "authority": attempt.commit.document["authority"],
            **{key: attempt.commit.body[key] for key in ("campaign", "draw", "plan", "mode")},
            "state": attempt.state,
        }
        for attempt in case.attempts or ()
        if attempt.commit.index not in own
    ]


def _draw_summary(case: Case, draw: DrawCase) -> Document:
    params = draw.params
    return {
        "draw": draw.id,
        "plan": params["plan"],
        "authority": params["authority"],
        "committed_at": format_time(case.cosigned_at(draw.commit)) if draw.commit else None,
        "universe": draw.universe["size"],
        "rejected": draw.universe["rejected"]["count"],
        "frame": params["frame"]["size"],
        "sealed": params["frame"]["sealed"],
        "excluded": params["excluded"]["by_reason"],
        "selected": sum(part["n"] for part in params["strata"]),
        "replaced": sum(draw.sample.replaced.values()) if draw.sample else 0,
        "strata": [
            {key: part[key] for key in ("id", "size", "num", "den", "weight", "n", "reserve")}
            for part in params["strata"]
        ],
        "software": params["software"],
    }
