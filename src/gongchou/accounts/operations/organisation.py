"""Regions and departments. What changes is in the log with its old and its new value."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from gongchou.accounts import permissions, rules
from gongchou.accounts.models import Department, Region, User
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.seen import check_unchanged, values_of


@operation("region.added", "登记行政区划")
def add_region(
    *,
    code: str,
    name: str,
    level: str,
    parent: Region | None,
    by: Actor,
    at: datetime,
    kind: str = Region.Kind.CIVIL,
    predecessor: Region | None = None,
    valid_from: date = date(1949, 10, 1),
) -> Done[Region]:
    """Enter a region, or the next life of one. Raises Refused ``accounts.region_code_taken``."""
    permissions.check_can_keep_region(by, parent)
    rules.check_region_is_new(code, valid_from=valid_from)
    region = Region.objects.create(
        code=code, name=name, level=level, kind=kind, parent=parent, predecessor=predecessor, valid_from=valid_from
    )
    told = {"code": code, "level": level, "kind": kind, "valid_from": valid_from, "parent": parent and parent.code}
    return Done(region, told | {"predecessor": predecessor and predecessor.name})


@operation("region.renamed", "区划更名")
def rename_region(*, region: Region, code: str, name: str, on: date, by: Actor, at: datetime) -> Done[Region]:
    """Begin a region's next life: the old row ends that day and stays, what stands in it moves to the new one.

    Raises Refused ``accounts.region_ended``, ``accounts.region_dates`` or ``accounts.region_code_taken``.
    """
    region = held(region)
    permissions.check_can_keep_region(by, region)
    rules.check_region_stands(region, until=on)
    region.valid_to = on
    region.save(update_fields=["valid_to"])
    rules.check_region_is_new(code, valid_from=on)
    life = Region.objects.create(
        code=code,
        name=name,
        level=region.level,
        kind=region.kind,
        parent=region.parent,
        predecessor=region,
        valid_from=on,
    )
    region.children.filter(valid_to=None).update(parent=life)
    region.departments.filter(is_active=True).update(region=life)
    return Done(life, {"code": _from_to(region.code, code), "name": _from_to(region.name, name), "on": on})


@operation("region.ended", "停用区划")
def end_region(*, region: Region, on: date, by: Actor, at: datetime) -> Done[Region]:
    """End a region that nothing stands in any more.

    Raises Refused ``accounts.region_ended``, ``accounts.region_dates`` or ``accounts.region_in_use``.
    """
    region = held(region)
    permissions.check_can_keep_region(by, region)
    rules.check_region_stands(region, until=on)
    rules.check_region_is_empty(region)
    region.valid_to = on
    region.save(update_fields=["valid_to"])
    return Done(region, {"on": on})


class MoreOfDepartment(TypedDict, total=False):
    """What may be said of a new department beside the necessary. level: without one, that of the region."""

    level: str
    line_parent: Department | None
    is_conference_member: bool
    valid_from: date | None


@operation("department.added", "登记部门")
def add_department(
    *,
    code: str,
    name: str,
    short_name: str,
    region: Region,
    function: str,
    by: Actor,
    at: datetime,
    parent: Department | None = None,
    is_internal_unit: bool = False,
    **more: Unpack[MoreOfDepartment],
) -> Done[Department]:
    """Enter a department or an internal unit of one.

    Raises Refused ``accounts.department_code_taken`` or ``accounts.unit_outside``.
    """
    permissions.check_can_put_under(by, parent, region)
    rules.check_code_is_free(code)
    rules.check_fits_under(None, parent, is_internal_unit=is_internal_unit)
    more["level"] = more.get("level") or region.level
    necessary = {"code": code, "name": name, "short_name": short_name, "region": region, "function": function}
    place = {"parent": parent, "is_internal_unit": is_internal_unit}
    department = Department.objects.create(**necessary, **place, **more)
    return Done(department, _entered(department))


def _entered(department: Department) -> dict[str, Any]:
    above = {name: getattr(department, name) for name in ("parent", "line_parent")}
    told = {name: getattr(department, name) for name in ("code", "name", "level", "function")}
    return {**told, "region": department.region.code, **{name: one and one.code for name, one in above.items()}}


CHANGEABLE = frozenset(
    {
        *("name", "short_name", "region", "level", "function", "line_parent"),
        *("is_internal_unit", "is_conference_member", "liaison", "valid_from"),
    }
)


@operation("department.changed", "修改部门信息")
def change_department(
    *, department: Department, values: dict[str, Any], by: Actor, at: datetime, seen: str = ""
) -> Done[Department]:
    """Give a department other values of ``CHANGEABLE`` fields. seen: what the form had shown.

    Raises Refused ``accounts.department_ended``, ``accounts.unit_outside``, ``accounts.liaison_elsewhere`` or
    ``web.changed_meanwhile``.
    """
    department = held(department)
    permissions.check_can_keep_department(by, department)
    rules.check_stands(department)
    check_unchanged(seen, values_of(department, CHANGEABLE))
    told = {}
    for name in sorted(CHANGEABLE & set(values)):
        old, new = getattr(department, name), values[name]
        if old != new:
            setattr(department, name, new)
            told[name] = _from_to(_called(old), _called(new))
    rules.check_fits_under(department, None, is_internal_unit=department.is_internal_unit and not department.parent)
    rules.check_is_among(department.liaison, department)
    if "region" in told:
        permissions.check_can_put_under(by, department.parent, department.region)
    department.save()
    return Done(department, told)


@operation("department.moved", "调整部门隶属")
def move_department(*, department: Department, parent: Department | None, by: Actor, at: datetime) -> Done[Department]:
    """Put a department, with all under it, under another one.

    Raises Refused ``accounts.department_circle``, ``accounts.department_ended`` or ``accounts.unit_outside``.
    """
    department = held(department)
    permissions.check_can_keep_department(by, department)
    permissions.check_can_put_under(by, parent, department.region)
    rules.check_stands(department)
    if parent:
        rules.check_stands(parent)
    rules.check_fits_under(department, parent, is_internal_unit=department.is_internal_unit)
    told = {"parent": _from_to(_called(department.parent), _called(parent))}
    department.parent = parent
    department.save(update_fields=["parent"])
    return Done(department, told)


@operation("department.ended", "撤销部门")
def end_department(*, department: Department, on: date, by: Actor, at: datetime) -> Done[Department]:
    """End a department that has neither units nor people any more; its rows and its history stay.

    Raises Refused ``accounts.department_has_units`` or ``accounts.department_has_people``.
    """
    department = held(department)
    permissions.check_can_keep_department(by, department)
    rules.check_department_may_end(department)
    department.is_active, department.valid_to = False, on
    department.is_conference_member, department.liaison = False, None
    department.save()
    return Done(department, {"on": on})


def _from_to(old: Any, new: Any) -> dict[str, Any]:
    return {"from": old, "to": new}


def _called(value: Any) -> Any:
    """How the log tells a value: things by their names."""
    return (
        value.username if isinstance(value, User) else str(value) if isinstance(value, (Department, Region)) else value
    )
