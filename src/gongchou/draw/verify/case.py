"""The evidence on the table: what has been read so far, shared by the checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gongchou.draw.attempts import Attempts
from gongchou.draw.beacon import Beacon
from gongchou.draw.bundle import LEFT_OUT_WHEN_SEALED, Files
from gongchou.draw.encoding import Document, is_hash, is_id
from gongchou.draw.errors import DrawError, EvidenceError, FormatError
from gongchou.draw.frame import Digest, FrameScan
from gongchou.draw.log import Checkpoint, Entry, Proof
from gongchou.draw.match import Match
from gongchou.draw.note import COSIGNATURE, ED25519, VerifierKey, parse_vkey
from gongchou.draw.replace import Sample
from gongchou.draw.select import Quota
from gongchou.draw.table import Blob, read_all
from gongchou.draw.verify.report import Mark

ROLES = ("operator", "registry", "log", "witness", "drand", "authority")


@dataclass(frozen=True)
class Options:
    """How to verify: trusted keys by role (None: nobody is known), test mode, and what only an auditor has."""

    trust: dict[str, frozenset[str]] | None = None
    allow_test: bool = False
    seal_key: bytes | None = None
    real_ids: Mapping[str, str | None] | None = None  # real id -> its real unit, if units are drawn


def parse_real_ids(text: str) -> dict[str, str | None]:
    """Read an auditor's list: real ids with their pseudonyms, and their units where units are drawn (TABs between).

    Raises FormatError ``real_ids_invalid``.
    """
    found: dict[str, str | None] = {}
    for number, line in enumerate(_lines(text), 1):
        real_id, _, unit = ([*line.split("\t"), "", ""])[:3]
        if not line:
            continue
        is_right = line.count("\t") < 3 and is_id(real_id) and found.setdefault(real_id, unit or None) == (unit or None)
        if not is_right:
            raise FormatError("real_ids_invalid", line=number, text=line[:80])
    return found


def _lines(text: str) -> list[str]:
    """As editors leave them: a byte order mark and CR before LF are nobody's meaning."""
    return [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]


def parse_trust(text: str) -> dict[str, frozenset[str]]:
    """Read a trust file, lines ``ROLE VALUE`` (spec 9.4). Raises FormatError ``trust_invalid``."""
    found: dict[str, set[str]] = {role: set() for role in ROLES}
    for number, line in enumerate(_lines(text), 1):
        told = re.sub(r"(?:^|(?<=[ \t]))#.*", "", line).strip(" \t")
        if not told:
            continue
        words = re.split(r"[ \t]+", told)
        if len(words) != 2 or words[0] not in ROLES:
            raise FormatError("trust_invalid", line=number, text=line[:80])
        if not _is_trustable(*words):
            raise FormatError("trust_invalid", line=number, text=line[:80])
        found[words[0]].add(words[1])
    return {role: frozenset(values) for role, values in found.items()}


def _is_trustable(role: str, value: str) -> bool:
    """A chain hash for drand, an id for an authority, a cosignature key for a witness, a plain one for the rest."""
    if role == "drand":
        return is_hash(value)
    if role == "authority":
        return is_id(value)
    try:
        return parse_vkey(value).kind == (COSIGNATURE if role == "witness" else ED25519)
    except FormatError:
        return False


@dataclass
class DrawCase:
    """One draw of the bundle; ``prefix`` is its directory with a slash, or empty."""

    prefix: str
    params_bytes: bytes
    params: Document
    universe: Document
    reasons: Document
    scan: FrameScan
    id_list: Digest | None = None
    overlap: DrawError | None = None
    quotas: dict[str, Quota] = field(default_factory=dict)
    sample: Sample | None = None
    commit: Entry | None = None

    @property
    def id(self) -> str:
        """The draw's id."""
        return str(self.params["draw"])


