"""From the promise before everybody to the seed: commit, reveal, read, close, beacon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.draw.beacon import Beacon
from gongchou.draw.encoding import Document, dump_json, is_hash, parse_json, parse_time
from gongchou.draw.errors import RuleError
from gongchou.draw.params import check_together, commitment
from gongchou.draw.seed import close_text, party_commitment, seed_of, seed_text
from gongchou.draws import ledger, permissions, rules, store
from gongchou.draws.beacons import check_beacon
from gongchou.draws.freezing import params_of
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, Contribution, Draw, Evidence, Reading
from gongchou.draws.operations import telling
from gongchou.draws.plainly import plainly
from gongchou.draws.queries.batches import files_of
from gongchou.draws.queries.frames import drawn_together, draws_of, lead_of
from gongchou.draws.queries.sources import silent_parties
from gongchou.draws.states import BatchState
from gongchou.refusal import Refused


@dataclass(frozen=True)
class Clock:
    """Does what was promised for a time and needs nobody's judgement."""

    audit_id: str = "clock"
    audit_name: str = "到时自动办理"


CLOCK = Clock()


def check_may_move(by: User | Clock, batch: Batch, state: BatchState) -> None:
    """A person needs to be one of its own; the clock has no judgement to be trusted with, so the state alone counts."""
    if isinstance(by, User):
        permissions.check_can_move(by, batch, state)
    else:
        rules.check_may_become(batch, state)


def keep(batch: Batch, files: Mapping[str, bytes], at: datetime) -> None:
    """Put files of a batch into the store and note them; only inside an operation."""
    rows = []
    for path, data in sorted(files.items()):
        kept = store.keep(data)
        rows.append(Evidence(batch=batch, path=path, sha256=kept.sha256, size=kept.size, kept_at=at))
    Evidence.objects.bulk_create(rows)


def read(batch: Batch, path: str) -> bytes:
    """A file of a batch as it was kept. Raises Refused ``draws.file_…``."""
    return store.read(batch.evidence.get(path=path).sha256)


def reasons_of(draw: Draw, kind: str) -> dict[str, str]:
    """Code -> words of a closed list as it was committed to, whatever later versions of it say."""
    told: Document = parse_json(read(draw.batch, f"{draw.folder}reasons.json"))
    found: dict[str, str] = told[kind]
    return found


@operation("batch.committed", "复核并公开承诺")
def commit(*, batch: Batch, by: User, at: datetime) -> Done[Batch]:
    """A second person confirms; parameters and commitment are public and in the log from this moment on.

    Raises Refused ``draws.same_person``, ``draws.commit_late``, ``draws.file_changed``, ``draws.core``.
    """
    batch = held(batch, "department__region")
    permissions.check_can_commit(by, batch)
    rules.check_in_time(batch, at)
    rules.check_files(batch.evidence.all())
    draws = draws_of(batch)
    rules.check_tasks_stand(draws)
    rules.check_tasks_last(draws)
    with plainly():
        params = params_of(batch, files_of(batch))
        _log_commits(batch, draws, params, at)
        ledger.sign(at)
    batch.state, batch.committed_at, batch.committed_by = BatchState.COMMITTED, at, by
    batch.save()
    _ask_to_reveal(batch, by=by, at=at)
    times = f"{_clock(batch.closes_at)} 截止来源，{_clock(batch.beacon_at)} 以后确定种子"
    _tell_both(batch, f"{times}：{batch.code}", by, at)
    return Done(batch, {"digests": {draw.code: draw.commitment for draw in draws}})


def _ask_to_reveal(batch: Batch, *, by: User, at: datetime) -> None:
    parties = [one.department for one in batch.contributions.select_related("department")]
    told = f"请在 {_clock(batch.closes_at)} 前揭示种子秘密数：{batch.code}"
    telling.tell(telling.keepers(parties), told, batch, by=by, at=at, link=reverse("draws:batches"))


def _tell_both(batch: Batch, title: str, by: Actor, at: datetime) -> None:
    """Whoever may do the steps of the day: a batch that nobody closes in time is lost in public."""
    people = {*telling.keepers([batch.department]), *telling.approvers(batch)}
    telling.tell(people, title, batch, by=by, at=at)


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"


