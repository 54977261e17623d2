"""QR codes as SVG."""

from __future__ import annotations

import re

import pytest
import segno

from gongchou.papers.errors import PaperError
from gongchou.papers.qr import qr_svg

ADDRESS = "https://gongchou.example/gongshi/draws/YS-2026-0117-03"


def test_the_picture_is_the_code_with_its_quiet_zone():
    code = segno.make(ADDRESS, error="m", micro=False)

    box = re.match(r'<svg [^>]*viewBox="0 0 (\d+) (\d+)"', qr_svg(ADDRESS))

    assert box is not None
    assert [int(side) for side in box.groups()] == [len(code.matrix) + 8] * 2


def test_a_picture_for_a_page_brings_no_styles_or_scripts():
    svg = qr_svg(ADDRESS)

    assert "\n" not in svg
    assert re.findall(r"<(\w+)", svg) == ["svg", "path"]
    assert re.search(r"\b(style|on\w+|href)=", svg) is None


@pytest.mark.parametrize(("n", "fits"), [(412, True), (413, False), (5000, False)])
def test_what_a_phone_cannot_read_from_paper_is_refused(n, fits):
    try:
        qr_svg("x" * n)
    except PaperError as refused:
        assert (refused.code, refused.facts, fits) == ("qr", {"n_characters": n}, False)
    else:
        assert fits
