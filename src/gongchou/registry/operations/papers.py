"""Marking what has run out by itself, once a day (R-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db.models import Count, Q
from django.urls import reverse

from gongchou.accounts.models import Department
from gongchou.accounts.operations import send_message
from gongchou.accounts.queries.people import people_with
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor, Done, operation
from gongchou.registry.models import Inspector, Membership, SubjectFact, SubLibrary
from gongchou.registry.queries.inspectors import current_certificates

CHUNK = 1_000
"""Rows one transaction takes."""

STANDING = tuple(Membership.in_force())


@dataclass(frozen=True)
class Timer:
    """Who acts when nobody does: the job of every day."""

    audit_id: str = "timer"
    audit_name: str = "定时任务"


@dataclass(frozen=True)
class Expired:
    """What a day brought: entries taken out, certificates that have run out, and how many of these the day before."""

    n_memberships: int
    n_expired: int
    n_today: int


def expire_papers(*, day: date, at: datetime) -> Expired:
    """Take out all that has run out before ``day``, chunk by chunk, and count certificates, which stay as they are."""
    due = Membership.objects.filter(_due(day)).order_by().values("sub_library").annotate(n_rows=Count("pk"))
    n_rows = {row["sub_library"]: row["n_rows"] for row in due}
    for sub_library in SubLibrary.objects.filter(pk__in=n_rows):
        for _ in range(0, n_rows[sub_library.pk], CHUNK):
            expire_memberships(sub_library=sub_library, day=day, by=Timer(), at=at, most=CHUNK)
        _tell_keepers(sub_library, n_rows[sub_library.pk], at)
    ended = current_certificates().filter(inspector__state=Inspector.State.ACTIVE, valid_to__lt=day)
    n_today = ended.filter(valid_to=day - timedelta(days=1)).count()
    return Expired(sum(n_rows.values()), ended.count(), n_today)


def _tell_keepers(sub_library: SubLibrary, n_rows: int, at: datetime) -> None:
    keepers = people_with(Duty.KEEP_LIBRARIES, Department.objects.filter(pk=sub_library.department_id))
    if not keepers:
        return
    title = f"“{sub_library.name}”有 {n_rows} 条入库记录因许可到期转为失效"
    body = "这些对象不再按该分库抽取。已经延续许可的，请在对象档案中登记新的有效期；不再持证的，请核实后移出分库。"
    send_message(
        to=keepers, title=title, body=body, link=reverse("registry:subjects"), kind="warning", by=Timer(), at=at
    )


def _due(day: date) -> Q:
    return Q(sub_library__is_licensed=True, state=Membership.State.ACTIVE, valid_to__lt=day)


@operation("memberships.expired", "许可到期转为失效")
def expire_memberships(*, sub_library: SubLibrary, day: date, by: Actor, at: datetime, most: int) -> Done[SubLibrary]:
    """Take up to ``most`` rows whose licence has run out before ``day`` out of a licence-based sub-library.

    Each subject's dossier says so; the line of the log holds their number and the digest of their ids.
    """
    rows = list(
        Membership.objects.select_for_update(of=("self",))
        .filter(_due(day), sub_library=sub_library)
        .select_related("subject")
        .order_by("pk")[:most]
    )
    for row in rows:
        row.set_standing(Membership.expired(row.valid_to))
        row.set_at, row.set_by_name = at, by.audit_name
    Membership.objects.bulk_update(rows, [*STANDING, "set_at", "set_by_name"], batch_size=200)
    SubjectFact.objects.bulk_create([_fact_of(row, sub_library, by, at) for row in rows], batch_size=200)
    digest = sha256("\n".join(str(row.pk) for row in rows).encode()).hexdigest()
    return Done(sub_library, {"day": day, "n_rows": len(rows), "rows": digest})


def _fact_of(row: Membership, sub_library: SubLibrary, by: Actor, at: datetime) -> SubjectFact:
    told = f"“{sub_library.name}”入库记录转为失效：许可 {row.licence_no or row.licence_name} 于 {row.valid_to} 到期"
    data = {"membership": str(row.pk), "state": ["active", "inactive"]}
    return SubjectFact(
        subject=row.subject, at=at, kind="licence_expired", told=told[:500], data=data, by_name=by.audit_name
    )
