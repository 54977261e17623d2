"""What auditors do: open what is sealed, each time with a line in the log."""

from __future__ import annotations

from datetime import datetime

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, held, operation
from gongchou.draws import permissions
from gongchou.draws.models import Batch


@operation("batch.unsealed", "审计调取密封名单")
def unseal(*, batch: Batch, bundle: str, by: User, at: datetime) -> Done[Batch]:
    """An auditor takes the sealed lists and the key of a batch (level L2 of the protocol).

    bundle: the digest of what she takes, by which she names it in her verdict (``bundles.digest_of``)
    """
    batch = held(batch, "department__region")
    permissions.check_can_audit(by, batch)
    return Done(batch, {"digest": batch.key_commitment, "bundle": bundle})
