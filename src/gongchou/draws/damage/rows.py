"""Damage of what the database says of a batch: each column against the evidence, the public log, or the platform's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q

from gongchou.accounts.models import Department
from gongchou.audit.damage import Damage
from gongchou.draw.encoding import Document, parse_time
from gongchou.draw.frame import key_commitment, pools_of
from gongchou.draw.roster import SlotGroup, groups_of, merge_groups, tasks_for
from gongchou.draw.seed import parse_values, seed_of, strength_of
from gongchou.draw.select import Ranked
from gongchou.draws import keys
from gongchou.draws.damage.record import Record, differing
from gongchou.draws.freezing import plain_text
from gongchou.draws.models import Draw, Hit, Reading, Replacement, Seat, Stratum, Visit
from gongchou.draws.queries.batches import AUDITOR
from gongchou.draws.queries.holders import TEAMS, Holder
from gongchou.draws.states import BatchState, Matching
from gongchou.refusal import Refused

Place = Hit.Place
LONGEST_RULE = 300


def damages(record: Record) -> Iterator[Damage]:
    """First the batch, then what came out of it."""
    yield from of_batch(record)
    for draw in record.committed:
        yield from of_draw(record, draw)
    yield from of_strata(record)
    yield from of_contributions(record)
    yield from of_readings(record)
    if record.is_drawn:
        for draw in record.drawn:
            yield from of_hits(record, draw)
        yield from of_visits(record)
        if record.batch.has_match:
            yield from of_seats(record)


def _one(damage: Damage | None) -> Iterator[Damage]:
    if damage:
        yield damage


def _lacking(model: type[models.Model], name: str) -> Damage:
    return Damage(model._meta.db_table, name, "missing")


def _too_many(row: Any) -> Damage:
    return Damage(row._meta.db_table, str(row.pk), "extra")


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(parse_time(text), UTC)


# The batch --------------------------------------------------------------------------------------


def of_names(record: Record) -> Iterator[Damage]:
    """By its code everything else of a batch is found, and by theirs what is of its draws."""
    paths = {path: record.document(path) for path in sorted(record.evidence) if path.endswith("params.json")}
    for path, params in paths.items():
        yield from _one(differing(record.batch, record.says(path), {"code": params["campaign"]}))
    rows = {draw.code: draw for draw in record.draws}
    for path, params in paths.items():
        if params["draw"] in rows:
            told = {"folder": path.removesuffix("params.json")}
            yield from _one(differing(rows[params["draw"]], record.says(path), told))
    logged = {entry.body["draw"]: entry.index for entry in record.entries if entry.type == "commit"}
    gone, odd = sorted(set(logged) - set(rows)), sorted(set(rows) - set(logged))
    if gone and odd:
        against = f"公开日志第{logged[gone[0]]}条"
        yield Damage(Draw._meta.db_table, str(rows[odd[0]].pk), "differs", "code", against=against)
    if gone:
        yield _lacking(Draw, gone[0])
    if odd:
        yield _too_many(rows[odd[0]])


def of_batch(record: Record) -> Iterator[Damage]:
    """Against its parameters, the seed that came out, and the lines about it."""
    batch = record.batch
    for draw in record.committed[:1]:
        path = f"{draw.folder}params.json"
        told = _told_of_batch(record, record.params(draw))
        # A second, since parameters know no parts of one.
        yield from _one(differing(_in_seconds(batch, told), record.says(path), told))
    if "seed-input.txt" in record.evidence:
        seed = seed_of(record.text("seed-input.txt"))
        yield from _one(differing(batch, record.says("seed-input.txt"), {"seed": seed}))
    yield from _against_lines(record)


class _Seconds:
    """A row whose moments are looked at without parts of a second."""

    def __init__(self, row: Any, names: Mapping[str, Any]) -> None:
        self._meta, self.pk = row._meta, row.pk
        for name in names:
            value = getattr(row, name)
            setattr(self, name, value.replace(microsecond=0) if isinstance(value, datetime) else value)


def _in_seconds(row: Any, names: Mapping[str, Any]) -> _Seconds:
    return _Seconds(row, names)


def _told_of_batch(record: Record, params: Document) -> dict[str, Any]:
    batch, after = record.batch, params["disclosure"]["after"]
    *sources, last = params["seed"]
    serial = params["campaign"].removeprefix(f"{batch.department.code}-").split("-")
    told = {
        "code": params["campaign"],
        "mode": params["mode"],
        "lead_s": params["lead_s"],
        "closes_at": _moment(params["closes_at"]),
        "beacon_at": _moment(params["beacon_time"]),
        "disclosed_at": _moment(after) if after else None,
        "is_sealed": params["frame"]["sealed"],
        "is_match_sealed": params["disclosure"]["inspectors"] == "sealed",
        "profile": strength_of(params["seed"]),
        "sources": sources,
        "last": last if "round" in batch.last or last["type"] != "drand" else _without_round(last),
        "settings": batch.settings | {"reserve_percent": params["replacement"]["reserve_num"]},
        "matching": _matching(batch.matching, params),
        "key_commitment": _key_commitment(record, params),
    }
    if len(serial) == 2 and all(part.isdigit() for part in serial):
        told |= {"year": int(serial[0]), "serial": int(serial[1])}
    return told


def _without_round(source: Document) -> Document:
    return {name: value for name, value in source.items() if name != "round"}


def _matching(stored: str, params: Document) -> str:
    """What the stored mode must be as far as the parameters tell: none, crossed, or one of the others."""
    if params["matching"] is None:
        return Matching.NONE
    if params["matching"]["cross_home"]:
        return Matching.STATIONS_CROSS
    return Matching.GLOBAL if stored in (Matching.NONE, Matching.STATIONS_CROSS) else stored


def _key_commitment(record: Record, params: Document) -> str:
    """Of an open list with sealed people the parameters say nothing; there the key itself does, where it lies here."""
    told: str | None = params["frame"]["key_commitment"]
    if told is not None or not record.batch.is_match_sealed:
        return told or ""
    try:
        return key_commitment(keys.seal_of(record.batch.code))
    except Refused:
        return record.batch.key_commitment


# Verb -> the pair of columns that it stamps, and the state it leads to.
_STEPS = {
    "batch.opened": ("created", BatchState.DRAFT),
    "batch.supplemented": ("created", BatchState.DRAFT),
    "batch.frozen": ("frozen", BatchState.FROZEN),
    "batch.committed": ("committed", BatchState.COMMITTED),
    "batch.closed": ("closed", BatchState.CLOSED),
    "batch.seeded": ("seeded", BatchState.SEEDED),
    "batch.drawn": ("drawn", BatchState.DRAWN),
    "batch.locked": ("locked", BatchState.LOCKED),
    "batch.dispatched": ("dispatched", BatchState.DISPATCHED),
}


def _against_lines(record: Record) -> Iterator[Damage]:
    """Who did what when, as the platform's log has it; of a step that was taken twice the later counts."""
    batch, done = record.batch, {_STEPS[line.verb][0]: line for line in record.lines if line.verb in _STEPS}
    for stamp in dict.fromkeys(stamp for stamp, _ in _STEPS.values()):
        at, by = f"{stamp}_at", f"{stamp}_by_id"
        line = done.get(stamp)
        told: dict[str, Any] = {at: line.at if line else None}
        if hasattr(batch, by):
            told[by] = line.by.rpartition(":")[2] if line and ":" in line.by else None  # the clock has no account
        against = f"操作日志第{line.index}行" if line else "操作日志"
        yield from _one(differing(_by_lines(batch, told), against, told))
    if done and batch.ended_at is None:
        latest = max(done.values(), key=lambda line: line.index)
        told = {"state": _STEPS[latest.verb][1], "department_id": latest.department}
        yield from _one(differing(_by_lines(batch, told), f"操作日志第{latest.index}行", told))


