"""Who reaches which departments: five scopes, by region, against plain set arithmetic."""

from __future__ import annotations

import random

import pytest
from django.urls import reverse

from gongchou.accounts import operations
from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import departments_within, has_duty, has_everything
from gongchou.accounts.queries.reach import remember_reach
from gongchou.accounts.roles import ROLES, Duty, RoleCode
from tests.factories.people import BY, appoint, make_department, make_region, make_user, signed_in

pytestmark = pytest.mark.django_db
READ = Duty.READ_LIBRARIES


@pytest.fixture
def city():
    """A city with two districts; a bureau in each, one of them with an office and an internal unit."""
    city = make_region("9901", "演示市")
    east, west = (make_region(code, name, "county", city) for code, name in (("990101", "东区"), ("990102", "西区")))
    town = make_region("990101001", "东一街道", "town", east)
    bureau = make_department("S", city)
    inside = make_department("S-FG", city, parent=bureau, is_internal_unit=True)
    first = make_department("S-E", east, parent=bureau)
    second = make_department("S-W", west, parent=bureau)
    office = make_department("S-E-1", town, parent=first)
    fire = make_department("X", city, function="fire")
    return {"S": bureau, "S-FG": inside, "S-E": first, "S-W": second, "S-E-1": office, "X": fire}


def reached(user, duty=READ):
    return sorted(departments_within(user, duty).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("home", "scope", "expected"),
    [
        ("S", "all", ["S", "S-E", "S-E-1", "S-FG", "S-W", "X"]),
        ("S", "below", ["S", "S-E", "S-E-1", "S-FG", "S-W"]),
        ("S", "own", ["S", "S-FG"]),
        ("S-E", "below", ["S-E", "S-E-1"]),
        ("S-E", "own", ["S-E"]),
        ("S-E-1", "below", ["S-E-1"]),
        ("X", "below", ["X"]),
    ],
)
def test_the_scopes_reach_as_far_as_their_names_say(city, home, scope, expected):
    user = make_user("li", city[home])
    appoint(user, RoleCode.PLAN_CLERK, scope)

    assert reached(user) == expected


def test_a_custom_scope_is_what_was_chosen(city):
    user = make_user("li", city["S-E"])
    appoint(user, RoleCode.PLAN_CLERK, "custom", departments=[city["X"], city["S-W"]])

    assert reached(user) == ["S-W", "X"]


def test_a_region_narrows_every_scope(city):
    user = make_user("li", city["S"])
    appoint(user, RoleCode.PLAN_CLERK, "all", region=Region.objects.get(code="990101"))

    assert reached(user) == ["S-E", "S-E-1"]


def test_several_appointments_reach_together(city):
    user = make_user("li", city["S-E"])
    appoint(user, RoleCode.PLAN_CLERK, "own")
    appoint(user, RoleCode.LEADER, "custom", departments=[city["X"]])

    assert reached(user) == ["S-E", "X"]


def test_a_role_without_the_duty_reaches_nothing(city):
    user = make_user("li", city["S"])
    appoint(user, RoleCode.SYSTEM_ADMIN, "all")

    assert (reached(user), has_duty(user, READ)) == ([], False)
    assert has_duty(user, Duty.KEEP_ACCOUNTS)


@pytest.mark.parametrize("end", ["appointment", "account"])
def test_rights_are_gone_at_once(city, end):
    user = make_user("li", city["S"])
    appointment = appoint(user, RoleCode.HEAD, "all")

    if end == "appointment":
        operations.end_appointment(appointment=appointment, **BY)
    else:
        user = operations.disable_account(user=user, **BY)

    assert (reached(user), has_duty(user, READ)) == ([], False)


def test_a_page_looks_up_once_what_its_reader_holds(city, django_assert_num_queries):
    user = make_user("li", city["S"])
    appoint(user, RoleCode.HEAD, "all")
    remember_reach(user)

    with django_assert_num_queries(3):  # her appointments; the two lists
        told = [reached(user), reached(user, Duty.APPROVE_LIST), has_duty(user, READ), has_everything(user, READ)]
    assert told == [reached(User.objects.get(pk=user.pk))] * 2 + [True] * 2


def test_what_writes_asks_anew_whether_she_still_may(city, client):
    user = make_user("li", city["S"])
    appoint(user, RoleCode.HEAD, "all")
    signed_in(client, user)

    answers = [
        client.get(reverse("accounts:inbox")),
        client.head(reverse("accounts:inbox")),
        client.post(reverse("accounts:messages-read")),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 303]
    assert [hasattr(answer.wsgi_request.user, "known_held") for answer in answers] == [True, True, False]


def test_random_reach_is_what_plain_sets_give(city):
    chance = random.Random(7)
    places = {region.pk: region for region in Region.objects.all()}
    for number in range(40):
        user = make_user(f"u{number}", chance.choice(list(city.values())))
        expected: set[str] = set()
        for role in chance.sample([RoleCode.HEAD, RoleCode.LIAISON, RoleCode.LEADER], chance.randint(0, 3)):
            scope, region = (
                chance.choice(["all", "own", "below", "custom"]),
                chance.choice([None, *places.values()]),
            )
            chosen = chance.sample(list(city.values()), 2)
            appoint(user, role, scope, region=region, departments=chosen if scope == "custom" else ())
            expected |= {d.code for d in plain_reach(city, user, scope, chosen) if is_within(d, region, places)}
        assert reached(user) == sorted(expected), number


def plain_reach(city, user, scope, chosen):
    own = user.department
    return {
        "all": list(city.values()),
        "custom": chosen,
        "own": [d for d in city.values() if d == own or (d.parent_id == own.pk and d.is_internal_unit)],
        "below": [d for d in city.values() if own.pk in set(line_of(d))],
    }[scope]


def line_of(department):
    while department is not None:
        yield department.pk
        department = department.parent


def is_within(department, region, places):
    place = department.region
    while place is not None:
        if region is None or place == region:
            return True
        place = places.get(place.parent_id)
    return False


def test_every_duty_is_somebody_s():
    assert {duty for role in ROLES.values() for duty in role.duties} == set(Duty)
    assert Department.objects.count() == 0
