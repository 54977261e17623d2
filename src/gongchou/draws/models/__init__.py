"""The tables of this room."""

from gongchou.draws.models.batches import (
    Attendance,
    Batch,
    Contribution,
    Draw,
    Evidence,
    OfBatch,
    Reading,
    Stratum,
    Withdrawal,
)
from gongchou.draws.models.log import LogCheckpoint, LogCosignature, LogEntry, LogHead
from gongchou.draws.models.results import Hit, Joining, Replacement, Seat, Substitution, Visit
from gongchou.draws.models.work import Work

__all__ = [
    "Attendance",
    "Batch",
    "Contribution",
    "Draw",
    "Evidence",
    "Hit",
    "Joining",
    "LogCheckpoint",
    "LogCosignature",
    "LogEntry",
    "LogHead",
    "OfBatch",
    "Reading",
    "Replacement",
    "Seat",
    "Stratum",
    "Substitution",
    "Visit",
    "Withdrawal",
    "Work",
]
