"""What can be done to subjects, sub-libraries and the entries in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongchou.accounts.models import Department, Region
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.registry import search
from gongchou.registry.models import Membership, Subject, SubjectFact, SubjectTag, SubLibrary, Tag
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.permissions.subjects import check_can_ask_for, check_can_tag, check_can_use_tag
from gongchou.registry.rules import subjects as rules
from gongchou.seen import check_unchanged, values_of

State = Membership.State
PRIVATE = {"contact", "phone"}
CHANGEABLE = (
    "name",
    "kind",
    "region",
    "registration_no",
    "entity_type",
    "legal_representative",
    "established_on",
    "industry",
    "business_scope",
    "capital",
    "scale",
    "address",
    "station",
    "authority",
    "contact",
    "phone",
    "longitude",
    "latitude",
)
CHANGEABLE_OF_LIBRARY = ("name", "field", "is_active")


def _note(
    subject: Subject,
    kind: str,
    told: str,
    *,
    by: Actor,
    at: datetime,
    source: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    SubjectFact.objects.create(
        subject=subject, at=at, kind=kind, told=told, data=data or {}, by_name=by.audit_name, source=source
    )


# Sub-libraries ----------------------------------------------------------------------------------


@operation("sub_library.added", "设立分库")
def add_sub_library(
    *,
    code: str,
    name: str,
    department: Department,
    by: Actor,
    at: datetime,
    field: str = "",
    is_licensed: bool = False,
) -> Done[SubLibrary]:
    """Open a sub-library of a department. Raises Refused ``library_exists``, ``out_of_reach``."""
    check_reaches(by, department, Duty.KEEP_LIBRARIES, field=field)
    rules.check_library_is_new(code)
    library = SubLibrary.objects.create(
        code=code, name=name, department=department, field=field, is_licensed=is_licensed
    )
    return Done(library, {"code": code, "is_licensed": is_licensed})


@operation("sub_library.changed", "修改分库")
def change_sub_library(
    *, library: SubLibrary, name: str, field: str, is_active: bool, by: Actor, at: datetime, seen: str = ""
) -> Done[SubLibrary]:
    """Rename, reclassify or end a sub-library. Raises Refused ``out_of_reach``, ``web.changed_meanwhile``."""
    library = held(library, "department")
    for area in {library.field, field}:
        check_reaches(by, library.department, Duty.KEEP_LIBRARIES, field=area)
    check_unchanged(seen, values_of(library, CHANGEABLE_OF_LIBRARY))
    old = {"name": library.name, "field": library.field, "is_active": library.is_active}
    library.name, library.field, library.is_active = name, field, is_active
    library.save(update_fields=["name", "field", "is_active"])
    return Done(library, {"old": old, "new": {"name": name, "field": field, "is_active": is_active}})


# Subjects ---------------------------------------------------------------------------------------


@operation("subject.registered", "登记检查对象")
def register_subject(
    *, number: str, name: str, kind: str, region: Region, keeper: Department, by: Actor, at: datetime, **more: Any
) -> Done[Subject]:
    """Enter a subject by hand; ``more`` are other fields of ``CHANGEABLE``.

    Raises Refused ``number_invalid``, ``subject_exists``, ``subject_region``, ``out_of_reach``.
    """
    check_reaches(by, keeper, Duty.KEEP_LIBRARIES)
    rules.check_region(region, keeper)
    rules.check_number(kind, number)
    rules.check_is_new(number)
    own = {field: value for field, value in more.items() if field in CHANGEABLE}
    subject = Subject.objects.create(
        number=number, name=name, kind=kind, region=region, keeper=keeper, changed_at=at, **own
    )
    search.refresh([(subject.pk, number, name, subject.address)])
    _note(subject, "registered", "登记入库", by=by, at=at)
    return Done(subject, {"number": number, "kind": kind})


@operation("subject.changed", "修改检查对象")
def change_subject(
    *, subject: Subject, by: Actor, at: datetime, reason: str = "", seen: str = "", **values: Any
) -> Done[Subject]:
    """Change fields of ``CHANGEABLE``; old and new values go into the dossier. Nothing changed, nothing refused.

    The log keeps them too, but for ``PRIVATE`` ones, of which it says only that they were changed.
    seen: what the form had shown. Raises Refused ``changed_meanwhile``, ``subject_archived``, ``subject_region``,
    ``out_of_reach``.
    """
    subject = held(subject, "keeper", "region")
    check_reaches(by, subject.keeper, Duty.KEEP_LIBRARIES)
    rules.check_is_not_archived(subject)
    check_unchanged(seen, values_of(subject, CHANGEABLE))
    changed = {f: v for f, v in values.items() if f in CHANGEABLE and getattr(subject, f) != v}
    if "region" in changed:
        rules.check_region(changed["region"], subject.keeper)
    told = {field: [_words(getattr(subject, field)), _words(value)] for field, value in changed.items()}
    for field, value in changed.items():
        setattr(subject, field, value)
    _save(subject, *changed, at=at)
    if changed:
        search.refresh([(subject.pk, subject.number, subject.name, subject.address)])
        _note(subject, "changed", reason or "修改登记信息", by=by, at=at, data=told)
    kept = {field: pair for field, pair in told.items() if field not in PRIVATE}
    return Done(subject, {"fields": sorted(told), "changed": kept, "reason": reason})


def _save(subject: Subject, *fields: str, at: datetime) -> None:
    """What was changed here; the next import looks at every value again, even if its file is the last one's."""
    subject.changed_at, subject.digest = at, ""
    subject.save(update_fields=[*fields, "changed_at", "digest"])


