"""抽取结果证书 of a batch, from what is kept of it: at the same moment the same batch gives the same paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count, F
from django.utils import timezone

from gongchou.draw.encoding import sha256_hex
from gongchou.draw.table import write_table
from gongchou.draws.models import Batch, Draw, Hit, Replacement, Stratum, Substitution
from gongchou.draws.queries.batches import stratum_words
from gongchou.draws.queries.results import UNFILLED, filled, open_seats, redealt, standing
from gongchou.draws.queries.sources import MISSING, TOLD_MISSING, party_names, source_values, source_words
from gongchou.draws.reasons import words
from gongchou.draws.states import BatchState
from gongchou.papers.certificate import Certificate, SelectedLine, StratumLine, WitnessLine, certificate_pdf
from gongchou.refusal import Refused

MOST_LISTED = 5_000
TITLE = "双随机抽查抽取结果证书"
MOST_TOLD = 20  # replacements, and seats dealt again
NOTHING = "—"


def certificate_of(batch: Batch, *, url: str, at: datetime) -> bytes:
    """The paper as PDF. url: of the public page, for the QR code; at: now. Raises Refused ``draws.not_drawn``."""
    if batch.drawn_at is None:
        raise Refused("draws.not_drawn", code=batch.code)
    draws = list(batch.draws.select_related("task").prefetch_related("strata"))
    is_withdrawn = batch.state == BatchState.WITHDRAWN
    return certificate_pdf(
        Certificate(
            title=f"{TITLE}（{batch.state_word}）" if is_withdrawn else TITLE,
            number=batch.code,
            department=batch.department.name,
            tasks=tuple(f"{_task(one)}{_given_up(one)}" for one in draws),
            is_test=batch.is_test,
            is_withdrawn=is_withdrawn,
            is_demo=settings.IS_DEMO,
            mode=f"{batch.get_mode_display()}；{batch.get_profile_display()}",
            times=_times(batch),
            sources=_sources(batch),
            seed=batch.seed,
            strata=_strata(draws),
            counts=(("应抽（户）", _n_wanted(draws)), ("检查户次", standing(batch.visits.all()).count())),
            later=(*_not_yet(batch), *_replaced(batch), *_redealt(batch)),
            witnesses=_witnesses(batch),
            url=url,
            result_digest=result_digest(batch),
            generated_at=timezone.localtime(at),
            selected=_selected(batch),
        )
    )


def result_digest(batch: Batch) -> str:
    """SHA-256 of the list of the selected; of several, over their paths and digests (64 hex digits)."""
    rows = list(batch.evidence.filter(path__endswith="selected.tsv").values_list("path", "sha256"))
    return rows[0][1] if len(rows) == 1 else sha256_hex(write_table(rows))


def _times(batch: Batch) -> tuple[tuple[str, str], ...]:
    stamps = (
        ("名单冻结", batch.frozen_at),
        ("公开承诺", batch.committed_at),
        ("来源截止", batch.closed_at),
        (_LAST.get(batch.last["type"], "信标时间"), batch.beacon_at),
        ("抽取完成", batch.drawn_at),
    )
    return tuple((words, _shown(at)) for words, at in stamps if at)


_LAST = {"digits": "约定的摇号时间", "lottery": "约定的开奖时间"}


def _sources(batch: Batch) -> tuple[tuple[str, str], ...]:
    """Each by name, with the value that went into the seed."""
    names = party_names(batch)
    rows = zip(batch.all_sources, source_values(batch), strict=True)
    told = ((source_words(one, names), TOLD_MISSING if value == MISSING else value) for one, value in rows)
    return tuple((f"{number}. {name}", value) for number, (name, value) in enumerate(told, 1))


def _task(draw: Draw) -> str:
    return f"{draw.task.number} {draw.task.name}"


def _given_up(draw: Draw) -> str:
    """A paper that is printed later must not show as valid what was withdrawn."""
    return f"（已撤回，{_shown(draw.withdrawn_at)}）" if draw.withdrawn_at else ""


def _shown(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def _n_wanted(draws: Iterable[Draw]) -> int:
    """Of the draws that stand."""
    return sum(part.n for draw in draws if not draw.is_withdrawn for part in draw.strata.all())


def _strata(draws: Iterable[Draw]) -> tuple[StratumLine, ...]:
    """As they were drawn: who was replaced later was drawn, who came in later was not."""
    rows = [part for draw in draws for part in draw.strata.all()]
    found = Hit.objects.filter(stratum__in=rows, rank__lte=F("stratum__n")).exclude(place=Hit.Place.RESERVE)
    drawn = dict(found.order_by().values_list("stratum").annotate(n=Count("pk")))
    return tuple(_stratum(part, drawn.get(part.pk, 0)) for part in rows)


def _stratum(part: Stratum, n_drawn: int) -> StratumLine:
    draw = part.draw
    label = stratum_words(part.code) if draw.batch.is_sealed else part.label  # as the public page has it
    task = f"{_task(draw)}{_given_up(draw)}"
    return StratumLine(label, part.size, part.n, n_drawn, part.cutoff[:16] or NOTHING, task)


def _not_yet(batch: Batch) -> Iterator[str]:
    """What still lacks when the paper is printed."""
    if batch.state == BatchState.DRAWN:
        yield "结果还没有锁定。"
    n = open_seats(batch).count() if batch.has_match else 0
    if n:
        yield f"检查人员席位还空缺 {n} 个，原因和证明见公示的证据包。"


def _replaced(batch: Batch) -> tuple[str, ...]:
    """The paper lists what was drawn; who goes out later is told beside it."""
    rows = Replacement.objects.filter(batch=batch).exclude(event=None).order_by("event")
    rows = rows.select_related("draw", "out__stratum", "into")
    told = [_replaced_line(one) for one in rows[:MOST_TOLD]]
    n = rows.count()
    if not n:
        return ()
    more = f"此处列出前 {MOST_TOLD} 户，其余见公示页。" if n > MOST_TOLD else ""
    return (f"抽取后替换 {n} 户，检查户次按替换以后计；各层结果和抽取名单为抽取当时的结果。{more}", *told)


def _replaced_line(one: Replacement) -> str:
    why, at = words("replace", one.reason), _shown(one.approved_at) if one.approved_at else NOTHING
    into = f"备选第 {one.into.rank} 位递补" if one.into else "无人递补"
    return f"{one.draw.code} {stratum_words(one.out.stratum.code)}：第 {one.out.rank} 位因{why}退出，{into}（{at}）。"


def _redealt(batch: Batch) -> tuple[str, ...]:
    """Seats that got somebody else after the draw; who, a paper that may be sealed does not say."""
    n_again, n_filled = redealt(batch).count(), filled(batch).count()
    if not n_again + n_filled:
        return ()
    rows = (redealt(batch) | filled(batch)).select_related("into")
    more = f"此处列出前 {MOST_TOLD} 次，其余见公示页。" if n_again + n_filled > MOST_TOLD else ""
    told = f"抽取后席位重抽 {n_again} 次，空缺补配 {n_filled} 个席位，{_decided_by(rows[0])}。{more}"
    return (told, *(_redealt_line(one) for one in rows.order_by("event")[:MOST_TOLD]))


def _decided_by(one: Substitution) -> str:
    """The same source decides all of a batch; when dice were thrown, people saw and no log shows."""
    if one.source["type"] == "digits":
        return "由申请以后录入、另一人核对的现场摇号读数决定，每次录入都在公开日志里；何时摇出，以在场的人所见为准"
    return "都由申请以后才产生的随机数决定"


def _redealt_line(one: Substitution) -> str:
    why, at = words("substitute", one.reason), _shown(one.dealt_at) if one.dealt_at else NOTHING
    found = "已补上" if one.into and one.into.inspector_id else "无人可补，席位空缺"
    did = why if one.reason == UNFILLED else f"{why}，席位重抽"
    return f"公开日志第 {one.event} 条：{did}，{found}（{at}）。"


def _witnesses(batch: Batch) -> tuple[WitnessLine, ...]:
    rows = batch.attendances.exclude(signed_at=None).select_related("user")
    return tuple(
        WitnessLine(one.user.name, one.get_role_display(), _shown(one.signed_at)) for one in rows if one.signed_at
    )


def _selected(batch: Batch) -> tuple[SelectedLine, ...] | None:
    """Of a sealed list the pseudonyms; a list too long for paper is in the evidence only."""
    rows = Hit.objects.filter(batch=batch).exclude(place__in=(Hit.Place.RESERVE, Hit.Place.CAME_IN))
    if rows.count() > MOST_LISTED:
        return None
    return tuple(_line(batch, hit) for hit in rows.select_related("subject", "stratum", "draw__task"))


def _line(batch: Batch, hit: Hit) -> SelectedLine:
    task = f"{_task(hit.draw)}{_given_up(hit.draw)}"
    if batch.is_sealed:
        return SelectedLine(NOTHING, hit.pid, stratum_words(hit.stratum.code), hit.rank, task)
    return SelectedLine(hit.subject.number, hit.subject.name, hit.stratum.label, hit.rank, task)
