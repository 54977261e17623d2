"""What the verbs of the log are called: each operation says it once, pages and exports ask here."""

from __future__ import annotations

_NAMES: dict[str, str] = {}


def teach_verb(verb: str, name: str) -> None:
    """Say what a verb is called in Chinese."""
    _NAMES[verb] = name


def verb_name(verb: str) -> str:
    """What a verb is called; a verb that no room teaches any more is shown as it was written."""
    return _NAMES.get(verb, verb)


def known_verbs() -> dict[str, str]:
    """Verb -> name, in the order of the verbs: what a search offers."""
    return dict(sorted(_NAMES.items()))
