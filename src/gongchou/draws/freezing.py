"""From the pool as it is now to the tables that are frozen, and from these to the parameters that are committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from gongchou import __version__
from gongchou.draw import note, table
from gongchou.draw.bundle import universe_text
from gongchou.draw.draft import Frozen, freeze
from gongchou.draw.encoding import Document, dump_json, format_time, is_id, parse_json, sha256_hex
from gongchou.draw.frame import (
    Digest,
    count_reasons,
    digest_of_list,
    key_commitment,
    scan_frame,
    scan_table,
    seal,
)
from gongchou.draw.params import UNIVERSE, is_text, read_document
from gongchou.draw.table import Blob, read_all, write_table
from gongchou.draws import keys, store
from gongchou.draws.models import Batch, Draw
from gongchou.draws.queries.batches import AUDITOR
from gongchou.draws.queries.dealt import Crew, Dealt, Person
from gongchou.draws.queries.frames import (
    Candidate,
    Frame,
    Register,
    draws_of,
    frame_of,
    ratio_words,
    real_id,
    undisclosed,
)
from gongchou.draws.queries.left_out import FILE as LEFT_OUT
from gongchou.draws.queries.left_out import rows_of as left_out_rows
from gongchou.draws.queries.preparation import PEOPLE, people_of, people_text
from gongchou.draws.queries.roster import Roster, conflicts_of, roster_of
from gongchou.draws.reasons import REASONS, TELLING
from gongchou.draws.settings import settings_of
from gongchou.draws.states import Matching
from gongchou.draws.store import Kept
from gongchou.folders import core_digest
from gongchou.plans.queries.strata import Stratum
from gongchou.refusal import Refused

Report = Callable[[str, int, int], None]  # what is being done, done, of how many


@dataclass(frozen=True)
class Pool:
    """The pool of a draw in numbers. universe: of whom its task speaks; size: who can be drawn"""

    universe: int
    size: int
    left_out: Mapping[str, int]
    strata: tuple[Stratum, ...]


@dataclass(frozen=True)
class Tables:
    """All that a freeze fixes. pools: by ``seq``; files: path -> where it lies in the store"""

    pools: Mapping[int, Pool]
    files: Mapping[str, Kept]
    key_commitment: str


def prefix_of(draw: Draw, n_draws: int) -> str:
    """Where the files of a draw lie in the bundle: alone at the top, else in a folder of its own."""
    return "" if n_draws == 1 else f"{draw.code}/"


def tables_of(batch: Batch, *, at: datetime, report: Report = lambda *_: None) -> Tables:
    """Look at pools and people, and put what a freeze fixes into the store.

    Raises Refused ``draws.pool_empty``, ``draws.nothing_to_draw``, ``draws.reasons_tell``, ``draws.nobody``,
    ``draws.no_room`` and as ``frame_of`` and ``roster_of``.
    """
    draws, on = draws_of(batch), timezone.localdate(at)
    key, register = _key_of(batch), Register()
    names = _Names(key if batch.is_sealed else None)
    pools: dict[int, Pool] = {}
    kept: dict[str, Kept] = {}
    keepers: dict[int, set[str]] = {}
    drawable: set[UUID] = set()
    for number, draw in enumerate(draws):
        report(f"计算名单：{draw.task.name}", number, len(draws))
        frame = frame_of(draw, on=on, register=register)
        _check_frame(draw, frame, at)
        kept |= _kept(_files_of(draw, prefix_of(draw, len(draws)), frame, names, at))
        pools[draw.seq] = Pool(len(frame.candidates), len(frame.stratum_of), frame.by_reason, frame.strata)
        keepers[draw.seq] = frame.keepers
        drawable |= frame.stratum_of.keys()
    if batch.has_match:
        report("计算检查人员名单", len(draws), len(draws))
        pids = {pk: names.pid[pk] for pk in drawable}
        kept |= _kept(_people_files(batch, draws, keepers, pools, pids, key, on))
    return Tables(pools, kept, key_commitment(key) if key else "")


def _kept(files: Iterable[tuple[str, bytes]]) -> dict[str, Kept]:
    """Put each file into the store as soon as it is made: thirty frames do not fit into the memory."""
    return {path: store.keep(data) for path, data in files}


class _Names:
    """Under which names subjects stand in the files of a batch: each is sealed once, however many draws it is in.

    key: None where the real ids are public
    """

    def __init__(self, key: bytes | None) -> None:
        self.key = key
        self.real: dict[UUID, str] = {}
        self.pid: dict[UUID, str] = {}
        self._universes: list[tuple[Mapping[UUID, Candidate], Digest, bytes]] = []

    def universe(self, candidates: Mapping[UUID, Candidate]) -> tuple[Digest, bytes]:
        """The digest of their real ids, and the auditors' table of these; once for tasks that speak of the same."""
        for known, digest, table_ in self._universes:
            if known is candidates:
                return digest, table_
        for pk, one in candidates.items():
            if pk not in self.real:
                self.real[pk] = real = real_id(one)
                self.pid[pk] = seal(self.key, real) if self.key else real
        digest = digest_of_list(self.real[pk] for pk in candidates)
        found = digest, write_table((self.real[pk], self.pid[pk]) for pk in candidates)
        self._universes.append((candidates, *found))
        return found


