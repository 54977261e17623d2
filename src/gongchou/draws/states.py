"""The lives of a batch of draws and of each draw in it; moves are data."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class BatchState(TextChoices):
    """One seed, from the first list to the teams on their way."""

    DRAFT = "draft", "准备中"
    FROZEN = "frozen", "名单已冻结，待复核"
    COMMITTED = "committed", "已承诺公开，待截止"
    CLOSED = "closed", "来源已截止，待最后来源"
    SEEDED = "seeded", "种子已定，正在抽取"
    DRAWN = "drawn", "已抽取，待锁定"
    LOCKED = "locked", "结果已锁定"
    DISPATCHED = "dispatched", "已派发"
    WITHDRAWN = "withdrawn", "已撤回"
    DROPPED = "dropped", "未承诺，已放弃"


MOVES: Final = {
    BatchState.DRAFT: (BatchState.FROZEN, BatchState.DROPPED),
    BatchState.FROZEN: (BatchState.DRAFT, BatchState.COMMITTED, BatchState.DROPPED),
    BatchState.COMMITTED: (BatchState.CLOSED, BatchState.WITHDRAWN),
    BatchState.CLOSED: (BatchState.SEEDED, BatchState.WITHDRAWN),
    BatchState.SEEDED: (BatchState.DRAWN, BatchState.WITHDRAWN),
    BatchState.DRAWN: (BatchState.LOCKED, BatchState.WITHDRAWN),
    BatchState.LOCKED: (BatchState.DISPATCHED, BatchState.WITHDRAWN),
    BatchState.DISPATCHED: (BatchState.WITHDRAWN,),
    BatchState.WITHDRAWN: (),
    BatchState.DROPPED: (),
}
PUBLIC: Final = (
    BatchState.COMMITTED,
    BatchState.CLOSED,
    BatchState.SEEDED,
    BatchState.DRAWN,
    BatchState.LOCKED,
    BatchState.DISPATCHED,
    BatchState.WITHDRAWN,
)
ENDED: Final = (BatchState.WITHDRAWN, BatchState.DROPPED)
WITH_RESULT: Final = (BatchState.DRAWN, BatchState.LOCKED, BatchState.DISPATCHED)
BEING_PREPARED: Final = (BatchState.DRAFT, BatchState.FROZEN)
UNDER_WAY: Final = (
    BatchState.COMMITTED,
    BatchState.CLOSED,
    BatchState.SEEDED,
    BatchState.DRAWN,
    BatchState.LOCKED,
    BatchState.DISPATCHED,
)


class Mode(TextChoices):
    """A practice run can never be passed off as a real one: the word is inside every hash."""

    OFFICIAL = "official", "正式"
    TEST = "test", "演练"


class Profile(TextChoices):
    """What comes last into the seed, after all that people can influence (draw protocol B.5)."""

    PUBLIC = "D", "公共随机信标（最强）"
    PRIVATE = "P", "自建随机信标网络"
    LOTTERY = "L", "指定期号的彩票开奖"
    DIGITS = "N", "现场摇号（最弱）"


class Matching(TextChoices):
    """Who may be dealt to whom (R-62)."""

    NONE = "none", "只抽对象，不匹配人员"
    GLOBAL = "global", "全局混合"
    REGION = "region", "区域定向"
    BUREAU_STATION = "bureau_station", "局所联动"
    STATIONS = "stations", "所所联动"
    STATIONS_CROSS = "stations_cross", "所所交叉"
    ALL_STATIONS = "all_stations", "全所混合"


MEANING: Final = {
    Matching.NONE: "只抽检查对象；人员由各单位另行确定。",
    Matching.GLOBAL: "局机关和各所的人员放在一起抽，谁都可能检查任何一户。",
    Matching.REGION: "每人只检查本人所在单位区划以内各单位管辖的对象。",
    Matching.BUREAU_STATION: (
        "每组一半是局机关人员，一半是管辖该对象的所的人员（单数时局机关多一人）；对象由局直接管辖的，由该局下属各所参加。"
        "没有下属所的部门只派本区划人员。"
    ),
    Matching.STATIONS: "只抽所里人员，同一县（区）各所混合编组，只检查本县（区）的对象。没有下属所的部门派本部门人员。",
    Matching.STATIONS_CROSS: "只抽所里人员，在全部范围内混合，谁都不检查本所管辖的对象。没有下属所的部门派本部门人员。",
    Matching.ALL_STATIONS: ("只抽所里人员，在全部范围内混合，也可能检查本所管辖的对象。没有下属所的部门派本部门人员。"),
}
"""Each mode in words, for the form and for who signs."""


class DrawState(TextChoices):
    """One draw of a batch."""

    LIVE = "live", "有效"
    WITHDRAWN = "withdrawn", "已撤回"
    WITHDRAWN_LATE = "withdrawn_late", "来源截止后撤回"


NO_RESULT: Final = "尚无结果"  # promised, and neither drawn nor given up
LATE_UNCLOSED: Final = "来源未截止，信标时间后撤回"  # as late as after the close, but there was none


class RequestStage(TextChoices):
    """Where a request to deal a seat again stands."""

    QUEUED = "queued", "排队"
    UNSEEN = "unseen", "等待见证人共签"
    EARLY = "early", "等待信标"
    LATE = "late", "逾时，待办结"
    UNREAD = "unread", "等待录入读数"
    UNCONFIRMED = "unconfirmed", "读数待核对"
    READY = "ready", "可以抽取"
    VOID = "void", "逾时无效"
    FILLED = "filled", "已补上"
    OPEN = "open", "无人可补，席位空缺"