def _words(value: Any) -> str:
    return "" if value is None else str(value)


@operation("subject.status_set", "变更登记状态")
def set_status(*, subject: Subject, status: str, source: str, by: Actor, at: datetime) -> Done[Subject]:
    """Take over a registration status; who no longer lives leaves the pools at once, who lives again is back (R-21)."""
    subject = held(subject, "keeper", "region")
    check_reaches(by, subject.keeper, Duty.KEEP_LIBRARIES)
    rules.check_is_not_archived(subject)
    old, subject.status = subject.status, status
    for name, value in (standing := Subject.standing(status, vars(subject))).items():
        setattr(subject, name, value)
    _save(subject, "status", *standing, at=at)
    told = f"登记状态：{Subject.Status(old).label}→{subject.get_status_display()}"
    _note(subject, "status", told, by=by, at=at, source=source, data={"old": old, "new": status})
    return Done(subject, {"old": old, "new": status, "source": source})


@operation("subject.moved", "变更库内状态")
def set_state(*, subject: Subject, state: str, reason: str, by: Actor, at: datetime) -> Done[Subject]:
    """Take out of the pools, bring back, or archive. Raises Refused ``subject_move``, ``subject_not_living``."""
    subject = held(subject, "keeper", "region")
    check_reaches(by, subject.keeper, Duty.KEEP_LIBRARIES)
    rules.check_move(subject, state)
    old, subject.state, subject.state_reason = subject.state, state, reason
    is_back = state == Subject.State.ACTIVE
    subject.cause = Subject.Cause.NONE if is_back else Subject.Cause.DECIDED
    _save(subject, "state", "cause", "state_reason", at=at)
    told = f"库内状态：{Subject.State(old).label}→{subject.get_state_display()}（{reason}）"
    _note(subject, "state", told, by=by, at=at, data={"old": old, "new": state})
    return Done(subject, {"old": old, "new": state, "reason": reason})


