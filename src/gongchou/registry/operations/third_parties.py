"""What can be done to third-party bodies, and to the numbers that say how many people there should be."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from gongchou.accounts.models import Department
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.refusal import Refused
from gongchou.registry.models import StaffCount, ThirdParty
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.rules import inspectors as rules


@operation("third_party.added", "登记第三方机构")
def add_third_party(
    *, code: str, name: str, speciality: str, keeper: Department, by: Actor, at: datetime
) -> Done[ThirdParty]:
    """Enter a body whose experts may help.

    Raises Refused ``registry.out_of_reach`` or ``registry.body_code_taken``.
    """
    check_reaches(by, keeper, Duty.KEEP_LIBRARIES)
    rules.check_body_code_free(code)
    body = ThirdParty.objects.create(code=code, name=name, speciality=speciality, keeper=keeper)
    return Done(body, {"code": code, "speciality": speciality})


@operation("third_party.changed", "变更第三方机构")
def change_third_party(*, body: ThirdParty, name: str, speciality: str, by: Actor, at: datetime) -> Done[ThirdParty]:
    """Change what it is called or good at; the log keeps the old words.

    Raises Refused ``registry.out_of_reach`` or ``registry.nothing_changed``.
    """
    body = _locked(body, by)
    old = {"name": body.name, "speciality": body.speciality}
    new = {"name": name, "speciality": speciality}
    if old == new:
        raise Refused("registry.nothing_changed")
    body.name, body.speciality = name, speciality
    body.save(update_fields=["name", "speciality"])
    return Done(body, {key: [old[key], new[key]] for key in old if old[key] != new[key]})


@operation("third_party.ended", "停用第三方机构")
def end_third_party(*, body: ThirdParty, by: Actor, at: datetime) -> Done[ThirdParty]:
    """Let nobody choose it any more.

    Raises Refused ``registry.out_of_reach``, ``registry.body_ended`` or ``registry.body_in_use``.
    """
    body = _locked(body, by)
    rules.check_body_state(body, is_active=True)
    rules.check_body_idle(body)
    body.is_active = False
    body.save(update_fields=["is_active"])
    return Done(body)


@operation("third_party.restored", "恢复第三方机构")
def restore_third_party(*, body: ThirdParty, by: Actor, at: datetime) -> Done[ThirdParty]:
    """Let it be chosen again. Raises Refused ``registry.out_of_reach`` or ``registry.body_active``."""
    body = _locked(body, by)
    rules.check_body_state(body, is_active=False)
    body.is_active = True
    body.save(update_fields=["is_active"])
    return Done(body)


def _locked(body: ThirdParty, by: Actor) -> ThirdParty:
    found = held(body)
    check_reaches(by, found.keeper, Duty.KEEP_LIBRARIES)
    return found


@operation("staff_count.set", "设置应入库人数")
def set_staff_count(
    *, department: Department, year: int, n_staff: int, source: str, by: Actor, at: datetime
) -> Done[StaffCount]:
    """Say how many people of a department should be in the library in a year (K-22); a number before it is ended.

    Raises Refused ``registry.out_of_reach``, ``registry.staff_year`` or ``registry.staff_count``.
    """
    check_reaches(by, department, Duty.KEEP_LIBRARIES)
    rules.check_staff_count(year, n_staff, timezone.localtime(at).date())
    held(department)
    old = StaffCount.objects.filter(department=department, year=year, ended_at=None).first()
    if old is not None:
        old.ended_at = at
        old.save(update_fields=["ended_at"])
    count = StaffCount.objects.create(
        department=department, year=year, n_staff=n_staff, source=source, set_at=at, set_by_name=by.audit_name
    )
    return Done(count, {"year": year, "n_staff": [old and old.n_staff, n_staff], "source": source})
