"""What was promised when and what came last, so that a citizen sees why nobody could choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongchou.draw.seed import strength_of
from gongchou.draws.models import Batch
from gongchou.draws.queries.results import GRACE
from gongchou.draws.states import BatchState

SOURCES = {
    "D": "{name}。它由世界各地互不隶属的多家机构共同签出，到点之前谁也算不出来，到点之后谁都能核对签名。",
    "P": "{name}。到点之后谁都能核对签名；到点之前谁也算不出来，前提是运行它的单位没有串通。",
    "L": "{name}。开奖由彩票机构进行，抽取的人左右不了。",
    "N": "{name}，由一人录入、另一人当场核对。这是最弱的一种来源，请结合录像和见证人的签到来看。",
}


@dataclass(frozen=True)
class Step:
    """One moment. at: when it was, or is due; is_done: it has happened; is_alarm: to be shown in red"""

    name: str
    title: str
    told: str
    at: datetime | None
    is_done: bool
    is_alarm: bool = False


def steps_of(batch: Batch, last: str, now: datetime) -> list[Step]:
    """The moments of a batch in their order. last: the last source in words"""
    return [*_before(batch, now), *_seed(batch, last, now), *_after(batch, now)]


def _before(batch: Batch, now: datetime) -> Iterator[Step]:
    told = "按登记情况固定名单、分层和抽取数量，此后名录再有变化也不影响本次抽取。"
    yield Step("frozen", "名单固定", told, batch.frozen_at, True)
    told = "第二人复核后，把规则、名单的指纹和将用的随机来源写进公开日志。结果还不存在；此后改动一个字，指纹就对不上。"
    yield Step("committed", "公开承诺", told, batch.committed_at, True)
    told = "人能影响的数到此为止，全部记入公开日志；后面的随机数还没有产生。"
    if batch.closed_at is None and now >= batch.beacon_at:
        told = "没有按时截止，随机数已经产生，本批次不能再产生结果。"
    if batch.closed_at or batch.state != BatchState.WITHDRAWN:
        yield Step("closed", "来源截止", told, batch.closed_at or batch.closes_at, batch.closed_at is not None)


def _seed(batch: Batch, last: str, now: datetime) -> Iterator[Step]:
    told = SOURCES[strength_of([batch.last])].format(name=last)
    if batch.seed or batch.state != BatchState.WITHDRAWN:
        yield Step("beacon", "最后的随机数产生", told, batch.beacon_at, bool(batch.seed))
    if not batch.seed and now > batch.beacon_at + GRACE and batch.state != BatchState.WITHDRAWN:
        told = "随机数的时间已过，组织部门还没有公布结果。承诺已经在公开日志里，不能收回，也不能悄悄重来。"
        yield Step("overdue", "尚未公布结果", told, None, True, is_alarm=True)


def _after(batch: Batch, now: datetime) -> Iterator[Step]:
    told = "种子由前面各项算出，结果由种子和名单算出；同样的名单和种子只有这一个结果，任何人都可以重算。"
    is_over = batch.state == BatchState.WITHDRAWN
    if batch.drawn_at or not is_over:
        yield Step("drawn", "算出结果", told, batch.drawn_at, batch.drawn_at is not None)
    if is_over:
        told = "本批次的抽取都已撤回，结果不作数。撤回本身记入公开日志，永远可查。"
        yield Step("withdrawn", "撤回", told, batch.ended_at, True, is_alarm=True)
    if batch.disclosed_at and batch.drawn_at:
        told = "名单内外的每一家都可以凭回执码查询自己为什么被抽中或没有抽中；在此之前对任何人都不答复。"
        yield Step("disclosed", "回执开放", told, batch.disclosed_at, now >= batch.disclosed_at)


def lead_of(batch: Batch) -> timedelta:
    """How long the promise lay open before the last random number could be known."""
    assert batch.committed_at is not None  # noqa: S101 -- public batches are committed
    return batch.beacon_at - batch.committed_at


def in_words(span: timedelta) -> str:
    """A span of time in its two largest units."""
    minutes = int(span.total_seconds()) // 60
    units = [(minutes // 1440, "天"), (minutes // 60 % 24, "小时"), (minutes % 60, "分钟")]
    said = [f"{n}{unit}" for n, unit in units if n]
    return "".join(said[:2]) or "不到1分钟"