@operation("subject.handed_over", "移交管辖单位")
def hand_over(*, subject: Subject, keeper: Department, reason: str, by: Actor, at: datetime) -> Done[Subject]:
    """Give the entry to another department; both must be within reach."""
    subject = held(subject, "keeper", "region")
    check_reaches(by, subject.keeper, Duty.KEEP_LIBRARIES)
    check_reaches(by, keeper, Duty.KEEP_LIBRARIES)
    rules.check_is_not_archived(subject)
    old, subject.keeper = subject.keeper, keeper
    _save(subject, "keeper", at=at)
    told = f"管辖单位：{old.short_name}→{keeper.short_name}（{reason}）"
    _note(subject, "handed_over", told, by=by, at=at, data={"old": old.code, "new": keeper.code})
    return Done(subject, {"old": old.code, "new": keeper.code, "reason": reason})


@operation("subject.graded", "导入信用风险等级")
def grade_subject(
    *, subject: Subject, grade: str, graded_on: date, source: str, by: Actor, at: datetime
) -> Done[Subject]:
    """Take over a credit risk grade as a fact from elsewhere (ruling 23). Raises ``subject_archived``."""
    subject = held(subject, "keeper", "region")
    check_reaches(by, subject.keeper, Duty.KEEP_LIBRARIES)
    rules.check_is_not_archived(subject)
    old = subject.grade
    subject.grade, subject.graded_on, subject.grade_source = grade, graded_on, source
    _save(subject, "grade", "graded_on", "grade_source", at=at)
    told = f"信用风险等级：{old or '无'}→{grade}"
    _note(subject, "graded", told, by=by, at=at, source=source, data={"old": old, "new": grade})
    return Done(subject, {"old": old, "new": grade, "graded_on": graded_on, "source": source})


def _check_keeps_library(by: Actor, library: SubLibrary) -> None:
    check_reaches(by, library.department, Duty.KEEP_LIBRARIES, field=library.field)


# Entries in sub-libraries -----------------------------------------------------------------------


@operation("membership.added", "列入分库")
def enter_library(
    *,
    subject: Subject,
    library: SubLibrary,
    by: Actor,
    at: datetime,
    licence_name: str = "",
    licence_no: str = "",
    licensed_on: date | None = None,
    valid_to: date | None = None,
    licensed_by: str = "",
    **needs: Any,
) -> Done[Membership]:
    """Put a subject into a sub-library, by a licence where the library asks for one; or again, where it was taken out.

    Raises Refused ``library_ended``, ``licence_missing``, ``licence_over``, ``already_entered``, ``out_of_reach``,
    ``qualification_not_usable``, ``subject_archived``.
    """
    library = held(library, "department")
    _check_keeps_library(by, library)
    subject = held(subject)
    rules.check_is_not_archived(subject)
    check_can_ask_for(by, needs.get("qualification"), timezone.localdate(at))
    rules.check_may_be_entered(subject, library, licence_no, timezone.localdate(at), valid_to)
    licence = {"licence_name": licence_name, "licensed_by": licensed_by}
    told = {"licensed_on": licensed_on, "valid_to": valid_to, "set_at": at, "set_by_name": by.audit_name}
    membership, is_new = Membership.objects.update_or_create(
        subject=subject,
        sub_library=library,
        licence_no=licence_no,
        defaults={**told, **licence, **needs, **Membership.in_force()},
    )
    _note(
        subject,
        "entered",
        f"{'列入' if is_new else '重新列入'}{library.name}",
        by=by,
        at=at,
        source=licence_no,
        data={"library": library.code},
    )
    return Done(membership, {"library": library.code, "licence_no": licence_no, "valid_to": valid_to})


@operation("membership.ended", "移出分库")
def leave_library(*, membership: Membership, reason: str, by: Actor, at: datetime) -> Done[Membership]:
    """End an entry; the row stays with its reason. Raises Refused ``membership_ended``."""
    membership = held(membership, "sub_library__department", "subject")
    _check_keeps_library(by, membership.sub_library)
    rules.check_is_in_force(membership)
    membership.state, membership.cause, membership.state_reason = State.INACTIVE, Membership.Cause.ENDED, reason
    membership.save(update_fields=["state", "cause", "state_reason"])
    told = f"移出{membership.sub_library.name}（{reason}）"
    _note(membership.subject, "left", told, by=by, at=at, data={"library": membership.sub_library.code})
    return Done(membership, {"library": membership.sub_library.code, "reason": reason})


