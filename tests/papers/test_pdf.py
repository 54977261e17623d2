"""Printing: what comes in as data stays data, and a fault has a name."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongchou.papers.certificate import certificate_pdf
from gongchou.papers.errors import PaperError
from gongchou.papers.pdf import _fonts, print_pdf
from tests.factories.papers import certificate

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "data", "code"),
    [
        ("no-such.typ", {}, "template"),
        ("certificate.typ", {}, "template"),  # nothing of what it prints
        ("certificate.typ", {"title": {1, 2}}, "data"),
        ("certificate.typ", {"title": float("nan")}, "data"),
    ],
)
def test_a_fault_has_a_name(template, data, code):
    with pytest.raises(PaperError) as fault:
        print_pdf(template, data, made_at=AT)

    assert fault.value.code == code
    assert str(fault.value).startswith(f"{code}: ")


def test_a_font_that_is_not_there_is_a_fault_and_not_another_font(tmp_path, monkeypatch):
    (tmp_path / "own.typ").write_text('#set text(font: "No Such Song")\n字', encoding="utf-8")
    (tmp_path / "blank.typ").touch()
    monkeypatch.setattr("gongchou.papers.pdf.TEMPLATES", tmp_path)

    with pytest.raises(PaperError, match="unknown font family: no such song"):
        print_pdf("own.typ", {}, made_at=AT)


def test_no_font_of_the_machine_is_used():
    typsts_own = {"DejaVu Sans Mono", "Libertinus Serif", "New Computer Modern", "New Computer Modern Math"}

    assert set(_fonts().families()) - typsts_own == {"Noto Sans SC", "Noto Serif SC"}


def test_it_is_a_paper_for_archives():
    pdf = certificate_pdf(certificate())

    assert re.findall(rb"<pdfaid:(part|conformance)>(\w)<", pdf) == [(b"part", b"2"), (b"conformance", b"U")]


def test_fractions_of_a_second_do_not_matter():
    exact, rough = (certificate(generated_at=AT.replace(microsecond=fraction)) for fraction in (999_999, 0))

    assert certificate_pdf(exact) == certificate_pdf(rough)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_papers_printed_are_forgotten():
    certificate_pdf(certificate(500, number="warm"))
    before = _resident_mb()

    for number in range(6):  # without forgetting, each would keep 25 MB
        certificate_pdf(certificate(500, number=str(number), seed=str(number), department=f"第{number}局"))

    assert _resident_mb() - before < 60


def _resident_mb() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (resident_kb,) = re.findall(r"VmRSS:\s+(\d+)", status)
    return int(resident_kb) // 1024
