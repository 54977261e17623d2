"""The pages of standing teams."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gongchou.accounts.roles import RoleCode
from gongchou.registry.models import StandingTeam
from tests.factories.inspectors import UNTIL, make_certificate, make_inspector, make_team, set_team
from tests.factories.people import make_department, make_region, official, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make_department("SCJG", make_region())


@pytest.fixture
def people(bureau):
    found = [make_inspector(f"R{at}", bureau) for at in range(1, 5)]
    for one in found:
        make_certificate(one, UNTIL)
    return found


@pytest.fixture
def desk(client, bureau):
    return signed_in(client, official(RoleCode.LIAISON, scope="own", department=bureau))


def url(name, *args):
    return reverse(f"registry:{name}", args=args)


def numbers_in(answer):
    return [row.record.number for row in answer.context["table"].page.object_list]


def test_the_list_is_searched_filtered_and_taken_away(desk, bureau, people):
    make_team("T1", bureau, *people[:2])
    make_team("T2", bureau)
    make_team("T3", make_department("XF", bureau.region))

    assert numbers_in(desk.get(url("teams"))) == ["T1", "T2"]
    assert numbers_in(desk.get(url("teams"), {"q": people[1].name})) == ["T1"]
    assert numbers_in(desk.get(url("teams"), {"readiness": "short"})) == ["T2"]
    book = CalamineWorkbook.from_filelike(BytesIO(desk.get(url("teams"), {"export": "xlsx"}).getvalue()))
    row = next(row for row in book.get_sheet_by_index(0).to_python() if row[0] == "T1")
    assert row[3:7] == [people[0].name, f"{people[0].name}、{people[1].name}", 2, "可以出检"]


def test_the_list_asks_as_often_for_three_teams_as_for_one(desk, bureau, people):
    asked = []
    for at in (0, 1):
        make_team(f"T{at}", bureau, *people[2 * at : 2 * at + 2])
        with CaptureQueriesContext(connection) as found:
            desk.get(url("teams"))
        asked.append(len(found))

    assert asked[0] == asked[1]


def test_the_list_says_what_teams_cost(desk):
    page = desk.get(url("teams")).content.decode()

    assert "搭档不轮换" in page
    assert "按人统计" in page


def test_a_team_is_formed_and_filled_on_its_pages(desk, bureau, people):
    answer = desk.post(url("add-team"), {"number": "T1", "name": "一组", "department": bureau.pk})
    team = StandingTeam.objects.get()
    assert answer.url == team.get_absolute_url()

    told = {"members": [one.pk for one in people[:2]], "lead": people[1].pk, "reason": "通知"}
    assert desk.post(url("team-members", team.pk), told).status_code == 303
    page = desk.get(team.get_absolute_url()).content.decode()
    assert page.count(">组长<") == 1
    assert people[0].name in page


def test_a_team_that_has_ended_opens_no_form(desk, bureau, people):
    team = make_team("T1", bureau, *people[:2])
    desk.post(url("end-team", team.pk), {"reason": "演示"})

    for name in ("team-members", "rename-team", "end-team"):
        assert desk.get(url(name, team.pk)).status_code == 409


def test_whoever_saves_second_is_told_and_loses_nothing(desk, bureau, people):
    team = make_team("T1", bureau, *people[:2])
    form = desk.get(url("team-members", team.pk))
    set_team(team, *people[2:], at=timezone.now())

    told = {
        "members": [people[0].pk, people[2].pk],
        "lead": people[0].pk,
        "reason": "通知",
        "seen": form.context["seen"],
    }
    answer = desk.post(url("team-members", team.pk), told)

    assert answer.status_code == 422
    assert "R3、R4" in answer.content.decode()
    assert answer.context["form"].data["lead"] == str(people[0].pk)


def test_a_team_that_was_changed_shows_who_was_in_it(desk, bureau, people):
    team = make_team("T1", bureau, *people[:2])
    set_team(team, *people[1:3], at=timezone.now())

    page = desk.get(team.get_absolute_url()).content.decode()

    former = page.split("以前的组员")[1]
    assert people[0].name in former


def test_a_file_is_brought_and_what_is_wrong_with_it_stands_on_the_page(desk, bureau, people):
    def bring(text):
        file = SimpleUploadedFile("小组.csv", ("小组编号,小组名称,单位代码,人员编号\n" + text).encode())
        return desk.post(url("import-teams"), {"department": bureau.pk, "file": file})

    bad = bring("T1,一组,SCJG,\n")
    assert (bad.status_code, "第 2 行" in bad.content.decode()) == (422, True)
    assert bring("T1,一组,SCJG,R1\nT1,一组,SCJG,R2\n").status_code == 303
    assert StandingTeam.objects.get().members.count() == 2


def test_what_was_given_back_can_be_taken_along_mended_and_brought_again(desk, bureau, people):
    def bring(name, data):
        return desk.post(url("import-teams"), {"department": bureau.pk, "file": SimpleUploadedFile(name, data)})

    head = "小组编号,小组名称,单位代码,人员编号\n"
    text = f"{head}T1,一组,SCJG,R1\nT1,一组,SCJG,R2\nT2,二组,SCJG,R3\nT2,二组,SCJG,R9\n"
    page = bring("小组.csv", text.encode())
    assert (page.status_code, page.context["n_lines"]) == (422, 2)
    assert "没有编号为“R9”的人员" in page.content.decode()
    make_inspector("R9", bureau)

    assert bring("退回的小组.xlsx", b64decode(page.context["file"])).status_code == 303
    assert StandingTeam.objects.filter(members__left_at=None).distinct().count() == 2


def test_a_team_elsewhere_is_not_there(desk, bureau):
    team = make_team("T1", make_department("XF", bureau.region))

    assert [desk.get(url(name, team.pk)).status_code for name in ("team", "team-members", "end-team")] == [404] * 3