def _by_lines(row: Any, names: Mapping[str, Any]) -> _Seconds:
    """Ids as texts, moments in whole seconds, as a line has them."""
    found = _in_seconds(row, names)
    for name in names:
        if name.endswith("_id") and getattr(found, name) is not None:
            setattr(found, name, str(getattr(found, name)))
    return found


# A draw and its strata --------------------------------------------------------------------------


def of_draw(record: Record, draw: Draw) -> Iterator[Damage]:
    """Against its parameters, its commit in the log, and whether it was given up there."""
    params, path = record.params(draw), f"{draw.folder}params.json"
    told = {
        "code": params["draw"],
        "seq": params["seq"],
        "plan": params["plan"],
        "universe": params["universe"]["size"],
        "left_out": params["excluded"]["by_reason"],
    }
    yield from _one(differing(draw, record.says(path), told))
    path = f"{draw.folder}strata-rule.json"
    own = record.document(path).get("supplement", {"ratio": {}, "reason": ""})
    yield from _one(differing(draw, record.says(path), {"ratio": own["ratio"], "ratio_reason": own["reason"]}))
    yield from _related(record, draw, params)
    for entry in record.entries:
        if entry.type == "commit" and entry.body["draw"] == draw.code:
            yield from _one(differing(draw, f"公开日志第{entry.index}条", {"commitment": entry.body["commitment"]}))
    yield from _of_state(record, draw)


