"""Reading 部门联合抽查事项清单."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

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


def dropped_items(version: JointItemVersion) -> QuerySet[Item]:
    """Items of a joint item that stand on no published list any more."""
    standing = version.items.filter(versions__state=VersionState.PUBLISHED).order_by().values("pk")
    return version.items.exclude(pk__in=standing).prefetch_related("versions").order_by("code")


def matters_using(joint_item: JointItem) -> QuerySet[MatterVersion]:
    """The published supervision matters that a joint item serves."""
    rows = MatterVersion.objects.filter(joint_items=joint_item, state=VersionState.PUBLISHED)
    return rows.select_related("matter").order_by("matter__code", "id")