def _key_of(batch: Batch) -> bytes | None:
    keys.make_seal(batch.code)  # receipts are asked for under it, also where nothing is sealed
    return keys.seal_of(batch.code) if batch.is_sealed or batch.is_match_sealed else None


def _check_frame(draw: Draw, frame: Frame, at: datetime) -> None:
    if not frame.stratum_of:
        raise Refused("draws.pool_empty", name=draw.task.name, left=len(frame.left))
    if not frame.n:
        raise Refused("draws.nothing_to_draw", name=draw.task.name)
    told = {pk for pk, left in frame.left.items() if left.reason in TELLING}
    if told and not draw.batch.is_sealed and told & undisclosed(at):
        raise Refused("draws.reasons_tell", name=draw.task.name)


def _files_of(draw: Draw, prefix: str, frame: Frame, names: _Names, at: datetime) -> Iterator[tuple[str, bytes]]:
    listed, real_ids = names.universe(frame.candidates)
    pid, told = names.pid, frame.candidates
    universe = dump_json(_universe(draw, listed, names.key, at))
    read_document(universe, UNIVERSE, "universe.json")
    yield f"{prefix}frame.tsv", write_table((part, pid[pk], told[pk].keeper) for pk, part in frame.stratum_of.items())
    yield f"{prefix}excluded.tsv", write_table((pid[pk], *left) for pk, left in frame.left.items())
    yield f"{prefix}universe.json", universe
    yield f"{prefix}universe.note", _registry_note(universe)
    yield f"{prefix}strata-rule.json", dump_json(_rule(draw, frame))
    yield f"{prefix}reasons.json", dump_json(REASONS)
    yield f"{AUDITOR}{prefix}real-ids.tsv", real_ids
    yield f"{AUDITOR}{prefix}subjects.tsv", write_table((pid[pk], pk.hex) for pk in frame.stratum_of)
    yield f"{AUDITOR}{prefix}{LEFT_OUT}", write_table(left_out_rows(frame, pid))


def _universe(draw: Draw, listed: Digest, key: bytes | None, at: datetime) -> Document:
    """What the registry held of all that the task speaks of."""
    return {
        "key_commitment": key_commitment(key) if key else None,
        "read": listed.size,
        "registry": draw.task.department.code,
        "rejected": {"count": 0, "sha256": sha256_hex(b"")},
        "root": listed.root,
        "scope": plain_text(f"{draw.task.number} {draw.task.name}"),
        "sealed": key is not None,
        "sha256": listed.sha256,
        "size": listed.size,
        "snapshot_at": format_time(int(at.timestamp())),
        "source_sha256": None,
        "v": "vdp1",
    }


def _registry_note(universe: bytes) -> bytes:
    key, text = keys.secret_of(keys.REGISTRY), universe_text(universe)
    return note.write_note(text, [note.sign(text, key.public, key.secret)])


