"""What may happen to a version now, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable

from gongchou.refusal import Refused
from gongchou.registry.models import ItemVersion, JointItemVersion, MatterVersion, Version
from gongchou.registry.models.versions import Listed
from gongchou.registry.queries import versions as queries
from gongchou.registry.rules import items, joint, matters
from gongchou.registry.states.lists import VERSION_MOVES, VersionState


def check_may_become(version: Version, state: VersionState) -> None:
    """Raises Refused ``registry.version_state`` where the life of a version knows no such move."""
    if state not in VERSION_MOVES[VersionState(version.state)]:
        raise Refused("registry.version_state", name=version.name, state=version.state_word, wanted=state.label)


def check_is_draft(version: Version) -> None:
    """Raises Refused ``registry.version_not_draft``: what was submitted is not changed any more."""
    if version.state != VersionState.DRAFT:
        raise Refused("registry.version_not_draft", name=version.name, state=version.state_word)


def check_may_amend(thing: Listed) -> None:
    """Raises Refused unless the thing is published and nobody works on its next version."""
    open_version = queries.find_open(thing)
    if open_version:
        raise Refused("registry.version_open", name=open_version.name, state=open_version.state_word)
    if queries.find_published(thing) is None:
        raise Refused("registry.version_not_published", name=thing.code)


def check_is_ready(version: Version) -> None:
    """Raises Refused ``registry.version_incomplete``, or what the kind of list asks for itself."""
    check_nothing_missing(version)
    match version:
        case ItemVersion():
            items.check_ceiling(version)
        case JointItemVersion():
            joint.check_parties(version)
            joint.check_items_stand(version)
        case MatterVersion():
            matters.check_duties(version)


REQUIRED = {
    ItemVersion: ("basis", "levels", "subject_kinds", "ratio", "frequency", "methods", "details", "work_guide"),
    JointItemVersion: ("items", "initiators", "participants", "levels", "subject_kinds", "ratio", "time"),
    MatterVersion: ("duties", "subject", "details", "methods", "basis"),
}


def missing(version: Version) -> list[str]:
    """What a version still lacks before it can be submitted."""
    kind = type(version)
    return [queries.field_label(kind, name) for name in REQUIRED[kind] if _is_empty(version, name)]


def _is_empty(version: Version, name: str) -> bool:
    value = getattr(version, name)
    return not (value.exists() if hasattr(value, "exists") else value)


def check_nothing_missing(version: Version) -> None:
    """Raises Refused ``registry.version_incomplete``."""
    lacks = missing(version)
    if lacks:
        raise Refused("registry.version_incomplete", name=version.name, missing="、".join(lacks))


def check_end_not_asked(version: Version) -> None:
    """Raises Refused ``registry.end_asked``."""
    if version.end_asked_at is not None:
        raise Refused("registry.end_asked", name=version.name)


def check_end_asked(version: Version) -> None:
    """Raises Refused ``registry.end_not_asked``: abolition is asked for first, with a reason, by somebody else."""
    if version.end_asked_at is None:
        raise Refused("registry.end_not_asked", name=version.name)


def check_edition(kind: str, versions: Iterable[Version], *, owner: object, has_ended: bool) -> None:
    """Raises Refused unless an edition brings something, all of it approved and of one department's list."""
    rows = list(versions)
    if not rows and not has_ended:
        raise Refused("registry.edition_empty")
    for version in rows:
        if queries.kind_of(version) != kind or version.thing.owner_id != owner:
            raise Refused("registry.edition_foreign", name=version.name)
        check_may_become(version, VersionState.PUBLISHED)
