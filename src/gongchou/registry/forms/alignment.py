"""A file of official entries, read into rows; nothing is taken unless all of it can be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.draw.register import Row
from gongchou.refusal import Refused
from gongchou.registry.forms.fields import one_of
from gongchou.registry.forms.tables import read_into, rows_in
from gongchou.registry.models import OfficialEntry
from gongchou.registry.operations.alignment import EntryRow

MOST_ROWS = 20_000
MOST_BYTES = 20 * 1024 * 1024
HEADER_WITHIN = 10
HEADINGS = {
    "code": ("编码", "事项编码", "监管事项编码", "权力编码", "职权编码", "目录编码"),
    "name": ("名称", "事项名称", "监管事项名称", "职权名称", "目录名称"),
    "basis": ("依据", "设定依据", "法律依据", "检查依据", "实施依据"),
}


class ImportForm(forms.Form):
    """Which system, whose entries, which file."""

    source = forms.ChoiceField(label="来源", choices=OfficialEntry.Source.choices)
    department = one_of("部门")
    is_full = forms.BooleanField(label="这是该部门的全部条目（文件中没有的视为已取消）", required=False)
    file = forms.FileField(
        label="文件",
        help_text="Excel（.xlsx）或 .csv，须有“编码”“名称”两栏，可以有“依据”一栏。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = departments_within(by, Duty.KEEP_LIST).filter(is_internal_unit=False)
        self.fields["department"].queryset = own  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read the file; what is wrong with it is said beside it."""
        return read_into(self, super().clean() or {}, rows_of, unreadable="registry.official_unreadable")


def rows_of(upload: UploadedFile) -> list[EntryRow]:
    """All entries of a file. Raises FormatError, or Refused ``registry.official_…``."""
    if (upload.size or 0) > MOST_BYTES:
        raise Refused("registry.official_too_large", most=MOST_BYTES // 1024 // 1024)
    return rows_in(upload, lambda rows: list(_entries(rows)))


def _entries(rows: Iterator[Row]) -> Iterator[EntryRow]:
    places = _find_header(rows)
    seen: dict[str, int] = {}
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        told = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if not any(told.values()):
            continue
        entry = EntryRow(told["code"], told["name"], told.get("basis", ""))
        _check(entry, row.line, seen)
        yield entry
    if not seen:
        raise Refused("registry.official_empty")


def _find_header(rows: Iterator[Row]) -> dict[str, int]:
    for row in islice(rows, HEADER_WITHIN):
        cells = [cell.strip().strip("*") for cell in row.cells]
        found = {name: [n for n, cell in enumerate(cells) if cell in words] for name, words in HEADINGS.items()}
        if found["code"] and found["name"]:
            return {name: places[0] for name, places in found.items() if places}
    raise Refused("registry.official_header")


def _check(entry: EntryRow, line: int, seen: dict[str, int]) -> None:
    lacks = [word for word, text in (("编码", entry.code), ("名称", entry.name)) if not text]
    too_long = [word for word, text, most in (("编码", entry.code, 60), ("名称", entry.name, 200)) if len(text) > most]
    if lacks or too_long:
        told = f"缺少{'和'.join(lacks)}" if lacks else f"{'和'.join(too_long)}太长"
        raise Refused("registry.official_row", line=line, told=told)
    if entry.code in seen:
        raise Refused("registry.official_row", line=line, told=f"编码“{entry.code}”与第{seen[entry.code]}行重复")
    if len(seen) >= MOST_ROWS:
        raise Refused("registry.official_too_many", count=MOST_ROWS, most=MOST_ROWS)
    seen[entry.code] = line
