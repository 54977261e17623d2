"""What may be done to inspectors, their papers and their leave."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from gongchou.accounts.models import Department, User
from gongchou.refusal import Refused
from gongchou.registry.models import Certificate, Inspector, Leave, Tag, ThirdParty
from gongchou.registry.queries import inspectors as asked
from gongchou.registry.queries.items import office_of

FIRST_YEAR = 2000


def check_number_free(number: str) -> None:
    """Raises Refused ``registry.inspector_number_taken``."""
    if Inspector.objects.filter(number=number).exists():
        raise Refused("registry.inspector_number_taken", number=number)


def check_category(category: str, third_party: ThirdParty | None) -> None:
    """An outside expert comes from a body that stands in the list; nobody of ours does.

    Raises Refused ``registry.expert_without_body``, ``registry.body_without_expert`` or ``registry.body_ended``.
    """
    is_outside = category in (Inspector.Category.EXPERT, Inspector.Category.ASSISTANT)
    if category == Inspector.Category.EXPERT and third_party is None:
        raise Refused("registry.expert_without_body")
    if third_party is not None and not is_outside:
        raise Refused("registry.body_without_expert")
    if third_party is not None and not third_party.is_active:
        raise Refused("registry.body_ended", body=third_party.name)


def check_active(inspector: Inspector) -> None:
    """Raises Refused ``registry.inspector_inactive``."""
    if inspector.state != Inspector.State.ACTIVE:
        raise Refused("registry.inspector_inactive", name=inspector.name)


def check_inactive(inspector: Inspector) -> None:
    """Raises Refused ``registry.inspector_active``."""
    if inspector.state == Inspector.State.ACTIVE:
        raise Refused("registry.inspector_active", name=inspector.name)


def check_moves(inspector: Inspector, department: Department) -> None:
    """Raises Refused ``registry.already_there`` or ``registry.department_ended``."""
    if inspector.department_id == department.pk:
        raise Refused("registry.already_there", name=inspector.name, department=department.name)
    check_department_active(department)


def check_department_active(department: Department) -> None:
    """Raises Refused ``registry.department_ended``."""
    if not department.is_active:
        raise Refused("registry.department_ended", department=department.name)


# Certificates -----------------------------------------------------------------------------------


def check_certificate(inspector: Inspector, kind: str, number: str, valid_from: date | None, valid_to: date) -> None:
    """A certificate ends after it begins and nobody else holds it.

    Raises Refused ``registry.certificate_dates``, ``registry.certificate_held`` or ``registry.certificate_elsewhere``.
    """
    if valid_from is not None and valid_to < valid_from:
        raise Refused("registry.certificate_dates", valid_from=valid_from, valid_to=valid_to)
    holder = asked.current_certificates().filter(kind=kind, number=number).select_related("inspector").first()
    if holder is None:
        return
    if holder.inspector_id == inspector.pk:
        raise Refused("registry.certificate_held", kind=kind, number=number)
    raise Refused("registry.certificate_elsewhere", kind=kind, number=number)


def check_renewal(certificate: Certificate, number: str, valid_from: date, valid_to: date) -> None:
    """A renewal goes on longer than what it replaces.

    Raises Refused ``registry.certificate_over``, ``registry.renewal_shorter`` and what ``check_certificate`` raises.
    """
    check_certificate_stands(certificate)
    if valid_to <= certificate.valid_to:
        raise Refused("registry.renewal_shorter", valid_to=certificate.valid_to)
    if number != certificate.number:
        check_certificate(certificate.inspector, certificate.kind, number, valid_from, valid_to)
    elif valid_to < valid_from:
        raise Refused("registry.certificate_dates", valid_from=valid_from, valid_to=valid_to)


def check_certificate_stands(certificate: Certificate) -> None:
    """Raises Refused ``registry.certificate_over``."""
    if certificate.ended_at is not None or certificate.replaced_by_id is not None:
        raise Refused("registry.certificate_over", kind=certificate.kind, number=certificate.number)


# Tags, leave, account ---------------------------------------------------------------------------


def check_tags(inspector: Inspector, tags: Iterable[Tag], kept: Collection[Tag], day: date) -> None:
    """A new tag is one that may be used; what somebody bears already may stay.

    Raises Refused ``registry.tag_not_usable``.
    """
    usable = set(asked.tags_for(inspector.department, day).values_list("pk", flat=True))
    bad = [tag.name for tag in tags if tag not in kept and tag.pk not in usable]
    if bad:
        raise Refused("registry.tag_not_usable", tags="、".join(bad))


def check_leave(inspector: Inspector, begins_on: date, ends_on: date) -> None:
    """One day is covered by one leave. Raises Refused ``registry.leave_dates`` or ``registry.leave_overlaps``."""
    if ends_on < begins_on:
        raise Refused("registry.leave_dates", begins_on=begins_on, ends_on=ends_on)
    other = asked.leaves_within(begins_on, ends_on).filter(inspector=inspector).order_by("begins_on").first()
    if other is not None:
        told = {"begins_on": other.begins_on, "ends_on": other.ends_on}
        raise Refused("registry.leave_overlaps", name=inspector.name, **told)


def check_leave_stands(leave: Leave) -> None:
    """Raises Refused ``registry.leave_revoked``."""
    if leave.revoked_at is not None:
        raise Refused("registry.leave_revoked")


def check_linkable(inspector: Inspector, user: User) -> None:
    """One person has one account, of her own department.

    Raises Refused ``registry.account_linked``, ``registry.account_taken``, ``registry.account_elsewhere`` or
    ``registry.account_disabled``.
    """
    if inspector.user_id is not None:
        raise Refused("registry.account_linked", name=inspector.name)
    if Inspector.objects.filter(user=user).exists():
        raise Refused("registry.account_taken", username=user.username)
    if not is_same_home(user, inspector.department):
        raise Refused("registry.account_elsewhere", username=user.username, department=inspector.department.name)
    if not user.is_active:
        raise Refused("registry.account_disabled", username=user.username)


def is_same_home(user: User, department: Department) -> bool:
    """Tell whether an account is of a department, internal units counting as the department itself."""
    return office_of(user.department) == office_of(department)


def check_is_linked(inspector: Inspector) -> None:
    """Raises Refused ``registry.account_not_linked``."""
    if inspector.user_id is None:
        raise Refused("registry.account_not_linked", name=inspector.name)


# Bodies and counts ------------------------------------------------------------------------------


def check_body_code_free(code: str) -> None:
    """Raises Refused ``registry.body_code_taken``."""
    if ThirdParty.objects.filter(code=code).exists():
        raise Refused("registry.body_code_taken", number=code)


def check_body_state(body: ThirdParty, *, is_active: bool) -> None:
    """Raises Refused ``registry.body_ended`` or ``registry.body_active`` when it is not in the state that is asked."""
    if body.is_active != is_active:
        raise Refused("registry.body_ended" if is_active else "registry.body_active", body=body.name)


def check_body_idle(body: ThirdParty) -> None:
    """A body goes only after its people. Raises Refused ``registry.body_in_use``."""
    n_people = body.people.filter(state=Inspector.State.ACTIVE).count()
    if n_people:
        raise Refused("registry.body_in_use", body=body.name, n_people=n_people)


def check_staff_count(year: int, n_staff: int, today: date) -> None:
    """Raises Refused ``registry.staff_year`` or ``registry.staff_count``."""
    if not FIRST_YEAR <= year <= today.year + 1:
        raise Refused("registry.staff_year", year=year, latest=today.year + 1)
    if n_staff < 1:
        raise Refused("registry.staff_count")
