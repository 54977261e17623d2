"""What a dry run met: a few rows of each fate, and the reasons for refusal by how often they occur."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any
from uuid import UUID

from gongchou.registry.imports.checking import Taken, Turned
from gongchou.registry.imports.inspectors import Paper
from gongchou.registry.imports.keyed import Change, Library, Numbered, Plan
from gongchou.registry.imports.licences import FIELD_WORDS, Entry

MOST = 5
MOST_REASONS = 12
MOST_CHANGES = 6  # of one row

Sample = dict[str, Any]  # number, name, changes: [[what, old, new]]


class Samples:
    """Gathered over the whole file, so that even a rare change is among them. Holds names and numbers only."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.rows: dict[str, list[Sample]] = {"new": [], "changed": [], "same": []}
        self.n_emptied = 0
        self.reasons: dict[tuple[str, str], list[Any]] = {}  # column, code -> how many, the first one

    def take(self, rows: Sequence[Taken | Turned], plan: Plan) -> None:
        """Look at a part of the dry run."""
        self.n_emptied += plan.n_emptied
        self._keep("new", map(self._sample, plan.new))
        self._keep("changed", chain(map(self._changed, plan.changed), self._beside(rows, plan)))
        self._keep("same", map(self._sample, self._untouched(rows, plan)))
        for row in plan.refused:
            for reason in row.reasons:
                first = [0, f"第 {row.line} 行：{reason['told']}"]
                self.reasons.setdefault((reason["column"], reason["code"]), first)[0] += 1

    def told(self, missing: Iterable[str]) -> dict[str, Any]:
        """As the batch keeps it. missing: ids of rows that a full register names no more."""
        often = sorted(self.reasons.items(), key=lambda own: (-own[1][0], own[0]))[:MOST_REASONS]
        reasons = [{"column": column, "n": n, "told": told} for (column, _), (n, told) in often]
        told = {"reasons": reasons, "vanished": self._vanished(missing), "n_emptied": self.n_emptied}
        return {**self.rows, **told}

    def _keep(self, fate: str, found: Iterable[Sample]) -> None:
        own = self.rows[fate]
        own += islice(found, MOST - len(own))

    def _sample(self, row: Taken, changes: Iterable[Sequence[str]] = ()) -> Sample:
        told = [list(change) for change in islice(changes, MOST_CHANGES)]
        return {"number": row.key, "name": self._name(row), "changes": told}

    def _name(self, row: Taken) -> str:
        values = dict(zip(self.library.fields, row.values, strict=False))
        if "name" in values:
            return str(values["name"])
        places = self.library.places.libraries
        library = places.names.get(str(values.get("sub_library") or places.default), "")
        return f"{library} {values.get('licence_no') or ''}".strip()

    def _changed(self, change: Change) -> Sample:
        words = self._words()
        return self._sample(change.row, ((words.get(name, name), *told) for name, told in change.told.items()))

    def _words(self) -> dict[str, str]:
        if not isinstance(self.library, Numbered):
            return FIELD_WORDS
        return {own.name: str(own.verbose_name) for own in self.library.model._meta.concrete_fields}

    def _beside(self, rows: Sequence[Taken | Turned], plan: Plan) -> Iterator[Sample]:
        """Rows that change by their certificate alone, and entries of sub-libraries."""
        by_key = {row.key: row for row in rows if isinstance(row, Taken)}
        written = {row.key for row in plan.new} | {change.row.key for change in plan.changed}
        for own in plan.papers:
            if isinstance(own, Entry) and own.pk:
                yield self._sample(own.row, ((FIELD_WORDS[name], *told) for name, told in own.told.items()))
            elif isinstance(own, Paper) and own.holder not in written:
                told = [f"{own.values['kind']} {own.values['number']}", own.old, own.values["valid_to"]]
                yield self._sample(by_key[own.holder], [told])

    @staticmethod
    def _untouched(rows: Sequence[Taken | Turned], plan: Plan) -> Iterator[Taken]:
        """A generator, so that it costs nothing once there are enough."""
        lines = {row.line for row in plan.new} | {row.line for row in plan.refused}
        lines |= {change.row.line for change in plan.changed}
        lines |= {own.row.line for own in plan.papers if isinstance(own, Entry)}
        holders = {own.holder for own in plan.papers if isinstance(own, Paper)}
        for row in rows:
            if isinstance(row, Taken) and row.line not in lines and row.key not in holders:
                yield row

    def _vanished(self, missing: Iterable[str]) -> list[Sample]:
        if not isinstance(self.library, Numbered):
            return []
        ids = [UUID(pk) for pk in islice(missing, MOST)]
        found = self.library.model._default_manager.filter(pk__in=ids).order_by("pk").values_list("number", "name")
        return [{"number": number, "name": name, "changes": []} for number, name in found]