def _log_commits(batch: Batch, draws: list[Draw], params: Mapping[int, bytes], at: datetime) -> None:
    documents: list[Document] = [parse_json(params[draw.seq]) for draw in draws]
    prefixes = [draw.folder for draw in draws]
    check_together(list(zip(prefixes, documents, strict=True)))
    log = PublicLog()
    _check_committable(log, documents, at)
    keep(batch, {f"{prefix}params.json": params[draw.seq] for prefix, draw in zip(prefixes, draws, strict=True)}, at)
    for prefix, draw, told in zip(prefixes, draws, documents, strict=True):
        draw.commitment = commitment(params[draw.seq], told["suite"])
        draw.save()
        body = {name: told[name] for name in ("beacon_time", "campaign", "draw", "mode", "plan", "supersedes")}
        files = {f"{prefix}params.json": params[draw.seq]}
        log.append("commit", body | {"commitment": draw.commitment}, authority=told["authority"], at=at, files=files)


def _check_committable(log: PublicLog, documents: list[Document], at: datetime) -> None:
    """What a verifier would refuse later; the wait after a late withdrawal is said with its end."""
    try:
        log.check_committable(documents, int(at.timestamp()))
    except RuleError as error:
        if error.facts.get("reason") != "successor too soon":
            raise
        earliest = timezone.localtime(datetime.fromtimestamp(parse_time(str(error.facts["due"])), UTC))
        raise Refused("draws.successor_early", earliest=f"{earliest:%Y-%m-%d %H:%M:%S}") from error


@operation("contribution.revealed", "揭示种子秘密数")
def reveal(*, contribution: Contribution, secret: str, by: User, at: datetime) -> Done[Contribution]:
    """A party shows the number it committed to. Raises Refused ``draws.reveal_…``."""
    held(contribution.batch)
    contribution = held(contribution, "batch__department__region", "department")
    batch = contribution.batch
    permissions.check_can_contribute(by, contribution)
    if batch.state != BatchState.COMMITTED or at >= batch.beacon_at:
        raise Refused("draws.reveal_closed", code=batch.code, state=batch.state_word)
    if contribution.secret:
        raise Refused("draws.reveal_again", department=contribution.department.short_name)
    party = contribution.department.code
    if not is_hash(secret) or party_commitment(batch.code, party, secret) != contribution.commitment:
        raise Refused("draws.reveal_differs", department=contribution.department.short_name)
    contribution.secret, contribution.revealed_at, contribution.revealed_by = secret, at, by
    contribution.save()
    body = {"campaign": batch.code, "party": party, "secret": secret}
    with plainly():
        PublicLog().append("reveal", body, authority=lead_of(batch).code, at=at)
    return Done(contribution, {})


@operation("reading.typed", "录入来源读数")
def read_source(*, batch: Batch, number: int, value: str, by: User, at: datetime) -> Done[Reading]:
    """Type what dice or a lottery showed; a second person confirms it. number: of the source, from 1."""
    batch = held(batch, "department__region")
    permissions.check_keeps_or_approves(by, batch)
    source = _source_to_read(batch, number)
    rules.check_reading(source, value)
    is_last = number == len(batch.all_sources)
    wanted = BatchState.CLOSED if is_last else BatchState.COMMITTED
    if batch.state != wanted:
        raise Refused("draws.reading_time", code=batch.code, state=batch.state_word)
    if is_last:
        rules.check_seed_is_due(batch, at, "draws.reading_early")
    if batch.readings.filter(number=number, voided_at=None).exists():
        raise Refused("draws.read_already", number=number)
    row = Reading.objects.create(batch=batch, number=number, value=value, read_at=at, read_by=by)
    log_reading(row, at)
    return Done(row, {"number": number, "value": value})


