"""What can be done to a version of any list: drafted, submitted, approved, published in an edition, abolished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.refusal import Refused
from gongchou.registry.models import (
    Edition,
    ItemVersion,
    JointInitiator,
    JointItemVersion,
    MatterDuty,
    MatterVersion,
    Version,
)
from gongchou.registry.models.versions import Listed
from gongchou.registry.operations import claims
from gongchou.registry.permissions import lists as permissions
from gongchou.registry.queries import versions as queries
from gongchou.registry.rules import versions as rules
from gongchou.registry.rules.items import check_rules
from gongchou.registry.states.lists import VersionState
from gongchou.seen import check_unchanged

Content = Mapping[str, Any]
"""Fields of the version by name; ``initiators`` as [(type, department)], ``duties`` as [(department, text)]."""


def _fill(version: Version, content: Content) -> None:
    """Write columns first, then what hangs on the row."""
    check_rules(content)
    hanging = {}
    for name, value in content.items():
        field = version._meta.get_field(name)
        if field.many_to_many or field.one_to_many:
            hanging[name] = value
        else:
            setattr(version, name, value)
    version.save()
    for name, value in hanging.items():
        _hang(version, name, value)


def _hang(version: Version, name: str, value: Iterable[Any]) -> None:
    match version, name:
        case JointItemVersion(), "initiators":
            version.initiators.all().delete()
            rows = [JointInitiator(version=version, subject_type=kind, department=one) for kind, one in value]
            JointInitiator.objects.bulk_create(rows)
        case MatterVersion(), "duties":
            version.duties.all().delete()
            MatterDuty.objects.bulk_create(
                MatterDuty(version=version, department=one, duty=duty) for one, duty in value
            )
        case _:
            getattr(version, name).set(value)


@operation("version.drafted", "起草清单条目")
def draft(*, kind: str, code: str, owner: Department, content: Content, by: User, at: datetime) -> Done[Version]:
    """Put a new thing on a list, as a draft. Raises Refused ``registry.code_taken`` and what the content breaks."""
    thing_model, model = queries.THINGS[kind], queries.KINDS[kind]
    permissions.check_can_keep(by, owner, str(content.get(model.area_field, "")))
    if thing_model._default_manager.filter(code=code).exists():
        raise Refused("registry.code_taken", number=code)
    thing = thing_model._default_manager.create(code=code, owner=owner)
    version = model(number=1, created_at=at, created_by=by, **{model.thing_field: thing})
    _fill(version, content)
    return Done(version, {"code": code, "content": dict(queries.told(version))})


@operation("version.amended", "起草新版本")
def amend(*, thing: Listed, content: Content, by: User, at: datetime) -> Done[Version]:
    """Begin the next version of what is published, from its content and these changes; ``reason`` is among them."""
    thing = held(thing)
    permissions.check_can_amend(by, thing)
    published = queries.find_published(thing)
    assert published is not None  # noqa: S101 -- just checked
    model = type(published)
    permissions.check_can_keep(by, thing.owner, str(content.get(model.area_field, "")))
    version = model(number=queries.next_number(thing), created_at=at, created_by=by, **{model.thing_field: thing})
    _fill(version, {**_content_of(published), **content})
    return Done(version, {"reason": version.reason, "changed": _changes(published, version)})


def _content_of(version: Version) -> dict[str, Any]:
    """The content as ``_fill`` takes it."""
    return {name: _value(version, name) for name in version.content}


def _value(version: Version, name: str) -> Any:
    match version, name:
        case JointItemVersion(), "initiators":
            return [(one.subject_type, one.department) for one in version.initiators.select_related("department")]
        case MatterVersion(), "duties":
            return [(one.department, one.duty) for one in version.duties.select_related("department")]
    value = getattr(version, name)
    return list(value.all()) if hasattr(value, "all") else value


def _changes(old: Version, new: Version) -> dict[str, list[str]]:
    return {one.label: [one.old, one.new] for one in queries.compare(old, new) if one.is_changed}


@operation("version.edited", "修改清单草稿")
def edit(*, version: Version, content: Content, by: User, at: datetime, seen: str = "") -> Done[Version]:
    """Change a draft; the log keeps old and new. seen: what the form had shown.

    Raises Refused ``registry.version_not_draft``, ``web.changed_meanwhile``.
    """
    version = held(version)
    permissions.check_can_edit(by, version)
    permissions.check_can_keep(by, version.thing.owner, str(content.get(version.area_field, "")))
    check_unchanged(seen, queries.shown(version))
    before = dict(queries.told(version))
    _fill(version, content)
    after = queries.told(held(version))
    return Done(version, {"changed": {name: [before[name], text] for name, text in after if before[name] != text}})


@operation("version.submitted", "提交审核")
def submit(*, version: Version, by: User, at: datetime) -> Done[Version]:
    """Send a complete draft to review. Raises Refused ``registry.version_incomplete`` and what its list asks for."""
    version = held(version)
    permissions.check_can_submit(by, version)
    version.state, version.submitted_at, version.submitted_by = VersionState.REVIEW, at, by
    version.returned_reason = ""
    version.save()
    over = {"over_reason": version.over_reason} if isinstance(version, ItemVersion) and version.over_reason else {}
    return Done(version, {"number": version.number, **over})


@operation("version.withdrawn", "撤回草稿")
def withdraw(*, version: Version, by: User, at: datetime) -> Done[Version]:
    """Put a draft aside for good; its number is not used again."""
    version = held(version)
    permissions.check_can_withdraw(by, version)
    version.state = VersionState.WITHDRAWN
    version.save()
    return Done(version)


@operation("version.approved", "审核通过")
def approve(*, version: Version, by: User, at: datetime) -> Done[Version]:
    """A second person agrees. Raises Refused ``registry.version_same_person``."""
    version = held(version)
    permissions.check_can_approve(by, version)
    version.state, version.approved_at, version.approved_by = VersionState.IN_FORCE, at, by
    version.save()
    return Done(version, {"number": version.number})


@operation("version.sent_back", "退回修改")
def send_back(*, version: Version, reason: str, by: User, at: datetime) -> Done[Version]:
    """Give a version back to its author with what is wrong; the stamps of its way so far are in the log."""
    version = held(version)
    permissions.check_can_send_back(by, version)
    version.state, version.returned_reason = VersionState.DRAFT, reason
    version.submitted_at = version.submitted_by = version.approved_at = version.approved_by = None
    version.save()
    return Done(version, {"reason": reason})


@operation("edition.published", "公布清单")
def publish(
    *,
    kind: str,
    department: Department,
    name: str,
    reason: str,
    url: str,
    versions: Iterable[Version],
    by: User,
    at: datetime,
) -> Done[Edition]:
    """Bring approved versions out as an edition of a department's list; each ends the version before it (R-2),
    which is used until the day on which its successor begins (``queries.versions.in_force``).

    Raises Refused ``registry.edition_empty``, ``registry.edition_foreign`` or ``registry.edition_name_taken``.
    """
    department = held(department)  # editions of a list come one by one
    permissions.check_can_decide(by, department)
    rows = _locked_rows(kind, versions)
    for area in sorted({version.area for version in rows}):
        permissions.check_can_decide(by, department, area)
    has_ended = queries.has_ended_since_latest(kind, department)
    rules.check_edition(kind, rows, owner=department.pk, has_ended=has_ended)
    if Edition.objects.filter(kind=kind, department=department, name=name).exists():
        raise Refused("registry.edition_name_taken", name=name)
    number = queries.next_edition_number(kind, department)
    told = {"name": name, "reason": reason, "url": url, "number": number}
    edition = Edition.objects.create(kind=kind, department=department, published_at=at, published_by=by, **told)
    for version in rows:
        _bring_out(version, edition, by=by, at=at)
    return Done(edition, {**told, "versions": [f"{one.thing.code} 第{one.number}版" for one in rows]})


def _locked_rows(kind: str, versions: Iterable[Version]) -> list[Version]:
    asked = [version.pk for version in versions]
    rows = queries.KINDS[kind]._default_manager.select_for_update().filter(pk__in=asked)
    return list(rows.order_by("pk"))


def _bring_out(version: Version, edition: Edition, *, by: User, at: datetime) -> None:
    old = queries.find_published(version.thing)
    if old:
        _end(old, VersionState.SUPERSEDED, by=by, at=at)
    version.state, version.edition = VersionState.PUBLISHED, edition
    version.published_at, version.published_by = at, by
    version.save()
    if isinstance(version, ItemVersion) and version.valid_from <= timezone.localdate(at):
        claims.suspend_what_no_longer_fits(version, at=at)  # else on its day (``claims.suspend_what_changed``)
    if isinstance(version, MatterVersion):
        set_next_review(version, timezone.localdate(at))


def set_next_review(version: MatterVersion, on: date) -> None:
    """A matter is looked at again a year from now; the 29th of February counts as the 28th."""
    day = 28 if (on.month, on.day) == (2, 29) else on.day
    version.matter.review_by = date(on.year + 1, on.month, day)
    version.matter.save(update_fields=["review_by"])


def _end(version: Version, state: VersionState, *, by: User, at: datetime) -> None:
    version.state, version.ended_at, version.ended_by = state, at, by
    version.save()


@operation("version.end_asked", "提出废止")
def ask_end(*, version: Version, reason: str, by: User, at: datetime) -> Done[Version]:
    """Ask for the abolition of what is published; it stays in use until somebody else agrees."""
    version = held(version)
    permissions.check_can_ask_end(by, version)
    version.end_reason, version.end_asked_at, version.end_asked_by = reason, at, by
    version.save()
    return Done(version, {"reason": reason})


@operation("version.end_refused", "不同意废止")
def refuse_end(*, version: Version, by: User, at: datetime) -> Done[Version]:
    """Keep what somebody wanted abolished."""
    version = held(version)
    permissions.check_can_decide_end(by, version)
    reason = version.end_reason
    version.end_reason, version.end_asked_at, version.end_asked_by = "", None, None
    version.save()
    return Done(version, {"asked_reason": reason})


@operation("version.abolished", "同意废止")
def abolish(*, version: Version, by: User, at: datetime) -> Done[Version]:
    """End what is published; claims of lower units are suspended until they decide again."""
    version = held(version)
    permissions.check_can_decide_end(by, version)
    _end(version, VersionState.ABOLISHED, by=by, at=at)
    n = claims.suspend_all(version.item, at=at) if isinstance(version, ItemVersion) else 0
    return Done(version, {"reason": version.end_reason, "suspended_claims": n})
