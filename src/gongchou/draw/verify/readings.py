"""What people read off dice or a drawing, as the log has it (part of check 9)."""

from __future__ import annotations

from gongchou.draw.errors import EvidenceError
from gongchou.draw.log import Entry
from gongchou.draw.verify.case import Case

READ_BY_PEOPLE = ("digits", "lottery")


def check_readings(case: Case) -> None:
    """Where the log says what dice or a drawing showed: in its time, as it was used, and seen by two people.

    What was read for a request is kept, to be held against the value that decided it (check 15).
    """
    of_sources: dict[int, list[Entry]] = {}
    for entry in _readings(case):
        what = "event" if "event" in entry.body else "source"
        if not (_is_behind_request(case, entry) if what == "event" else _is_in_time(case, entry)):
            raise EvidenceError("reading_late", entry.place, **{what: entry.body[what]})
        told = case.read_for if what == "event" else of_sources
        told.setdefault(entry.body[what], []).append(entry)
    _check_sources(case, of_sources)
    _mark_sources(case, of_sources)
    _mark_requests(case)


def is_seen_by_two(entry: Entry) -> bool:
    """Somebody other than who typed it confirmed it."""
    return entry.body["second"] not in (None, entry.body["reader"])


def _check_sources(case: Case, told: dict[int, list[Entry]]) -> None:
    for number, entries in told.items():
        latest = entries[-1]
        if latest.body["value"] != case.values[number - 1]:
            raise EvidenceError("reading_mismatch", latest.place, source=number)
        if not is_seen_by_two(latest):
            raise EvidenceError("reading_alone", latest.place, source=number)


def _mark_sources(case: Case, told: dict[int, list[Entry]]) -> None:
    """Dice can be thrown until they please: a value that was given up is seen, and so is a last source nobody logged.

    One before it decides nothing while the last is not known.
    """
    for number, entries in told.items():
        if _n_values(entries) > 1:
            case.mark("reading_changed", "amber", source=number, count=_n_values(entries))
    sources = case.shared["seed"]
    if sources[-1]["type"] in READ_BY_PEOPLE and len(sources) not in told:
        case.mark("reading_unlogged", "amber", source=len(sources))


def _mark_requests(case: Case) -> None:
    """The same of a request, which is in the log even where the match is sealed."""
    for event, entries in case.read_for.items():
        if _n_values(entries) > 1:
            case.mark("event_reading_changed", "amber", event=event, count=_n_values(entries))


def _n_values(entries: list[Entry]) -> int:
    return len({entry.body["value"] for entry in entries})


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


def _is_behind_request(case: Case, entry: Entry) -> bool:
    """Of a request of the campaign that people's reading decides, once it stands in the log."""
    request = case.entries.get(entry.body["event"])
    return (
        request is not None
        and request.index < entry.index
        and request.type == "substitute"
        and request.body["campaign"] == case.shared["campaign"]
        and request.body["source"]["type"] in READ_BY_PEOPLE
    )
