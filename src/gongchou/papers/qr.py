"""QR codes, for paper and for pages."""

from __future__ import annotations

import io

import segno

from gongchou.papers.errors import PaperError

MOST_VERSION = 15  # 77 modules and 412 bytes: on 28 mm of paper a module has a third of a millimetre, which phones read


def qr_svg(url: str) -> str:
    """A QR code of an address as one line of SVG, black on nothing, with the quiet zone of 4 modules, in any size.

    Correction level M or better: a fold or a stamp over 15 % of it does no harm. Raises PaperError ``qr``.
    """
    try:
        code = segno.make(url, error="m", micro=False)
    except ValueError as error:
        raise PaperError("qr", n_characters=len(url)) from error
    if int(code.version) > MOST_VERSION:
        raise PaperError("qr", n_characters=len(url))
    svg = io.BytesIO()
    code.save(svg, kind="svg", xmldecl=False, nl=False, omitsize=True)
    return svg.getvalue().decode()
