"""Reading 跨部门综合监管事项 and pilots."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Prefetch, QuerySet

from gongchou.accounts.models import User
from gongchou.accounts.queries import has_duty
from gongchou.accounts.roles import Duty
from gongchou.registry.models import (
    JointItem,
    MatterDuty,
    MatterVersion,
    OneThing,
    Pilot,
    SubLibrary,
    SupervisionMatter,
)
from gongchou.registry.queries.versions import visible_versions
from gongchou.registry.states.lists import VersionState


def visible(by: User) -> QuerySet[MatterVersion]:
    """The versions of matters that somebody sees, with who is responsible for what."""
    return with_parts(visible_versions(MatterVersion, by))


def with_parts(rows: QuerySet[MatterVersion]) -> QuerySet[MatterVersion]:
    """Fetch all that a version says of other things, in as many questions for a hundred rows as for three."""
    duties = MatterDuty.objects.select_related("department").order_by("department__code", "id")
    joint_items = JointItem.objects.prefetch_related("versions").order_by("code")
    return rows.select_related("lead").prefetch_related(
        Prefetch("duties", duties), Prefetch("joint_items", joint_items), "sub_libraries"
    )


def visible_matters(by: User) -> QuerySet[SupervisionMatter]:
    """The matters of which somebody sees at least one version."""
    seen = visible_versions(MatterVersion, by).order_by().values("matter")
    return SupervisionMatter.objects.filter(pk__in=seen).select_related("owner__region")


def overdue(rows: QuerySet[MatterVersion], *, on: date) -> QuerySet[MatterVersion]:
    """Published matters whose yearly review should have been done (R-14)."""
    return rows.filter(state=VersionState.PUBLISHED, matter__review_by__lt=on)


def one_thing_counts() -> list[tuple[OneThing, int]]:
    """Each field of 综合监管一件事 with its published matters; a field without any shows 0."""
    rows = MatterVersion.objects.filter(state=VersionState.PUBLISHED).exclude(one_thing="").order_by()
    found = dict(rows.values_list("one_thing").annotate(n=Count("pk")))
    return [(field, found.get(field.value, 0)) for field in OneThing]


def library_sizes(version: MatterVersion) -> list[tuple[SubLibrary, int]]:
    """The libraries of a matter's subjects, each with the subjects that count in it (R-15)."""
    rows = version.sub_libraries.select_related("department").order_by("code")
    sizes = dict(
        version.sub_libraries.filter(memberships__state="active", memberships__subject__state="active")
        .order_by()
        .values_list("pk")
        .annotate(n=Count("memberships__subject", distinct=True))
    )
    return [(library, sizes.get(library.pk, 0)) for library in rows]


def visible_pilots(by: User) -> QuerySet[Pilot]:
    """Pilots are for every reader of the lists."""
    if not has_duty(by, Duty.READ_LIBRARIES):
        return Pilot.objects.none()
    return Pilot.objects.select_related("unit__region", "matter").prefetch_related("matter__versions")
