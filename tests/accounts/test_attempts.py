"""How often somebody may be wrong: five times from one place, ever slower from all, never locked out by others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongchou.accounts import attempts
from gongchou.accounts.attempts import Place, delayed_for, forgive, knock, locked_for
from gongchou.accounts.models import Tries
from gongchou.refusal import Refused
from tests.factories.people import NOW

MINUTE = 60
HOME, AWAY = Place("192.0.2.1"), Place("192.0.2.2")


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def fail(place=HOME, *, account="li", times=1, start=0, step=60):
    for n in range(times):
        knock(account, place, at=later(start + n * step))


@pytest.mark.parametrize(
    ("times", "now", "expected"),
    [
        ([], 0, 0),
        ([0, 1, 2, 3], 4, 0),
        ([0, 1, 2, 3, 4], 4, 15 * MINUTE),
        ([0, 1, 2, 3, 4], 4 + 14 * MINUTE, MINUTE),
        ([0, 1, 2, 3, 4], 4 + 15 * MINUTE - 1, 1),
        ([0, 1, 2, 3, 4], 4 + 15 * MINUTE, 0),
        ([0, 1, 2, 3, 15 * MINUTE], 15 * MINUTE, 15 * MINUTE),
        ([0, 1, 2, 3, 15 * MINUTE + 1], 15 * MINUTE + 1, 0),
        ([0, 500, 600, 700, 800, 901], 901, 15 * MINUTE),
    ],
)
def test_five_wrong_answers_in_a_quarter_of_an_hour_lock_for_a_quarter_of_an_hour(times, now, expected):
    assert locked_for(times, now) == expected


@pytest.mark.parametrize(
    ("n", "expected"), [(0, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 30), (50, 30)]
)
def test_the_delay_of_an_account_grows_and_ends_at_half_a_minute(n, expected):
    assert delayed_for([100] * n, 100) == expected


def test_the_delay_forgets_what_is_a_quarter_of_an_hour_old():
    assert delayed_for([0, 0, 0, 0, 895], 900) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "is_refused"), [(14 * MINUTE, True), (15 * MINUTE - 1, True), (15 * MINUTE, False)])
def test_the_lock_ends_when_it_says(after, is_refused):
    fail(times=5)

    try:
        knock("li", HOME, at=later(4 * MINUTE + after))
    except Refused as refused:
        assert (is_refused, refused.code) == (True, "accounts.locked")
    else:
        assert not is_refused


@pytest.mark.django_db
def test_the_fifth_try_is_known_as_the_latest():
    tries = [knock("li", HOME, at=later(n * 60)).is_latest for n in range(5)]

    assert tries == [False, False, False, False, True]


@pytest.mark.django_db
def test_a_try_that_is_refused_is_not_counted():
    fail(times=5)

    with pytest.raises(Refused):
        knock("li", HOME, at=later(5 * MINUTE))

    assert sorted(len(row.times) for row in Tries.objects.all()) == [5, 5]


@pytest.mark.django_db
def test_a_lock_holds_for_the_place_where_it_was_earned():
    fail(times=5)

    knock("li", AWAY, at=later(10 * MINUTE))
    knock("wang", HOME, at=later(10 * MINUTE))


@pytest.mark.django_db
def test_a_right_answer_lets_the_place_begin_anew():
    fail(times=4)
    forgive(knock("li", HOME, at=later(5 * MINUTE)))

    fail(times=4, start=20 * MINUTE)


@pytest.mark.django_db
def test_many_places_together_make_the_account_wait():
    for n in range(8):
        knock("li", Place(f"198.51.100.{n}"), at=later(n * 31))
    latest = 7 * 31

    with pytest.raises(Refused, match=r"accounts\.slow_down"):
        knock("li", AWAY, at=later(latest + 29))
    knock("li", AWAY, at=later(latest + 30))


@pytest.mark.django_db
def test_a_browser_the_owner_knows_does_not_wait_for_strangers():
    for n in range(8):
        knock("li", Place(f"198.51.100.{n}"), at=later(n * 31))

    knock("li", Place("198.51.100.7", device="hers"), at=later(7 * 31 + 1))


@pytest.mark.django_db
def test_a_known_browser_is_locked_by_its_own_mistakes_only():
    fail(Place("192.0.2.1", device="hers"), times=5)

    with pytest.raises(Refused, match=r"accounts\.locked"):
        knock("li", Place("192.0.2.9", device="hers"), at=later(5 * MINUTE))


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_whoever_has_one_address_of_a_network_has_them_all(first, second, are_one):
    assert (Place(first).name == Place(second).name) == are_one


@pytest.mark.django_db
def test_rows_that_mean_nothing_any_more_are_cleared_away():
    fail(times=2)
    knock("wang", AWAY, at=later(3600))

    assert Tries.objects.count() == 2


@pytest.mark.django_db
def test_neither_names_nor_addresses_are_kept_in_the_clear():
    fail(account="li-secret")

    assert [key for key in Tries.objects.values_list("key", flat=True) if "li" in key or "192" in key] == []


@pytest.mark.django_db
@pytest.mark.parametrize("n_places", [1, 100])
@pytest.mark.parametrize("n", [300, pytest.param(10_000, marks=pytest.mark.night)])
def test_guesses_get_nowhere_and_the_owner_still_comes_in(n_places, n):
    let_through = 0
    for guess in range(n):
        try:
            knock("li", Place(f"198.51.{guess % n_places}.1"), at=later(guess))
        except Refused:
            continue
        let_through += 1

    knock("li", Place("203.0.113.5", device="hers"), at=later(n))
    knock("li", Place("203.0.113.5"), at=later(n + attempts.LONGEST_DELAY_S))
    assert let_through <= max(5 * (n // (15 * MINUTE) + 1), n // attempts.LONGEST_DELAY_S + 8)
