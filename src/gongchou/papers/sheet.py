"""A form on paper: blank, to be filled in by hand, or with the answers that were given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongchou.papers.pdf import print_pdf
from gongchou.papers.pictures import framed
from gongchou.papers.qr import qr_svg

GROUP, REPEAT, NOTE = "group", "repeat", "note"
PICKING = ("one", "many")
Answers = Mapping[str, str] | None
MOST_TITLES = 5  # one above the other that are kept together
SHORT = 1_000  # characters of a row that surely has room on a page
N_BLANK = 2  # of a part that repeats, on a blank sheet


@dataclass(frozen=True)
class Question:
    """A row of a form, or a part with the rows in it.

    kind: ``text``, ``number``, ``date``, ``time``, ``one``, ``many`` (of the choices), ``picture``, ``signature``,
        ``place``, ``code``, ``computed``, ``note``; a part is ``group`` or ``repeat``
    choices: (code, words); condition: when it is to be answered, in words
    is_follow: whether it only goes further into the one before it, and so has no number of its own
    """

    name: str
    kind: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    basis: str = ""
    severity: str = ""
    condition: str = ""
    is_required: bool = False
    is_follow: bool = False
    rows: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Photo:
    """A photograph, PNG or JPEG, and what stands below it."""

    caption: str
    picture: bytes


@dataclass(frozen=True)
class Sheet:
    """All that stands on the sheet.

    facts: (name, value) above the questions; an empty value is a line to write on
    answers: question -> text, those of a part that repeats as ``part/0/question``; of choices their codes with spaces
        between. None makes a blank sheet; on one that is filled in, what was not answered says so, and what was asked
        only in another case is left out.
    signatures: question -> PNG; url: where it can be looked up, as a QR code
    made_at: with its time zone
    """

    title: str
    number: str
    department: str
    questions: tuple[Question, ...]
    made_at: datetime
    facts: tuple[tuple[str, str], ...] = ()
    answers: Answers = None
    signatures: Mapping[str, bytes] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    url: str = ""
    is_demo: bool = False


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet on A4. Raises PaperError: ``picture``, ``qr``, ``no_zone``."""
    at = sheet.made_at
    pictures = {name: framed(one, width=300, height=100) for name, one in sheet.signatures.items()}
    photos = {f"photo {n}": one for n, one in enumerate(sheet.photos)}
    pictures |= {name: framed(one.picture, width=400, height=300) for name, one in photos.items()}
    pictures |= {"qr": qr_svg(sheet.url)} if sheet.url else {}
    data = {
        "title": sheet.title,
        "number": sheet.number,
        "department": sheet.department,
        "facts": sheet.facts,
        "rows": _rows(sheet),
        "photos": [{"name": name, "caption": one.caption} for name, one in photos.items()],
        "is_blank": sheet.answers is None,
        "mark": "演示数据" if sheet.is_demo else "",
        "made_at": f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
    }
    return print_pdf("sheet.typ", data, made_at=at, pictures=pictures)


def _rows(sheet: Sheet) -> list[dict[str, Any]]:
    numbers = {one.name: str(n) for n, one in enumerate(_numbered(sheet.questions), 1)}
    rows = list(_of(sheet.questions, sheet.answers, numbers, ""))
    for row, n in zip(rows, _together(rows), strict=True):
        row["together"] = n
    return rows


def _together(rows: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """How many rows from each on stay on one page, 0 for those that an earlier one holds: titles stay with the first
    row below them, unless that may be longer than a page.
    """
    held = 0
    for at, row in enumerate(rows):
        if held:
            held -= 1
            yield 0
        elif row["type"] == "title":
            below = next((n for n, one in enumerate(rows[at:]) if one["type"] != "title"), 0)
            held = below if below <= MOST_TITLES and len(str(rows[at + below])) < SHORT else 0
            yield held + 1
        else:
            yield 1


def _numbered(questions: Iterable[Question]) -> Iterator[Question]:
    for one in questions:
        if one.kind in (GROUP, REPEAT):
            yield from _numbered(one.rows)
        elif one.kind != NOTE and not one.is_follow:
            yield one


def _of(
    questions: Iterable[Question], answers: Answers, numbers: Mapping[str, str], path: str
) -> Iterator[dict[str, Any]]:
    for one in questions:
        if one.kind == GROUP:
            yield {"type": "title", **_told(one)}
            yield from _of(one.rows, answers, numbers, path)
        elif one.kind == REPEAT:
            yield from _repeated(one, answers, numbers)
        elif one.kind == NOTE:
            yield {"type": "note", **_told(one)}
        elif not _is_beside_the_case(one, answers, path):
            yield _asked(one, answers, path) | {"number": numbers.get(one.name, "")}


def _repeated(part: Question, answers: Answers, numbers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The same questions with the same numbers, as often as they were answered."""
    times = _times(part.name, answers)
    if not times:
        yield {"type": "title", **_told(part), "nth": 0}
    for n in range(times):
        yield {"type": "title", **_told(part), "nth": n + 1}
        yield from _of(part.rows, answers, numbers, f"{part.name}/{n}/")


def _times(part: str, answers: Answers) -> int:
    if answers is None:
        return N_BLANK
    numbers = (path.removeprefix(f"{part}/").partition("/")[0] for path in answers if path.startswith(f"{part}/"))
    return max((int(one) + 1 for one in numbers if one.isdecimal()), default=0)


def _told(one: Question) -> dict[str, Any]:
    names = ("label", "hint", "basis", "severity", "condition", "is_required", "is_follow")
    return {name: getattr(one, name) for name in names}


def _is_beside_the_case(one: Question, answers: Answers, path: str) -> bool:
    """On a sheet that is filled in: what was to be answered only in another case, and was not."""
    return answers is not None and (one.is_follow or bool(one.condition)) and not answers.get(path + one.name)


def _asked(one: Question, answers: Answers, path: str) -> dict[str, Any]:
    path += one.name
    text = "" if answers is None else answers.get(path, "")
    choices, beside = _ticked(one.choices, text), _beside(one, text)
    told = {"path": path, "choices": choices, "text": beside, "is_blank": answers is None}
    return {"type": "question", "kind": one.kind, **_told(one), **told}


def _ticked(choices: Sequence[tuple[str, str]], text: str) -> list[tuple[str, bool]]:
    chosen = text.split()
    return [(words, code in chosen) for code, words in choices]


def _beside(one: Question, text: str) -> str:
    """What was answered beside the choices: nothing that was said may be missing from paper."""
    if one.kind not in PICKING:
        return text
    known = {code for code, _ in one.choices}
    return " ".join(word for word in text.split() if word not in known)
