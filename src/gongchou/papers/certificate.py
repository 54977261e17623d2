"""抽取结果证书: the paper that says what was drawn, from what, by which seed, and where to check it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from gongchou.papers.pdf import print_pdf
from gongchou.papers.qr import qr_svg


@dataclass(frozen=True)
class StratumLine:
    """One 层: how many objects it held, how many were to be drawn and were, and its cut-off ticket."""

    label: str
    size: int
    n: int
    drawn: int
    cutoff: str  # the first 16 hexadecimal digits, or a dash where nothing was drawn
    task: str = ""


@dataclass(frozen=True)
class WitnessLine:
    """One 见证人: who, as what, when."""

    name: str
    role: str
    time: str


@dataclass(frozen=True)
class SelectedLine:
    """One object that was drawn, by name or 化名."""

    number: str
    name: str
    stratum: str
    rank: int
    task: str = ""


@dataclass(frozen=True)
class Certificate:
    """All that stands on the certificate of one draw; whoever prints says every word.

    sources: (name, value) of what went into the seed; counts: (label, how many)
    selected: the list of objects; None leaves it out, () says that none was drawn
    is_demo: whether nothing on it is real; is_withdrawn: whether none of it holds any more
    later: what happened after the draw, a sentence each
    generated_at: with its time zone, printed as the clock showed it there
    """

    title: str
    number: str
    department: str
    tasks: tuple[str, ...]
    is_test: bool
    mode: str
    times: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    seed: str
    strata: tuple[StratumLine, ...]
    counts: tuple[tuple[str, int], ...]
    witnesses: tuple[WitnessLine, ...]
    url: str
    result_digest: str
    generated_at: datetime
    selected: tuple[SelectedLine, ...] | None = None
    is_demo: bool = False
    is_withdrawn: bool = False
    later: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What stands aslant behind the words of every page."""
        words = (("已撤回", self.is_withdrawn), ("演示数据", self.is_demo), ("演练", self.is_test))
        return " ".join(word for word, is_so in words if is_so)


def certificate_pdf(certificate: Certificate) -> bytes:
    """The certificate on A4; equal certificates give equal bytes.

    Raises PaperError: ``qr`` for an address too long, ``no_zone`` for a moment without its zone.
    """
    at = certificate.generated_at
    day = f"{at.year}年{at.month}月{at.day}日"
    data = asdict(certificate) | {"mark": certificate.mark, "day": day, "generated_at": f"{day} {at:%H:%M:%S}"}
    return print_pdf("certificate.typ", data, made_at=at, pictures={"qr": qr_svg(certificate.url)})
