"""Who sees whom, whose papers hold, who is there, how complete the library is."""

from __future__ import annotations

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.registry.models import Inspector
from gongchou.registry.operations import inspectors as operations
from gongchou.registry.operations.third_parties import set_staff_count
from gongchou.registry.queries import inspector_figures
from gongchou.registry.queries import inspectors as queries
from tests.factories.inspectors import TODAY, days, make_body, make_certificate, make_inspector, make_tag
from tests.factories.people import BY, make_department, make_region, make_user, official

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make_department("SCJG", make_region())


@pytest.fixture
def other(bureau):
    return make_department("XF", bureau.region)


def numbers(rows):
    return sorted(rows.values_list("number", flat=True))


@pytest.mark.parametrize(
    ("role", "scope", "seen", "kept"),
    [
        (RoleCode.LIAISON, "own", ["001"], ["001"]),
        (RoleCode.LIAISON, "all", ["001", "002"], ["001", "002"]),
        (RoleCode.REVIEWER, "own", ["001"], []),
        (RoleCode.LEADER, "all", ["001", "002"], []),
        (RoleCode.INSPECTOR, "own", [], []),
    ],
)
def test_roles_and_scopes_see_and_keep(bureau, other, role, scope, seen, kept):
    make_inspector("001", bureau)
    make_inspector("002", other)
    user = official(role, scope=scope, department=bureau)

    assert (numbers(queries.visible(user)), numbers(queries.kept(user))) == (seen, kept)


def test_a_person_sees_her_own_entry_without_any_duty(bureau):
    user = official(RoleCode.INSPECTOR, scope="self", department=bureau)
    own = operations.link_account(inspector=make_inspector("001", bureau), user=user, **BY)
    make_inspector("002", bureau)

    assert list(queries.visible(user)) == [own]
    assert queries.find_own(user) == own
    assert queries.find_own(make_user("wang", bureau)) is None


@pytest.mark.parametrize(
    ("state", "expected"), [("valid", ["001", "002"]), ("expiring", ["002"]), ("expired", ["003"]), ("none", ["004"])]
)
def test_certificate_states(bureau, state, expected):
    ends = {"001": days(61), "002": days(60), "003": days(-1)}
    for number, until in ends.items():
        make_certificate(make_inspector(number, bureau), until)
    make_inspector("004", bureau)

    assert numbers(queries.in_certificate_state(Inspector.objects.all(), state, TODAY)) == expected


def test_the_best_of_several_certificates_counts(bureau):
    inspector = make_inspector("001", bureau)
    make_certificate(inspector, days(-10), number="A")
    make_certificate(inspector, days(10), number="B")
    make_certificate(inspector, days(900), number="C", valid_from=days(5))

    found = queries.with_certificate_state(Inspector.objects.all(), TODAY).get()

    assert found.certified_until == days(10)
    assert numbers(Inspector.objects.filter(queries.certificate_holds_on(days(11)))) == ["001"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("张", ["001"]), ("yszs", ["001"]), ("YSL", ["002"]), ("002", ["002"]), ("", ["001", "002"])],
)
def test_search_finds_by_name_initials_and_number(bureau, words, expected):
    make_inspector("001", bureau, name="演示张三")
    make_inspector("002", bureau, name="演示李四")

    assert numbers(queries.in_words(Inspector.objects.all(), words)) == expected


def test_figures_count_who_should_hold_a_certificate(bureau):
    by = official(RoleCode.LIAISON, department=bureau)
    first, second, third = (make_inspector(number, bureau) for number in ("001", "002", "003"))
    expert = make_inspector("004", bureau, category="expert", third_party=make_body(bureau))
    make_certificate(first, days(100))
    make_certificate(second, days(-1))
    make_certificate(expert, days(100))
    operations.set_tags(inspector=expert, tags=[make_tag(bureau)], **BY)
    operations.end_inspector(inspector=third, reason="退休", **BY)
    set_staff_count(department=bureau, year=2026, n_staff=4, source="演示文号", **BY)

    [(department, figures)] = inspector_figures.figures_by_department(by, TODAY)

    assert department == bureau
    assert figures == inspector_figures.Figures(n_all=3, n_tagged=1, n_staff=2, n_certified=1, n_should=4)
    assert (figures.entered_share, figures.certified_share, figures.tagged_share) == (0.5, 0.5, 1 / 3)


def test_a_total_without_one_of_the_staff_counts_has_no_entered_share():
    full, half = inspector_figures.Figures(5, 5, 5, 5, 5), inspector_figures.Figures(1, 0, 1, 0, None)

    assert inspector_figures.total([full, half]).entered_share is None
    assert inspector_figures.total([full, full]).entered_share == 1
    assert inspector_figures.total([]).entered_share is None


def test_departments_out_of_reach_do_not_count(bureau, other):
    by = official(RoleCode.LIAISON, scope="own", department=bureau)
    make_inspector("001", bureau)
    make_certificate(make_inspector("002", other), days(10))
    set_staff_count(department=other, year=2026, n_staff=4, source="演示文号", **BY)

    figures = inspector_figures.figures_by_department(by, TODAY)

    assert [(department.code, each.n_all) for department, each in figures] == [("SCJG", 1)]
    assert inspector_figures.n_ending(by, TODAY) == {30: 0, 60: 0, 90: 0}


def test_ending_certificates_are_counted_by_horizon_and_month(bureau):
    by = official(RoleCode.LIAISON, department=bureau)
    for number, until in enumerate((0, 30, 31, 60, 90, 91, -1)):
        make_certificate(make_inspector(f"{number:03}", bureau), days(until))

    assert inspector_figures.n_ending(by, TODAY) == {30: 2, 60: 4, 90: 5}
    months = queries.n_ending_by_month(by, TODAY, 4)
    assert [(f"{month:%Y-%m}", count) for month, count in months] == [
        ("2026-03", 1),
        ("2026-04", 2),
        ("2026-05", 2),
        ("2026-06", 1),
    ]


def test_accounts_that_can_be_linked_are_of_the_home_and_free(bureau, other):
    inside = make_department("SCJG-1", bureau.region, parent=bureau, is_internal_unit=True)
    free, deep, _, taken = (make_user(*told) for told in (("a", bureau), ("b", inside), ("c", other), ("d", bureau)))
    operations.link_account(inspector=make_inspector("002", bureau), user=taken, **BY)

    assert set(queries.accounts_for(make_inspector("001", bureau))) == {free, deep}
