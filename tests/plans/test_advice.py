"""Ratios by class as a proposal: inside the bands, never falling, A never nothing; taking one is one operation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from gongchou.accounts.roles import RoleCode
from gongchou.audit.facts import content_of
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line as LogLine
from gongchou.plans import ratios
from gongchou.plans.allocation import flat, midpoint, most_found
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.norms import ByGrade, read
from gongchou.plans.operations.ratios import take_ratios
from gongchou.plans.queries.advice import Advice, ratio_words
from gongchou.refusal import Refused
from gongchou.registry.ratio import Table
from gongchou.seen import token
from tests.factories import plans as factory
from tests.factories.lists import keeper_of
from tests.factories.once import standing
from tests.factories.people import NOW, official, signed_in
from tests.factories.pools import make_city

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BANDS = "A级低于3%；B级3%；C级3%-20%；D级20%-100%"
RATES = "A级2%；B级5%；C级15%；D级35%"
GOOD = {"A": 5, "B": 30, "C": 50, "D": 400}


def by_class(code: str, text: str) -> ByGrade:
    found = read(code, text)
    assert isinstance(found, ByGrade)
    return found


# Arithmetic ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        (BANDS, [(1, 29), (30, 30), (30, 200), (200, 1000)]),
        ("A级不低于1%；B级不超过5%；C级10%-20%；D级100%", [(10, 1000), (1, 50), (100, 200), (1000, 1000)]),
        ("A级低于0.1%；B级2.55%-3.05%；C级不低于3‰；D级20%", [(1, 1), (26, 30), (3, 1000), (200, 200)]),
    ],
)
def test_bands_are_whole_steps_of_a_thousandth_and_leave_nobody_out(text: str, bands: list[tuple[int, int]]):
    found = ratios.bands_of(by_class("bands", text))

    assert [(band.least, band.most) for band in found.values()] == bands


@pytest.mark.parametrize(
    ("text", "rates"),
    [(RATES, [0.02, 0.05, 0.15, 0.35]), ("A级1%-3%；B级不低于5%；C级不超过15%；D级35%", [0.02, 0.05, 0.15, 0.35])],
)
def test_a_rate_is_a_number_and_of_a_range_its_middle(text: str, rates: list[float]):
    assert list(ratios.rates_of(by_class("problem_rates", text)).values()) == pytest.approx(rates)


SIZES = [(6000, 3000, 800, 200), (10, 3, 1, 0), (0, 0, 0, 7), (1, 1, 1, 1), (99_999, 1, 50_000, 333)]
SHARES = [0.0, 0.1, 0.5, 0.9, 1.0]


@pytest.mark.parametrize(("sizes", "share"), list(product(SIZES, SHARES)), ids=str)
def test_rounded_ratios_keep_to_the_bands_the_capacity_and_the_order(sizes: tuple[int, ...], share: float):
    bands = ratios.bands_of(by_class("bands", BANDS))
    rates = ratios.rates_of(by_class("problem_rates", RATES))
    strata = ratios.strata_of(dict(zip("ABCD", sizes, strict=True)), bands, rates)
    least, most = sum(one.lo for one in strata), sum(one.hi for one in strata)
    capacity = least + share * (most - least)

    for way in (midpoint, most_found):
        plan = way(strata, capacity)
        steps = ratios.steps_of(plan, strata, bands)

        assert ratios.is_in_bands(steps, bands) and ratios.is_monotone(steps) and steps["A"] > 0
        assert ratios.with_steps(strata, steps, 0).spent <= capacity + 1e-6


def test_what_finds_most_finds_no_less_than_the_others():
    bands = ratios.bands_of(by_class("bands", BANDS))
    rates = ratios.rates_of(by_class("problem_rates", RATES))
    strata = ratios.strata_of({"A": 6000, "B": 3000, "C": 800, "D": 200}, bands, rates)

    found = [way(strata, 400).found for way in (flat, midpoint, most_found)]

    assert found == sorted(found)


# The page -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def planned(django_db_setup: None, django_db_blocker: Any) -> Iterator[UUID]:
    """The draft of a plan for a city."""
    with standing(django_db_blocker):
        make_city(2_000, n_districts=3, n_libraries=1)
        version = factory.make_plan()
        now = factory.by_grade(A="1%", B="3%", C="5%", D="30%")
        factory.make_line(version, name="风险一", ratio=now, is_risk_based=True)
        factory.make_line(version, name="风险二", ratio=now, is_risk_based=True, rounds=2)
        factory.make_line(version, name="普通")
        yield version.pk


@pytest.fixture
def draft(planned: UUID, db: None) -> PlanVersion:
    return PlanVersion.objects.get(pk=planned)


def set_norms(*codes: str) -> None:
    office = official(RoleCode.CONFERENCE_OFFICE, "all", username="office")
    for code in codes or ("bands", "problem_rates"):
        factory.set_norm(code, {"bands": BANDS, "problem_rates": RATES}[code], by=office)


def page(client: Client, version: PlanVersion, query: str = "") -> Any:
    keeper = signed_in(client, keeper_of(version.plan.department))
    return keeper.get(f"/plans/versions/{version.pk}/advice/?{query}")


def test_what_nobody_has_said_is_asked_for(client: Client, draft: PlanVersion):
    set_norms("bands")

    told = page(client, draft).content.decode()
    assert "各风险等级问题发现率（估计）（请演示市双随机办设定）" in told

    office = official(RoleCode.CONFERENCE_OFFICE, "all", username="office2")
    shown = signed_in(client, office).get(f"/plans/versions/{draft.pk}/advice/").content.decode()
    assert 'href="/plans/norms/set/?code=problem_rates"' in shown


def test_three_plans_for_what_the_lines_draw_now(client: Client, draft: PlanVersion):
    set_norms()

    context = page(client, draft, "by_district=on").context

    options = {one.code: one for one in context["options"]}
    assert list(options) == ["flat", "middle", "most"]
    # Once and twice of 1000 A, 600 B, 200 C, 200 D or about so: three times each class.
    assert context["found"].sizes == {"A": 3000, "B": 1800, "C": 600, "D": 600}
    assert all(one.plan.spent <= context["found"].now + 1e-6 for one in options.values())
    assert options["flat"].plan.found < options["middle"].plan.found <= options["most"].plan.found
    assert [options["flat"].why_not != "", options["middle"].why_not, options["most"].why_not] == [True, "", ""]
    assert [sum(row[n] for _, row in context["districts"]) for n in range(3)] == pytest.approx(
        [one.plan.spent for one in options.values()], abs=2
    )


def test_the_page_warns_and_prices_in_plain_words(client: Client, draft: PlanVersion):
    set_norms()

    told = page(client, draft).content.decode()

    for words in ("这是估计，不是保证", "A级至少保留0.1%，不会降为零", "每多检查一户次，预计多发现", RATES):
        assert words in told


@pytest.mark.parametrize(("query", "says"), [("capacity=10", "至少需要"), ("capacity=-1", "")])
def test_too_little_is_said_and_nonsense_is_marked(client: Client, draft: PlanVersion, query: str, says: str):
    set_norms()

    answer = page(client, draft, query)

    assert answer.status_code == 200
    assert (says in answer.content.decode()) and bool(answer.context["form"].errors) == (not says)


def test_one_line_alone_is_computed_where_it_is_chosen(draft: PlanVersion):
    first = draft.lines.get(name="风险一")

    assert Advice(draft, [first.pk]).sizes == {"A": 1000, "B": 600, "C": 200, "D": 200}


def test_a_plan_without_such_lines_says_so(client: Client, draft: PlanVersion):
    with open_for_writing():
        draft.lines.filter(is_risk_based=True).update(is_risk_based=False)

    assert "没有勾选“信用风险分类抽查”的计划行" in page(client, draft).content.decode()


# Taking one ---------------------------------------------------------------------------------------


def chosen(version: PlanVersion) -> list[LineVersion]:
    return list(version.lines.filter(is_risk_based=True))


def take(version: PlanVersion, lines: Any = None, steps: dict[str, int] = GOOD, seen: str = "") -> PlanVersion:
    lines = chosen(version) if lines is None else lines
    by = keeper_of(version.plan.department)
    return take_ratios(version=version, lines=lines, steps=steps, seen=seen, by=by, at=NOW)


def test_all_lines_are_changed_in_one_operation_that_tells_old_and_new(draft: PlanVersion):
    set_norms()
    before = LogLine.objects.count()

    take(draft)

    assert LogLine.objects.count() == before + 1
    log = LogLine.objects.order_by("-index").first()
    assert log is not None and log.verb == "lines.ratios_taken"
    changed = json.loads(log.data)["facts"]["changed"]
    assert list(changed) == ["第1行 风险一", "第2行 风险二"]
    assert "第1行 风险一" in content_of(log) and "A级0.5%" in content_of(log)
    assert {words[1] for words in changed.values()} == {one.ratio_words for one in chosen(draft)}
    assert "0.5%" in chosen(draft)[0].ratio_words and "40%" in chosen(draft)[0].ratio_words


def test_the_button_sends_what_the_page_shows(client: Client, draft: PlanVersion):
    set_norms()
    context = page(client, draft).context
    most = context["options"][2]
    sent = {**most.steps, "line": [str(one.pk) for one in context["found"].chosen], "seen": context["seen"]}

    answer = client.post(f"/plans/versions/{draft.pk}/advice/take/", sent)

    assert answer.status_code == 303
    assert answer["Location"] == draft.get_absolute_url()
    rule = chosen(draft)[0].ratio_rule
    assert isinstance(rule, Table)
    told = {row.key: row.amount.floor * 10 for row in rule.rows}
    assert told == dict(most.steps)


REFUSED: list[tuple[dict[str, int], str]] = [
    ({**GOOD, "A": 30}, "plans.ratio_off_bands"),
    ({**GOOD, "B": 29}, "plans.ratio_off_bands"),
    ({**GOOD, "D": 199}, "plans.ratio_off_bands"),
    ({**GOOD, "A": 0}, "plans.ratio_steps"),
    ({"A": 5, "B": 30}, "plans.ratio_steps"),
    ({**GOOD, "D": 1001}, "plans.ratio_steps"),
]


@pytest.mark.parametrize(("steps", "code"), REFUSED, ids=str)
def test_ratios_outside_what_applies_are_refused(draft: PlanVersion, steps: dict[str, int], code: str):
    set_norms()

    with pytest.raises(Refused) as refused:
        take(draft, steps=steps)

    assert refused.value.code == code


def test_ratios_that_fall_are_refused_where_the_bands_would_allow_them(draft: PlanVersion):
    office = official(RoleCode.CONFERENCE_OFFICE, "all", username="office")
    factory.set_norm("bands", "A级1%-50%；B级1%-50%；C级1%-50%；D级1%-50%", by=office)

    with pytest.raises(Refused, match=r"plans\.ratio_falls"):
        take(draft, steps={"A": 20, "B": 10, "C": 30, "D": 40})


def test_what_cannot_be_taken(draft: PlanVersion):
    with pytest.raises(Refused, match=r"plans\.bands_missing"):
        take(draft)
    set_norms()
    with pytest.raises(Refused, match=r"plans\.no_line_chosen"):
        take(draft, lines=[])
    with pytest.raises(Refused, match=r"plans\.line_not_by_risk"):
        take(draft, lines=list(draft.lines.all()))
    with pytest.raises(Refused, match=r"accounts|registry"):
        take_ratios(version=draft, lines=chosen(draft), steps=GOOD, by=official(RoleCode.LEADER), at=NOW)


def test_nothing_that_was_saved_meanwhile_is_taken_back(draft: PlanVersion):
    set_norms()
    seen = token(ratio_words(chosen(draft)))
    take(draft, lines=chosen(draft)[:1])

    with pytest.raises(Refused, match=r"web\.changed_meanwhile"):
        take(draft, seen=seen)


def test_who_only_reads_takes_nothing(client: Client, draft: PlanVersion):
    set_norms()
    leader = signed_in(client, official(RoleCode.LEADER))

    assert leader.get(f"/plans/versions/{draft.pk}/advice/").status_code == 404  # a draft is not hers to see
    assert leader.post(f"/plans/versions/{draft.pk}/advice/take/").status_code == 403


def test_a_plan_under_review_shows_the_proposal_without_a_button(client: Client, draft: PlanVersion):
    set_norms()
    with open_for_writing():
        stamps = {"submitted_at": NOW, "submitted_by": keeper_of(draft.plan.department)}
        PlanVersion.objects.filter(pk=draft.pk).update(state="review", **stamps)

    told = page(client, draft).content.decode()

    assert "发现最多" in told and "编制中的计划由编制人采用" in told
    with pytest.raises(Refused, match=r"plans\.not_draft"):
        take(draft)