@dataclass
class Case:
    """Files, options, and what the checks learn one after the other."""

    files: Files
    options: Options
    marks: list[Mark] = field(default_factory=list)
    draws: list[DrawCase] = field(default_factory=list)
    operator: VerifierKey | None = None
    registry: VerifierKey | None = None
    witnesses: list[VerifierKey] = field(default_factory=list)
    entries: dict[int, Entry] = field(default_factory=dict)  # of the campaign's authorities, whole chains
    foreign: dict[int, Entry] = field(default_factory=dict)  # others', behind those: nothing was left out at the end
    proofs: dict[int, Proof] = field(default_factory=dict)
    attempts: Attempts | None = None
    horizon: Checkpoint | None = None
    beacon: Beacon | None = None
    values: list[str] = field(default_factory=list)
    read_for: dict[int, list[Entry]] = field(default_factory=dict)  # event of a request -> its readings
    seed: str = ""
    match: Match | None = None

    def text(self, path: str) -> bytes:
        """The bytes of a small file. Raises FormatError ``file_missing``."""
        return read_all(self.blob(path))

    def blob(self, path: str) -> Blob:
        """A file. Raises FormatError ``file_missing``."""
        if path not in self.files:
            raise FormatError("file_missing", path)
        return self.files[path]

    @property
    def lead(self) -> DrawCase:
        """The draw with the smallest ``seq``, whose authority closes, seeds and matches."""
        return self.draws[0]

    @property
    def authorities(self) -> set[str]:
        """Those of the draws, whose chains must be whole."""
        return {draw.params["authority"] for draw in self.draws}

    @property
    def shared(self) -> Document:
        """The parameters that all draws of a campaign share."""
        return self.lead.params

    @property
    def with_match(self) -> list[DrawCase]:
        """The draws that have inspectors matched."""
        return [draw for draw in self.draws if draw.params["matching"] is not None]

    @property
    def match_is_sealed_away(self) -> bool:
        """The match exists but this bundle leaves its tables out, as the parameters allow."""
        sealed = all(draw.params["disclosure"]["inspectors"] == "sealed" for draw in self.with_match)
        return bool(self.with_match) and sealed and self.files.keys().isdisjoint(LEFT_OUT_WHEN_SEALED)

    def of_type(self, kind: str) -> Iterator[Entry]:
        """Entries of one type in log order."""
        return (entry for _, entry in sorted(self.entries.items()) if entry.type == kind)

    def only(self, kind: str, authority: str, **body: str) -> Entry:
        """The one entry of a type with these values. Raises EvidenceError ``entry_missing`` for none or several."""
        found = [e for e in self.of_type(kind) if all(e.body.get(key) == value for key, value in body.items())]
        if len(found) != 1 or found[0].document["authority"] != authority:
            raise EvidenceError("entry_missing", "log", type=kind, found=len(found), **body)
        return found[0]

    def close(self) -> Entry:
        """The close of the campaign."""
        return self.only("close", self.shared["authority"], campaign=self.shared["campaign"])

    def cosigned_at(self, entry: Entry) -> int:
        """The proven time of an entry: the k-th earliest witness of the checkpoint in its proof."""
        return self.cosigned_time(self.proofs[entry.index].checkpoint)

    def cosigned_time(self, checkpoint: Checkpoint) -> int:
        """The k-th earliest witness time of a checkpoint (seconds since 1970)."""
        k: int = self.shared["witness_k"]
        return checkpoint.cosigned_times(self.witnesses)[k - 1]

    def is_trusted(self, role: str, value: str) -> bool:
        """Without a trust file everything passes here and the verdict says so."""
        return self.options.trust is None or value in self.options.trust[role]

    def check_trusted(self, role: str, key: VerifierKey, place: str) -> None:
        """Raises EvidenceError ``key_untrusted``."""
        if not self.is_trusted(role, str(key)):
            raise EvidenceError("key_untrusted", place, role=role, key=str(key))

    def mark(self, code: str, colour: str, **facts: object) -> None:
        """Add a reservation once."""
        found = Mark(code, colour, {key: str(value) for key, value in facts.items()})
        if found not in self.marks:
            self.marks.append(found)
