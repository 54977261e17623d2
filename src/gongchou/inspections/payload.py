"""A record as a phone writes it (docs/interfaces/field.md), and what is wrong in one.

Everything a phone says is looked at here and nowhere else; what depends on the platform's own rows is in ``rules``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, NamedTuple
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gongchou.inspections.states import CheckMethod, Measure, Outcome, ResultCode
from gongchou.refusal import Refused

MOST_BYTES: Final = 1_000_000  # of a record without its files; a sheet of 300 questions is some 30 kB
MOST_DEEP: Final = 12
BROKEN: Final = "记录不是一份完整的 JSON，可能在传输中损坏。请重新提交；仍不行请导出后交办公室。"


def _printable(text: str) -> str:
    """What no keyboard gives, no database and no paper can keep."""
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise ValueError("a control character")
    return text


Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_printable)]
Short = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Angle = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Part):
    """Where and when, as the phone claims."""

    lat: Angle | None = None
    lon: Angle | None = None
    accuracy_m: Metres | None = None


class Entry(Place):
    """亮码入企 (R-85): how the visit began. Without a scan there is a reason."""

    at: AwareDatetime
    how: Literal["scan", "typed", "emergency"]
    licence: Short = ""
    reason: Short = ""


class ItemResult(_Part):
    """Of one item."""

    item: UUID
    is_checked: bool
    codes: tuple[ResultCode, ...] = ()
    problem: Text = ""
    handling: Text = ""
    follow_ups: tuple[Measure, ...] = ()


class Told(_Part):
    """告知 of the result to the party (R-78)."""

    at: AwareDatetime
    how: Literal["on_site", "written"]


class Signature(_Part):
    """Who signed."""

    role: Literal["inspector", "party", "witness"]
    name: Short
    certificate: Short = ""
    attachment: Digest
    at: AwareDatetime


class Refusal(_Part):
    """The party would not sign (R-76)."""

    reason: Annotated[Text, StringConstraints(min_length=1)]
    witness: Short = ""


class Exhibited(Place):
    """A file that belongs to the record."""

    sha256: Digest
    size: Annotated[int, Field(ge=1, le=20 * 1024 * 1024)]
    kind: Literal["photo", "audio", "signature", "file"]
    question: Short = ""
    caption: Short = ""
    taken_at: AwareDatetime | None = None
    original: Digest | Literal[""] = ""


class Device(_Part):
    """What sent it."""

    id: Short
    app: Short


class Record(_Part):
    """The whole of it, version 1."""

    v: Literal[1]
    visit: UUID
    department: UUID
    sheet: Digest
    base: Annotated[int, Field(ge=0, le=10_000)]
    outcome: Outcome
    outcome_note: Text = ""
    answers: dict[str, Any]
    results: Annotated[tuple[ItemResult, ...], Field(max_length=200)]
    methods: tuple[CheckMethod, ...] = ()
    entry: Entry
    left_at: AwareDatetime
    told: Told | None = None
    opinion: Text = ""
    signatures: Annotated[tuple[Signature, ...], Field(max_length=20)] = ()
    refusal: Refusal | None = None
    attachments: Annotated[tuple[Exhibited, ...], Field(max_length=200)] = ()
    device: Device


class Problem(NamedTuple):
    """What is wrong. path: of the field, with dots; told: the sentence"""

    path: str
    told: str


class Unfit(Exception):  # noqa: N818 -- says what a record is
    """A record that is not taken, with all that is wrong in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


def read_record(body: bytes) -> Record:
    """The record in the body of a request. Raises Unfit; Refused ``inspections.too_large``."""
    if len(body) > MOST_BYTES:
        raise Refused("inspections.too_large", most=MOST_BYTES // 1000)
    try:
        told = json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
        _check_depth(told)
        record = Record.model_validate_json(body)
    except ValidationError as error:
        raise Unfit([Problem(_path(one["loc"]), _words(one)) for one in error.errors()[:50]]) from error
    except (ValueError, RecursionError) as error:
        raise Unfit([Problem("", BROKEN)]) from error
    problems = list(_contradictions(record))
    if problems:
        raise Unfit(problems)
    return record


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _no_number(text: str) -> None:
    raise ValueError(text)


def _check_depth(value: Any, depth: int = 0) -> None:
    if depth > MOST_DEEP:
        raise ValueError("too deep")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        _check_depth(part, depth + 1)


def _path(place: tuple[int | str, ...]) -> str:
    return ".".join(map(str, place))


_WORDS: Final = {
    "missing": "缺少这一项，请补充。",
    "extra_forbidden": "平台不认识这一项，请更新页面后再提交。",
    "string_too_long": "内容太长，请缩短。",
    "timezone_aware": "时间没有时区。",
}


def _words(error: Mapping[str, Any]) -> str:
    return _WORDS.get(error["type"], "填写的内容不符合要求，请检查。")


def _contradictions(record: Record) -> Iterator[Problem]:
    """What no single field shows."""
    if record.left_at < record.entry.at:
        yield Problem("left_at", "离开时间早于进入时间，请检查。")
    if record.entry.how != "scan" and not record.entry.reason:
        yield Problem("entry.reason", "没有扫码入企，请写明理由。")
    if record.outcome != Outcome.INSPECTED and not record.outcome_note:
        yield Problem("outcome_note", f"检查情况为“{record.outcome.label}”，请写明经过。")
    yield from _in_signatures(record)
    yield from _in_files(record)


def _in_signatures(record: Record) -> Iterator[Problem]:
    roles = [one.role for one in record.signatures]
    if record.outcome == Outcome.INSPECTED and "party" not in roles and record.refusal is None:
        yield Problem("signatures", "被检查对象没有签字，请签字，或写明拒签的理由。")
    if "inspector" not in roles:
        yield Problem("signatures", "检查人员没有签字。")
    kept = {one.sha256 for one in record.attachments}
    for number, one in enumerate(record.signatures):
        if one.attachment not in kept:
            yield Problem(f"signatures.{number}.attachment", f"{one.name}的签字图片不在附件中。")


def _in_files(record: Record) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, one in enumerate(record.attachments):
        if one.sha256 in seen:
            yield Problem(f"attachments.{number}", "同一个附件出现了两次，请删去一个。")
        seen.add(one.sha256)


def offset_of(claimed: str, at: datetime) -> tuple[datetime | None, int | None]:
    """What the phone's clock says and how many seconds it is ahead; nothing where it says nothing readable."""
    try:
        told = datetime.fromisoformat(claimed)
        return (told, int((told - at).total_seconds())) if told.tzinfo else (None, None)
    except (ValueError, OverflowError):
        return None, None
