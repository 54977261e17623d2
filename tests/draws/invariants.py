"""What must hold of the draws in a database at any moment, whatever happened to whoever wrote there."""

from __future__ import annotations

from collections import Counter

from gongchou.audit.damage import find_damage
from gongchou.audit.models import Line
from gongchou.draw import log, note
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.errors import DrawError
from gongchou.draw.merkle import root_of_hashes
from gongchou.draws import keys
from gongchou.draws.damage import find_damage as damage_of_draws
from gongchou.draws.drawing import outcome_of
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, Hit, LogCheckpoint, LogHead, Seat, Visit
from gongchou.draws.rules import check_files
from gongchou.draws.states import BatchState, DrawState
from gongchou.refusal import Refused

ORDER = ("draft", "frozen", "committed", "closed", "seeded", "drawn")
LINES = ("batch.frozen", "batch.committed", "batch.closed", "batch.seeded", "batch.drawn")


def faults() -> list[str]:
    """All that is wrong, in words; nothing if all is well."""
    found = [*_of_log(), *(f"damage: {damage}" for damage in (find_damage(), damage_of_draws()) if damage)]
    for batch in Batch.objects.select_related("department__region"):
        found += [f"{batch.code} {batch.state}: {fault}" for fault in _of_batch(batch)]
    return found


def entries_of(batch: Batch) -> Counter[str]:
    """Type -> how many entries of the public log speak of a batch."""
    return Counter(entry.type for entry in PublicLog().entries_of(batch.code))


def lines_of(batch: Batch) -> Counter[str]:
    """Verb -> how many lines of audit speak of a batch."""
    return Counter(Line.objects.filter(about=batch.audit_id).values_list("verb", flat=True))


def result_of(batch: Batch) -> list[str]:
    """Digests of the files of a result, in the order of their paths."""
    names = ("selected.tsv", "reserve.tsv", "assignment.tsv", "unfilled.tsv")
    rows = batch.evidence.order_by("path").values_list("path", "sha256")
    return [f"{path} {digest}" for path, digest in rows if path.endswith(names)]


def _of_log() -> list[str]:
    """I5: it only grows, and every checkpoint that was ever signed is of what is there."""
    ours, found = PublicLog(), []
    entries = ours.entries()
    hashes = ours.leaf_hashes()
    head = LogHead.objects.filter(id=1).values_list("size", flat=True).first() or 0
    if [entry.index for entry in entries] != list(range(head)):
        found.append(f"log: head {head}, entries {len(entries)}")
    for chain in log.chains_of(entries):
        try:
            log.check_chain(chain)
        except DrawError as error:
            found.append(f"log: {error.code} {error.facts}")
    for row in LogCheckpoint.objects.all():
        told = log.read_checkpoint(row.note.encode(), "")
        is_ours = note.is_signed_by(told.signed, keys.public_of(keys.LOG))
        if not is_ours or told.size > len(hashes) or told.root != root_of_hashes(hashes[: told.size]):
            found.append(f"log: checkpoint {row.size}")
    return found


def _of_batch(batch: Batch) -> list[str]:
    """I1, I2, I4, I6: state, audit, log, rows and files tell one story."""
    at = ORDER.index(batch.state) if batch.state in ORDER else None
    if at is None:
        return _of_withdrawn(batch)
    found = []
    lines, n_draws = lines_of(batch), batch.draws.count()
    n_thawed = lines["batch.thawed"]
    wanted = Counter(dict.fromkeys(LINES[:at], 1)) + Counter({"batch.frozen": n_thawed})
    if Counter({verb: n for verb, n in lines.items() if verb in LINES}) != wanted:
        found.append(f"audit lines {dict(lines)}")
    told = {"commit": n_draws, "close": 1, "seed": 1, "result": n_draws, "match": int(batch.has_match)}
    steps = {"commit": 2, "close": 3, "seed": 4, "result": 5, "match": 5}
    entries = {kind: n for kind, n in told.items() if n and at >= steps[kind]}
    if dict(entries_of(batch)) != entries:
        found.append(f"log entries {dict(entries_of(batch))}, not {entries}")
    found += _of_rows(batch, is_drawn=batch.state == BatchState.DRAWN)
    try:
        check_files(batch.evidence.all())
    except Refused as refused:
        found.append(f"files {refused.code} {refused.facts}")
    if bool(batch.evidence.exists()) != (at >= 1) or bool(batch.seed) != (at >= 4):
        found.append("evidence or seed out of season")
    return found


def _of_withdrawn(batch: Batch) -> list[str]:
    """Given up in public: each draw once, and said so in every place."""
    told = (lines_of(batch)["batch.committed"], entries_of(batch)["commit"], entries_of(batch)["withdraw"])
    n_draws = batch.draws.exclude(state=DrawState.LIVE).count()
    return (
        [] if told == (1, n_draws, n_draws) == (1, batch.draws.count(), n_draws) else [f"withdrawn {told}, {n_draws}"]
    )


def _of_rows(batch: Batch, *, is_drawn: bool) -> list[str]:
    rows = {model.__name__: model.objects.filter(batch=batch).count() for model in (Hit, Visit, Seat)}
    if not is_drawn:
        return [f"rows {rows}"] if any(rows.values()) or result_of(batch) else []
    outcome = outcome_of(batch, lambda *_: None)
    again = outcome.files()
    kept = dict(batch.evidence.values_list("path", "sha256"))
    found = [f"{path} is not a pure function" for path, data in again.items() if sha256_hex(data) != kept.get(path)]
    n_hits = sum(map(len, [*outcome.selected.values(), *outcome.reserve.values()]))
    n_doors = len({row.object_id for own in outcome.selected.values() for row in own})
    if (rows["Hit"], rows["Visit"]) != (n_hits, n_doors):
        found.append(f"rows {rows}, not {n_hits} and {n_doors}")
    return found
