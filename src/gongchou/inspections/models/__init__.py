"""Tables of the room."""

from gongchou.inspections.models.calendar import CalendarYear
from gongchou.inspections.models.records import (
    Attachment,
    Exhibit,
    Instance,
    Result,
    ResultMeasure,
    ResultWord,
    Review,
    Revision,
)
from gongchou.inspections.models.visits import Inspection, Worksheet

__all__ = [
    "Attachment",
    "CalendarYear",
    "Exhibit",
    "Inspection",
    "Instance",
    "Result",
    "ResultMeasure",
    "ResultWord",
    "Review",
    "Revision",
    "Worksheet",
]