def _related(record: Record, draw: Draw, params: Document) -> Iterator[Damage]:
    against, table = record.says(f"{draw.folder}params.json"), draw._meta.db_table
    for name in ("supersedes", "parent"):
        other = getattr(draw, name)
        if (other.code if other else None) != params[name]:
            yield Damage(table, str(draw.pk), "differs", f"{name}_id", against=against)
    if draw.plan != draw.task.number and not draw.plan.startswith(f"{draw.task.number} "):
        yield Damage(table, str(draw.pk), "differs", "task_id", against=against)


def _of_state(record: Record, draw: Draw) -> Iterator[Damage]:
    entry = next((e for e in record.entries if e.type == "withdraw" and e.body["draw"] == draw.code), None)
    told = {"is_withdrawn": entry is not None}
    if entry is not None:
        told["withdraw_reason"] = entry.body["reason"]
    damage = differing(draw, f"公开日志第{entry.index}条" if entry else "公开日志", told)
    if damage:
        column = "state" if damage.column == "is_withdrawn" else damage.column
        yield Damage(damage.table, damage.row, damage.what, column, against=damage.against)


def of_strata(record: Record) -> Iterator[Damage]:
    """Those of all draws: size, numbers, the rule in words, and where the result ends."""
    wanted = {
        (draw.pk, part["id"]): (draw, part) for draw in record.committed for part in record.params(draw)["strata"]
    }
    rows = Stratum.objects.filter(Q(batch=record.batch) | Q(draw__batch=record.batch)).distinct()
    found = {(row.draw_id, row.code): row for row in rows.order_by("draw", "code", "id")}
    gone, odd = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    if odd:
        column = "code" if not gone or gone[0][0] == odd[0][0] else "draw_id"
        against = record.says(f"{wanted[gone[0]][0].folder if gone else ''}params.json")
        yield Damage(Stratum._meta.db_table, str(found[odd[0]].pk), "differs", column, against=against)
    if gone:
        yield _lacking(Stratum, f"{wanted[gone[0]][0].code} {gone[0][1]}")
        return
    for draw in record.committed:
        yield from _of_strata(record, draw, {code: row for (own, code), row in found.items() if own == draw.pk})


def _of_strata(record: Record, draw: Draw, rows: Mapping[str, Stratum]) -> Iterator[Damage]:
    folder = draw.folder
    rules = {part["id"]: part for part in record.document(f"{folder}strata-rule.json")["strata"]}
    cutoffs = _cutoffs(record.ranked(f"{folder}selected.tsv")) if draw in record.drawn else {}
    for part in record.params(draw)["strata"]:
        row, rule = rows[part["id"]], rules[part["id"]]
        told = {"batch_id": draw.batch_id, "size": part["size"], "n": part["n"], "reserve": part["reserve"]}
        yield from _one(differing(row, record.says(f"{folder}params.json"), told))
        told = {"label": rule["label"], "rule": rule["rule"][:LONGEST_RULE]}
        yield from _one(differing(_Plain(row), record.says(f"{folder}strata-rule.json"), told))
        told = {"cutoff": cutoffs.get(part["id"], "")}
        yield from _one(differing(row, record.says(f"{folder}selected.tsv"), told))


