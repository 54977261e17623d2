"""The browser refuses the same forgeries as the core, by the same check and for the same reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gongchou.draw.table import read_all
from tests.factories.mutants import EXAMPLES, MARKED, MUTANTS, Marked, Mutant, original

pytestmark = pytest.mark.browser

Verify = Callable[..., dict[str, Any]]


def trust_of(example: str) -> str:
    """The keys of an example."""
    return (EXAMPLES / f"{example.removesuffix('-public')}.trust").read_text(encoding="utf-8")


@pytest.mark.parametrize("forged", MUTANTS, ids=lambda forged: forged.name)
def test_forged_bundle_is_refused_in_the_browser_too(verify: Verify, forged: Mutant) -> None:
    files = {path: read_all(blob) for path, blob in forged.files().items()}

    failure = verify(files, trust=trust_of(forged.example))["failure"]

    assert failure is not None
    assert (failure["number"], failure["code"]) == (forged.number, forged.code), failure


@pytest.mark.parametrize("marked", MARKED, ids=lambda marked: marked.name)
def test_the_browser_marks_what_the_core_marks(verify: Verify, marked: Marked) -> None:
    files = {path: read_all(blob) for path, blob in marked.files().items()}

    report = verify(files, trust=trust_of(marked.example))

    [found] = [mark for mark in report["marks"] if mark["code"] == marked.code]
    assert marked.number in (found["facts"].get("count"), found["facts"].get("source"))
    assert "—" not in found["sentence"] + found["sentence_en"]


@pytest.mark.parametrize(
    ("example", "colour", "level"),
    [
        ("tiny", "green", "L2"),
        ("open-single", "green", "L2"),
        ("sealed-single", "amber", "L1"),
        ("sealed-single-public", "amber", "L1"),
        ("campaign", "amber", "L2"),
        ("sm3-notary", "amber", "L2"),
        ("dice-seats", "amber", "L2"),
    ],
)
def test_example_holds_in_the_browser(verify: Verify, example: str, colour: str, level: str) -> None:
    report = verify(original(example), trust=trust_of(example))

    assert (report["failure"], report["colour"], report["level"]) == (None, colour, level)


def test_the_auditor_opens_the_sealed_example(verify: Verify) -> None:
    key = (EXAMPLES / "sealed-single.key").read_text(encoding="ascii").strip()
    real_ids = (EXAMPLES / "sealed-single.real-ids.tsv").read_text(encoding="ascii")

    report = verify(original("sealed-single"), trust=trust_of("sealed-single"), sealKey=key, realIds=real_ids)

    assert (report["failure"], report["level"]) == (None, "L2")
