"""Pages of 检查小组."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from io import BytesIO
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.refusal import Refused, sentence
from gongchou.registry.forms import teams as forms
from gongchou.registry.models import Inspector, StandingTeam
from gongchou.registry.operations import team_files
from gongchou.registry.operations import teams as operations
from gongchou.registry.operations.team_files import TeamRow
from gongchou.registry.queries import inspectors as people
from gongchou.registry.queries import teams as queries
from gongchou.registry.rules.teams import check_stands
from gongchou.registry.tables import teams as tables
from gongchou.registry.tables.inspectors import state_badge
from gongchou.registry.views.inspectors import is_keeper, keeps, reads
from gongchou.sheets.writing import write_table
from gongchou.web.forms import ReasonForm, form_page, seen_by
from gongchou.web.lists import ListPage

MEMBERS_LEAD = (
    "只列出本局及其内设机构、所里有执法资格而不在其他小组的人员。调整自下一次冻结名单起生效，"
    "已冻结的抽取仍按冻结时的组员；原来的记录保留。"
)

MOST_SHOWN = 500  # lines of a page; the file holds all


@reads
class TeamList(ListPage):
    """检查小组维护."""

    request: SignedInRequest
    title = "检查小组"
    table_class = tables.TeamTable
    filter_class = tables.TeamFilter
    template_name = "registry/teams.html"

    def rows(self) -> QuerySet[StandingTeam]:
        """Those of the units within reach."""
        return queries.for_list(queries.visible(self.request.user), timezone.localdate())

    def more(self) -> dict[str, Any]:
        """Whether the person may form one."""
        return {"is_keeper": is_keeper(self.request)}


@reads
@require_safe
def team(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A team: who is in it, who was, and whether it could go today."""
    today = timezone.localdate()
    found = get_object_or_404(queries.for_list(queries.visible(request.user), today), pk=pk)
    context = {
        "title": found.name,
        "team": found,
        "badge": tables.readiness_badge(found),
        "members": _with_papers(found, today),
        "former": found.members.exclude(left_at=None).select_related("inspector").order_by("-left_at", "pk"),
        "is_kept": found.ended_at is None and queries.kept(request.user).filter(pk=pk).exists(),
    }
    return render(request, "registry/team.html", context)


def _with_papers(found: Any, today: date) -> list[dict[str, Any]]:
    """The members of now: the state of each one's certificate, and whether she is away or was moved elsewhere."""
    rows = Inspector.objects.filter(pk__in=[row.inspector_id for row in found.now])
    told: QuerySet[Any] = people.with_certificate_state(rows, today).annotate(is_away=people.is_away_on(today))
    known = told.in_bulk()
    near = queries.around(found.department)
    return [
        {
            "row": row,
            "until": known[row.inspector_id].certified_until,
            "badge": state_badge(people.certificate_state(known[row.inspector_id].certified_until, today)),
            "is_away": known[row.inspector_id].is_away,
            "is_active": row.inspector.state == Inspector.State.ACTIVE,
            "is_near": row.inspector.department in near,
        }
        for row in found.now
    ]


@keeps
def add_team(request: SignedInRequest) -> HttpResponse:
    """设立检查小组."""
    return form_page(
        request,
        forms.TeamForm(request.POST or None, by=request.user),
        lambda values: operations.form_team(**values, by=request.user, at=timezone.now()),
        title="设立检查小组",
        done="已设立。请继续编入组员。",
        back=reverse("registry:teams"),
    )


def _kept(request: SignedInRequest, pk: UUID) -> StandingTeam:
    """One to be changed. Raises Refused ``registry.team_ended`` before anything is typed."""
    found = get_object_or_404(queries.kept(request.user).select_related("department"), pk=pk)
    if request.method == "GET":
        check_stands(found)
    return found


@keeps
def rename_team(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """小组更名."""
    found = _kept(request, pk)
    name = found.name
    return form_page(
        request,
        forms.TeamForm(request.POST or None, instance=found, by=request.user),
        lambda values: operations.rename_team(team=found, **values, by=request.user, at=timezone.now()),
        title=f"更名：{name}",
        done="已更名，原名称记入日志。",
        back=found.get_absolute_url(),
    )


@keeps
def set_members(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """调整组员."""
    found = _kept(request, pk)
    return form_page(
        request,
        forms.MembersForm(request.POST or None, team=found),
        lambda values: operations.set_members(
            team=found, **values, seen=seen_by(request), by=request.user, at=timezone.now()
        ),
        title=f"调整组员：{found.name}",
        done="已保存，调整前后的组员都有记录。",
        lead=MEMBERS_LEAD,
        shown=queries.shown_members(found),
        is_told=True,
        back=found.get_absolute_url(),
    )


@keeps
def end_team(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """撤销小组."""
    found = _kept(request, pk)
    return form_page(
        request,
        ReasonForm(request.POST or None),
        lambda values: operations.end_team(team=found, **values, by=request.user, at=timezone.now()),
        title=f"撤销：{found.name}",
        done="已撤销，不再参与抽取；记录保留。",
        button="撤销小组",
        lead="撤销后不能恢复，组员可以编入别的小组。已冻结的抽取不受影响。",
        back=found.get_absolute_url(),
    )


@keeps
def import_teams(request: SignedInRequest) -> HttpResponse:
    """导入小组."""
    initial = {"department": request.user.department_id}
    given_back: list[tuple[TeamRow, Refused]] = []

    def act(values: dict[str, Any]) -> str:
        brought = team_files.import_teams(**values, by=request.user, at=timezone.now())
        given_back.extend(brought.refused)
        words = f"文件中共 {len(values['rows'])} 个小组，导入 {brought.n_teams} 个（{brought.n_lines} 行）。"
        messages.info(request, words)
        return reverse("registry:teams")

    answer = form_page(
        request,
        forms.TeamsFileForm(request.POST or None, request.FILES or None, by=request.user, initial=initial),
        act,
        title="导入检查小组",
        done="文件已读完。",
        button="导入",
        lead=(
            "已有的小组按文件调整组员，文件中没有的小组不变；两组互换人员可以写在同一份文件里，行的先后不影响结果。"
            "不合格的小组不导入，逐组说明原因退回，其余照常导入；与退回的小组有人员调动的，一并退回。"
        ),
        back=reverse("registry:teams"),
    )
    return _given_back(request, given_back) if given_back else answer


def _given_back(request: SignedInRequest, refused: list[tuple[TeamRow, Refused]]) -> HttpResponse:
    """The lines that were not taken, each with why, also as a file to be mended and brought again."""
    headings = [words[0] for words in forms.HEADINGS.values()]
    lines = [
        (line.number, [line.cells.get(name, "") for name in forms.HEADINGS], sentence(why))
        for row, why in refused
        for line in row.lines
    ]
    file = BytesIO()
    rows = ([*cells, why] for _, cells, why in lines)
    write_table(file, chain([[*headings, "退回原因"]], rows), title="退回的小组")
    context = {
        "title": "退回的小组",
        "n_teams": len(refused),
        "headings": headings,
        "lines": [(line, list(zip(headings, cells, strict=True)), why) for line, cells, why in lines[:MOST_SHOWN]],
        "n_lines": len(lines),
        "file": b64encode(file.getvalue()).decode(),
    }
    return render(request, "registry/teams_given_back.html", context, status=422)
