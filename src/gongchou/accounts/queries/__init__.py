"""Reading: how far somebody sees, and what of this room she sees."""

from gongchou.accounts.queries.reach import (
    and_below,
    appointments_with,
    departments_within,
    departments_within_any,
    duties_of,
    fields_within,
    has_duty,
    has_everything,
    in_fields,
    reach_of,
    regions_within,
    roles_of,
    rows_within,
)

__all__ = [
    "and_below",
    "appointments_with",
    "departments_within",
    "departments_within_any",
    "duties_of",
    "fields_within",
    "has_duty",
    "has_everything",
    "in_fields",
    "reach_of",
    "regions_within",
    "roles_of",
    "rows_within",
]