def log_reading(row: Reading, at: datetime) -> None:
    """Once when it is typed and once when it is confirmed, so that anybody sees that it came in its time.

    Of a slip that is crossed out the entry stays; the next one takes its place.
    """
    request = row.substitution
    body = {
        "campaign": row.batch.code,
        "reader": ledger.second_id(row.read_by),
        "second": ledger.second_id(row.confirmed_by) if row.confirmed_by else None,
        "value": row.value,
        **({"event": request.event} if request else {"source": row.number}),
    }
    with plainly():
        PublicLog().append("reading", body, authority=lead_of(row.batch).code, at=at)
        if request:  # the evidence is out already, and waits for witnesses of each further entry
            ledger.sign(at)


def _source_to_read(batch: Batch, number: int) -> Document:
    sources = batch.all_sources
    if not 1 <= number <= len(sources) or sources[number - 1]["type"] not in ("digits", "lottery"):
        raise Refused("draws.not_to_read", number=number)
    return sources[number - 1]


@operation("reading.confirmed", "核对来源读数")
def confirm_reading(*, reading: Reading, by: User, at: datetime) -> Done[Reading]:
    """A second person looked at the same dice."""
    held(reading.batch)
    reading = held(reading, "batch__department__region")
    permissions.check_can_confirm(by, reading)
    if reading.voided_at is not None or reading.confirmed_at is not None:
        raise Refused("draws.read_already", number=reading.number)
    reading.confirmed_at, reading.confirmed_by = at, by
    reading.save()
    log_reading(reading, at)
    return Done(reading, {"number": reading.number, "value": reading.value})


@operation("reading.voided", "作废来源读数")
def void_reading(*, reading: Reading, by: User, at: datetime) -> Done[Reading]:
    """A slip of the typing is crossed out, not overwritten, as long as nobody has confirmed it."""
    held(reading.batch)
    reading = held(reading, "batch__department__region")
    permissions.check_can_void(by, reading)
    if reading.voided_at is not None or reading.confirmed_at is not None:
        raise Refused("draws.read_already", number=reading.number)
    reading.voided_at, reading.voided_by = at, by
    reading.save()
    return Done(reading, {"number": reading.number, "value": reading.value})


@operation("batch.closed", "截止种子来源")
def close(*, batch: Batch, by: User | Clock, at: datetime) -> Done[Batch]:
    """Fix all that people can influence before the last source exists (protocol B.5).

    by: one of its people, or ``CLOCK`` where nobody has to be waited for
    Raises Refused ``draws.close_early``, ``draws.close_late``, ``draws.reading_missing``, ``draws.reveal_awaited``.
    """
    batch = held(batch, "department__region")
    check_may_move(by, batch, BatchState.CLOSED)
    if isinstance(by, Clock):
        rules.check_waits_for_nobody(batch, at)
    rules.check_can_close_now(batch, at)
    draws = draws_of(batch)
    lead = lead_of(batch).code
    with plainly():
        _reveal_again(batch, draws, at)
        text = close_text(
            mode=batch.mode,
            campaign=batch.code,
            commitments={draw.code: draw.commitment for draw in draws},
            sources=batch.sources,
            values=[_value(batch, number, source) for number, source in enumerate(batch.sources, 1)],
        )
        keep(batch, {"close.txt": text.encode()}, at)
        files = {"close.txt": text.encode()}
        PublicLog().append("close", {"campaign": batch.code}, authority=lead, at=at, files=files)
        ledger.sign(at)
    batch.state, batch.closed_at = BatchState.CLOSED, at
    batch.closed_by = by if isinstance(by, User) else None
    batch.save()
    _tell_both(batch, f"来源已截止，请在 {_clock(batch.beacon_at)} 以后确定种子：{batch.code}", by, at)
    return Done(batch, {"missing": silent_parties(batch)})


def _reveal_again(batch: Batch, draws: list[Draw], at: datetime) -> None:
    """A bundle shows the chains of its own departments only: where who logged a number left, the lead says it again."""
    log, own = PublicLog(), {draw.task.department.code for draw in draws}
    told = {
        entry.body["party"]
        for entry in log.entries_of(batch.code)
        if entry.type == "reveal" and entry.document["authority"] in own
    }
    for one in batch.contributions.exclude(secret="").select_related("department"):
        if one.department.code not in told:
            body = {"campaign": batch.code, "party": one.department.code, "secret": one.secret}
            log.append("reveal", body, authority=lead_of(batch).code, at=at)


