"""What is done to the public log itself: it is signed, and what witnesses give back is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongchou.audit.operations import Actor, Done, operation
from gongchou.draws import ledger
from gongchou.draws.models import LogCheckpoint
from gongchou.refusal import Refused


@dataclass(frozen=True)
class Signer:
    """The job beside the web server that signs the log."""

    audit_id: str = "job"
    audit_name: str = "签署任务"


@dataclass(frozen=True)
class Witnesses:
    """Whoever carries a cosignature here: it proves itself, so no account is asked for."""

    audit_id: str = "witness"
    audit_name: str = "见证人"


@operation("public_log.signed", "签署公开日志")
def sign_log(*, by: Actor, at: datetime) -> Done[LogCheckpoint]:
    """Sign the log as it stands. Raises Refused ``draws.log_empty`` and as ``ledger.sign``."""
    row = ledger.sign(at)
    if row is None:
        raise Refused("draws.log_empty")
    return Done(row, {"log_size": row.size})


@operation("public_log.cosigned", "收到公开日志共签")
def take_cosignature(*, data: bytes, by: Actor, at: datetime) -> Done[LogCheckpoint]:
    """Keep what witnesses gave back on a checkpoint (``ledger.cosign``).

    Raises Refused ``draws.cosigned_already`` where nothing of it is new, so that sending it again leaves no line.
    """
    row, new = ledger.cosign(data)
    if not new:
        raise Refused("draws.cosigned_already", size=row.size)
    return Done(row, {"log_size": row.size, "witnesses": sorted(one.witness for one in new)})