class _Plain:
    """The words of a stratum as documents take them."""

    def __init__(self, row: Stratum) -> None:
        self._meta, self.pk = row._meta, row.pk
        self.label, self.rule = plain_text(row.label), plain_text(row.rule)


def _cutoffs(rows: list[Ranked]) -> dict[str, str]:
    last: dict[str, Ranked] = {}
    for row in rows:
        last[row.stratum] = max(last.get(row.stratum, row), row, key=lambda one: one.rank)
    return {stratum: row.ticket for stratum, row in last.items()}


# Sources ----------------------------------------------------------------------------------------


def of_contributions(record: Record) -> Iterator[Damage]:
    """What parties promised, against the parameters; what they showed, against the log."""
    shown = {entry.body["party"]: entry for entry in record.entries if entry.type == "reveal"}
    promised = _parties(record)
    for row in record.batch.contributions.select_related("department"):
        party = row.department.code
        if party not in promised:
            against = record.says("params.json")
            yield Damage(row._meta.db_table, str(row.pk), "differs", "department_id", against=against)
            return
        yield from _one(differing(row, record.says("params.json"), {"commitment": promised.pop(party)}))
        entry = shown.get(party)
        told: dict[str, Any] = {"secret": entry.body["secret"] if entry else ""}
        told["revealed_at"] = datetime.fromtimestamp(entry.time, UTC) if entry else None
        yield from _one(differing(_in_seconds(row, told), f"公开日志第{entry.index}条" if entry else "公开日志", told))
    if promised:
        yield _lacking(record.batch.contributions.model, min(promised))


def _parties(record: Record) -> dict[str, str]:
    sources = record.params(record.committed[0])["seed"] if record.committed else []
    return {source["party"]: source["commitment"] for source in sources if source["type"] == "cr"}


def of_readings(record: Record) -> Iterator[Damage]:
    """What two people read off dice or a drawing, against the log and the seed document."""
    stand = list(record.batch.readings.filter(voided_at=None).select_related("substitution"))
    yield from _readings_in_log(record, stand)
    yield from _readings_in_seed(record, {row.number: row for row in stand if row.substitution is None})


def _readings_in_log(record: Record, rows: Iterable[Reading]) -> Iterator[Damage]:
    """The last that was logged of each source or request is the one that stands, typed or confirmed at its moment."""
    latest = {_read_of(entry.body): entry for entry in record.entries if entry.type == "reading"}
    for row in rows:
        entry = latest.get(("event", row.substitution.event) if row.substitution else ("source", row.number))
        if entry is None:
            yield Damage(row._meta.db_table, str(row.pk), "differs", "number", against="公开日志")
            return
        moment = "confirmed_at" if entry.body["second"] else "read_at"
        told = {"value": entry.body["value"], moment: datetime.fromtimestamp(entry.time, UTC)}
        yield from _one(differing(_in_seconds(row, told), f"公开日志第{entry.index}条", told))


def _read_of(body: Mapping[str, Any]) -> tuple[str, int]:
    what = "event" if "event" in body else "source"
    return what, body[what]


def _readings_in_seed(record: Record, rows: Mapping[int, Reading]) -> Iterator[Damage]:
    path = next((path for path in ("seed-input.txt", "close.txt") if path in record.evidence), None)
    if path is None:
        return
    sources = record.params(record.committed[0])["seed"]
    values = parse_values(record.text(path), sources)
    wanted = {
        number: value
        for number, (source, value) in enumerate(zip(sources, values, strict=False), 1)
        if source["type"] in ("digits", "lottery")
    }
    for number in sorted(set(rows) - set(wanted)):
        yield Damage(rows[number]._meta.db_table, str(rows[number].pk), "differs", "number", against=record.says(path))
    for number, value in wanted.items():
        if number not in rows:
            yield _lacking(record.batch.readings.model, f"{record.batch.code} {number}")
            return
        yield from _one(differing(rows[number], record.says(path), {"value": value}))


# What came out ----------------------------------------------------------------------------------


