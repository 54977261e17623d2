"""Reading: how far somebody sees, and what of this room she sees."""

from gongchou.accounts.queries.reach import (
    and_below,
    appointments_with,
    departments_within,
    departments_within_any,
    duties_of,
    has_duty,
    has_everything,
    reach_of,
    regions_within,
    roles_of,
)

__all__ = [
    "and_below",
    "appointments_with",
    "departments_within",
    "departments_within_any",
    "duties_of",
    "has_duty",
    "has_everything",
    "reach_of",
    "regions_within",
    "roles_of",
]