def _value(batch: Batch, number: int, source: Document) -> str:
    if source["type"] == "cr":
        found = batch.contributions.filter(department__code=source["party"]).values_list("secret", flat=True).first()
        return found or "missing"
    return _read(batch, number)


def _read(batch: Batch, number: int) -> str:
    row = batch.readings.filter(number=number, voided_at=None).first()
    if row is None or row.confirmed_at is None:
        raise Refused("draws.reading_missing", number=number)
    return row.value


@operation("batch.seeded", "确定种子")
def seed(*, batch: Batch, beacon: Beacon | None, by: User | Clock, at: datetime) -> Done[Batch]:
    """The last source has come: whoever brings it, the signature decides. The seed is public at once.

    beacon: for a beacon, the signed round; other last sources were read by two people.
    by: one of its people, or ``CLOCK``, which fetched the round; dice and lotteries need people
    Raises Refused ``draws.beacon_…``, ``draws.seeded_already``, ``draws.reading_missing``.
    """
    batch = held(batch, "department__region")
    if batch.seed:
        raise Refused("draws.seeded_already", code=batch.code)
    check_may_move(by, batch, BatchState.SEEDED)
    rules.check_seed_is_due(batch, at)
    if isinstance(by, Clock) and beacon is None:
        raise Refused("draws.beacon_needed")
    files: dict[str, bytes] = {}
    if batch.last["type"] == "drand":
        if beacon is None:
            raise Refused("draws.beacon_needed")
        check_beacon(beacon, last_of(batch))
        files["sources/drand.json"] = dump_json(beacon.document())
    value = beacon.signature if beacon else _read(batch, len(batch.all_sources))
    with plainly():
        text = seed_text(read(batch, "close.txt").decode(), sources_of(batch), value)
        batch.seed = seed_of(text)
        keep(batch, files | {"seed-input.txt": text.encode()}, at)
        body = {"campaign": batch.code, "seed": batch.seed}
        log_files = {"seed-input.txt": text.encode()}
        PublicLog().append("seed", body, authority=lead_of(batch).code, at=at, files=log_files)
    batch.state, batch.seeded_at = BatchState.SEEDED, at
    batch.seeded_by = by if isinstance(by, User) else None
    batch.save()
    return Done(batch, {"seed": batch.seed})


@operation("batch.beacon_missed", "信标未能自动获取")
def miss_beacon(*, batch: Batch, cause: str, by: Clock, at: datetime) -> Done[Batch]:
    """The round is due and no relay has it: its people are told once, for they can carry it in as a file."""
    batch = held(batch, "department__region")
    rules.check_may_become(batch, BatchState.SEEDED)
    _tell_both(batch, f"信标没有自动取到，平台还会再试，也可以导入文件：{batch.code}", by, at)
    return Done(batch, {"told": cause})


@operation("batch.draw_failed", "抽取未能自动完成")
def miss_draw(*, batch: Batch, cause: str, by: Clock, at: datetime) -> Done[Batch]:
    """The seed is known and the draw that the clock asked for did not come about: its people can have it run again."""
    batch = held(batch, "department__region")
    rules.check_may_become(batch, BatchState.DRAWN)
    _tell_both(batch, f"种子已定，抽取没有完成，请排除原因后重新点击抽取：{batch.code}", by, at)
    return Done(batch, {"told": cause})


def sources_of(batch: Batch) -> list[Document]:
    """The sources as the parameters have them: of a public chain with the round that follows from the time."""
    found: list[Document] = params_in(batch)["seed"]
    return found


def params_in(batch: Batch) -> Document:
    """The committed parameters of its first draw; those of the others say the same of what they share."""
    told: Document = parse_json(read(batch, f"{drawn_together(batch)[0].folder}params.json"))
    return told


def last_of(batch: Batch) -> Document:
    """The last of them."""
    return sources_of(batch)[-1]
