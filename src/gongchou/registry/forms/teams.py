"""Input about standing teams into clean values; a file of teams is read into rows, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
from gongchou.registry.operations.teams import TeamRow
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
    """All teams of a file. Raises FormatError, or Refused ``registry.team_…``."""
    if (upload.size or 0) > MOST_BYTES:
        raise Refused("registry.team_too_large", most=MOST_BYTES // 1024 // 1024)
    return rows_in(upload, _teams)


def _teams(rows: Iterator[Row]) -> list[TeamRow]:
    places = _find_header(rows)
    found: dict[str, TeamRow] = {}
    leads: dict[str, str] = {}
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        told = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if not any(told.values()):
            continue
        team = _with_member(found.get(told["number"]), told, row.line)
        if told.get("lead") in LEADS:
            if told["number"] in leads:
                raise _wrong(row.line, f"小组“{team.number}”有两名组长")
            leads[told["number"]] = told["member"]
        found[team.number] = team
    if not found:
        raise Refused("registry.team_empty")
    return [replace(team, lead=leads.get(number, team.lead)) for number, team in found.items()]


def _with_member(team: TeamRow | None, told: dict[str, str], line: int) -> TeamRow:
    """The team with the member of this line. Raises Refused ``registry.team_line``."""
    for name, most in LONGEST.items():
        if not told[name] or len(told[name]) > most:
            raise _wrong(line, f"“{HEADINGS[name][0]}”{'太长' if told[name] else '没有填'}")
    if team is None:
        return TeamRow(told["number"], told["name"], told["department"], (told["member"],), told["member"])
    if (team.name, team.department) != (told["name"], told["department"]):
        raise _wrong(line, f"小组“{team.number}”的名称或单位与前面的行不一致")
    if told["member"] in team.members:
        raise _wrong(line, f"人员“{told['member']}”在小组“{team.number}”中重复")
    return TeamRow(team.number, team.name, team.department, (*team.members, told["member"]), team.lead)


def _wrong(line: int, told: str) -> Refused:
    return Refused("registry.team_line", line=line, told=told)


def _find_header(rows: Iterator[Row]) -> dict[str, int]:
    for row in islice(rows, HEADER_WITHIN):
        cells = [cell.strip().strip("*") for cell in row.cells]
        found = {name: [n for n, cell in enumerate(cells) if cell in words] for name, words in HEADINGS.items()}
        if all(found[name] for name in LONGEST):
            return {name: places[0] for name, places in found.items() if places}
    raise Refused("registry.team_header")
