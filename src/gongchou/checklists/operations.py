"""What can be done to forms: brought, as a workbook or from a page; put into use by a second person; ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.checklists import permissions, queries, rules
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.states import VersionState
from gongchou.checklists.xlsform import Definition
from gongchou.refusal import Refused
from gongchou.registry.models import Item
from gongchou.seen import check_unchanged


class Brought(NamedTuple):
    """A form without a fault: read from a workbook, or written on a page."""

    definition: Definition
    file_name: str
    digest: str


@operation("checklist.opened", "建立检查表")
def open_checklist(
    *,
    department: Department,
    name: str,
    is_base: bool,
    items: Iterable[Item],
    brought: Brought,
    by: User,
    at: datetime,
) -> Done[ChecklistVersion]:
    """Bring a form that is new. Raises Refused ``checklists.name_taken`` and as ``bring_version``."""
    department = held(department, "region")
    permissions.check_can_bring(by, department)
    rules.check_name_is_free(department, name)
    checklist = Checklist.objects.create(department=department, name=name, is_base=is_base)
    version = _bring(checklist, list(items), brought, by=by, at=at)
    return Done(version, _told(version))


@operation("checklist.brought", "提交检查表新版")
def bring_version(
    *, checklist: Checklist, items: Iterable[Item], brought: Brought, by: User, at: datetime, seen: str = ""
) -> Done[ChecklistVersion]:
    """Bring the next version of a form; what is in use stays until somebody else puts this one into use.

    seen: the token of what the page showed (``queries.standing``)
    Raises Refused ``web.changed_meanwhile``, ``checklists.draft_waits``, ``checklists.same_file`` and what
    ``rules.check_items`` does.
    """
    checklist = held(checklist, "department__region")
    permissions.check_can_bring(by, checklist.department)
    check_unchanged(seen, queries.standing(checklist))
    permissions.check_can_bring_version(by, checklist)
    chosen = list(items)
    _check_is_news(checklist, chosen, brought)
    version = _bring(checklist, chosen, brought, by=by, at=at)
    return Done(version, _told(version))


def _check_is_news(checklist: Checklist, items: list[Item], brought: Brought) -> None:
    now = checklist.versions.filter(state=VersionState.IN_USE, digest=brought.digest).first()
    if now is not None and {item.pk for item in now.items.all()} == {item.pk for item in items}:
        raise Refused("checklists.same_file", name=str(now))


def _bring(checklist: Checklist, items: list[Item], brought: Brought, *, by: User, at: datetime) -> ChecklistVersion:
    rules.check_items(checklist.department, items, is_base=checklist.is_base)
    version = ChecklistVersion.objects.create(
        checklist=checklist,
        number=checklist.versions.count() + 1,
        definition=brought.definition.to_json(),
        n_questions=brought.definition.n_questions,
        file_name=brought.file_name,
        digest=brought.digest,
        brought_at=at,
        brought_by=by,
    )
    version.items.set(items)
    return version


def _told(version: ChecklistVersion) -> dict[str, object]:
    codes = [item.code for item in version.items.all()]
    return {"number": version.number, "items": codes, "count": version.n_questions, "digest": version.digest}


@operation("checklist.published", "启用检查表")
def publish(*, version: ChecklistVersion, by: User, at: datetime) -> Done[ChecklistVersion]:
    """Put a version into use in place of the one before. Raises Refused ``checklists.same_person``."""
    version = _held(version)
    permissions.check_can_publish(by, version)
    before = version.checklist.versions.filter(state=VersionState.IN_USE).first()
    if before is not None:
        before.state, before.ended_at, before.ended_by = VersionState.REPLACED, at, by
        before.save()
    version.state, version.published_at, version.published_by = VersionState.IN_USE, at, by
    version.save()
    return Done(version, {"number": version.number, "digest": version.digest})


@operation("checklist.dropped", "放弃待启用的检查表")
def drop(*, version: ChecklistVersion, reason: str, by: User, at: datetime) -> Done[ChecklistVersion]:
    """Give a draft up; it stays on record."""
    version = _held(version)
    permissions.check_can_drop(by, version)
    return _over(version, VersionState.DROPPED, reason, by=by, at=at)


@operation("checklist.ended", "停用检查表")
def end(*, version: ChecklistVersion, reason: str, by: User, at: datetime) -> Done[ChecklistVersion]:
    """Put a form out of use: tasks that chose it keep it, no other can."""
    version = _held(version)
    permissions.check_can_end(by, version)
    return _over(version, VersionState.ENDED, reason, by=by, at=at)


def _held(version: ChecklistVersion) -> ChecklistVersion:
    held(version.checklist)  # its versions move one by one
    return held(version, "checklist__department__region")


def _over(
    version: ChecklistVersion, state: VersionState, reason: str, *, by: User, at: datetime
) -> Done[ChecklistVersion]:
    version.state, version.end_reason = state, reason
    version.ended_at, version.ended_by = at, by
    version.save()
    return Done(version, {"number": version.number, "reason": reason})
