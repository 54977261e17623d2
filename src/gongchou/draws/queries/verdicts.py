"""What auditors said of a batch, as the public log has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongchou.accounts.models import Department
from gongchou.audit.queries import find_lines, line_facts
from gongchou.draw.log import read_entry
from gongchou.draws.models import Batch, LogEntry


@dataclass(frozen=True)
class Verdict:
    """One of them. index: of its entry; office: whose auditor; bundle: SHA-256 of the manifest that she looked at"""

    index: int
    at: datetime
    office: str
    words: str
    bundle: str


def verdicts_of(batch: Batch) -> list[Verdict]:
    """All of them in the order of the log."""
    rows = list(LogEntry.objects.filter(campaign=batch.code, type="audit").order_by("index"))
    names = dict(Department.objects.filter(code__in={row.authority for row in rows}).values_list("code", "name"))
    return [_verdict(row, names.get(row.authority, row.authority)) for row in rows]


def taken_of(batch: Batch) -> set[str]:
    """The digests of all that auditors have taken of a batch, as the log of operations has them."""
    lines = find_lines(about=batch.audit_id, verb="batch.unsealed")
    return {str(line_facts(line).get("bundle", "")) for line in lines}


def _verdict(row: LogEntry, office: str) -> Verdict:
    body = read_entry(bytes(row.data), row.index).body
    return Verdict(row.index, row.at, office, str(body.get("verdict", "")), str(body.get("bundle", "")))
