"""What can be done to inspectors. Each verb leaves a line in the log and a line in the person's dossier.

Neither holds a whole identity number or a whole telephone number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.refusal import Refused
from gongchou.registry.models import Inspector, InspectorFact, Item, Tag
from gongchou.registry.models.inspectors import masked_phone
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.rules import inspectors as rules
from gongchou.seen import check_unchanged, values_of

CHANGEABLE = (
    "name",
    "gender",
    "masked_id",
    "phone",
    "unit",
    "category",
    "post",
    "station",
    "education",
    "title",
    "serves_since",
    "is_expert",
    "third_party",
)
"""What ``change_inspector`` takes. Number and department have verbs of their own, or never change."""

Changes = dict[str, tuple[Any, Any]]


# The dossier ------------------------------------------------------------------------------------


def add_to_dossier(
    inspector: Inspector,
    kind: str,
    told: str,
    *,
    by: Actor,
    at: datetime,
    source: str = "",
    data: Mapping[str, Any] | None = None,
) -> InspectorFact:
    """Add one line to a person's dossier, from inside an operation of this room or of a room above.

    kind: what sort of fact, such as ``inspected``; told: the Chinese sentence people read, without its stop
    """
    return InspectorFact.objects.create(
        inspector=inspector,
        at=at,
        kind=kind,
        told=told[:500],
        data=dict(data or {}),
        by_name=by.audit_name,
        source=source,
    )


def add_to_dossiers(told: Iterable[tuple[Inspector, str]], kind: str, *, by: Actor, at: datetime) -> None:
    """Add a line to the dossiers of many people, as ``add_to_dossier`` does to one."""
    rows = (
        InspectorFact(inspector=one, at=at, kind=kind, told=words[:500], by_name=by.audit_name) for one, words in told
    )
    InspectorFact.objects.bulk_create(rows, batch_size=1_000)


def locked(inspector: Inspector, by: Actor) -> Inspector:
    """The person's row, held until the transaction ends, for somebody who keeps it.

    Raises Refused ``registry.out_of_reach``.
    """
    found = held(inspector)
    check_reaches(by, found.department, Duty.KEEP_LIBRARIES)
    return found


def set_values(inspector: Inspector, values: Mapping[str, Any]) -> Changes:
    """Put new values on a row that is not saved yet; return what differs, as field -> (old, new)."""
    changes: Changes = {}
    for name, new in values.items():
        old = getattr(inspector, name)
        if old != new:
            changes[name] = (old, new)
            setattr(inspector, name, new)
    return changes


def plain_changes(changes: Changes) -> dict[str, list[Any]]:
    """Changes as the dossier and the log keep them: field -> [old, new] in words, telephones masked."""
    return {name: [in_words(name, value) for value in pair] for name, pair in changes.items()}


def told_changes(changes: Changes) -> str:
    """Changes as a sentence: 职务：一般干部 → 科室正职；…"""
    words = plain_changes(changes).items()
    return "；".join(f"{_name_of(name)}：{old or '空'} → {new or '空'}" for name, (old, new) in words)


def in_words(name: str, value: Any) -> str:
    """One value of an inspector as people read it."""
    field = Inspector._meta.get_field(name)
    if name == "phone":
        return masked_phone(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(getattr(field, "flatchoices", ()))
    return "" if value is None else str(choices.get(value, value))


def _name_of(name: str) -> str:
    return str(getattr(Inspector._meta.get_field(name), "verbose_name", name))


def initials_of(name: str) -> str:
    """The pinyin initials of a name, as long as the column is."""
    from gongchou.registry.search import initials  # noqa: PLC0415 -- its table of readings is slow to load

    return initials(name)[:60]


# Verbs ------------------------------------------------------------------------------------------


@operation("inspector.registered", "登记检查人员")
def register_inspector(
    *, number: str, department: Department, values: Mapping[str, Any], by: Actor, at: datetime
) -> Done[Inspector]:
    """Enter somebody into the library.

    values: of ``CHANGEABLE``, at least ``name``

    Raises Refused ``registry.out_of_reach``, ``registry.department_ended``, ``registry.inspector_number_taken``,
    ``registry.expert_without_body``, ``registry.body_without_expert`` or ``registry.body_ended``.
    """
    check_reaches(by, department, Duty.KEEP_LIBRARIES)
    rules.check_department_active(department)
    rules.check_number_free(number)
    inspector = Inspector(number=number, department=department, changed_at=at)
    set_values(inspector, settled(values))
    rules.check_category(inspector.category, inspector.third_party)
    inspector.initials = initials_of(inspector.name)
    inspector.save()
    told = f"登记入库：{department.name}，{inspector.get_category_display()}"
    add_to_dossier(inspector, "registered", told, by=by, at=at, data={"department": department.code})
    return Done(inspector, {"number": number, "category": inspector.category, "phone": inspector.masked_phone})


def settled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that follow from others: who comes from outside as an expert is an expert."""
    known = {name: value for name, value in values.items() if name in CHANGEABLE}
    if known.get("category") == Inspector.Category.EXPERT:
        known["is_expert"] = True
    return known


