"""Reading: how far somebody sees, and what of this room she sees."""

from gongchou.accounts.queries.reach import (
    Bounds,
    and_below,
    bounds_of,
    departments_within,
    departments_within_any,
    fields_within,
    has_duty,
    has_everything,
    in_fields,
    reach_of,
    regions_within,
    roles_of,
)

__all__ = [
    "Bounds",
    "and_below",
    "bounds_of",
    "departments_within",
    "departments_within_any",
    "fields_within",
    "has_duty",
    "has_everything",
    "in_fields",
    "reach_of",
    "regions_within",
    "roles_of",
]
