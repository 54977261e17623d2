"""Draws by standing team: who is in the pool, who goes, what the evidence says, and what happens afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from gongchou.audit.guard import open_for_writing
from gongchou.draw.table import read_all
from gongchou.draw.verify import Options, verify
from gongchou.draws.board import checked_board
from gongchou.draws.bundles import bundle_of
from gongchou.draws.damage import find_damage
from gongchou.draws.drawing import outcome_of
from gongchou.draws.models import Batch, Seat
from gongchou.draws.queries.roster import roster_of
from gongchou.draws.queries.statistics import Scope, Statistics
from gongchou.refusal import Refused
from gongchou.registry.models import StandingTeam
from tests.draws.afterwards import AFTER, ask_again, check_both_views, deal, refused_code
from tests.draws.with_teams import by_team, crews, team_task
from tests.factories import draws as factory
from tests.factories.inspectors import (
    TODAY,
    make_inspector,
    make_team,
    set_team,
)
from tests.factories.lists import keeper_of
from tests.factories.people import signed_in
from tests.factories.stations import make_people

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A home and a drawn batch in it, made once: eight doors, five teams, one of three people."""
    home = tmp_path_factory.mktemp("teams")
    with django_db_blocker.unblock(), override_settings(HOME=home), transaction.atomic():
        task = team_task(n_teams=4)
        third = make_people(task.department, 3)
        make_team("T5", task.department, *third)
        yield home, factory.drawn(factory.make_batch(task, is_sealed=True, is_match_sealed=True))
        transaction.set_rollback(True)


@pytest.fixture
def batch(built: Any, db: None, settings: Any) -> Batch:
    """Whatever a test does to it is gone afterwards."""
    settings.HOME, found = built
    return Batch.objects.get(pk=found.pk)


# What comes out -----------------------------------------------------------------------------------


def test_every_door_gets_one_whole_team_and_everybody_of_it_a_row(batch):
    teams = {team.pk: [row.inspector_id for row in team.members.order_by("-is_lead", "inspector__number")]
             for team in StandingTeam.objects.all()}  # fmt: skip
    found = crews(batch)

    assert len(found) == batch.visits.count() == 8
    assert {number for _, number in found} == {1}
    for rows in found.values():
        assert {rows[0].team_id: [row.inspector_id for row in rows]}.items() <= teams.items()
        assert [row.member for row in rows] == list(range(1, len(rows) + 1))
        assert len({(row.team_id, row.load, row.deck, row.kind) for row in rows}) == 1
    loads = Counter(rows[0].team_id for rows in found.values())
    assert max(loads.values()) - min(loads.values()) <= 1


def test_the_evidence_verifies_and_says_that_teams_went(batch):
    assert "standing_teams" in check_both_views(batch)
    report = verify(bundle_of(batch, for_auditors=True), Options())
    assert "fewer_than_two" not in {mark.code for mark in report.marks}
    assert next(mark.facts for mark in report.marks if mark.code == "standing_teams") == {"count": "8"}
    table = read_all(bundle_of(batch, for_auditors=True)["inspectors.tsv"]).decode()
    rows = [line.split("\t") for line in table.splitlines()]
    assert len(rows) == 5
    assert {row[4] for row in rows} == {"t1,team"}
    assert not any(path.startswith("auditor") for path in bundle_of(batch))


