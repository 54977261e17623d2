"""Every check of section 11 refuses the forgery that is aimed at it, and names it."""

from __future__ import annotations

import pytest

from gongchou.draw.bundle import in_memory
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.sentences import sentence
from gongchou.draw.verify import CHECKS, Options, parse_trust, verify
from tests.factories.forgery import Forgery
from tests.factories.mutants import MARKED, MUTANTS, Marked, Mutant, original, read, trust_of


@pytest.mark.parametrize(
    "example", ["open-single", "sealed-single", "sealed-single-public", "campaign", "sm3-notary", "dice-seats"]
)
def test_taking_apart_and_sealing_again_changes_nothing(example: str) -> None:
    files = in_memory(original(example))

    report = verify(Forgery.of(files).seal(), Options())

    assert report.failure is None


def test_readings_in_their_time_are_accepted() -> None:
    forged = Forgery.of(in_memory(original("sm3-notary")))
    read(forged, "close", 1)
    read(forged, "seed", 2, value="1" * 20, second=None)  # a slip, which the next one follows
    read(forged, "seed", 2, second=None)
    read(forged, "seed", 2)

    report = verify(forged.seal(), Options())

    assert report.failure is None
    assert [mark.facts for mark in report.marks if mark.code.startswith("reading_")] == [{"source": "2", "count": "2"}]


@pytest.mark.parametrize("marked", MARKED, ids=lambda marked: marked.name)
def test_what_a_reader_should_look_at_is_amber(marked: Marked) -> None:
    report = verify(marked.files(), Options(trust=parse_trust(trust_of(marked.example))))

    assert (report.failure, report.colour) == (None, "amber")
    [found] = [mark for mark in report.marks if mark.code == marked.code]
    assert str(marked.number) in (found.facts.get("count"), found.facts.get("source"))
    assert "{" not in sentence(found.code, found.facts)


def test_readings_that_never_changed_are_not_marked() -> None:
    forged = Forgery.of(in_memory(original("sm3-notary")))
    read(forged, "close", 1, second=None)
    read(forged, "close", 1)
    read(forged, "seed", 2)

    marks = verify(forged.seal(), Options()).marks

    assert [mark.code for mark in marks if mark.code.startswith("reading_")] == []


def test_dice_of_requests_that_are_logged_are_not_marked() -> None:
    marks = verify(in_memory(original("dice-seats")), Options()).marks

    assert [mark.code for mark in marks if "reading" in mark.code] == []


@pytest.mark.parametrize("forged", MUTANTS, ids=lambda forged: forged.name)
def test_forged_bundle_is_refused_by_the_check_it_attacks(forged: Mutant) -> None:
    report = verify(forged.files(), Options(trust=parse_trust(trust_of(forged.example))))

    assert report.failure is not None
    assert (report.failure.number, report.failure.code) == (forged.number, forged.code), report.failure


def test_a_stratum_is_named_by_its_label_where_the_bundle_has_one() -> None:
    forged = Forgery.of(in_memory(original("open-single")))
    forged.change_json("strata-rule.json", lambda rule: rule.update(strata=[{"id": "A", "label": "甲区 高风险"}]))
    digest = sha256_hex(forged.files["strata-rule.json"])
    forged.change_params(lambda params: params["rules"].update(strata_rule_sha256=digest))
    forged.change_params(lambda params: params["strata"][0].update(n=params["strata"][0]["n"] + 1))

    failure = verify(forged.seal(), Options()).failure

    assert failure is not None
    assert (failure.code, failure.facts["label"]) == ("quota_mismatch", "甲区 高风险")
    assert sentence(failure.code, failure.facts).startswith("A（甲区 高风险） 层")


def test_every_check_that_can_fail_has_a_forgery() -> None:
    needs_an_auditor, cannot_fail = {7}, {17, 18}

    attacked = {forged.number for forged in MUTANTS}

    assert attacked == set(range(1, len(CHECKS) + 1)) - needs_an_auditor - cannot_fail
