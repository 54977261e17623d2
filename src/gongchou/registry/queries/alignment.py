"""Reading 同源管理: where the published list and the entries of the two other systems disagree, and what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import bounds_of, departments_within, has_duty
from gongchou.accounts.roles import Duty
from gongchou.registry.models import ItemVersion, OfficialEntry, OfficialImport
from gongchou.registry.queries.items import share_words
from gongchou.registry.queries.versions import within
from gongchou.registry.states.lists import VersionState

Source = OfficialEntry.Source
_CODES = {Source.INTERNET_PLUS: "internet_plus_code", Source.DUTY_LIST: "duty_list_code"}
_LAW = re.compile(r"《([^》]+)》")
_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十])?")


class Fault(StrEnum):
    """What can be wrong between an item and an entry (R-7)."""

    UNMAPPED = "unmapped"
    UNKNOWN = "unknown"
    NAME = "name"
    BASIS = "basis"


FAULT_NAMES = {
    Fault.UNMAPPED: "未对应",
    Fault.UNKNOWN: "编码不存在",
    Fault.NAME: "名称不一致",
    Fault.BASIS: "依据不一致",
}
TODO = {
    Fault.UNMAPPED: "请在{source}中找到对应条目，起草新版本填写编码；确无对应条目的，先向{source}主管单位申请补录。",
    Fault.UNKNOWN: "请核对编码；条目已调整的改填新编码，尚未导入的先导入最新的{source}条目。",
    Fault.NAME: "请确认以哪一方为准：应以{source}为准的起草新版本改名，应以清单为准的提请{source}主管单位修改。",
    Fault.BASIS: "请对照法律法规核定检查依据，修改有误的一方；法规已修订的两方同时更新。",
}


@dataclass(frozen=True)
class Misalignment:
    """One disagreement: of which item, with which system, how, and what mends it."""

    version: ItemVersion
    source: Source
    fault: Fault
    ours: str
    theirs: str

    @property
    def word(self) -> str:
        """What is wrong."""
        return FAULT_NAMES[self.fault]

    @property
    def todo(self) -> str:
        """What to do about it."""
        return TODO[self.fault].format(source=self.source.label)


@dataclass(frozen=True)
class DepartmentCount:
    """How many published items of a department agree with both systems (K-25)."""

    department: Department
    n_items: int
    n_mapped: int
    n_aligned: int

    @property
    def n_apart(self) -> int:
        """The others."""
        return self.n_items - self.n_aligned

    @property
    def aligned_words(self) -> str:
        """The share that agrees."""
        return share_words(self.n_aligned, self.n_items)

    @property
    def mapped_words(self) -> str:
        """K-25 事项映射率."""
        return share_words(self.n_mapped, self.n_items)

    @property
    def share(self) -> int:
        """The share that agrees, in whole per cent, for a bar."""
        return self.n_aligned * 100 // self.n_items if self.n_items else 0


def visible_entries(by: User) -> QuerySet[OfficialEntry]:
    """Entries of the departments whose libraries somebody reads."""
    reach = departments_within(by, Duty.READ_LIBRARIES).values("pk")
    return OfficialEntry.objects.filter(department__in=reach).select_related("department", "brought")


def visible_imports(by: User) -> QuerySet[OfficialImport]:
    """The files that those entries came in."""
    reach = departments_within(by, Duty.READ_LIBRARIES).values("pk")
    return OfficialImport.objects.filter(department__in=reach).select_related("department", "done_by")


def import_words(brought: OfficialImport) -> str:
    """What came of a file."""
    counts = f"新增{brought.n_new}条，更新{brought.n_changed}条，不变{brought.n_same}条，终止{brought.n_ended}条"
    return f"“{brought.file_name}”：{counts}。"


def published_items(by: User) -> list[ItemVersion]:
    """The published items of the departments that somebody reaches, which the report is about."""
    if not has_duty(by, Duty.READ_LIBRARIES):
        return []
    rows = ItemVersion.objects.filter(
        within(ItemVersion, bounds_of(by, Duty.READ_LIBRARIES)), state=VersionState.PUBLISHED
    )
    return list(rows.select_related("item__owner__region").order_by("item__code", "id"))


def find_misalignments(versions: Iterable[ItemVersion]) -> list[Misalignment]:
    """All disagreements of these items, in their order. Two questions, however many items there are."""
    rows = list(versions)
    owners = {version.item.owner_id for version in rows}
    entries = OfficialEntry.objects.filter(department__in=owners, ended_at=None)
    known = {(entry.department_id, entry.source, entry.code): entry for entry in entries}
    return [found for version in rows for source in Source for found in _faults(version, source, known)]


def _faults(
    version: ItemVersion, source: Source, known: dict[tuple[UUID, str, str], OfficialEntry]
) -> Iterator[Misalignment]:
    code = getattr(version, _CODES[source])
    if not code:
        yield Misalignment(version, source, Fault.UNMAPPED, "", "")
        return
    entry = known.get((version.item.owner_id, source, code))
    if entry is None:
        yield Misalignment(version, source, Fault.UNKNOWN, code, "")
        return
    if _bare(entry.name) != _bare(version.name):
        yield Misalignment(version, source, Fault.NAME, version.name, entry.name)
    ours = "".join(f"《{row['law'].strip('《》')}》{row['article']}" for row in version.basis)
    if entry.basis and cited(entry.basis) != cited(ours):
        yield Misalignment(version, source, Fault.BASIS, ours, entry.basis)


def _bare(text: str) -> str:
    """Letters and digits only: punctuation and width make no difference."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text))


def cited(text: str) -> frozenset[tuple[str, str]]:
    """The laws of a citation with their articles; a law without an article is one by itself.

    《食品安全法》第一百一十条、第一百一十一条 -> (食品安全法, 第一百一十条), (食品安全法, 第一百一十一条)
    """
    parts = _LAW.split(unicodedata.normalize("NFKC", text))
    found = set()
    for law, after in zip(parts[1::2], parts[2::2], strict=True):
        bare = _bare(law).removeprefix("中华人民共和国")
        found |= {(bare, article) for article in _ARTICLE.findall(after) or [""]}
    return frozenset(found)


def counts_by_department(versions: Iterable[ItemVersion], faults: Iterable[Misalignment]) -> list[DepartmentCount]:
    """How the departments stand, those with most work first."""
    rows = list(versions)
    apart = {fault.version.pk for fault in faults}
    owners = {version.item.owner_id: version.item.owner for version in rows}
    counts = []
    for pk, owner in owners.items():
        own = [version for version in rows if version.item.owner_id == pk]
        mapped = [one for one in own if one.internet_plus_code and one.duty_list_code]
        counts.append(DepartmentCount(owner, len(own), len(mapped), sum(1 for one in own if one.pk not in apart)))
    return sorted(counts, key=lambda count: (-count.n_apart, count.department.code))
