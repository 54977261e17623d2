"""What people read off dice or a drawing, as the log has it (part of check 9)."""

from __future__ import annotations

from gongchou.draw.errors import EvidenceError
from gongchou.draw.log import Entry
from gongchou.draw.verify.case import Case

READ_BY_PEOPLE = ("digits", "lottery")


def check_readings(case: Case) -> None:
    """Where the log says what dice or a drawing showed: in its time, as it was used, and seen by two people."""
    told: dict[int, list[Entry]] = {}
    for entry in _readings(case):
        if not _is_in_time(case, entry):
            raise EvidenceError("reading_late", entry.place, source=entry.body["source"])
        told.setdefault(entry.body["source"], []).append(entry)
    for number, entries in told.items():
        place, body = entries[-1].place, entries[-1].body
        if body["value"] != case.values[number - 1]:
            raise EvidenceError("reading_mismatch", place, source=number)
        if body["second"] in (None, body["reader"]):
            raise EvidenceError("reading_alone", place, source=number)
    _mark_readings(case, told)


def _mark_readings(case: Case, told: dict[int, list[Entry]]) -> None:
    """Dice can be thrown until they please: a value that was given up is seen, and so is a last source nobody logged.

    One before it decides nothing while the last is not known.
    """
    for number, entries in told.items():
        n_values = len({entry.body["value"] for entry in entries})
        if n_values > 1:
            case.mark("reading_changed", "amber", source=number, count=n_values)
    sources = case.shared["seed"]
    if sources[-1]["type"] in READ_BY_PEOPLE and len(sources) not in told:
        case.mark("reading_unlogged", "amber", source=len(sources))


def _readings(case: Case) -> list[Entry]:
    """Those of the campaign by its own departments: what others log of it counts for nothing."""
    own = {draw.params["authority"] for draw in case.draws}
    found = [one for one in case.of_type("reading") if one.body["campaign"] == case.shared["campaign"]]
    return [one for one in found if one.document["authority"] in own]


def _is_in_time(case: Case, entry: Entry) -> bool:
    """Of the last source between close and seed; of one before it between the commits and the close."""
    sources, close = case.shared["seed"], case.close()
    number = entry.body["source"]
    if number > len(sources) or sources[number - 1]["type"] not in READ_BY_PEOPLE:
        return False
    if number < len(sources):
        return max(draw.commit.index for draw in case.draws if draw.commit) < entry.index < close.index
    seed = case.only("seed", case.shared["authority"], campaign=case.shared["campaign"])
    return close.index < entry.index < seed.index
