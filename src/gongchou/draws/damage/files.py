"""Damage of evidence: every file against its digest, every digest against the log and the parameters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, zip_longest

from gongchou.audit.damage import Damage
from gongchou.draw.log import read_entry
from gongchou.draw.params import commitment
from gongchou.draw.table import line_chunks, read_all
from gongchou.draws import store
from gongchou.draws.damage.record import Record, differing
from gongchou.draws.models import Batch, Draw, Evidence, LogEntry
from gongchou.draws.queries.batches import AUDITOR
from gongchou.draws.queries.holders import TEAMS
from gongchou.draws.queries.left_out import FILE as LEFT_OUT
from gongchou.draws.queries.preparation import PEOPLE

TABLE = Evidence._meta.db_table
OF_AUDITORS = ("real-ids.tsv", "subjects.tsv", LEFT_OUT)


def in_store(batch: Batch) -> Iterator[Damage]:
    """What the rows name is there, byte for byte."""
    for row in batch.evidence.order_by("path"):
        against = f"{batch.code}/{row.path}"
        if not store.is_whole(row.sha256):
            what = "spoilt" if store.is_there(row.sha256) else "lost"
            yield Damage(TABLE, str(row.pk), what, "sha256", against=against)
        elif store.blob(row.sha256).size != row.size:
            yield Damage(TABLE, str(row.pk), "differs", "size", against=f"文件 {against} ")


def of_plans() -> Iterator[Damage]:
    """The documents of plans, which no batch has but entries of the log name."""
    for row in LogEntry.objects.filter(type="plan").order_by("index"):
        for file in read_entry(bytes(row.data), row.index).document["files"]:
            if not store.is_whole(file["sha256"]):
                what = "spoilt" if store.is_there(file["sha256"]) else "lost"
                yield Damage(LogEntry._meta.db_table, row.index, what, "data", against=file["name"])


def damages(record: Record) -> Iterator[Damage]:
    """What must be there is, and is what was promised and logged."""
    yield from _missing(record)
    yield from _not_logged(record)
    for draw in record.committed:
        yield from _against_params(record, draw)
        yield from _against_excluded(record, draw)


# What there must be -----------------------------------------------------------------------------


def _missing(record: Record) -> Iterator[Damage]:
    wanted = _wanted(record)
    gone = sorted(set(wanted) - set(record.evidence))
    if not gone:
        return
    odd = sorted(path for path in record.evidence if path not in wanted and not _came_later(path))
    if odd:  # it stands under another name
        yield differing(record.evidence[odd[0]], record.says(gone[0]), {"path": gone[0]})  # type: ignore[misc]
    yield Damage(TABLE, f"{record.batch.code}/{gone[0]}", "missing")


def _came_later(path: str) -> bool:
    """What events after the draw leave behind."""
    return path.startswith(("sources/", "substitutions", "events/"))


def _wanted(record: Record) -> dict[str, str]:
    """Path -> name of the moment at which it was kept."""
    frozen = ["frame.tsv", "excluded.tsv", "universe.json", "universe.note", "strata-rule.json", "reasons.json"]
    found: dict[str, str] = {}
    for draw in record.draws:
        found |= {f"{draw.folder}{name}": "frozen_at" for name in frozen}
        found |= {f"{AUDITOR}{draw.folder}{name}": "frozen_at" for name in OF_AUDITORS}
        found[f"{draw.folder}params.json"] = "committed_at"
    if record.batch.has_match:
        people = ["inspectors.tsv", "avoid.tsv", f"{AUDITOR}inspectors.tsv", f"{AUDITOR}slots.json", TEAMS, PEOPLE]
        found |= dict.fromkeys(people, "frozen_at")
    for entry in record.entries:
        moment = {"close": "closed_at", "seed": "seeded_at", "result": "drawn_at", "match": "drawn_at"}.get(entry.type)
        found |= {file["name"]: moment for file in entry.document["files"] if moment}
    if any(entry.type == "seed" for entry in record.entries) and record.batch.last["type"] == "drand":
        found["sources/drand.json"] = "seeded_at"
    return found


def moments(record: Record) -> Iterator[Damage]:
    """A file was kept when the batch was brought as far."""
    for path, name in _wanted(record).items():
        row, moment = record.evidence[path], getattr(record.batch, name)
        if row.kept_at != moment:
            yield Damage(TABLE, str(row.pk), "differs", "kept_at", against=f"批次 {record.batch.code} 的“{name}”")


# What it must say -------------------------------------------------------------------------------


def against_log(record: Record) -> Iterator[Damage]:
    """Files that entries name. It comes first: what these say is read by all that follows."""
    for entry in record.entries:
        for file in entry.document["files"]:
            row = record.evidence.get(file["name"])
            if row is not None:
                told = {"sha256": file["sha256"], "size": file["size"]}
                yield from _one(differing(row, f"公开日志第{entry.index}条", told))


def _not_logged(record: Record) -> Iterator[Damage]:
    """The entries that the batch speaks of: a tail that nobody signed yet can be cut off together with the head."""
    kinds = [entry.type for entry in record.entries]
    for kind, is_due in _due(record).items():
        if is_due and kind not in kinds:
            yield Damage(LogEntry._meta.db_table, f"{record.batch.code} {kind}", "missing")


def _due(record: Record) -> dict[str, datetime | bool | None]:
    batch = record.batch
    return {
        "commit": batch.committed_at,
        "reveal": batch.contributions.exclude(secret="").exists(),
        "reading": batch.readings.exists(),
        "close": batch.closed_at,
        "seed": batch.seeded_at,
        "result": batch.drawn_at,
        "match": batch.drawn_at and batch.has_match,
    }


def _against_params(record: Record, draw: Draw) -> Iterator[Damage]:
    """The tables that parameters name, and the parameters that the draw is committed to."""
    path = f"{draw.folder}params.json"
    told = record.params(draw)
    found = commitment(read_all(record.blob(path)), told["suite"])
    entry = next((one for one in record.entries if one.type == "commit" and one.body["draw"] == told["draw"]), None)
    if entry is None or entry.body["commitment"] != found:
        yield Damage(TABLE, str(record.evidence[path].pk), "differs", "sha256", against=f"抽取 {draw.code} 的承诺")
    tables = {f"{draw.folder}{name}.tsv": told[name]["sha256"] for name in ("frame", "excluded")}
    tables |= {f"{name}.tsv": told[name]["sha256"] for name in ("inspectors", "avoid") if told[name]}
    tables |= {
        f"{draw.folder}universe.json": told["universe"]["sha256"],
        f"{draw.folder}reasons.json": told["rules"]["reason_codes_sha256"],
        f"{draw.folder}strata-rule.json": told["rules"]["strata_rule_sha256"],
    }
    for name, digest in tables.items():
        yield from _one(differing(record.evidence[name], record.says(path), {"sha256": digest}))


def _against_excluded(record: Record, draw: Draw) -> Iterator[Damage]:
    """Whom the office read that a draw leaves out, and why: line by line as it is public."""
    public, named = f"{draw.folder}excluded.tsv", f"{AUDITOR}{draw.folder}{LEFT_OUT}"
    told = (line.split(b"\t")[:2] for line in _lines(record, public))
    kept = (line.split(b"\t")[:2] for line in _lines(record, named))
    if any(one != other for one, other in zip_longest(told, kept)):
        yield Damage(TABLE, str(record.evidence[named].pk), "differs", "sha256", against=record.says(public))


def _lines(record: Record, path: str) -> Iterator[bytes]:
    return chain.from_iterable(line_chunks(record.blob(path)))


def _one(damage: Damage | None) -> Iterator[Damage]:
    if damage:
        yield damage
