"""What is done to the public log itself: it is signed, and what witnesses give back is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongchou.audit.operations import Actor, Done, operation
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.note import VerifierKey
from gongchou.draws import keys, ledger
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


@dataclass(frozen=True)
class Keeper:
    """Whoever works at the machine itself; the machine knows who, the platform does not."""

    audit_id: str = "operator"
    audit_name: str = "运维人员"


@dataclass(frozen=True)
class Keys:
    """The keys behind draws, as a thing that something is done to."""

    audit_name: str
    audit_id: str = "public_log"
    audit_place: str = ""
    audit_department: str = ""


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


@operation("public_log.witness_named", "登记公开日志见证人")
def name_witness(*, key: VerifierKey, by: Actor, at: datetime) -> Done[Keys]:
    """From now on this one's cosignatures count. Raises Refused ``draws.witness_known`` or ``draws.witness_name``."""
    keys.check_may_know(key)
    transaction.on_commit(lambda: keys.know_witness(key))
    return Done(Keys(key.name), {"digest": sha256_hex(str(key).encode())})


@operation("public_log.key_renewed", "更换抽取密钥")
def renew_key(*, role: str, by: Actor, at: datetime) -> Done[Keys]:
    """Another key signs from now on; what was signed before is shown under both (``ledger.shown``).

    role: LOG, OPERATOR or REGISTRY of ``keys``. Raises Refused ``audit.key_…``.
    """
    old = keys.secret_of(role).public
    transaction.on_commit(lambda: keys.renew(role))
    return Done(Keys(old.name), {"kind": role, "was": str(old)})
