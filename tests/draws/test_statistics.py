"""抽取统计: each figure against rows made by hand, who sees it, what stands behind it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from gongchou.accounts.models import Department, User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line
from gongchou.draws.figuring import figure
from gongchou.draws.models import Batch, Contribution, Draw, Figures, Hit, Seat, Stratum
from gongchou.draws.queries.statistics import Scope, Statistics
from gongchou.draws.sheets import SHEETS, chance_words
from gongchou.publicity.queries.records import draws_by, figures_of
from tests.factories import draws as factory
from tests.factories.people import NOW, make_department, make_region, official, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/draws/statistics/"
LATER = NOW + timedelta(days=60)


@pytest.fixture
def office() -> User:
    return official(RoleCode.CONFERENCE_OFFICE, "all")


def make_once() -> Batch:
    """Two departments, 8 of 40 shops each, one seed."""
    batch = factory.drawn(factory.joint_batch())
    figure(batch, at=NOW)
    return batch


@pytest.fixture
def joint(kept: Batch) -> Batch:
    return kept


def told(by: User, **scope: Any) -> Statistics:
    return Statistics(by, Scope(**scope), at=LATER)


def write(rows: Any, **values: Any) -> None:
    with open_for_writing():
        rows.update(**values)


def test_realised_rates_stand_beside_nominal_ones(office: User, joint: Batch):
    found = [(row.code, row.n_draws, row.size, row.n, row.n_drawn) for row in told(office).rates]

    assert found == [("J1", 1, 40, 8, 8), ("SCJG", 1, 40, 8, 8)]


def test_a_stratum_in_which_one_is_missing_says_so(office: User, joint: Batch):
    write(Hit.objects.filter(draw__seq=1, rank=8), rank=80)

    [_, row] = SHEETS["rates"](told(office)).rows
    assert (row.cells[4:], row.marks[-1]) == ((8, 7, "20.00%", "17.50%", "相差 1 户"), "heat-over")


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        ({}, ["J1", "SCJG"]),
        ({"year": 2026}, ["J1", "SCJG"]),
        ({"year": 2025}, []),
        ({"department": "J1"}, ["J1"]),
        ({"region": "SCJG"}, ["J1", "SCJG"]),
        ({"region": "far"}, []),
    ],
)
def test_a_scope_narrows_what_is_counted(office: User, joint: Batch, scope: dict[str, Any], codes: list[str]):
    if "department" in scope:
        scope = {"department": Department.objects.get(code=scope["department"])}
    if "region" in scope:
        near = scope["region"] == "SCJG"
        scope = {"region": joint.department.region if near else make_region("9902", "演示二市")}

    found = told(office, **scope)

    assert [row.code for row in found.rates] == [row.code for row in found.changes] == codes


def test_what_was_given_up_is_told_apart(office: User, joint: Batch):
    factory.give_up_late(joint.draws.get(seq=2))

    found = told(office)

    assert [row.code for row in found.rates] == ["SCJG"]
    assert [(row.code, row.n_drawn) for row in found.given_up] == [("J1", 8)]
    [other, own] = found.changes
    assert (other.n_withdrawn, other.n_withdrawn_late, other.n_drawn) == (0, 1, 0)
    assert (own.n_withdrawn, own.n_withdrawn_late, own.n_drawn) == (0, 0, 8)


@pytest.mark.parametrize(("n_replaced", "worst", "is_amber"), [(0, 0.0, False), (1, 0.125, True)])
def test_a_stratum_is_amber_above_two_of_a_hundred(
    office: User, joint: Batch, n_replaced: int, worst: float, is_amber: bool
):
    write(Hit.objects.filter(draw__seq=1, rank__lte=n_replaced), place="replaced")

    [_, row] = told(office).changes

    assert (row.n_replaced, float(row.worst), row.is_amber) == (n_replaced, worst, is_amber)


def test_two_of_a_hundred_exactly_is_not_amber(office: User, joint: Batch):
    write(Stratum.objects.filter(draw__seq=1), n=50, size=100)
    write(Hit.objects.filter(draw__seq=1, rank=1), place="replaced")

    [_, row] = told(office).changes

    assert (row.worst, row.is_amber) == (Fraction(1, 50), False)


def test_an_open_seat_and_a_silent_party_are_counted(office: User, joint: Batch):
    write(Seat.objects.filter(visit=joint.visits.first(), department__code="SCJG", number=1), inspector=None)
    with open_for_writing():
        by = {"promised_at": NOW, "promised_by": office}
        Contribution.objects.create(batch=joint, department=joint.department, commitment="a" * 64, **by)

    [_, row] = told(office).changes

    assert (row.n_open_seats, row.n_silent) == (1, 1)


def test_a_department_that_only_sends_people_has_its_line(office: User, joint: Batch):
    guest = make_department("GUEST", joint.department.region)
    write(Seat.objects.filter(visit=joint.visits.first(), number=1, department__code="SCJG"), department=guest)

    rows = {row.code: (row.n_drawn, row.n_open_seats) for row in told(office).changes}

    assert rows["GUEST"] == (0, 0)
    assert set(rows) == {"GUEST", "J1", "SCJG"}
    assert [row.code for row in told(office, department=guest).changes] == []


def test_a_draw_that_was_given_up_is_no_promise_that_stayed_unopened(office: User, joint: Batch):
    day = timedelta(days=1)
    times = {"closes_at": factory.CLOSES + day, "beacon_at": factory.BEACON + day}
    batch = factory.committed(factory.make_batch(factory.ready_task(n=10, first=500), **times), NOW + day)
    for state, n in (("live", 1), ("withdrawn", 0), ("withdrawn_late", 0)):
        with open_for_writing():
            batch.draws.update(state=state, withdrawn_at=None if state == "live" else NOW)
        public = figures_of(draws_by(batch.department, at=LATER)).counts["unopened"]
        assert (told(office).changes[1].n_unopened, public) == (n, n)


def test_a_promise_without_a_result_is_no_valid_draw(client: Client, office: User, joint: Batch):
    day = timedelta(days=1)
    times = {"closes_at": factory.CLOSES + day, "beacon_at": factory.BEACON + day}
    batch = factory.committed(factory.make_batch(factory.ready_task(n=10, first=500), **times), NOW + day)

    for at, counts in ((NOW, (0, 1)), (LATER, (1, 0))):
        found = Statistics(office, Scope(), at=at)
        assert (found.n_standing, [row.n_draws for row in found.rates]) == (2, [1, 1])
        assert (found.changes[1].n_unopened, found.changes[1].n_waiting) == counts
    page = signed_in(client, office).get(f"{PAGE}draws/", {"q": batch.draws.get().code})
    assert "尚无结果" in page.content.decode()


def test_a_draw_that_stands_for_another_is_counted_as_a_redraw(office: User, joint: Batch):
    first = joint.draws.get(seq=1)
    write(Draw.objects.filter(seq=2), supersedes=first)

    assert [(row.code, row.n_redrawn) for row in told(office).changes] == [("J1", 1), ("SCJG", 0)]


# Units, tickets, people -------------------------------------------------------------------------


def test_each_unit_stands_beside_what_chance_gives(office: User, joint: Batch):
    rows = told(office).units

    assert [(row.department, row.size, row.expected, row.n_drawn) for row in rows] == [
        ("J1", 40, 8.0, 8),
        (joint.department.short_name, 40, 8.0, 8),
    ]
    assert not any(row.is_rare for row in rows)


@pytest.mark.parametrize(("n_drawn", "is_rare"), [(8, False), (5, False), (0, True), (16, True)])
def test_a_unit_drawn_too_rarely_or_too_often_is_called(office: User, joint: Batch, n_drawn: int, is_rare: bool):
    rest = 40 - n_drawn
    units = {"S": {"SCJG": [80, n_drawn], "J1": [320, rest]}}
    Figures.objects.update(units={joint.draws.get(seq=1).code: units})

    rows = {row.unit: row for row in told(office).units}

    assert (rows[joint.department.short_name].expected, rows[joint.department.short_name].is_rare) == (8.0, is_rare)


def test_an_object_of_a_joint_draw_has_one_ticket_in_the_statistics(office: User, joint: Batch):
    found = told(office)

    assert sum(found.tickets) == 40
    assert found.chi_square is not None
    assert 0 < found.chi_square.chance <= 1


def test_loads_count_those_who_were_never_dealt(office: User, joint: Batch):
    rows = {row.code: row for row in told(office).loads}

    n_seats = Seat.objects.filter(department__code="SCJG").count()
    assert (rows["SCJG"].n_people, n_seats) == (10, 16)
    assert rows["SCJG"].least <= 1.6 <= rows["SCJG"].most
    assert rows["SCJG"].n_at_cap == 0


def test_who_went_as_often_as_allowed_is_at_the_cap(office: User, joint: Batch):
    write(Batch.objects.all(), settings=joint.settings | {"per_person": 1})

    rows = {row.code: row for row in told(office).loads}

    assert rows["SCJG"].n_at_cap == 10


def test_pairs_of_a_team_are_counted_across_departments(office: User, joint: Batch):
    found = told(office).pairs

    assert found.n_meetings == 8 * 6  # two of each department at eight doors
    assert told(office, department=joint.department).pairs.n_meetings == 8


def test_a_seat_that_was_dealt_again_is_not_counted(office: User, joint: Batch):
    visit = joint.visits.first()
    write(Seat.objects.filter(visit=visit, department__code="SCJG", number=1), ended_at=NOW)

    assert told(office, department=joint.department).pairs.n_meetings == 7


# Pages ------------------------------------------------------------------------------------------


def test_the_page_shows_every_sheet_and_takes_each_away(client: Client, office: User, joint: Batch):
    desk = signed_in(client, office)
    page = desk.get(PAGE, {"year": "2026"})

    assert page.status_code == 200
    for code, sheet in page.context["sheets"].items():
        assert f'id="{code}-title"' in page.content.decode()
        answer = desk.get(PAGE, {"year": "2026", "export": code})
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
        assert (rows[0], len(rows)) == (list(sheet.head), len(sheet.rows) + 1)
    assert Line.objects.filter(verb="list.taken_out").count() == len(SHEETS)


def test_a_sheet_that_does_not_exist_is_not_found(client: Client, office: User):
    assert signed_in(client, office).get(PAGE, {"year": "", "export": "nothing"}).status_code == 404


def test_a_department_beside_sees_nothing_of_it(client: Client, joint: Batch):
    other = make_department("QT", joint.department.region)
    reader = official(RoleCode.LIAISON, "own", department=other, username="other")

    page = signed_in(client, reader).get(PAGE, {"year": "2026"})

    assert (page.context["told"].n_standing, page.context["told"].pairs.n_meetings) == (0, 0)
    assert told(reader).changes == []


@pytest.mark.parametrize(
    ("address", "n"),
    [
        ("draws/", 2),
        ("draws/?kind=standing", 2),
        ("draws/?kind=withdrawn_late", 0),
        ("draws/?year=2025", 0),
        ("strata/", 2),
        ("strata/?amber=true", 1),
        ("strata/?amber=false", 1),
        ("seats/", 32),
        ("seats/?open=true", 0),
        ("objects/", 16),
        ("objects/?q=SCJG", 16),
    ],
)
def test_a_figure_leads_to_its_rows(client: Client, office: User, joint: Batch, address: str, n: int):
    write(Hit.objects.filter(draw__seq=1, rank=1), place="replaced")

    page = signed_in(client, office).get(PAGE + address)

    assert (page.status_code, page.context["table"].paginator.count) == (200, n)
    assert signed_in(client, office).get(PAGE + address, {"export": "xlsx"}).status_code == 200


def test_a_pair_leads_to_its_visits(client: Client, office: User, joint: Batch):
    one, other = Seat.objects.filter(visit=joint.visits.first()).order_by("number")[:2]
    told_pair = {"one": str(one.inspector_id), "other": str(other.inspector_id)}

    page = signed_in(client, office).get(PAGE + "seats/", told_pair)

    held = Seat.objects.filter(inspector__in=[key for key in (one.inspector_id, other.inspector_id) if key])
    both = {visit for visit in held.values_list("visit", flat=True) if held.filter(visit=visit).count() == 2}
    assert {seat.record.visit_id for seat in page.context["table"].rows} == both
    assert page.context["table"].paginator.count == 2 * len(both)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.54, "平常"),
        (0.087, "约 11 次中有 1 次"),
        (0.012, "约 83 次中有 1 次"),
        (7e-4, "约 1,400 次中才有 1 次"),
        (0.0, "几乎不可能"),
    ],
)
def test_a_chance_is_told_in_words(chance: float, words: str):
    assert chance_words(chance) == words


def test_doors_that_only_a_withdrawn_draw_selected_have_no_seats_any_more(office: User, joint: Batch):
    before = told(office).seats.count()
    write(Hit.objects.filter(draw__seq=1, rank=8), place="replaced")

    factory.give_up_late(joint.draws.get(seq=2))

    assert told(office).seats.count() == before - 4  # two of each department
