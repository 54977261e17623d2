"""Reading 部门联合抽查事项清单."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from gongchou.accounts.models import User
from gongchou.registry.models import Item, JointInitiator, JointItem, JointItemVersion, MatterVersion
from gongchou.registry.queries.versions import visible_versions
from gongchou.registry.states.lists import VersionState


def visible(by: User) -> QuerySet[JointItemVersion]:
    """The versions of joint items that somebody sees, with who calls and who comes."""
    return with_parts(visible_versions(JointItemVersion, by))


def with_parts(rows: QuerySet[JointItemVersion]) -> QuerySet[JointItemVersion]:
    """Fetch what a row of the list shows, in as many questions for a hundred rows as for three."""
    initiators = JointInitiator.objects.select_related("department").order_by("subject_type", "id")
    items = Item.objects.prefetch_related("versions").order_by("code")
    return rows.select_related("sub_library").prefetch_related(
        Prefetch("initiators", initiators), Prefetch("items", items), "participants", "tags"
    )


def visible_joint_items(by: User) -> QuerySet[JointItem]:
    """The joint items of which somebody sees at least one version."""
    seen = visible_versions(JointItemVersion, by).order_by().values("joint_item")
    return JointItem.objects.filter(pk__in=seen).select_related("owner__region")


def usable_joint_items(*, on: date) -> QuerySet[JointItemVersion]:
    """The published joint items that hold on a day."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = JointItemVersion.objects.filter(valid, state=VersionState.PUBLISHED, valid_from__lte=on)
    return with_parts(rows.select_related("joint_item__owner__region")).order_by("joint_item__code", "id")


def dropped_items(version: JointItemVersion) -> QuerySet[Item]:
    """Items of a joint item that stand on no published list any more."""
    standing = version.items.filter(versions__state=VersionState.PUBLISHED).order_by().values("pk")
    return version.items.exclude(pk__in=standing).prefetch_related("versions").order_by("code")


def matters_using(joint_item: JointItem) -> QuerySet[MatterVersion]:
    """The published supervision matters that a joint item serves."""
    rows = MatterVersion.objects.filter(joint_items=joint_item, state=VersionState.PUBLISHED)
    return rows.select_related("matter").order_by("matter__code", "id")
