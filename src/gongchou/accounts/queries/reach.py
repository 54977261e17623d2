"""How far somebody sees: the one answer for lists, pages, choices and writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from gongchou.accounts.models import Appointment, Department, Region, User
from gongchou.accounts.roles import ROLES, Duty, RoleCode
from gongchou.audit.queries import Reach


class Held:
    """An appointment in force, and the departments it reaches, which are looked up when first asked for."""

    def __init__(self, appointment: Appointment, by: User) -> None:
        self.appointment, self.by = appointment, by
        self.role = ROLES[RoleCode(appointment.role)]
        self.fields, self.region = tuple(appointment.fields), appointment.region
        self.is_whole = appointment.scope == Appointment.Scope.ALL  # of its region, or of everything

    @cached_property
    def reach(self) -> Q:
        """The departments."""
        chosen = self.appointment.departments.values_list("pk", flat=True)
        return reach_of(self.appointment.scope, self.by.department_id, self.region, chosen)


def remember_reach(by: User) -> None:
    """Let this object know its appointments from the first time they are asked for: only where nothing is written.

    A page asks a dozen times how far somebody reaches. Whoever writes asks anew, since rights may end while she waits.
    """
    by.known_held = None  # type: ignore[attr-defined]


def held_with(by: User, *duties: Duty) -> list[Held]:
    """What gives somebody a duty, or one of several, now."""
    return [one for one in _held(by) if one.role.duties & set(duties)]


def _held(by: User) -> list[Held]:
    if not by.is_active:
        return []
    if not hasattr(by, "known_held"):
        return _held_now(by)
    if by.known_held is None:
        by.known_held = _held_now(by)
    known: list[Held] = by.known_held
    return known


def _held_now(by: User) -> list[Held]:
    found = by.appointments.filter(granted_at__isnull=False, ended_at=None).order_by().select_related("region")
    return [Held(one, by) for one in found]


def departments_within(by: User, duty: Duty, *, field: str = "") -> QuerySet[Department]:
    """The departments whose rows somebody reaches with a duty: the union over the appointments that give it.

    field: what the row belongs to on the lists; an appointment that is bound to other fields does not count
    """
    return departments_within_any(by, duty, field=field)


def departments_within_any(by: User, *duties: Duty, field: str = "") -> QuerySet[Department]:
    """The same with any of several duties."""
    return _departments_of(one.reach for one in held_with(by, *duties) if not one.fields or field in ("", *one.fields))


def _departments_of(reaches: Iterable[Q]) -> QuerySet[Department]:
    return Department.objects.filter(reduce(or_, reaches, Q(pk__in=[])))


@dataclass(frozen=True)
class Bounds:
    """How far somebody reaches where rows have a field of the lists (事项领域): a reach of departments with its fields.

    parts: one for each appointment; without fields, it holds for all
    """

    parts: tuple[tuple[Q, tuple[str, ...]], ...]

    def rows(self, department: str, field: str) -> Q:
        """Rows that keep the two under these names; a row without a field is bound by its department alone."""
        found, unbound = Q(pk__in=[]), Q(pk__in=[])
        for reach, fields in self.parts:
            if fields:
                found |= _of(department, reach) & _in(field, fields)
            else:
                unbound |= reach
        return found | _of(department, unbound)

    @property
    def departments(self) -> QuerySet[Department]:
        """Whatever the field."""
        return _departments_of(reach for reach, _ in self.parts)

    @property
    def fields(self) -> frozenset[str] | None:
        """Wherever; None if some part is not bound to any."""
        return _union([fields for _, fields in self.parts])


def bounds_of(by: User, *duties: Duty) -> Bounds:
    """How far somebody reaches with any of several duties: asked once for as many kinds of rows as one likes."""
    return Bounds(tuple((one.reach, one.fields) for one in held_with(by, *duties)))


def fields_within(by: User, *duties: Duty) -> frozenset[str] | None:
    """The fields for which somebody has one of several duties, wherever; None if some appointment is not bound."""
    return _union([one.fields for one in held_with(by, *duties)])


def _union(parts: Sequence[Sequence[str]]) -> frozenset[str] | None:
    return None if any(not fields for fields in parts) else frozenset(name for fields in parts for name in fields)


def in_fields(fields: Iterable[str] | None, name: str) -> Q:
    """Rows of these fields, and rows without one; of all where ``fields`` is None."""
    return Q() if fields is None else _in(name, fields)


def _in(name: str, fields: Iterable[str]) -> Q:
    return Q(**{f"{name}__in": ["", *fields]})


def _of(name: str, reach: Q) -> Q:
    return Q(**{f"{name}__in": Department.objects.filter(reach).order_by().values("pk")})


def reach_of(scope: str, own: UUID, region: Region | None, chosen: Iterable[UUID]) -> Q:
    """The departments that an appointment of somebody in the department ``own`` reaches, or would reach."""
    match Appointment.Scope(scope):
        case Appointment.Scope.ALL:
            found = Q(pk__isnull=False)  # an empty Q would vanish from the union
        case Appointment.Scope.CUSTOM:
            found = Q(pk__in=chosen)
        case Appointment.Scope.OWN:
            found = Q(pk=own) | Q(parent=own, is_internal_unit=True)
        case Appointment.Scope.BELOW:
            found = Q(pk__in=and_below(Department, own))
        case Appointment.Scope.SELF:
            found = Q(pk__in=[])  # rows of the person's own are for their room to find
    return found & _within(region)


def _within(region: Region | None) -> Q:
    return Q() if region is None else Q(region__in=and_below(Region, region.pk))


def regions_within(by: User, duty: Duty) -> QuerySet[Region]:
    """The regions that somebody has whole, not only some departments in them."""
    places = [one.region for one in held_with(by, duty) if one.is_whole]
    reaches = [Q(pk__isnull=False) if own is None else Q(pk__in=and_below(Region, own.pk)) for own in places]
    return Region.objects.filter(reduce(or_, reaches, Q(pk__in=[])))


def has_everything(by: User, duty: Duty) -> bool:
    """Tell whether somebody's duty has no bounds, so that it also reaches what will be added."""
    return any(one.is_whole and one.region is None for one in held_with(by, duty))


