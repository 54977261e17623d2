"""What a verification found, as data; sentences are made from it elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from gongchou.draw.encoding import Document


@dataclass(frozen=True)
class Failure:
    """The first check that did not hold, and where."""

    number: int
    code: str
    place: str
    facts: dict[str, str]


@dataclass(frozen=True)
class Check:
    """One of the eighteen. status: passed, failed, not_checked (does not apply or needs more input), skipped."""

    number: int
    name: str
    status: str


@dataclass(frozen=True)
class Mark:
    """A reservation; colour amber or red."""

    code: str
    colour: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """The outcome: green, amber or red; L1 or L2; D, P, L or N."""

    ok: bool
    colour: str
    level: str | None
    strength: str | None
    failure: Failure | None
    checks: list[Check]
    marks: list[Mark]
    summary: Document

    def document(self) -> Document:
        """The report as plain JSON data."""
        return asdict(self)
