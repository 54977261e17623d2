"""Input about standing teams into clean values; a file of teams is read into rows, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongchou.accounts.models import User
from gongchou.draw.register import Row
from gongchou.refusal import Refused
from gongchou.registry.forms.fields import one_of
from gongchou.registry.forms.inspectors import SEARCHED_MANY
from gongchou.registry.forms.tables import read_into, rows_in
from gongchou.registry.models import Inspector, StandingTeam
from gongchou.registry.operations.team_files import FileLine, TeamRow
from gongchou.registry.queries import inspectors as queries
from gongchou.registry.queries.teams import current, may_join
from gongchou.web.forms import SEARCHED

MOST_BYTES = 10 * 1024 * 1024
HEADER_WITHIN = 10
HEADINGS = {
    "number": ("小组编号", "组号"),
    "name": ("小组名称", "组名", "检查小组"),
    "department": ("单位代码", "所在单位", "单位", "单位名称"),
    "member": ("人员编号", "内部编号", "组员编号", "工号"),
    "lead": ("组长", "是否组长"),
}
LEADS = ("是", "组长", "1", "√", "✓")
LONGEST = {"number": 40, "name": 60, "department": 100, "member": 40}


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """A team; its number and its unit only when it is new."""

    class Meta:
        model = StandingTeam
        fields = ("number", "name", "department")
        widgets: ClassVar = {"department": SEARCHED}
        help_texts: ClassVar = {"department": "小组设在局里或设在某个所。设立后不能改，抽取方式按它确定管辖范围。"}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.fields["department"].queryset = queries.departments_kept(by).filter(is_active=True)  # type: ignore[attr-defined]
            self.fields["department"].initial = by.department_id
        else:
            del self.fields["number"], self.fields["department"]

    def validate_unique(self) -> None:
        """Left to the operation, which says it in its own words and inside the transaction."""


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, one: Any) -> str:
        return _label(one)


class _Person(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, one: Any) -> str:
        return _label(one)


def _label(one: Inspector) -> str:
    return f"{one.name}（{one.number}，{one.department.short_name}）"


class MembersForm(forms.Form):
    """Who is in a team from now on, and who leads it."""

    members = _People(label="组员", queryset=Inspector.objects.none(), widget=SEARCHED_MANY)
    lead = _Person(label="组长", queryset=Inspector.objects.none(), widget=SEARCHED, help_text="须在组员之中。")
    reason = forms.CharField(label="调整依据", max_length=200, help_text="如：编组通知文号、人员调动")

    def __init__(self, data: Any, *, team: StandingTeam) -> None:
        rows = list(current(team.members.all()))
        lead = next((row.inspector_id for row in rows if row.is_lead), None)
        super().__init__(data, initial={"members": [row.inspector_id for row in rows], "lead": lead})
        for name in ("members", "lead"):
            self.fields[name].queryset = may_join(team)  # type: ignore[attr-defined]


class TeamsFileForm(forms.Form):
    """Which file."""

    department = one_of("导入部门")
    file = forms.FileField(
        label="文件",
        help_text=(
            "Excel（.xlsx）或 .csv，每人一行：小组编号、小组名称、单位代码（或单位名称）、人员编号、组长（填“是”）。"
            "没有标组长的，第一人为组长。"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.departments_kept(by).filter(is_internal_unit=False)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read the file; what is wrong with it is said beside it."""
        return read_into(self, super().clean() or {}, rows_of, unreadable="registry.team_unreadable")


def rows_of(upload: UploadedFile) -> list[TeamRow]:
    """All teams of a file; what is wrong with the lines of one stands in it. Raises FormatError, or Refused
    ``registry.team_too_large``, ``registry.team_header`` or ``registry.team_empty``.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise Refused("registry.team_too_large", most=MOST_BYTES // 1024 // 1024)
    return rows_in(upload, _teams)


def _teams(rows: Iterator[Row]) -> list[TeamRow]:
    places = _find_header(rows)
    found: dict[str | int, list[FileLine]] = {}
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        told = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if any(told.values()):
            # a line without a number belongs to nobody: it is given back by itself
            found.setdefault(told["number"] or row.line, []).append(FileLine(row.line, told))
    if not found:
        raise Refused("registry.team_empty")
    return [_team(lines) for lines in found.values()]


def _team(lines: list[FileLine]) -> TeamRow:
    first = lines[0].cells
    members = [line.cells["member"] for line in lines]
    marked = [line.cells["member"] for line in lines if line.cells.get("lead") in LEADS]
    told = {name: first[name] for name in ("number", "name", "department")}
    lead = (marked or members)[0]
    return TeamRow(**told, members=tuple(members), lead=lead, lines=tuple(lines), wrong=_wrong_in(lines))


def _wrong_in(lines: list[FileLine]) -> Refused | None:
    """What is wrong with the first line that is not right."""
    first, seen, has_lead = lines[0].cells, set[str](), False
    for line in lines:
        cells, is_lead = line.cells, line.cells.get("lead") in LEADS
        why = _wrong_cell(cells)
        if not why and any(cells[name] != first[name] for name in ("name", "department")):
            why = f"小组“{cells['number']}”的名称或单位与前面的行不一致"
        if not why and cells["member"] in seen:
            why = f"人员“{cells['member']}”在小组“{cells['number']}”中重复"
        if not why and is_lead and has_lead:
            why = f"小组“{cells['number']}”有两名组长"
        if why:
            return Refused("registry.team_line", line=line.number, told=why)
        seen.add(cells["member"])
        has_lead = has_lead or is_lead
    return None


def _wrong_cell(cells: Mapping[str, str]) -> str:
    for name, most in LONGEST.items():
        if not cells[name] or len(cells[name]) > most:
            return f"“{HEADINGS[name][0]}”{'太长' if cells[name] else '没有填'}"
    return ""


def _find_header(rows: Iterator[Row]) -> dict[str, int]:
    for row in islice(rows, HEADER_WITHIN):
        cells = [cell.strip().strip("*") for cell in row.cells]
        found = {name: [n for n, cell in enumerate(cells) if cell in words] for name, words in HEADINGS.items()}
        if all(found[name] for name in LONGEST):
            return {name: places[0] for name, places in found.items() if places}
    raise Refused("registry.team_header")