def log_reach(by: User) -> Reach:
    """Which lines of the log somebody reads: those of her regions and departments, or all."""
    if has_everything(by, Duty.READ_AUDIT):
        return Reach()
    codes = sorted(regions_within(by, Duty.READ_AUDIT).values_list("code", flat=True).distinct())
    places = {code for number, code in enumerate(codes) if not number or not code.startswith(tuple(codes[:number]))}
    departments = departments_within(by, Duty.READ_AUDIT).values_list("pk", flat=True)
    return Reach(frozenset(places), frozenset(map(str, departments)))


def and_below(model: type[Model], root: UUID) -> list[UUID]:
    """A node of a tree (``parent``) and all under it. The trees are small and read whole: every database can do that.

    Two lives of one region, before and after it was renamed, count as one: rows keep the life they were entered with.
    """
    following: dict[UUID | None, list[UUID]] = defaultdict(list)
    for pk, parent in model._default_manager.order_by().values_list("pk", "parent"):
        following[parent].append(pk)
    for old, new in _lives() if model is Region else ():
        following[old].append(new)
        following[new].append(old)
    found = {root: None}
    left = [root]
    for pk in left:
        more = [one for one in following[pk] if one not in found]
        found.update(dict.fromkeys(more))
        left += more
    return left


def _lives() -> list[tuple[UUID, UUID]]:
    """Regions that ended the day their only successor began; after a split or a merger nobody is the old one."""
    pairs = Region.objects.filter(predecessor__isnull=False).order_by()
    told = list(pairs.values_list("predecessor", "pk", "predecessor__valid_to", "valid_from"))
    n = Counter(old for old, *_ in told)
    return [(old, new) for old, new, ended, began in told if old and n[old] == 1 and ended == began]


def roles_of(by: User) -> frozenset[RoleCode]:
    """The roles somebody holds now."""
    return frozenset(one.role.code for one in _held(by))


def has_duty(by: User, *duties: Duty) -> bool:
    """Tell whether somebody has a duty, or one of several, at all, whatever its reach."""
    return bool(held_with(by, *duties))
