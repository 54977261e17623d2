"""What the codes of this room's facts are called where people read the log."""

from __future__ import annotations

from django.db.models import Choices

from gongchou.registry.forms.tags import USES
from gongchou.registry.models import ImportBatch, OfficialEntry, Subject


def codes() -> dict[str, dict[str, str]]:
    """Of facts that are no column of what their line is about."""
    return {
        "new": {**_labels(Subject.Status), **_labels(Subject.State), **_labels(Subject.Grade)},
        "source": _labels(OfficialEntry.Source),
        "uses": dict(USES),
        "was": _labels(ImportBatch.State),
    }


def _labels(choices: type[Choices]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}
