"""What can be done to certificates and leave."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.registry.models import Certificate, Inspector, Leave
from gongchou.registry.operations.inspectors import add_to_dossier, locked
from gongchou.registry.rules import inspectors as rules


@operation("certificate.added", "登记执法证件")
def add_certificate(
    *,
    inspector: Inspector,
    kind: str,
    number: str,
    valid_to: date,
    by: Actor,
    at: datetime,
    valid_from: date | None = None,
    issued_by: str = "",
) -> Done[Certificate]:
    """Enter a certificate; somebody may hold several.

    Raises Refused ``registry.out_of_reach``, ``registry.inspector_inactive``, ``registry.certificate_dates``,
    ``registry.certificate_held`` or ``registry.certificate_elsewhere``.
    """
    inspector = locked(inspector, by)
    rules.check_active(inspector)
    rules.check_certificate(inspector, kind, number, valid_from, valid_to)
    certificate = Certificate.objects.create(
        inspector=inspector, kind=kind, number=number, issued_by=issued_by, valid_from=valid_from, valid_to=valid_to
    )
    told = f"登记证件：{kind} {number}，有效期至 {valid_to}"
    add_to_dossier(inspector, "certificate_added", told, by=by, at=at, data={"certificate": str(certificate.pk)})
    return Done(certificate, {"inspector": inspector.number, "valid_from": valid_from, "valid_to": valid_to})


@operation("certificate.renewed", "换发执法证件")
def renew_certificate(
    *, certificate: Certificate, valid_from: date, valid_to: date, by: Actor, at: datetime, number: str = ""
) -> Done[Certificate]:
    """Put a later card in the place of one; the old one keeps its own dates, so that no gap is papered over.

    number: of the new card, if it is another

    Raises Refused ``registry.out_of_reach``, ``registry.certificate_over``, ``registry.renewal_shorter``,
    ``registry.certificate_dates``, ``registry.certificate_held`` or ``registry.certificate_elsewhere``.
    """
    inspector, old = _locked_certificate(certificate, by)
    number = number or old.number
    rules.check_renewal(old, number, valid_from, valid_to)
    old.replaced_by_id = uuid.uuid4()
    old.save(update_fields=["replaced_by"])
    new = Certificate.objects.create(
        pk=old.replaced_by_id,
        inspector=inspector,
        kind=old.kind,
        number=number,
        issued_by=old.issued_by,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    told = f"换发证件：{old.kind} {number}，有效期由 {old.valid_to} 延至 {valid_to}"
    add_to_dossier(
        inspector, "certificate_renewed", told, by=by, at=at, data={"valid_to": [str(old.valid_to), str(valid_to)]}
    )
    return Done(new, {"inspector": inspector.number, "valid_to": [old.valid_to, valid_to], "valid_from": valid_from})


@operation("certificate.ended", "注销执法证件")
def end_certificate(*, certificate: Certificate, reason: str, by: Actor, at: datetime) -> Done[Certificate]:
    """Cancel a certificate: from now on it counts for nothing.

    Raises Refused ``registry.out_of_reach`` or ``registry.certificate_over``.
    """
    inspector, certificate = _locked_certificate(certificate, by)
    rules.check_certificate_stands(certificate)
    certificate.ended_at, certificate.end_reason = at, reason
    certificate.save(update_fields=["ended_at", "end_reason"])
    told = f"注销证件：{certificate.kind} {certificate.number}，{reason}"
    add_to_dossier(inspector, "certificate_ended", told, by=by, at=at, data={"certificate": str(certificate.pk)})
    return Done(certificate, {"inspector": inspector.number, "reason": reason})


def _locked_certificate(certificate: Certificate, by: Actor) -> tuple[Inspector, Certificate]:
    inspector = locked(certificate.inspector, by)
    found = held(certificate)
    found.inspector = inspector
    return inspector, found


@operation("leave.recorded", "登记离岗")
def record_leave(
    *, inspector: Inspector, begins_on: date, ends_on: date, reason: str, by: Actor, at: datetime
) -> Done[Leave]:
    """Say when somebody cannot be drawn, both days included.

    Raises Refused ``registry.out_of_reach``, ``registry.inspector_inactive``, ``registry.leave_dates`` or
    ``registry.leave_overlaps``.
    """
    inspector = locked(inspector, by)
    rules.check_active(inspector)
    rules.check_leave(inspector, begins_on, ends_on)
    leave = Leave.objects.create(inspector=inspector, begins_on=begins_on, ends_on=ends_on, reason=reason)
    told = f"登记离岗：{begins_on} 至 {ends_on}"
    add_to_dossier(inspector, "leave_recorded", told, by=by, at=at, data={"leave": str(leave.pk)})
    return Done(leave, {"begins_on": begins_on, "ends_on": ends_on})


@operation("leave.revoked", "撤销离岗")
def revoke_leave(*, leave: Leave, by: Actor, at: datetime) -> Done[Leave]:
    """Take a leave back. Raises Refused ``registry.out_of_reach`` or ``registry.leave_revoked``."""
    inspector = locked(leave.inspector, by)
    leave = held(leave)
    rules.check_leave_stands(leave)
    leave.revoked_at = at
    leave.save(update_fields=["revoked_at"])
    told = f"撤销离岗：{leave.begins_on} 至 {leave.ends_on}"
    add_to_dossier(inspector, "leave_revoked", told, by=by, at=at, data={"leave": str(leave.pk)})
    return Done(leave, {"begins_on": leave.begins_on, "ends_on": leave.ends_on})