def _rule(draw: Draw, frame: Frame) -> Document:
    """What made the strata and their numbers, in words that anybody may hold against the plan.

    A supplement that is not to draw the task's own number says its rule and reason as they stand in its row.
    """
    own = {"supplement": {"ratio": draw.ratio, "reason": draw.ratio_reason}} if draw.ratio else {}
    return own | {
        "ratio": plain_text(ratio_words(draw)),
        "strata": [
            {"id": part.id, "label": plain_text(part.label), "n": part.n, "rule": plain_text(part.rule)}
            for part in frame.strata
        ],
        "v": "vdp1",
    }


def plain_text(text: str) -> str:
    """A text as the protocol's documents take it: characters that everybody sees alike, others as a full stop."""
    return "".join(one if is_text(one) else "·" for one in text)


# People -------------------------------------------------------------------------------------------


def _people_files(
    batch: Batch,
    draws: Iterable[Draw],
    keepers: Mapping[int, set[str]],
    pools: Mapping[int, Pool],
    pids: Mapping[UUID, str],
    key: bytes | None,
    on: date,
) -> Iterator[tuple[str, bytes]]:
    roster = roster_of(batch, on=on, keepers=set().union(*keepers.values()))
    if not roster.present:
        raise Refused("draws.nobody", mode=batch.get_matching_display())
    cap = settings_of(batch.settings).per_person
    own = {one.key: _id_of(one, key) for one in roster.present}
    until = max(draw.task.ends_on for draw in draws)
    yield "inspectors.tsv", write_table(_person_rows(roster, own, cap))
    yield "avoid.tsv", write_table(_avoid_rows(roster.present, own, pids, conflicts_of(roster.present, on, until)))
    people = [one for one in roster.people if not one.why_out]
    yield f"{AUDITOR}inspectors.tsv", write_table((own[one.key], one.key.hex) for one in people)
    yield f"{AUDITOR}teams.tsv", write_table(_team_rows(roster.crews, own))
    n_drawn = {seq: sum(part.n for part in pool.strata) for seq, pool in pools.items()}
    yield PEOPLE, people_text(people_of(batch, roster, keepers, n_drawn))
    yield f"{AUDITOR}slots.json", dump_json({str(seq): groups for seq, groups in roster.slots.items()})


def _id_of(one: Person | Crew, key: bytes | None) -> str:
    return _team_id(one.team.number, key) if isinstance(one, Crew) else _person_id(one.inspector.number, key)


def _team_id(number: str, key: bytes | None) -> str:
    """As for a person; in the open a team does not take the number of one."""
    if key:
        return seal(key, f"team {number}")
    return f"TEAM-{number}" if is_id(number) else f"TEAM-{sha256_hex(number.encode())[:16].upper()}"


def _avoid_rows(
    present: Iterable[Dealt],
    own: Mapping[UUID, str],
    pids: Mapping[UUID, str],
    conflicts: Iterable[tuple[UUID, UUID]],
) -> set[tuple[str, str]]:
    """Whom somebody must not meet, her team does not meet."""
    seat_of = {pk: own[one.key] for one in present for pk in one.inspectors}
    return {(seat_of[person], pids[subject]) for person, subject in conflicts if subject in pids}


def _team_rows(crews: Iterable[Crew], own: Mapping[UUID, str]) -> Iterable[tuple[object, ...]]:
    """Who goes when a team is dealt, the lead first."""
    for crew in crews:
        for at, person in enumerate(crew.members if not crew.why_out else (), 1):
            yield own[crew.key], crew.key.hex, at, person.key.hex


def _person_id(number: str, key: bytes | None) -> str:
    """A pseudonym where there is a key; else the number, or what stands for it."""
    if key:
        return seal(key, f"inspector {number}")
    return number if is_id(number) else f"P-{sha256_hex(number.encode())[:16].upper()}"


def _person_rows(roster: Roster, own: Mapping[UUID, str], cap: int) -> Iterable[tuple[object, ...]]:
    for person in roster.present:
        pools = "*" if person.pools is None else ",".join(sorted(person.pools))
        skills = ",".join(sorted(person.skills)) or "-"
        yield (
            own[person.key],
            person.department.code,
            person.unit.code,
            pools,
            skills,
            max(cap, 0),
            person.load0,
        )