def of_hits(record: Record, draw: Draw) -> Iterator[Damage]:
    """Against the result's two tables; who an object is, against the auditors' table."""
    wanted = _ranked(record, draw)
    by_pid = {row.object_id: place for place, row in wanted.items()}
    path = f"{draw.folder}selected.tsv"
    rows = Hit.objects.filter(Q(draw=draw) | Q(stratum__draw=draw)).select_related("stratum", "came_for")
    for hit in rows.prefetch_related("replacements").order_by("stratum__code", "rank", "id"):
        place = (hit.stratum.code, hit.rank)
        found = wanted.get(place)
        if hit.draw_id != hit.stratum.draw_id:  # one of the two was touched
            column = "draw_id" if _is_in(record, hit) else "stratum_id"
            yield Damage(hit._meta.db_table, str(hit.pk), "differs", column, against=record.says(path))
            return
        if found is None or found.object_id != hit.pid:
            yield _misplaced(hit, by_pid, record.says(path))
            return
        del wanted[place]
        told = {"batch_id": draw.batch_id, "ticket": found.ticket}
        yield from _one(differing(hit, record.says(path), told))
        yield from _one(differing(hit, record.says("selected.tsv"), {"place": _place(hit, record, draw)}))
        subjects = f"{AUDITOR}{draw.folder}subjects.tsv"
        yield from _one(differing(hit, record.says(subjects), {"subject_id": record.subjects[hit.pid]}))
    if wanted:
        yield _lacking(Hit, "{} {}-{}".format(draw.code, *min(wanted)))


def _ranked(record: Record, draw: Draw) -> dict[tuple[str, int], Ranked]:
    tables = (f"{draw.folder}selected.tsv", f"{draw.folder}reserve.tsv")
    return {(row.stratum, row.rank): row for path in tables for row in record.ranked(path)}


def _is_in(record: Record, hit: Hit) -> bool:
    """Whether an object stands where its stratum says."""
    draw = next((one for one in record.drawn if one.pk == hit.stratum.draw_id), None)
    row = _ranked(record, draw).get((hit.stratum.code, hit.rank)) if draw else None
    return row is not None and row.object_id == hit.pid


def _misplaced(hit: Hit, by_pid: Mapping[str, tuple[str, int]], against: str) -> Damage:
    """Whoever is known stands elsewhere; whoever is not, is somebody else."""
    at = by_pid.get(hit.pid)
    if at is None:
        return Damage(hit._meta.db_table, str(hit.pk), "differs", "pid", against=against)
    column = "rank" if at[0] == hit.stratum.code else "stratum_id"
    return Damage(hit._meta.db_table, str(hit.pk), "differs", column, against=against)


def _place(hit: Hit, record: Record, draw: Draw) -> str:
    """How it stands: as it came out, unless an event of the log moved it."""
    came = getattr(hit, "came_for", None)
    if any(one.event is not None for one in hit.replacements.all()):
        return Place.REPLACED
    if came is not None and came.event is not None:
        return Place.CAME_IN
    n = {part["id"]: part["n"] for part in record.params(draw)["strata"]}
    return Place.SELECTED if hit.rank <= n[hit.stratum.code] else Place.RESERVE


def of_visits(record: Record) -> Iterator[Damage]:
    """One door for each object that was selected, or came in for one."""
    wanted = _doors(record)
    rows = Visit.objects.filter(Q(batch=record.batch) | Q(seats__batch=record.batch)).distinct()
    against = record.says("selected.tsv")
    for visit in rows.order_by("pid", "id"):
        if visit.pid not in wanted:
            yield Damage(visit._meta.db_table, str(visit.pk), "differs", "pid", against=against)
            return
        told = {"batch_id": record.batch.pk, "subject_id": record.subjects[visit.pid]}
        yield from _one(differing(visit, against, told))
        wanted.discard(visit.pid)
    if wanted:
        yield _lacking(Visit, min(wanted))


def _doors(record: Record) -> set[str]:
    found = {row.object_id for draw in record.drawn for row in record.ranked(f"{draw.folder}selected.tsv")}
    return found | set(Hit.objects.filter(batch=record.batch, place=Place.CAME_IN).values_list("pid", flat=True))


# Seats ------------------------------------------------------------------------------------------


SeatKey = tuple[str, int, int]  # object, slot, place in a standing team