@operation("membership.renewed", "许可延续")
def renew_licence(
    *, membership: Membership, valid_to: date | None, licensed_on: date | None, by: Actor, at: datetime
) -> Done[Membership]:
    """Extend a licence, which also brings an expired entry back (R-22), but not one that somebody ended.

    Raises Refused ``licence_over``, ``membership_left``, ``subject_archived``.
    """
    membership = held(membership, "sub_library__department", "subject")
    _check_keeps_library(by, membership.sub_library)
    rules.check_is_not_archived(membership.subject)
    rules.check_was_not_ended(membership)
    rules.check_not_over(valid_to, timezone.localdate(at))
    old, membership.valid_to, membership.licensed_on = membership.valid_to, valid_to, licensed_on
    membership.set_standing(Membership.in_force())
    membership.save(update_fields=["valid_to", "licensed_on", *Membership.in_force()])
    told = f"{membership.sub_library.name}许可延续至{valid_to or '长期'}"
    _note(membership.subject, "renewed", told, by=by, at=at, source=membership.licence_no, data={"old": _words(old)})
    return Done(membership, {"old": old, "valid_to": valid_to})


# Tags -------------------------------------------------------------------------------------------


@operation("subject.tagged", "标注检查对象")
def tag_subjects(*, tag: Tag, subjects: Iterable[Subject], by: Actor, at: datetime) -> Done[Tag]:
    """Put a tag on subjects; those that bear it already stay as they are.

    Raises Refused ``tag_not_for_subjects``, ``tag_not_approved``, ``tag_over``, ``tag_not_near``, ``out_of_reach``.
    """
    tag = held(tag)  # two who put the same tag come one after the other, and the second finds what the first put
    wanted = {subject.pk: subject for subject in subjects}
    check_can_tag(by, wanted.values())
    rules.check_can_be_tagged(tag, timezone.localdate(at))
    check_can_use_tag(by, tag, timezone.localdate(at))
    bearers = SubjectTag.objects.filter(tag=tag, ended_at=None, subject__in=wanted)
    for pk in bearers.values_list("subject", flat=True):
        del wanted[pk]
    new = [SubjectTag(subject=own, tag=tag, set_at=at, set_by_name=by.audit_name) for own in wanted.values()]
    SubjectTag.objects.bulk_create(new)
    SubjectFact.objects.bulk_create(
        _tag_fact(own, "tagged", f"标注“{tag.name}”", tag, by, at) for own in wanted.values()
    )
    return Done(tag, {"count": len(wanted), "numbers": sorted(own.number for own in wanted.values())})


@operation("subject.untagged", "取消标注")
def untag_subject(*, tagging: SubjectTag, by: Actor, at: datetime) -> Done[SubjectTag]:
    """Take a tag off; the row stays with its end. Raises Refused ``tag_gone``, ``out_of_reach``."""
    tagging = held(tagging, "subject__keeper", "tag")
    check_can_tag(by, [tagging.subject])
    rules.check_is_tagged(tagging)
    tagging.ended_at = at
    tagging.save(update_fields=["ended_at"])
    _tag_fact(tagging.subject, "untagged", f"取消标注“{tagging.tag.name}”", tagging.tag, by, at).save()
    return Done(tagging, {"tag": tagging.tag.code})


def _tag_fact(subject: Subject, kind: str, told: str, tag: Tag, by: Actor, at: datetime) -> SubjectFact:
    return SubjectFact(subject=subject, at=at, kind=kind, told=told, data={"tag": tag.code}, by_name=by.audit_name)