@operation("inspector.changed", "变更检查人员信息")
def change_inspector(
    *, inspector: Inspector, values: Mapping[str, Any], by: Actor, at: datetime, seen: str = ""
) -> Done[Inspector]:
    """Change what is known of somebody; the old values stay in the dossier.

    values: of ``CHANGEABLE``; what is left out stays; seen: what the form had shown

    Raises Refused ``registry.out_of_reach``, ``registry.nothing_changed``, ``web.changed_meanwhile`` and what
    ``check_category`` raises.
    """
    inspector = locked(inspector, by)
    check_unchanged(seen, values_of(inspector, CHANGEABLE))
    changes = set_values(inspector, settled(values))
    if not changes:
        raise Refused("registry.nothing_changed")
    if {"category", "third_party"} & set(changes):
        rules.check_category(inspector.category, inspector.third_party)
    save_changed(inspector, at)
    add_to_dossier(inspector, "changed", told_changes(changes), by=by, at=at, data=plain_changes(changes))
    return Done(inspector, {"changed": plain_changes(changes)})


def save_changed(inspector: Inspector, at: datetime) -> None:
    """Save a person whose values changed here, so that the next import looks at every value again."""
    inspector.initials = initials_of(inspector.name)
    inspector.digest = ""
    inspector.changed_at = at
    inspector.save()


@operation("inspector.moved", "检查人员调动")
def move_inspector(
    *, inspector: Inspector, department: Department, reason: str, by: Actor, at: datetime, unit: str = ""
) -> Done[Inspector]:
    """Move somebody to another department within the mover's reach; an account that stays behind is let go.

    Raises Refused ``registry.out_of_reach``, ``registry.already_there`` or ``registry.department_ended``.
    """
    inspector = locked(inspector, by)
    check_reaches(by, department, Duty.KEEP_LIBRARIES)
    rules.check_moves(inspector, department)
    old, inspector.department, inspector.unit = inspector.department, department, unit
    user = inspector.user
    if user is not None and not rules.is_same_home(user, department):
        inspector.user = None
        told = f"因调动，与登录账号 {user.username} 的关联已解除"
        add_to_dossier(inspector, "account_unlinked", told, by=by, at=at)
    save_changed(inspector, at)
    told = f"由“{old.name}”调入“{department.name}”：{reason}"
    add_to_dossier(inspector, "moved", told, by=by, at=at, data={"department": [old.code, department.code]})
    is_unlinked = user is not None and inspector.user is None
    return Done(inspector, {"department": [old.code, department.code], "reason": reason, "unlinked": is_unlinked})


@operation("inspector.ended", "检查人员失效")
def end_inspector(*, inspector: Inspector, reason: str, by: Actor, at: datetime) -> Done[Inspector]:
    """Take somebody who left the post out of every future draw.

    Raises Refused ``registry.out_of_reach`` or ``registry.inspector_inactive``.
    """
    inspector = locked(inspector, by)
    rules.check_active(inspector)
    return _set_state(inspector, Inspector.State.INACTIVE, reason, f"失效：{reason}", by, at)


@operation("inspector.restored", "恢复检查人员")
def restore_inspector(*, inspector: Inspector, reason: str, by: Actor, at: datetime) -> Done[Inspector]:
    """Bring somebody back.

    Raises Refused ``registry.out_of_reach``, ``registry.inspector_active`` or ``registry.department_ended``.
    """
    inspector = locked(inspector, by)
    rules.check_inactive(inspector)
    rules.check_department_active(inspector.department)
    return _set_state(inspector, Inspector.State.ACTIVE, "", f"恢复有效：{reason}", by, at, reason=reason)