def of_seats(record: Record) -> Iterator[Damage]:
    """Each slot as it was dealt: the first who sat in it, against the assignment and the parameters.

    Of a standing team everybody has a row; which went later is said by the events of the log.
    """
    wanted, seen = _seats(record), set[SeatKey]()
    rows = Seat.objects.filter(Q(batch=record.batch) | Q(visit__batch=record.batch)).select_related("visit")
    for seat in rows.order_by("visit__pid", "number", "member", "seated_at", "id"):
        key = (seat.visit.pid, seat.number, seat.member)
        if key in seen:
            continue  # came later: an event of the log says why
        if key not in wanted:
            if _came_later(seat, key, wanted):
                continue
            yield _odd(seat, wanted, seen, record)
            return
        seen.add(key)
        yield from _one(differing(seat, record.says("assignment.tsv"), wanted[key]))
    lacking = sorted(set(wanted) - seen)
    if lacking:
        yield _lacking(Seat, "{}:{}".format(*lacking[0]))


def _came_later(seat: Seat, key: SeatKey, wanted: Mapping[SeatKey, Any]) -> bool:
    """Somebody of a larger team that was dealt to a slot again."""
    anew = seat.visit.seats.filter(number=seat.number, came_by__isnull=False, seated_at=seat.seated_at)
    return (*key[:2], 1) in wanted and seat.kind == "substitute" and anew.exists()


def _odd(seat: Seat, wanted: Mapping[SeatKey, Any], seen: set[SeatKey], record: Record) -> Damage:
    """A row of a team whose place in it was touched, or one that nobody was dealt."""
    own = [key for key in wanted if key[:2] == (seat.visit.pid, seat.number) and key not in seen]
    if own and any(wanted[key]["inspector_id"] == seat.inspector_id for key in own):
        return Damage(seat._meta.db_table, str(seat.pk), "differs", "member", against=record.says(TEAMS))
    return _too_many(seat)


def _seats(record: Record) -> dict[SeatKey, dict[str, Any]]:
    """What the row of each place in a slot says."""
    dealt = {(row[0], int(row[1])): row[2:] for row in record.table("assignment.tsv")}
    departments = dict(Department.objects.values_list("code", "pk"))
    found: dict[SeatKey, dict[str, Any]] = {}
    for name, number, group, at in _slots(record):
        told: dict[str, Any] = {"batch_id": record.batch.pk, "wanted": ",".join(group.skills), "seated_at": at}
        told["department_id"] = departments[group.department or record.batch.department.code]
        row = dealt.get((name, number))
        told |= {"load": int(row[1]) if row else 0, "deck": row[2] if row else ""}
        told["kind"] = row[3] if row else "unfilled"
        people = record.holders[row[0]] if row else [Holder(None, None)]
        for member, own in enumerate(people, 1):
            found[name, number, member] = told | {"inspector_id": own.inspector, "team_id": own.team}
    return found


def _slots(record: Record) -> Iterator[tuple[str, int, SlotGroup, datetime | None]]:
    """Object, number from 1, what is asked, since when: those of the match, then those that a replacement opened."""
    groups = {task.id: task.groups for task in tasks_for(_samples(record))}
    for name, own in groups.items():
        for number, group in _numbered(own):
            yield name, number, group, record.batch.drawn_at
    came = Replacement.objects.filter(batch=record.batch).exclude(event=None).select_related("draw", "into")
    for row in came.order_by("event"):
        name = row.into.pid if row.into else ""
        before = groups.get(name, ())
        groups[name] = merge_groups([before, groups_of(record.params(row.draw)["matching"])])
        for number, group in _numbered(groups[name])[len(_numbered(before)) :]:
            yield name, number, group, row.approved_at


def _numbered(groups: Iterable[SlotGroup]) -> list[tuple[int, SlotGroup]]:
    return list(enumerate((group for group in groups for _ in range(group.places)), 1))


def _samples(record: Record) -> Iterator[tuple[Any, Mapping[str, str]]]:
    for draw in record.drawn:
        selected = {row.object_id for row in record.ranked(f"{draw.folder}selected.tsv")}
        pools = pools_of(record.blob(f"{draw.folder}frame.tsv"), selected)
        yield groups_of(record.params(draw)["matching"]), pools
