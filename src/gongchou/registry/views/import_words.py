"""What the pages of an import show beside its own fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from gongchou.registry.forms.imports import ColumnsForm
from gongchou.registry.imports.columns import ASIDE, LEFT_OUT, header_digest
from gongchou.registry.imports.reading import Head
from gongchou.registry.models import ImportBatch
from gongchou.registry.queries.imports import find_map
from gongchou.registry.rules.identity import is_identity_number, masked_identity, one_spelling

N_SHOWN = 3  # sample cells of a column


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file: what stands in it, what it is taken for, and who says so."""

    heading: str
    samples: list[str]
    choice: BoundField
    how: str


def column_rows(batch: ImportBatch, head: Head, form: ColumnsForm) -> list[ColumnRow]:
    """The columns in the order of the file."""
    kept = find_map(batch.kind, header_digest(head.headings), batch.department)
    return [
        ColumnRow(
            heading,
            list(dict.fromkeys(_shown(text) for row in head.samples if (text := row[at].strip())))[:N_SHOWN],
            form[f"column_{at}"],
            _how(heading, field, kept),
        )
        for at, (heading, field) in enumerate(batch.columns)
    ]


def _shown(text: str) -> str:
    """A cell as an example; of an identity number, under whatever heading, only what is kept of it."""
    whole = one_spelling(text.lstrip("'"))
    return masked_identity(whole) if is_identity_number(whole) else text[:40]


def _how(heading: str, field: str, kept: dict[str, str]) -> str:
    if heading in kept:
        return "kept"
    return {ASIDE: "unknown", LEFT_OUT: "ignored"}.get(field, "known")


@dataclass(frozen=True)
class Count:
    """A number of an import with its sample rows. look: of the tile."""

    key: str
    name: str
    n: int
    look: str
    note: str
    samples: list[dict[str, Any]]


def counts_of(batch: ImportBatch) -> list[Count]:
    """新增、更新、不变、错误, and for a full register 未再出现."""
    is_done = batch.state == ImportBatch.State.DONE
    kinds = [
        ("new", "新增", batch.n_new, "success", "已登记入库" if is_done else "库中没有，将登记入库"),
        ("changed", "更新", batch.n_changed, "primary", "内容有变化，新旧内容都记入档案"),
        ("same", "不变", batch.n_same, "secondary", "与库中一致，或在文件中重复"),
        (
            "refused",
            "错误",
            batch.n_refused,
            "danger",
            "没有导入，改好后可再次上传" if is_done else "不导入，可下载改好再上传",
        ),
    ]
    if batch.is_full:
        kinds.append(("vanished", "未再出现", batch.n_vanished, "warning", "库中有、文件中没有；只作标记，不删除"))
    return [Count(*kind, samples=batch.samples.get(kind[0], [])) for kind in kinds]


def share_vanished(batch: ImportBatch) -> int:
    """How many of a hundred that are kept now would be marked."""
    known = batch.n_same + batch.n_changed + batch.n_vanished
    return -(-batch.n_vanished * 100 // known) if known else 0
