"""Pages of 部门联合抽查事项清单."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.registry.models import JointItemVersion
from gongchou.registry.queries import joint as queries
from gongchou.registry.tables import joint as tables
from gongchou.registry.views.versions import add_thing, keeps, reads, thing_page
from gongchou.web.lists import ListPage


@reads
class JointItemList(ListPage):
    """部门联合抽查事项清单."""

    title = "部门联合抽查事项清单"
    table_class = tables.JointTable
    filter_class = tables.JointFilter
    template_name = "registry/joint_items.html"

    def rows(self) -> QuerySet[JointItemVersion]:
        """Published ones of everybody, drafts within reach."""
        return queries.visible(self.by)


@reads
@require_safe
def joint_item(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One joint item: what it says, its versions, what rests on it, what of it has gone."""

    def more(version: JointItemVersion) -> dict[str, Any]:
        return {
            "dropped": list(queries.dropped_items(version)),
            "items": version.items.prefetch_related("versions").order_by("code"),
            "matter_versions": queries.matters_using(version.joint_item),
        }

    return thing_page(request, "joint", pk, "registry/joint_item.html", more)


@keeps
def add_joint_item(request: SignedInRequest) -> HttpResponse:
    """新增部门联合抽查事项."""
    return add_thing(request, "joint")
