"""市场监管领域随机抽查情况记录表: what one object's inspection came to, for several items and departments on one paper.

The fields are those of the national record, beside them what rules ask for since: who signed or would not, the earlier
visits of the year, the day by which something must be put right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from gongchou.papers.pdf import print_pdf
from gongchou.papers.pictures import framed
from gongchou.papers.qr import qr_svg
from gongchou.papers.sheet import Photo

TITLE = "市场监管领域随机抽查情况记录表"
METHODS = (
    *("实地检查", "书面检查", "行政部门检查结果或专业意见"),
    *("检验检测", "网络监测", "委托专业机构辅助"),
)
RESULTS = (
    "未发现问题",
    "未按规定公示应当公示的信息",
    "公示信息隐瞒真实情况、弄虚作假",
    "通过登记的住所（经营场所）无法联系",
    "发现问题已责令改正",
    "不配合检查情节严重",
    "未发现开展本次抽查涉及的经营活动",
    "发现问题待后续处理",
)
FOLLOW_UPS = (
    "未发现问题或已规范、已改正，无需后续处置",
    "停止检查，反馈日常监管部门",
    "违反本部门规定，责令改正，后续由日常监管跟踪",
    "发现案件线索，固定证据后移送办案机构",
    "违反其他部门规定，抄告相关部门",
    "其他",
)


@dataclass(frozen=True)
class ItemLine:
    """检查事项: whether it was checked (None: not said yet), what was found, what was done."""

    name: str
    is_checked: bool | None = None
    found: str = ""
    handled: str = ""


@dataclass(frozen=True)
class Signer:
    """Who signs: name, number of the certificate, PNG of the signature."""

    name: str = ""
    certificate: str = ""
    signature: bytes | None = None


@dataclass(frozen=True)
class Review:
    """审核: passed or not (None: not yet), by whom, why, when."""

    is_passed: bool | None = None
    reviewer: str = ""
    opinion: str = ""
    reviewed_on: str = ""


@dataclass(frozen=True)
class DepartmentPart:
    """What one department checked. methods, results, follow_ups: the words that are ticked

    is_closed: whether what follows is over (None: not said yet); deadline: by when something must be put right
    """

    department: str
    items: tuple[ItemLine, ...]
    methods: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    is_closed: bool | None = None
    closed_on: str = ""
    closed_note: str = ""
    deadline: str = ""
    inspectors: tuple[Signer, ...] = (Signer(), Signer())
    checked_on: str = ""
    recorder: str = ""
    recorded_on: str = ""
    review: Review = field(default_factory=Review)


@dataclass(frozen=True)
class Party:
    """被检查对象: what it had to say, who signed; or why not, and who saw it."""

    opinion: str = ""
    signer: Signer = field(default_factory=Signer)
    refusal: str = ""
    witness: Signer = field(default_factory=Signer)
    signed_on: str = ""


@dataclass(frozen=True)
class Record:
    """All that stands on the record; what is empty is room to write.

    n_visits: earlier inspections of the object this year; time: of arrival and leaving; place: how it was located
    methods, results, follow_ups: what there is to tick
    made_at: with its time zone
    """

    task_name: str
    task_number: str
    subject: str
    code: str
    address: str
    legal_person: str
    liaison: str
    parts: tuple[DepartmentPart, ...]
    made_at: datetime
    number: str = ""
    n_visits: str = ""
    time: str = ""
    place: str = ""
    party: Party = field(default_factory=Party)
    photos: tuple[Photo, ...] = ()
    methods: tuple[str, ...] = METHODS
    results: tuple[str, ...] = RESULTS
    follow_ups: tuple[str, ...] = FOLLOW_UPS
    url: str = ""
    is_demo: bool = False


def record_pdf(record: Record) -> bytes:
    """The record on A4. Raises PaperError: ``picture``, ``qr``, ``no_zone``."""
    at = record.made_at
    pictures = _Pictures()
    data = {
        **{name: getattr(record, name) for name in _PLAIN},
        "title": TITLE,
        "parts": [_part(part, record, pictures) for part in record.parts],
        "party": {
            **_words(record.party),
            "signer": _signer(record.party.signer, pictures),
            "witness": _signer(record.party.witness, pictures),
        },
        "photos": [
            {"name": pictures.add(one.picture, width=400, height=300), "caption": one.caption} for one in record.photos
        ],
        "mark": "演示数据" if record.is_demo else "",
        "made_at": f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
    }
    qr = {"qr": qr_svg(record.url)} if record.url else {}
    return print_pdf("record.typ", data, made_at=at, pictures=pictures.known | qr)


_PLAIN = (
    *("task_name", "task_number", "subject", "code", "address", "legal_person", "liaison"),
    *("number", "n_visits", "time", "place"),
)


class _Pictures:
    """Pictures by the names the template knows them by."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def add(self, picture: bytes | None, *, width: int = 300, height: int = 100) -> str:
        if picture is None:
            return ""
        name = f"picture {len(self.known)}"
        self.known[name] = framed(picture, width=width, height=height)
        return name


def _part(part: DepartmentPart, record: Record, pictures: _Pictures) -> dict[str, Any]:
    return {
        **_words(part),
        "items": [asdict(item) for item in part.items],
        "methods": _ticked(record.methods, part.methods),
        "results": _ticked(record.results, part.results),
        "follow_ups": _ticked(record.follow_ups, part.follow_ups),
        "inspectors": [_signer(one, pictures) for one in part.inspectors],
        "review": asdict(part.review),
    }


def _words(told: DepartmentPart | Party) -> dict[str, Any]:
    """The columns that are plain text, or yes or no."""
    return {name: value for name, value in vars(told).items() if value is None or isinstance(value, str | bool)}


def _signer(signer: Signer, pictures: _Pictures) -> dict[str, str]:
    return {"name": signer.name, "certificate": signer.certificate, "picture": pictures.add(signer.signature)}


def _ticked(offered: Sequence[str], chosen: Iterable[str]) -> list[tuple[str, bool]]:
    """What was chosen and is not offered comes behind: it was said, so it stands on paper."""
    wanted = list(chosen)
    return [(word, word in wanted) for word in (*offered, *(word for word in wanted if word not in offered))]
