"""What a batch has left behind: its rows, its files, its entries, the lines about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from gongchou.audit.damage import Damage
from gongchou.audit.models import Line
from gongchou.draw.encoding import Document, parse_json
from gongchou.draw.log import Entry
from gongchou.draw.select import Ranked, read_ranked
from gongchou.draw.table import read_all
from gongchou.draws import store
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, Draw, Evidence
from gongchou.draws.queries.batches import AUDITOR
from gongchou.draws.queries.holders import TEAMS, Holder, Holders, teams_in
from gongchou.folders import FileBlob


@dataclass(frozen=True)
class Record:
    """One batch. entries: of the public log that speak of it; lines: of the platform's, by what they are about"""

    batch: Batch
    draws: list[Draw]
    evidence: Mapping[str, Evidence]
    entries: list[Entry]
    lines: list[Line] = field(repr=False)

    @classmethod
    def of(cls, batch: Batch) -> Record:
        """As it stands now, held until the transaction ends."""
        rows = Batch.objects.select_for_update(of=("self",)).select_related("department")
        own = rows.get(pk=batch.pk)
        return cls(
            own,
            list(own.draws.select_related("task__department", "supersedes", "parent")),
            {one.path: one for one in own.evidence.all()},
            PublicLog().entries_of(own.code),
            list(Line.objects.filter(about=own.audit_id).order_by("index")),
        )

    @property
    def is_promised(self) -> bool:
        """Whether something of it is public, whatever its state says of it."""
        return bool(self.entries) or self.batch.committed_at is not None

    @property
    def is_drawn(self) -> bool:
        """Whether there is a result."""
        return any(entry.type == "result" for entry in self.entries)

    def says(self, path: str) -> str:
        """A file of it in words."""
        return f"批次 {self.batch.code} 的文件 {path} "

    def blob(self, path: str) -> FileBlob:
        """A file as it lies in the store."""
        return store.blob(self.evidence[path].sha256)

    def document(self, path: str) -> Document:
        """A document."""
        found: Document = parse_json(read_all(self.blob(path)), path)
        return found

    def text(self, path: str) -> str:
        """A text."""
        return read_all(self.blob(path)).decode()

    def table(self, path: str) -> list[list[str]]:
        """A table of the core."""
        return [line.split("\t") for line in self.text(path).splitlines()]

    def ranked(self, path: str) -> list[Ranked]:
        """The rows of a result."""
        return list(read_ranked(self.blob(path), path))

    @cached_property
    def committed(self) -> list[Draw]:
        """The draws that were committed; all of a batch are at once."""
        return [draw for draw in self.draws if f"{draw.folder}params.json" in self.evidence]

    @cached_property
    def drawn(self) -> list[Draw]:
        """Those that have a result."""
        return [draw for draw in self.committed if f"{draw.folder}selected.tsv" in self.evidence]

    def params(self, draw: Draw) -> Document:
        """What was committed of a draw."""
        return self.document(f"{draw.folder}params.json")

    @cached_property
    def subjects(self) -> dict[str, UUID]:
        """Pseudonym -> key of the subject, of all draws."""
        found: dict[str, UUID] = {}
        for draw in self.committed:
            found |= self.pairs(f"{AUDITOR}{draw.folder}subjects.tsv")
        return found

    def pairs(self, path: str) -> dict[str, UUID]:
        """Pseudonym -> key of the row it stands for."""
        return {pid: UUID(own) for pid, own in self.table(path)}

    @cached_property
    def holders(self) -> Holders:
        """Who sits where when a name of the evidence is dealt."""
        people = {name: [Holder(None, pk)] for name, pk in self.pairs(f"{AUDITOR}inspectors.tsv").items()}
        return people | teams_in(self.table(TEAMS))


def differing(row: Any, against: str, wanted: Mapping[str, Any]) -> Damage | None:
    """The first column of a row that says something else."""
    wrong = next((column for column, value in wanted.items() if getattr(row, column) != value), None)
    return Damage(row._meta.db_table, str(row.pk), "differs", wrong, against=against) if wrong else None