# Parameters ---------------------------------------------------------------------------------------


def params_of(batch: Batch, files: Mapping[str, Blob]) -> dict[int, bytes]:
    """The parameters of each draw by ``seq``, over files as they lie in the store. Raises DrawError."""
    draws = draws_of(batch)
    slots = _slots(files)
    found = {}
    for draw in draws:
        prefix = draw.folder
        told = _draft(batch, draw, slots)
        found[draw.seq] = dump_json(freeze(told, _frozen(files, prefix, with_people=batch.has_match)))
    return found


def _slots(files: Mapping[str, Blob]) -> dict[str, list[Document]]:
    path = f"{AUDITOR}slots.json"
    found: dict[str, list[Document]] = parse_json(read_all(files[path]), path) if path in files else {}
    return found


def _draft(batch: Batch, draw: Draw, slots: Mapping[str, list[Document]]) -> Document:
    reserve = settings_of(batch.settings).reserve_percent
    return {
        "authority": draw.task.department.code,
        "beacon_time": format_time(int(batch.beacon_at.timestamp())),
        "campaign": batch.code,
        "closes_at": format_time(int(batch.closes_at.timestamp())),
        "contacts": [],
        "disclosure": {
            "after": format_time(int(batch.disclosed_at.timestamp())) if batch.disclosed_at else None,
            "inspectors": "sealed" if batch.is_match_sealed else "open",
        },
        "draw": draw.code,
        "lead_s": batch.lead_s,
        "matching": _matching(batch, slots.get(str(draw.seq), [])) if batch.has_match else None,
        "mode": batch.mode,
        "parent": draw.parent.code if draw.parent else None,
        "plan": draw.plan,
        "replacement": {"inspectors": _later(batch.last) if batch.has_match else None, "objects": True},
        "reserve": {"den": 100, "num": reserve},
        "seed": batch.all_sources,
        "seq": draw.seq,
        "strata": {part.code: {"n": part.n} for part in draw.strata.all()},
        "supersedes": draw.supersedes.code if draw.supersedes else None,
    }


def _matching(batch: Batch, slots: list[Document]) -> Document:
    return {
        "algo": "deal1",
        "cross_home": batch.matching == Matching.STATIONS_CROSS,
        "load_rule": "本年度正式抽取中已承担的户次",
        "slots": slots,
    }


def _later(last: Mapping[str, Any]) -> Document:
    """The source that decides when a seat is dealt again: of the same kind as the last one (ruling 18)."""
    kept = {"drand": ("chain",), "digits": ("n",), "lottery": ("game", "groups")}[last["type"]]
    return {"type": last["type"], **{name: last[name] for name in kept}}


def _frozen(files: Mapping[str, Blob], prefix: str, *, with_people: bool) -> Frozen:
    universe_bytes = read_all(files[f"{prefix}universe.json"])
    universe = read_document(universe_bytes, UNIVERSE, "universe.json")
    scan = scan_frame(files[f"{prefix}frame.tsv"], place=f"{prefix}frame.tsv")
    excluded = files[f"{prefix}excluded.tsv"]
    return Frozen(
        universe=Digest(universe["size"], sha256_hex(universe_bytes), universe["root"]),
        frame=scan.digest,
        excluded=scan_table(excluded, table.EXCLUDED, "excluded.tsv"),
        by_reason=count_reasons(excluded),
        strata={name: part.size for name, part in scan.strata.items()},
        reasons_sha256=sha256_hex(read_all(files[f"{prefix}reasons.json"])),
        rule_sha256=sha256_hex(read_all(files[f"{prefix}strata-rule.json"])),
        sealed=universe["sealed"],
        key_commitment=universe["key_commitment"],
        inspectors=scan_table(files["inspectors.tsv"], table.INSPECTORS, "inspectors.tsv") if with_people else None,
        avoid=scan_table(files["avoid.tsv"], table.AVOID, "avoid.tsv") if with_people else None,
        software={"name": "gongchou", "source_sha256": core_digest(), "version": __version__},
    )
