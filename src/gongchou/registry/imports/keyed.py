"""Compare rows with what is there by a natural key, and write what differs; nothing is overwritten without a fact."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from django.db.models import Model

from gongchou.draw.register import Row
from gongchou.registry.imports import store
from gongchou.registry.imports.cells import CellRefused, Value, stored_value, told_value
from gongchou.registry.imports.checking import SAME, Checker, Identity, Repeats, Settle, Taken, Turned
from gongchou.registry.imports.columns import Column
from gongchou.registry.imports.places import Places
from gongchou.registry.queries.among import among

Pairs = Sequence[tuple[str, str]]  # heading and field of each column


class Note(NamedTuple):
    """What is noted with every row that is written."""

    batch: str  # id in hex
    source: str  # the file's name
    by_name: str
    at: datetime


@dataclass
class Change:
    """A row that is there and will be other: its id, all the columns that are set, and old and new of what differs."""

    pk: str
    row: Taken
    columns: dict[str, Any]
    told: dict[str, list[str]]
    n_emptied: int = 0  # known values that an empty cell takes away


@dataclass
class Plan:
    """What a chunk would do. again: rows that stood in the file before; fresh: rows whose digest alone is new."""

    new: list[Taken] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    fresh: list[tuple[str, str]] = field(default_factory=list)
    refused: list[Turned] = field(default_factory=list)
    n_same: int = 0
    papers: list[Any] = field(default_factory=list)  # what a kind writes beside its rows
    n_papers: int = 0  # rows that change nothing else
    n_emptied: int = 0  # known values that empty cells take away, of all rows

    def counts(self) -> dict[str, int]:
        """As the batch counts them."""
        return {
            "n_new": len(self.new),
            "n_changed": len(self.changed) + self.n_papers,
            "n_same": self.n_same,
            "n_refused": len(self.refused),
        }


class Library:
    """One kind of register: its columns, what must agree inside a file, how it is compared and written.

    pairs: what each column of the file means; reach: departments (hex) the importing person keeps
    clears: an empty cell empties what is known; else it says nothing about it
    """

    kind: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    can_be_full: ClassVar[bool] = False
    papers: ClassVar[tuple[str, ...]] = ()  # columns that fill something beside the row

    def __init__(
        self, pairs: Pairs, places: Places, reach: frozenset[str], *, is_workbook: bool = False, clears: bool = False
    ) -> None:
        self.places, self.reach, self.clears = places, reach, clears
        self.makes_texts = False  # whether rows are read to be written, or to be looked at only
        self.checker = Checker(pairs, self.columns, places, is_workbook=is_workbook, clears=clears, settle=self.settle)
        self.fields = tuple(name for name in self.checker.fields if name not in self.papers)
        self.identities = self.make_identities()

    def settle(self, place: dict[str, int]) -> Settle:
        """What a row as a whole must hold."""
        return lambda values: None

    def make_identities(self) -> list[Identity]:
        """What may stand in a file only once."""
        raise NotImplementedError

    def compare(self, rows: Iterable[Taken | Turned], *, is_locking: bool = False) -> Plan:
        """Find out what a chunk would do; ``is_locking`` where it is done at once."""
        raise NotImplementedError

    def write(self, plan: Plan, note: Note) -> None:
        """Do it."""
        raise NotImplementedError

    def judged(self, rows: Iterable[Row], repeats: Repeats) -> Iterator[Taken | Turned]:
        """Rows with what is in them and with what the rest of the file says about them."""
        asked = [(at, own) for at, own in enumerate(self.identities) if repeats.first[at]]
        for row in rows:
            told = self.checker.take(row)
            if self.makes_texts and isinstance(told, Taken):
                told = self.with_text(told)
            for at, identity in asked:
                told = self._agreed(
                    told, identity, repeats.judge(at, identity.key(row.cells), row.line), is_main=at == 0
                )
            yield told

    def with_text(self, row: Taken) -> Taken:
        """The text by which it will be found, made where rows are judged: while others are written."""
        return row

    def _agreed(
        self, told: Taken | Turned, identity: Identity, found: str | tuple[int, int], *, is_main: bool
    ) -> Taken | Turned:
        if isinstance(found, tuple):
            reason = self.checker.reason(identity.field, CellRefused("clash", first=found[0], second=found[1]))
            kept = told.reasons if isinstance(told, Turned) else []
            return Turned(told.line, told.cells, [*kept, reason])
        return told._replace(is_again=True) if isinstance(told, Taken) and found == SAME and is_main else told


# Rows with a number of their own ----------------------------------------------------------------


class Numbered(Library):
    """Subjects and inspectors: found by ``number``, kept by a department, with facts about every change."""

    model: ClassVar[type[Model]]
    facts: ClassVar[type[Model]]
    about: ClassVar[str]  # the column of ``facts`` that points to the row
    owner: ClassVar[str]  # the field that names the department
    has_more: ClassVar[bool] = False
    sets: ClassVar[tuple[str, ...]] = ()  # columns that follow from others

    def derive(self, values: dict[str, Any]) -> dict[str, Any]:
        """The columns ``sets`` of a row with these values, old ones included."""
        raise NotImplementedError

    def after_insert(self, ids: Sequence[str], rows: Sequence[Taken]) -> None:
        """What else a new row has."""

    def after_update(self, changes: Sequence[Change]) -> None:
        """What else follows a change."""

    def attname(self, name: str) -> str:
        """The column of a field."""
        return str(self.model._meta.get_field(name).attname)  # type: ignore[union-attr]

    # Comparing

    def compare(self, rows: Iterable[Taken | Turned], *, is_locking: bool = False) -> Plan:
        """Look up the keys of a chunk; rows whose digest is the same need no second look."""
        plan = Plan()
        wanted, again = self._wanted(rows, plan)
        owner = self.attname(self.owner)
        asked = ("number", "id", "digest", owner, "vanished_at")
        keys = [*wanted, *(row.key for row in again if row.key not in wanted)]
        there = {found[0]: found for found in store.find(self.model, asked, "number", keys)}
        differ: dict[str, Taken] = {}
        for key, row in wanted.items():
            found = there.get(key)
            if found is None:
                plan.new.append(row)
            elif not store.is_among(found[3], self.reach):
                plan.refused.append(self._kept_elsewhere(row, found[3]))
            elif found[2] == row.digest and found[4] is None:
                plan.n_same += 1
            else:
                differ[key] = row
        if differ:
            self._compare_values(differ, plan, is_locking=is_locking)
        self._repeat(again, {key: found[3] for key, found in there.items()}, plan, is_taking=is_locking)
        return plan

    def _repeat(self, rows: list[Taken], owners: dict[str, Any], plan: Plan, *, is_taking: bool) -> None:
        """Of rows that stood in the file before becomes what became of those; who was not taken then is taken now.

        A dry run cannot know who was taken in an earlier chunk, and says 不变.
        """
        made = {row.key for row in plan.new}
        for row in rows:
            if row.key in owners and not store.is_among(owners[row.key], self.reach):
                plan.refused.append(self._kept_elsewhere(row, owners[row.key]))
            elif row.key in owners or row.key in made or not is_taking:
                plan.n_same += 1
            else:
                plan.new.append(row)
                made.add(row.key)

    def _wanted(self, rows: Iterable[Taken | Turned], plan: Plan) -> tuple[dict[str, Taken], list[Taken]]:
        """By key those that stand in the file for the first time, and those that stood there before."""
        wanted: dict[str, Taken] = {}
        again: list[Taken] = []
        for row in rows:
            if isinstance(row, Turned):
                plan.refused.append(row)
            elif row.is_again:
                again.append(row)
            elif (first := wanted.setdefault(row.key, row)) is not row:
                told = CellRefused("clash", first=first.line, second=row.line)
                plan.refused.append(Turned(row.line, row.cells, [self.checker.reason("number", told)]))
        return wanted, again

    def _kept_elsewhere(self, row: Taken, owner: Any) -> Turned:
        name = self.places.others.get(told_value(owner), "其他部门")
        return Turned(row.line, row.cells, [self.checker.reason("number", CellRefused("kept_elsewhere", keeper=name))])

    def _compare_values(self, rows: dict[str, Taken], plan: Plan, *, is_locking: bool) -> None:
        owner = self.attname(self.owner)
        asked = {*map(self.attname, self.fields), *self.sets, "id", "number", "vanished_at", owner}
        found = self.model._default_manager.filter(number__in=among(rows, "text")).order_by("number")
        for old in (found.select_for_update() if is_locking else found).values(*asked, *self._more_columns()):
            row = rows[old["number"]]
            if not store.is_among(old[owner], self.reach):  # handed over since it was looked up
                plan.refused.append(self._kept_elsewhere(row, old[owner]))
                continue
            change = self._change(row, old)
            if self._is_closed(old) and change.told:
                reason = self.checker.reason("number", CellRefused("archived"))
                plan.refused.append(Turned(row.line, row.cells, [reason]))
            elif change.told:
                plan.changed.append(change)
                plan.n_emptied += change.n_emptied
            else:
                plan.fresh.append((change.pk, row.digest))
                plan.n_same += 1

    def _more_columns(self) -> tuple[str, ...]:
        return ("more",) if self.has_more else ()

    def _is_closed(self, old: dict[str, Any]) -> bool:
        return bool(old.get("state") == "archived")

    def _change(self, row: Taken, old: dict[str, Any]) -> Change:
        new = {self.attname(name): value for name, value in zip(self.fields, row.values, strict=True)}
        blanks = self.checker.blanks(row.cells).intersection(self.fields)
        if blanks and not self.clears:
            self._keep(blanks, new, old)
        told = {
            name: [self._words(name, old[own]), self._words(name, new[own])]
            for name in self.fields
            if told_value(old[own := self.attname(name)]) != told_value(new[own])
        }
        n_emptied = sum(1 for name in blanks if name in told and told[name][0])
        if self.has_more:
            aside = self._aside(row, old["more"])
            told |= {key: [str(was or ""), text] for key, (was, text) in aside.items()}
            n_emptied += sum(1 for _, text in aside.values() if not text)
            more = old["more"] | {key: text for key, (_, text) in aside.items()}
            new["more"] = json.dumps({key: text for key, text in more.items() if text}, ensure_ascii=False)
        told_by_itself = {name: own for name, own in self.derive(old | new).items() if name not in self.fields}
        told |= {
            name: [self._words(name, old[name]), self._words(name, own)]
            for name, own in told_by_itself.items()
            if name == "state" and old[name] != own
        }
        if old["vanished_at"] is not None:
            told["vanished_at"] = [f"{old['vanished_at']:%Y-%m-%d}", ""]
        return Change(told_value(old["id"]), row, new | told_by_itself, told, n_emptied)

    def _keep(self, blanks: frozenset[str], new: dict[str, Any], old: dict[str, Any]) -> None:
        """An empty cell says nothing: what was known stays, and what follows from it follows."""
        new |= {own: stored_value(old[own]) for own in map(self.attname, blanks)}
        follows = self.derive(old | new)
        new |= {name: follows[name] for name in self.sets if name in self.fields and old[name] != ""}

    def _aside(self, row: Taken, kept: dict[str, Any]) -> dict[str, tuple[Any, str]]:
        """Of the columns kept aside those that differ: old and new."""
        brought = json.loads(row.more)
        if self.clears:
            brought |= {key: "" for key in self.checker.blanks_aside(row.cells) if kept.get(key)}
        return {key: (kept.get(key), text) for key, text in brought.items() if kept.get(key) != text}

    def _words(self, name: str, value: Any) -> str:
        """A value as a dossier shows it: names, not codes."""
        text = told_value(value)
        choices = dict(getattr(self.model._meta.get_field(name), "choices", None) or ())
        return str(choices.get(text) or self.places.names.get(text) or text)

    # Writing

    def write(self, plan: Plan, note: Note) -> None:
        """New rows, changed rows with their facts, digests that alone are new."""
        self._insert(plan.new, note)
        self._update(plan.changed, note)
        store.update(self.model, ["digest"], plan.fresh)

    def _insert(self, rows: list[Taken], note: Note) -> None:
        if not rows:
            return
        rows.sort(key=lambda row: row.key)  # neighbours in the index, and one order for all who wait for one another
        sets = [name for name in self.sets if name not in self.fields]
        own = {"digest", "id", *map(self.attname, self.fields), *sets, *self._more_columns()}
        fixed = {"batch_id": note.batch, "changed_at": store.moment(note.at), **self.fixed()}
        fixed = self._defaults(own | set(fixed)) | {name: fixed[name] for name in fixed if name not in own}
        columns = ["id", *map(self.attname, self.fields), *sets, "digest", *self._more_columns()]
        ids = store.fresh_ids(len(rows), note.at)
        derive = self._derive_new(sets)
        more = self.has_more
        store.insert(
            self.model,
            columns,
            [
                (pk, *row.values, *derive(row.values), row.digest, *((row.more,) if more else ()))
                for pk, row in zip(ids, rows, strict=True)
            ],
            fixed,
        )
        self.after_insert(ids, rows)

    def fixed(self) -> dict[str, Any]:
        """Columns that all new rows of this file share where it has no column for them."""
        return {}

    def _defaults(self, without: set[str]) -> dict[str, Any]:
        fields = [own for own in self.model._meta.concrete_fields if own.attname not in without]
        return {own.attname: own.get_default() for own in fields}

    def _derive_new(self, sets: Sequence[str]) -> Callable[[tuple[Value, ...]], tuple[Any, ...]]:
        names = [self.attname(name) for name in self.fields]

        def derive(values: tuple[Value, ...]) -> tuple[Any, ...]:
            told = self.derive(dict(zip(names, values, strict=True)))
            return tuple([told[name] for name in sets])

        return derive

    def _update(self, changes: list[Change], note: Note) -> None:
        if not changes:
            return
        columns = [name for name in changes[0].columns if name != "number"]
        at = store.moment(note.at)
        tail = ["digest", "vanished_at", "changed_at"]
        rows = [(own.pk, *(own.columns[name] for name in columns), own.row.digest, None, at) for own in changes]
        store.update(self.model, [*columns, *tail], rows)
        self.after_update(changes)
        self.note(((own.pk, "changed", self._told(own.told), own.told) for own in changes), note)

    def _told(self, told: dict[str, list[str]]) -> str:
        names = [self._field_name(name) for name in told]
        return f"导入更新：{'、'.join(names)}"[:500]

    def _field_name(self, name: str) -> str:
        return next((str(own.verbose_name) for own in self.model._meta.concrete_fields if own.name == name), name)

    def note(self, facts: Iterable[tuple[str, str, str, dict[str, Any]]], note: Note) -> None:
        """Put lines into dossiers: id, kind, sentence, data."""
        columns = [self.about, "at", "kind", "told", "data", "by_name", "source"]
        at = store.moment(note.at)
        rows = [
            (pk, at, kind, told, json.dumps(data, ensure_ascii=False), note.by_name, note.source)
            for pk, kind, told, data in facts
        ]
        store.insert(self.facts, columns, rows)
