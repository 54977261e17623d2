"""What may happen to a form now, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence

from gongchou.accounts.models import Department
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.queries import choosable_items
from gongchou.checklists.states import MOVES, VersionState
from gongchou.refusal import Refused
from gongchou.registry.models import Item


def check_may_become(version: ChecklistVersion, state: VersionState) -> None:
    """Raises Refused ``checklists.state``."""
    if state not in MOVES[VersionState(version.state)]:
        raise Refused("checklists.state", name=str(version), state=version.state_word, wanted=state.label)


def check_items(department: Department, items: Sequence[Item], *, is_base: bool) -> None:
    """A base form is for all, another for some that the department may use.

    Raises Refused ``checklists.items_missing``, ``checklists.base_has_items``, ``checklists.item_foreign``.
    """
    if is_base and items:
        raise Refused("checklists.base_has_items")
    if not is_base and not items:
        raise Refused("checklists.items_missing")
    known = set(choosable_items([department]).values_list("pk", flat=True))
    foreign = next((item for item in items if item.pk not in known), None)
    if foreign is not None:
        raise Refused("checklists.item_foreign", item=foreign.code, department=department.short_name)


def check_name_is_free(department: Department, name: str) -> None:
    """Raises Refused ``checklists.name_taken``."""
    if Checklist.objects.filter(department=department, name=name).exists():
        raise Refused("checklists.name_taken", name=name)


def check_takes_a_version(checklist: Checklist) -> None:
    """One draft at a time. Raises Refused ``checklists.draft_waits``."""
    if checklist.versions.filter(state=VersionState.DRAFT).exists():
        raise Refused("checklists.draft_waits", name=checklist.name)
