"""A draw that anyone can recompute: the protocol ``vdp1`` in the standard library alone.

Frame, parameters and seed in; selection, match and evidence out. Decides by bytes: no floats, no locale, no clock, no
chance, no disk. The normative text is ``spec/vdp1.md``; a second, independent implementation is ``verifier/``.
"""

from __future__ import annotations

from gongchou.draw.errors import DrawError, EvidenceError, FormatError, RuleError
from gongchou.draw.frame import seal
from gongchou.draw.match import match
from gongchou.draw.seed import seed_of
from gongchou.draw.select import select_frame
from gongchou.draw.ticket import object_prefix, ticket
from gongchou.draw.verify import verify

__all__ = [
    "DrawError",
    "EvidenceError",
    "FormatError",
    "RuleError",
    "match",
    "object_prefix",
    "seal",
    "seed_of",
    "select_frame",
    "ticket",
    "verify",
]
