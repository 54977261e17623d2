"""What may be done to standing teams, and who was in one when."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line
from gongchou.refusal import Refused, sentence
from gongchou.registry.forms.teams import rows_of
from gongchou.registry.models import Inspector, InspectorFact, StandingTeam, TeamMember
from gongchou.registry.operations import inspectors, team_files, teams
from gongchou.registry.queries import teams as queries
from tests.factories.inspectors import TODAY, days, make_certificate, make_inspector, make_leave, make_team, set_team
from tests.factories.people import BY, NOW, make_department, make_region, official

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=9)


@pytest.fixture
def bureau():
    return make_department("SCJG", make_region())


@pytest.fixture
def people(bureau):
    return [make_inspector(f"R{at}", bureau) for at in range(1, 5)]


def refused(act, **told):
    with pytest.raises(Refused) as no:
        act(**{**BY, **told})
    assert sentence(no.value)
    return no.value.code


def latest():
    """Verb and facts of the last line."""
    line = Line.objects.order_by("index").last()
    return line.verb, json.loads(line.data)["facts"]


def rows(team):
    """(number, leads, still in it) of every row there ever was."""
    return sorted(
        (row.inspector.number, row.is_lead, row.left_at is None) for row in team.members.select_related("inspector")
    )


def test_a_change_of_members_ends_rows_and_adds_others(bureau, people):
    team = make_team("T1", bureau, *people[:2])

    set_team(team, people[1], people[2], at=LATER)

    assert rows(team) == [("R1", True, False), ("R2", False, False), ("R2", True, True), ("R3", False, True)]
    gone = team.members.get(inspector=people[0])
    assert (gone.joined_at, gone.left_at, gone.reason) == (NOW, LATER, "演示编组")
    verb, facts = latest()
    assert (verb, facts["added"], facts["removed"]) == ("team.members_set", ["R3"], ["R1"])
    told = [fact.told for fact in InspectorFact.objects.filter(inspector=people[0], kind="team").order_by("id")]
    assert told == ["编入检查小组“演示T1组”（T1）", "调出检查小组“演示T1组”（T1）"]


def test_a_new_lead_is_a_new_row(bureau, people):
    team = make_team("T1", bureau, *people[:3])

    teams.set_members(team=team, members=people[:3], lead=people[2], reason="轮换", by=BY["by"], at=LATER)

    assert [row.inspector.number for row in queries.current(team.members.all())] == ["R3", "R1", "R2"]
    assert rows(team).count(("R2", False, True)) == 1


def test_who_ends_a_team_frees_its_people_and_keeps_its_number(bureau, people):
    team = make_team("T1", bureau, *people[:2])

    teams.end_team(team=team, reason="重新编组", by=BY["by"], at=LATER)

    assert TeamMember.objects.filter(left_at=None).count() == 0
    assert refused(teams.form_team, number="T1", name="再来", department=bureau) == "registry.team_number_taken"
    assert refused(teams.end_team, team=team, reason="再撤") == "registry.team_ended"
    make_team("T2", bureau, *people[:2])


def stranger(bureau):
    return make_inspector("X1", make_department("XF", bureau.region))


def expert(bureau):
    return make_inspector("Z1", bureau, category="assistant")


def gone(bureau):
    one = make_inspector("G1", bureau)
    return inspectors.end_inspector(inspector=one, reason="退休", **BY)


def taken(bureau):
    other = make_team("T9", bureau, make_inspector("Y1", bureau), make_inspector("Y2", bureau))
    return other.members.first().inspector


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda bureau: None, "registry.team_size"),
        (stranger, "registry.team_member_elsewhere"),
        (expert, "registry.team_helper"),
        (gone, "registry.inspector_inactive"),
        (taken, "registry.team_member_taken"),
    ],
)
def test_who_cannot_be_in_a_team(bureau, people, make, code):
    team, other = make_team("T1", bureau), make(bureau)
    told = {"members": [one for one in (people[0], other) if one], "lead": people[0], "reason": "演示"}

    assert refused(teams.set_members, team=team, **told) == code
    assert team.members.count() == 0


def test_who_leads_is_one_of_them(bureau, people):
    told = {"members": people[:2], "lead": people[3], "reason": "演示"}

    assert refused(teams.set_members, team=make_team("T1", bureau), **told) == "registry.team_lead"


def test_the_same_again_is_no_change(bureau, people):
    team = make_team("T1", bureau, *people[:2])
    told = {"members": people[:2], "lead": people[0], "reason": "演示"}

    assert refused(teams.set_members, team=team, **told) == "registry.nothing_changed"
    assert refused(teams.rename_team, team=team, name=team.name) == "registry.nothing_changed"


def test_a_team_is_kept_by_who_keeps_its_units_people(bureau, people):
    other = make_department("XF", bureau.region)
    by = official(RoleCode.LIAISON, scope="own", department=other)
    told = {"number": "T1", "name": "演示组", "department": bureau}

    assert refused(teams.form_team, **{**told, "by": by}) == "registry.out_of_reach"
    team = make_team("T1", bureau)
    assert refused(teams.end_team, team=team, reason="演示", by=by) == "registry.out_of_reach"


def test_a_team_takes_people_of_its_bureau_and_of_its_stations(bureau, people):
    station = make_department(
        "SUO1", make_region("990102001", "演示镇", "town", bureau.region), parent=bureau, level="town"
    )
    beside = make_department(
        "SUO2", make_region("990102002", "演示乡", "town", bureau.region), parent=bureau, level="town"
    )

    team = make_team("T1", station, make_inspector("S1", station), people[0], make_inspector("S2", beside))

    assert queries.around(station) == queries.around(bureau) == {bureau, station, beside}
    assert set(queries.may_join(team)) == set(Inspector.objects.all())


def test_the_database_itself_keeps_a_person_in_one_team(bureau, people):
    make_team("T1", bureau, *people[:2])
    other = make_team("T2", bureau, *people[2:])

    with pytest.raises(IntegrityError), transaction.atomic(), open_for_writing():
        TeamMember.objects.create(team=other, inspector=people[0], joined_at=NOW)


@pytest.mark.parametrize(
    ("certified", "away", "expected"),
    [((0, 1), (), "ready"), ((0,), (), "short"), ((), (0,), "short"), ((0, 1), (2,), "away"), ((0, 1, 2), (), "ready")],
)
def test_how_a_team_stands_today(bureau, people, certified, away, expected):
    make_team("T1", bureau, *people[:3])
    for at in certified:
        make_certificate(people[at], days(30))
    for at in away:
        make_leave(people[at], TODAY, days(3))

    [row] = queries.for_list(StandingTeam.objects.all(), TODAY)

    assert (queries.readiness(row), row.n_members, row.n_certified) == (expected, 3, len(certified))
    assert [
        one.number for one in queries.in_readiness(queries.for_list(StandingTeam.objects.all(), TODAY), expected)
    ] == ["T1"]


# From a file --------------------------------------------------------------------------------------

HEAD = "小组编号,小组名称,单位代码,人员编号,组长\n"


def brought(text, bureau, at=NOW):
    upload = SimpleUploadedFile("小组.csv", (HEAD + text).encode())
    told = {"file_name": "小组.csv", "file_digest": "0" * 64, "by": BY["by"], "at": at}
    return team_files.import_teams(rows=rows_of(upload), department=bureau, **told)


def lines(number, *members, unit="SCJG"):
    """The lines of a team; the first of its members leads."""
    return "".join(f"{number},{number}组,{unit},{one},\n" for one in members)


def given_back(answer):
    """Number of the team -> code."""
    assert all(sentence(why) for _, why in answer.refused)
    return {row.number: why.code.removeprefix("registry.team_") for row, why in answer.refused}


def standing():
    """Number of the team -> who is in it now, the lead first."""
    return {
        team.number: [row.inspector.number for row in queries.current(team.members.all())]
        for team in StandingTeam.objects.all()
    }


def test_a_file_forms_teams_and_sets_the_members_of_those_that_are_there(bureau, people):
    by_name = "T2,二组,演示SCJG局,R3,\nT2,二组,演示SCJG局,R4,\n"
    brought(f"T1,一组,SCJG,R1,\nT1,一组,SCJG,R2,是\n{by_name}", bureau)

    brought("T1,第一组,SCJG,R1,是\nT1,第一组,SCJG,R2,\n", bureau, at=LATER)

    first, second = StandingTeam.objects.order_by("number")
    assert (first.name, rows(first)) == (
        "第一组", [("R1", False, False), ("R1", True, True), ("R2", False, True), ("R2", True, False)],
    )  # fmt: skip
    assert rows(second) == [("R3", True, True), ("R4", False, True)]
    _, facts = latest()
    assert (facts["n_new"], facts["n_changed"], facts["n_same"], facts["numbers"]) == (0, 1, 0, ["T1"])


@pytest.mark.parametrize("is_turned", [False, True])
def test_teams_of_one_file_exchange_people_in_any_order_of_rows(bureau, people, is_turned):
    brought(lines("T1", "R1", "R2") + lines("T2", "R3", "R4"), bureau)
    parts = [lines("T1", "R1", "R3"), lines("T2", "R2", "R4")]

    answer = brought("".join(reversed(parts) if is_turned else parts), bureau, at=LATER)

    assert (answer.refused, answer.n_teams, answer.n_lines) == ([], 2, 4)
    assert standing() == {"T1": ["R1", "R3"], "T2": ["R2", "R4"]}
    told = InspectorFact.objects.filter(inspector=people[2], kind="team").order_by("id")
    assert [fact.told[:2] for fact in told] == ["编入", "调出", "编入"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("T9,九组,SCJG,,\n", "line"),
        ("T9,九组,SCJG,R1,\nT9,十组,SCJG,R2,\n", "line"),
        ("T9,九组,SCJG,R1,\nT9,九组,SCJG,R1,\n", "line"),
        ("T9,九组,SCJG,R1,是\nT9,九组,SCJG,R2,是\n", "line"),
        (",九组,SCJG,R1,\n", "line"),
        ("T9,九组,SCJG,R1,\nT9,九组,SCJG,R9,\n", "row"),
        ("T9,九组,NIX,R1,\nT9,九组,NIX,R2,\n", "row"),
        ("T9,九组,SCJG,R1,\n", "size"),
    ],
)
def test_a_team_that_is_wrong_is_given_back_and_the_others_are_taken(bureau, people, bad, code):
    answer = brought(bad + lines("T2", "R3", "R4"), bureau)

    assert list(given_back(answer).values()) == [code]
    assert len(answer.refused[0][0].lines) == bad.count("\n")
    assert standing() == {"T2": ["R3", "R4"]}
    assert latest()[1]["n_refused"] == 1


def test_whom_two_teams_want_neither_gets(bureau, people):
    answer = brought(lines("T1", "R1", "R2") + lines("T2", "R2", "R3"), bureau)

    assert given_back(answer) == {"T1": "named_twice", "T2": "named_twice"}
    assert standing() == {}


def test_a_team_that_the_file_leaves_out_keeps_its_people(bureau, people):
    brought(lines("T1", "R1", "R2"), bureau)

    assert given_back(brought(lines("T2", "R2", "R3"), bureau, at=LATER)) == {"T2": "member_taken"}
    assert standing() == {"T1": ["R1", "R2"]}


def test_teams_that_exchange_people_with_one_that_is_wrong_stay_as_they_are(bureau, people):
    """Else R2 would be in no team, or R4 in two, without anybody having said so."""
    more = [make_inspector(f"S{at}", bureau) for at in range(1, 5)]
    brought(lines("T1", "R1", "R2", "S1") + lines("T2", "R3", "R4", "S2") + lines("T3", more[2].number, "S4"), bureau)
    was = standing()

    to_wrong = lines("T1", "R1", "S1") + lines("T2", "R3", "R2", "R9", "R4", "S2")
    from_wrong = lines("T1", "R1", "R2", "S1", "R4") + lines("T2", "R3", "S2", "R9")
    for bad in (to_wrong, from_wrong):
        answer = brought(bad + lines("T3", "S4", "S3"), bureau, at=LATER)
        assert given_back(answer) == {"T1": "together", "T2": "row"}
        assert standing() == {**was, "T3": ["S4", "S3"]}


def test_who_may_not_keep_a_unit_gets_its_teams_back(bureau, people):
    by = official(RoleCode.LIAISON, scope="own", department=bureau)
    other = make_department("XF", bureau.region)
    [make_inspector(f"X{at}", other) for at in (1, 2)]
    upload = SimpleUploadedFile(
        "小组.csv", (HEAD + lines("T1", "R1", "R2") + lines("T2", "X1", "X2", unit="XF")).encode()
    )
    told = {"file_name": "小组.csv", "file_digest": "0" * 64, "by": by, "at": NOW}

    answer = team_files.import_teams(rows=rows_of(upload), department=bureau, **told)

    assert [why.code for _, why in answer.refused] == ["registry.out_of_reach"]
    assert standing() == {"T1": ["R1", "R2"]}


def test_a_large_file_is_asked_about_as_often_as_a_small_one(bureau, django_assert_max_num_queries):
    for at in range(40):
        make_inspector(f"P{at}", bureau)
    rows_ = [lines(f"T{at}", f"P{2 * at}", f"P{2 * at + 1}") for at in range(20)]

    for text in ("".join(rows_[:2]), "".join(rows_[2:])):
        with django_assert_max_num_queries(40):
            assert brought(text, bureau).refused == []


def test_a_file_without_teams_is_refused(bureau):
    assert refused(lambda **_: brought("", bureau)) == "registry.team_empty"


def test_a_file_without_the_headings_is_refused():
    with pytest.raises(Refused) as no:
        rows_of(SimpleUploadedFile("小组.csv", "甲,乙\n1,2\n".encode()))

    assert (no.value.code, bool(sentence(no.value))) == ("registry.team_header", True)
