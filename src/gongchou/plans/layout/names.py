"""Finding what a cell names, by name or code, one or several; and naming it so that it is found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Generic, TypeVar

from gongchou.refusal import Refused

GONE = "（已停用）"
SEPARATORS = ("\n", "[；;]", "[、，,]", r"\s+")  # tried one after the other: a name may hold a comma itself
K = TypeVar("K")


def plainly(text: str) -> str:
    """As names are compared: in one width, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


class Names(Generic[K]):
    """What may be named. Of several with one name the near ones go first.

    what: what the things are called in a sentence
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._found: dict[str, list[K]] = {}
        self._words: dict[K, tuple[str, ...]] = {}
        self._near: set[K] = set()
        self._written: dict[K, str] = {}  # once all things are known

    def add(self, key: K, *words: str, is_near: bool = False) -> None:
        """Know a thing by these words; the first is how it is written."""
        self._words[key] = words
        if is_near:
            self._near.add(key)
        for word in dict.fromkeys(plainly(word) for word in words if word):
            self._found.setdefault(word, []).append(key)

    def find(self, text: str) -> K:
        """The one thing a text names. Raises Refused ``plans.cell_unknown`` or ``plans.cell_ambiguous``."""
        found = self._find(text)
        if found is None:
            raise Refused("plans.cell_unknown", what=self.what, text=text.strip()[:60])
        return found

    def _find(self, text: str) -> K | None:
        found = self._found.get(plainly(text), [])
        near = [key for key in found if key in self._near]
        one = near if len(near) == 1 else found
        if len(one) > 1:
            raise Refused("plans.cell_ambiguous", what=self.what, text=text.strip()[:60], n=len(found))
        return one[0] if one else None

    def find_all(self, text: str, separators: tuple[str, ...] = SEPARATORS) -> list[K]:
        """All things a text names, each once. Raises as ``find``."""
        found = self._find(text)
        if found is not None:
            return [found]
        if not separators:
            return [self.find(text)]
        parts = [part for part in re.split(separators[0], text) if part.strip()]
        return list(dict.fromkeys(key for part in parts for key in self.find_all(part, separators[1:])))

    def word(self, key: K) -> str:
        """The first of a thing's words by which it is found again."""
        if key not in self._written:
            words = self._words.get(key, ())
            self._written[key] = next((word for word in words if word and self._is_found(word, key)), GONE)
        return self._written[key]

    def _is_found(self, word: str, key: K) -> bool:
        try:
            return self._find(word) == key
        except Refused:
            return False

    def words(self, keys: Collection[K] | Iterable[K], between: str = "、") -> str:
        """Several things, in the order of their words."""
        return between.join(sorted(self.word(key) for key in keys))
