"""A full register (全量更新): who is kept here and does not stand in it any more is marked, and never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongchou.draw.register import Row
from gongchou.registry.imports import store
from gongchou.registry.imports.cells import CellRefused, Value, key_text
from gongchou.registry.imports.keyed import Note, Numbered

PART = 5_000


class Census:
    """Who stands in a file, whatever else is wrong with the row, and whose departments the file speaks of."""

    def __init__(self, library: Numbered) -> None:
        self.library = library
        self.keepers: set[str] = set()

    def take(self, rows: Iterable[Row]) -> None:
        """Read the whole file."""
        store.remember(self._keys(rows))

    def missing(self) -> list[str]:
        """Ids of those who are kept by a department of the file and do not stand in it."""
        if not self.keepers:
            return []
        return store.missing(self.library.model, self.library.attname(self.library.owner), sorted(self.keepers))

    def _keys(self, rows: Iterable[Row]) -> Iterator[str]:
        checker, library = self.library.checker, self.library
        keeper = checker.column_of(library.owner)
        parse = next(own.parse(library.places) for own in library.columns if own.field == "number")
        key = library.identities[0].key
        for row in rows:
            if (own := key(row.cells)) and not checker.is_total(row.cells):
                yield from _readings(own, parse)
                self._note_keeper(row, keeper)

    def _note_keeper(self, row: Row, at: int | None) -> None:
        try:
            own: Value = self.library.places.keeper(
                row.cells[at].strip() if at is not None and at < len(row.cells) else ""
            )
        except CellRefused:
            return
        self.keepers.add(str(own))


def _readings(text: str, parse: object) -> Iterator[str]:
    """A key as it was read; of one that was refused, what it may have meant: nobody vanishes for a slip of the pen."""
    try:
        yield str(parse(text))  # type: ignore[operator]
    except CellRefused:
        yield text[:60]
        yield key_text(text).upper()[:60]


def mark_vanished(library: Numbered, ids: list[str], note: Note) -> None:
    """Mark rows, with a line in the dossier of each."""
    at = store.moment(note.at)
    day = f"{note.at:%Y-%m-%d}"
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        store.update(library.model, ["vanished_at", "changed_at"], [(pk, at, at) for pk in part])
        library.note(((pk, "changed", "全量更新中未再出现", {"vanished_at": ["", day]}) for pk in part), note)
