"""How the core says no.

    DrawError              anything this package refuses; carries a code and facts, never a sentence
    ├── FormatError        bytes that are not what the protocol allows (spec section 1, 2)
    ├── RuleError          well-formed, but against a rule (quotas, sources, times, roles)
    └── EvidenceError      two accounts of the same thing differ

The sentence a person reads is made from code and facts in ``sentences``; tests and programs look at the code.
"""

from __future__ import annotations


class DrawError(Exception):
    """A refusal with a machine code, the place it concerns (a path, a line) and the facts of the case."""

    def __init__(self, code: str, place: str = "", **facts: object) -> None:
        super().__init__(code, place, facts)
        self.code = code
        self.place = place
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return f"{self.code} [{self.place}] {told}".strip()


class FormatError(DrawError):
    """Bytes in a shape that must be refused rather than mended."""


class RuleError(DrawError):
    """Well-formed input that a rule forbids."""


class EvidenceError(DrawError):
    """What was stated and what was recomputed are not the same."""