def _set_state(
    inspector: Inspector, state: str, kept: str, told: str, by: Actor, at: datetime, *, reason: str = ""
) -> Done[Inspector]:
    inspector.state, inspector.state_reason, inspector.changed_at = state, kept, at
    inspector.save(update_fields=["state", "state_reason", "changed_at"])
    add_to_dossier(inspector, "ended" if kept else "restored", told, by=by, at=at)
    return Done(inspector, {"reason": reason or kept})


@operation("inspector.tagged", "标注检查人员资质与专长")
def set_tags(*, inspector: Inspector, tags: Iterable[Tag], by: Actor, at: datetime) -> Done[Inspector]:
    """Give somebody exactly these tags (R-17).

    Raises Refused ``registry.out_of_reach``, ``registry.tag_not_usable`` or ``registry.nothing_changed``.
    """
    inspector = locked(inspector, by)
    old, new = set(inspector.tags.all()), set(tags)
    rules.check_tags(inspector, new, old, timezone.localtime(at).date())
    facts = put_tags(inspector, old, new, by=by, at=at)
    if not facts:
        raise Refused("registry.nothing_changed")
    return Done(inspector, facts)


def put_tags(
    inspector: Inspector, old: set[Tag], new: set[Tag], *, by: Actor, at: datetime, source: str = ""
) -> dict[str, Any]:
    """Set tags that may be used and tell the dossier; return what was added and removed, or nothing."""
    if old == new:
        return {}
    added, removed = (sorted(part, key=lambda tag: tag.code) for part in (new - old, old - new))
    inspector.tags.set(new)
    words = [f"{verb}{'、'.join(tag.name for tag in part)}" for verb, part in (("加", added), ("减", removed)) if part]
    facts = {"added": [tag.code for tag in added], "removed": [tag.code for tag in removed]}
    add_to_dossier(inspector, "tagged", f"资质与专长：{'；'.join(words)}", by=by, at=at, source=source, data=facts)
    return facts


@operation("inspector.scoped", "设定检查人员执法事项范围")
def set_items(
    *, inspector: Inspector, does_all: bool, items: Iterable[Item], by: Actor, at: datetime
) -> Done[Inspector]:
    """Say which items somebody may be drawn for: all of them, or those that are chosen.

    Raises Refused ``registry.out_of_reach`` or ``registry.nothing_changed``.
    """
    inspector = locked(inspector, by)
    old, new = set(inspector.items.all()), set() if does_all else set(items)
    if inspector.does_all_items == does_all and old == new:
        raise Refused("registry.nothing_changed")
    inspector.does_all_items, inspector.changed_at = does_all, at
    inspector.save(update_fields=["does_all_items", "changed_at"])
    inspector.items.set(new)
    codes = {"added": sorted(item.code for item in new - old), "removed": sorted(item.code for item in old - new)}
    told = "执法事项范围：全部事项" if does_all else f"执法事项范围：选定 {len(new)} 项"
    add_to_dossier(inspector, "scoped", told, by=by, at=at, data={"does_all": does_all, **codes})
    return Done(inspector, {"does_all": does_all, **codes})


@operation("inspector.linked", "关联检查人员登录账号")
def link_account(*, inspector: Inspector, user: User, by: Actor, at: datetime) -> Done[Inspector]:
    """Say that an account is this person's.

    Raises Refused ``registry.out_of_reach``, ``registry.account_linked``, ``registry.account_taken``,
    ``registry.account_elsewhere`` or ``registry.account_disabled``.
    """
    inspector = locked(inspector, by)
    user = held(user)
    rules.check_linkable(inspector, user)
    inspector.user = user
    inspector.save(update_fields=["user"])
    add_to_dossier(
        inspector, "account_linked", f"关联登录账号 {user.username}", by=by, at=at, data={"username": user.username}
    )
    return Done(inspector, {"username": user.username})


@operation("inspector.unlinked", "解除检查人员登录账号关联")
def unlink_account(*, inspector: Inspector, by: Actor, at: datetime) -> Done[Inspector]:
    """Take the account off. Raises Refused ``registry.out_of_reach`` or ``registry.account_not_linked``."""
    inspector = locked(inspector, by)
    rules.check_is_linked(inspector)
    username = inspector.user.username if inspector.user else ""
    inspector.user = None
    inspector.save(update_fields=["user"])
    add_to_dossier(
        inspector, "account_unlinked", f"解除与登录账号 {username} 的关联", by=by, at=at, data={"username": username}
    )
    return Done(inspector, {"username": username})
