"""Published plans as the public log has them: what stands in the entry, and the document whose digest it names."""

from __future__ import annotations

from gongchou.draw.encoding import Document, dump_json, format_time, is_id
from gongchou.draw.log import read_entry
from gongchou.draws.freezing import plain_text
from gongchou.draws.models import LogEntry
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.queries import plans
from gongchou.plans.states.plans import OUT

NAME = "plan.json"
LONGEST = 200  # characters, as the protocol has it


def to_log() -> list[PlanVersion]:
    """Versions that were published and are not in the log, the earliest first.

    A department whose code cannot stand in the log cannot draw either; its plans are left out.
    """
    logged = {(entry.authority, _head(entry)) for entry in LogEntry.objects.filter(campaign="", type="plan")}
    rows = PlanVersion.objects.filter(state__in=OUT).select_related("plan__department")
    found = [row for row in rows.order_by("published_at", "id") if is_id(row.plan.department.code)]
    return [row for row in found if (row.plan.department.code, head_of(row)) not in logged]


def _head(entry: LogEntry) -> str:
    told: str = read_entry(bytes(entry.data), entry.index).body["plan"]
    return " ".join(told.split(" ")[:2])


def head_of(version: PlanVersion) -> str:
    """Which version of which plan it is, in two words that no other version of the department has."""
    return f"{version.plan.year}年度{version.plan.get_kind_display()} 第{version.number}版"


def text_of(version: PlanVersion) -> str:
    """The plan as it is named in the log."""
    return plain_text(f"{head_of(version)} {version.name}")[:LONGEST].strip()


def document_of(version: PlanVersion) -> bytes:
    """What the public reads of a version, in the form that is hashed."""
    assert version.published_at is not None  # noqa: S101 -- the database holds it for what is out
    told: Document = {
        "authority": version.plan.department.code,
        "channel": version.channel,
        "document_no": version.document_no,
        "goals": version.goals,
        "lines": [_line(row) for row in plans.lines_of(version)],
        "name": version.name,
        "plan": text_of(version),
        "published_at": format_time(int(version.published_at.timestamp())),
        "reason": version.reason,
    }
    return dump_json(told)


def _line(row: LineVersion) -> Document:
    columns = {plans.field_label(name): plans.field_words(row, name) for name in plans.PUBLIC_COLUMNS}
    return {"columns": columns, "number": row.number}
