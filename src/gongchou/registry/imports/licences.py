"""Registers of licences: which subjects are in which sub-library (分库), and by what licence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gongchou.registry.imports import store
from gongchou.registry.imports.cells import (
    CellRefused,
    Memo,
    Value,
    day,
    day_or_forever,
    key_number,
    key_text,
    number,
    plain_number,
    stored_value,
    told_value,
    words,
    yes_no,
)
from gongchou.registry.imports.checking import Identity, Settle, Taken, Turned
from gongchou.registry.imports.columns import LEFT_OUT, Column, column
from gongchou.registry.imports.keyed import Library, Note, Plan
from gongchou.registry.models import ImportBatch, Membership, Subject, SubjectFact

FIELD_WORDS = {
    "licence_name": "许可证名称", "licensed_on": "批准日期", "valid_to": "有效期至", "licensed_by": "发证机关",
    "needs_professional": "需专业监管", "qualification": "所需资格", "needs_expert": "需配专家", "state": "状态",
}  # fmt: skip


@dataclass
class Entry:
    """A row of a sub-library to be written. pk: empty for a new one; told: old and new of what differs."""

    pk: str
    subject: str
    row: Taken
    values: dict[str, Any]
    told: dict[str, list[str]]


class Licences(Library):
    """分库与许可.

    A file may name any subject of the department's region, whoever keeps it: the fire service has no other way to the
    shops that the market bureau registered. What is entered is seen by who entered it; each entry is in the dossier.
    """

    kind = ImportBatch.Kind.LICENCES
    columns = (
        column("number", "统一社会信用代码", "信用代码 统一信用代码 社会信用代码 注册号 统一代码 编号", number),
        Column(
            "sub_library", "分库", ("分库名称", "所属分库", "名录分库", "分库编码", "行业分库"),
            lambda places: places.library, is_needed=True, is_few=True,
        ),
        column("licence_name", "许可证名称", "许可名称 许可证件名称 证书名称", words(60), is_few=True),
        column("licence_no", "许可证编号", "许可证号 许可编号 许可证件编号 证书编号", plain_number),
        column("licensed_on", "批准日期", "发证日期 许可日期 签发日期 有效期自", day, is_few=True),
        column("valid_to", "有效期至", "有效期 有效期止 有效截止日期 许可有效期至", day_or_forever, is_few=True),
        column("licensed_by", "发证机关", "许可机关 审批机关 发证单位", words(100), is_few=True),
        column("needs_professional", "需专业监管", "是否需专业监管", yes_no, is_few=True),
        Column("qualification", "所需资格", ("资格", "所需资质"), lambda places: places.tag, is_few=True),
        column("needs_expert", "需配专家", "是否需配专家", yes_no, is_few=True),
    )  # fmt: skip

    def settle(self, place: dict[str, int]) -> Settle:
        """A number; a licence where the sub-library asks for one."""
        at, library, licence = place["number"], place.get("sub_library"), place.get("licence_no")

        def judge(values: list[Value]) -> None:
            if not values[at]:
                raise CellRefused("id_empty", field="number")
            own = self.places.libraries.default if library is None else values[library]
            if own in self.places.licensed and (licence is None or not values[licence]):
                raise CellRefused("licence_missing", field="licence_no")

        return judge

    def make_identities(self) -> list[Identity]:
        """One row per subject, sub-library and licence."""
        places = [self.checker.column_of(name) for name in ("number", "sub_library", "licence_no")]
        library = Memo(self._library_or_text)
        used = [at for at, (_, name) in enumerate(self.checker.pairs) if name != LEFT_OUT]

        def key(cells: Sequence[str]) -> str:
            told = [key_text(cells[at]) if at is not None and at < len(cells) else "" for at in places]
            return f"{key_number(told[0])}\n{library[told[1]]}\n{told[2]}" if told[0] else ""

        return [Identity("number", key, lambda cells: tuple(cells[at].strip() for at in used if at < len(cells)))]

    def _library_or_text(self, text: str) -> Value:
        try:
            return self.places.library(text)
        except CellRefused:
            return text

    # Comparing

    def compare(self, rows: Iterable[Taken | Turned], *, is_locking: bool = False) -> Plan:
        """Find the subjects, then the entries they have."""
        plan, wanted = Plan(), {}
        for row in rows:
            if isinstance(row, Turned):
                plan.refused.append(row)
            else:
                wanted[row.line] = row
        subjects = self._subjects({row.key for row in wanted.values()})
        there = self._entries([pk for pk, _ in subjects.values()], is_locking=is_locking)
        for row in wanted.values():
            pk, region = subjects.get(row.key, ("", ""))
            if region not in self.places.area:
                reason = self.checker.reason("number", CellRefused("subject_missing", value=row.key))
                plan.refused.append(Turned(row.line, row.cells, [reason]))
            elif row.is_again:
                plan.n_same += 1
            else:
                self._judge(row, pk, there, plan)
        return plan

    def _subjects(self, numbers: set[str]) -> dict[str, tuple[str, str]]:
        found = store.find(Subject, ("number", "id", "region_id"), "number", sorted(numbers))
        return {number: (told_value(pk), told_value(region)) for number, pk, region in found}

    @staticmethod
    def _entries(subjects: list[str], *, is_locking: bool) -> dict[tuple[str, str, str], dict[str, Any]]:
        found = Membership.objects.filter(subject__in=[UUID(pk) for pk in subjects]).order_by("pk")
        found = found.select_for_update() if is_locking else found
        return {
            (told_value(own["subject_id"]), told_value(own["sub_library_id"]), own["licence_no"]): own
            for own in map(dict[str, Any], found.values())
        }

    def _judge(self, row: Taken, pk: str, there: dict[tuple[str, str, str], dict[str, Any]], plan: Plan) -> None:
        values = {name: own for name, own in zip(self.fields, row.values, strict=True) if name != "number"}
        values.setdefault("sub_library", self.places.libraries.default)
        key = (pk, str(values["sub_library"]), str(values.get("licence_no") or ""))
        old = there.get(key)
        blanks = self.checker.blanks(row.cells) & FIELD_WORDS.keys() if old else frozenset()
        if old and not self.clears:
            values |= {name: stored_value(old[_attname(name)]) for name in blanks}
        values |= self._standing(values, old)
        if old is None:
            there[key] = {}
            plan.new.append(row)
            plan.papers.append(Entry("", pk, row, values, {}))
            return
        told = {
            name: [self._words(old.get(_attname(name))), self._words(value)]
            for name, value in values.items()
            if name in FIELD_WORDS and old and told_value(old[_attname(name)]) != told_value(value)
        }
        if told:
            plan.papers.append(Entry(told_value(old["id"]), pk, row, values, told))
            plan.n_papers += 1
            plan.n_emptied += sum(1 for name in blanks if name in told and told[name][0])
        else:
            plan.n_same += 1

    def _standing(self, values: dict[str, Any], old: dict[str, Any] | None) -> dict[str, str]:
        """An expired licence takes the entry out of the pools (R-22), a renewed one brings it back; what somebody ended
        stays ended.
        """
        ends = values.get("valid_to", told_value(old["valid_to"]) if old else "")
        if old and old["cause"] == Membership.Cause.ENDED:
            return {name: old[name] for name in Membership.in_force()}
        if ends and ends < self.places.today.isoformat():
            return Membership.expired(ends)
        return Membership.in_force()

    def _words(self, value: Any) -> str:
        told = told_value(value)
        words = {"True": "是", "False": "否", **dict(Membership.State.choices)}
        return str(words.get(told) or self.places.names.get(told) or told)

    # Writing

    def write(self, plan: Plan, note: Note) -> None:
        """New entries, changed entries, a line for each in the dossier of its subject."""
        new = [own for own in plan.papers if not own.pk]
        self._insert(new, note)
        changed = [own for own in plan.papers if own.pk]
        if changed:
            names = [name for name in changed[0].values if name not in ("sub_library", "licence_no")]
            rows = [(own.pk, *(own.values[name] for name in names)) for own in changed]
            store.update(Membership, [_attname(name) for name in names], rows)
        self._note(plan.papers, note)

    def _insert(self, entries: list[Entry], note: Note) -> None:
        if not entries:
            return
        names = list(entries[0].values)
        fixed: dict[str, Any] = {
            "subject_id": None, "set_at": store.moment(note.at), "set_by_name": note.by_name,
        }  # fmt: skip
        rest = {
            own.attname: own.get_default()
            for own in Membership._meta.concrete_fields
            if own.attname not in {"id", *fixed, *map(_attname, names)}
        }
        columns = ["id", *fixed, *map(_attname, names), *rest]
        moment, by, tail = fixed["set_at"], note.by_name, tuple(rest.values())
        ids = store.fresh_ids(len(entries), note.at)
        rows = [
            (pk, own.subject, moment, by, *(own.values[name] for name in names), *tail)
            for pk, own in zip(ids, entries, strict=True)
        ]
        store.insert(Membership, columns, rows)

    def _note(self, entries: list[Entry], note: Note) -> None:
        at = store.moment(note.at)
        rows = [
            (own.subject, at, kind, told, json.dumps(data, ensure_ascii=False), note.by_name, note.source)
            for own in entries
            for kind, told, data in [self._fact(own)]
        ]
        store.insert(SubjectFact, ["subject_id", "at", "kind", "told", "data", "by_name", "source"], rows)

    def _fact(self, entry: Entry) -> tuple[str, str, dict[str, Any]]:
        library = self.places.libraries.names.get(str(entry.values["sub_library"]), "")
        licence = entry.values.get("licence_no") or ""
        name = f"{library}（{licence}）" if licence else library
        if not entry.pk:
            return "entered", f"列入{name}", {"library": library, "licence_no": licence}
        told = "；".join(
            f"{FIELD_WORDS[field]}：{old or '空'}→{new or '空'}" for field, (old, new) in entry.told.items()
        )
        return "licence_changed", f"{name} {told}"[:500], {"library": library, "changes": entry.told}


def _attname(name: str) -> str:
    return str(Membership._meta.get_field(name).attname)  # type: ignore[union-attr]
