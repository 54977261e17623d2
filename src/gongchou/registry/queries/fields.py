"""事项领域: the fields that what is on the lists and in the sub-libraries belongs to."""

from __future__ import annotations

from django.utils import timezone

from gongchou.registry.models import SubLibrary
from gongchou.registry.queries.versions import KINDS, standing


def fields_in_use() -> set[str]:
    """Of every version that stands or is worked on, and of every sub-library in use."""
    rows = SubLibrary.objects.filter(is_active=True).order_by()
    found = set(rows.values_list("field", flat=True).distinct())
    for model in KINDS.values():
        versions = standing(model._default_manager.order_by(), timezone.localdate())
        found |= set(versions.values_list(model.area_field, flat=True).distinct())
    return found