def test_pairs_and_loads_are_of_people(batch):
    told = Statistics(keeper_of(batch.department), Scope(), at=AFTER)

    people = sum(len(rows) for rows in crews(batch).values())
    assert told.pairs.n_meetings == sum(len(rows) * (len(rows) - 1) // 2 for rows in crews(batch).values())
    assert sum(row.most for row in told.loads) >= 2
    assert Seat.objects.filter(batch=batch).exclude(inspector=None).count() == people
    assert told.pairs.n_repeated > 0  # eight doors, five teams: three teams go twice


def test_what_teams_go_on_counts_for_each_of_them_later(batch):
    loads = Counter(seat.inspector_id for rows in crews(batch).values() for seat in rows)
    later = by_team(factory.ready_task(batch.department, first=500))

    roster = roster_of(factory.make_batch(later), on=TODAY)

    assert {crew.team.number: crew.load0 for crew in roster.crews} == {
        crew.team.number: max(loads[pk] for pk in crew.inspectors) for crew in roster.crews
    }
    assert {crew.load0 for crew in roster.crews} == {1, 2}


def test_the_page_of_doors_names_team_and_people(batch, client: Client):
    signed_in(client, keeper_of(batch.department))

    page = client.get(reverse("draws:visits", args=[batch.pk]))

    rows = next(iter(crews(batch).values()))
    names = "、".join(row.inspector.name for row in rows)
    assert f"{rows[0].team.name}（{names}）" in page.content.decode()


# Afterwards ---------------------------------------------------------------------------------------


def test_a_member_who_cannot_go_has_the_whole_team_dealt_again(batch):
    rows = next(rows for rows in crews(batch).values() if len(rows) == 3)

    asked = ask_again(rows[2], AFTER)
    done = deal(asked)

    now = crews(batch)[rows[0].visit_id, 1]
    assert asked.seat == rows[0]
    assert {row.team_id for row in now} != {rows[0].team_id}
    assert (now[0].kind, done.into, {row.seated_at for row in now}) == ("substitute", now[0], {done.dealt_at})
    assert set(Seat.objects.filter(pk__in=[row.pk for row in rows]).values_list("event", flat=True)) == {asked.event}
    assert "substituted" in check_both_views(batch)
    assert find_damage([batch]) is None


def test_a_larger_team_that_comes_instead_is_whole(batch):
    """The team of three gives up its doors; with the smallest load it is the next to come, where two people sat."""
    at: Any = AFTER
    for rows in [rows for rows in crews(batch).values() if len(rows) == 3]:
        at = deal(ask_again(rows[0], at)).dealt_at

    key, rows = next((key, rows) for key, rows in crews(batch).items() if rows[0].kind == "deal")
    done = deal(ask_again(rows[1], at))

    assert [row.member for row in crews(batch)[key]] == [1, 2, 3]
    assert done.into.team.number == "T5"
    assert find_damage([batch]) is None
    assert "substituted" in check_both_views(batch)
    assert checked_board(batch)


def test_the_pages_of_a_seat_name_the_team_that_goes_and_the_one_that_comes(batch, client: Client):
    signed_in(client, keeper_of(batch.department))
    rows = next(rows for rows in crews(batch).values() if len(rows) == 3)
    asking = client.get(reverse("draws:reseat", args=[rows[2].pk])).content.decode()
    assert f"现在是 {rows[0].team.name}（整组一起重抽）" in asking

    asked = ask_again(rows[2], AFTER)
    listed = client.get(reverse("draws:seats", args=[batch.pk]), {"now": "asked"}).content.decode()
    done = deal(asked)

    assert listed.count("重抽中</td>") == 3
    assert f"由 <strong>{done.into.team.name}</strong> 补上" in client.get(done.get_absolute_url()).content.decode()


def test_two_of_a_team_do_not_ask_twice(batch):
    rows = next(iter(crews(batch).values()))
    ask_again(rows[0], AFTER)

    assert refused_code(ask_again, rows[1], AFTER) == "draws.seat_asked"


def test_a_team_that_changes_later_goes_as_it_was_frozen(batch):
    team = StandingTeam.objects.get(number="T1")
    before = [seat.inspector_id for rows in crews(batch).values() for seat in rows if seat.team_id == team.pk]
    set_team(team, *make_people(team.department, 2), at=AFTER)

    done = outcome_of(batch, lambda *_: None)

    assert done.match.assignment() == read_all(bundle_of(batch, for_auditors=True)["assignment.tsv"])
    after = [seat.inspector_id for rows in crews(batch).values() for seat in rows if seat.team_id == team.pk]
    assert before == after


@pytest.mark.parametrize("what", ["swap", "gone", "other", "place", "added"])
def test_people_of_a_team_that_somebody_changed_by_hand_are_named(batch, what):
    found = [rows for rows in crews(batch).values() if len(rows) == 2]
    rows = found[0]
    spare = make_inspector("SPARE", batch.department)
    with open_for_writing():
        if what == "gone":
            rows[1].delete()
        elif what == "added":
            told = {name: getattr(rows[0], name) for name in ("batch", "visit", "number", "department", "team", "kind")}
            Seat.objects.create(**told, inspector=spare, member=3, seated_at=rows[0].seated_at)
        else:
            other = next(one[1] for one in found if one[0].team_id != rows[0].team_id)
            values = {"swap": {"inspector_id": other.inspector_id}, "place": {"member": 7}}
            values["other"] = {"team_id": other.team_id}
            Seat.objects.filter(pk=rows[1].pk).update(**values[what])

    damage = find_damage([batch])

    assert (damage.table, damage.what, damage.column) == {
        "swap": ("draws_seat", "differs", "inspector_id"),
        "gone": ("draws_seat", "missing", ""),
        "other": ("draws_seat", "differs", "team_id"),
        "place": ("draws_seat", "differs", "member"),
        "added": ("draws_seat", "extra", ""),
    }[what]
    assert what == "gone" or what == "added" or damage.row == str(rows[1].pk)
    with pytest.raises(Refused) as refused:
        checked_board(batch)
    assert refused.value.code == "draws.board_differs"
