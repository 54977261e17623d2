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
from gongchou.draws.models.figures import Figures
from gongchou.draws.models.log import LogBlock, LogCheckpoint, LogCosignature, LogEntry, LogHead
from gongchou.draws.models.results import Hit, Joining, Replacement, Seat, Substitution, Visit
from gongchou.draws.models.watching import WatchedFrame, WatchGroup
from gongchou.draws.models.work import Work

__all__ = [
    "Attendance",
    "Batch",
    "Contribution",
    "Draw",
    "Evidence",
    "Figures",
    "Hit",
    "Joining",
    "LogBlock",
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
    "WatchGroup",
    "WatchedFrame",
    "Withdrawal",
    "Work",
]
