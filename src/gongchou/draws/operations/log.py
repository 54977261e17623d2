"""What is done to the public log itself: it is signed, cosigned, told of plans and of what auditors found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from gongchou.accounts.models import User
from gongchou.audit.operations import Actor, Done, held, operation
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.note import VerifierKey
from gongchou.draws import beacons, keys, ledger, permissions, rules, store
from gongchou.draws.bundles import WITNESS_K, bundle_of, digest_in
from gongchou.draws.freezing import plain_text
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, LogCheckpoint, LogCosignature, Substitution
from gongchou.draws.operations import telling
from gongchou.draws.plainly import plainly
from gongchou.draws.queries import plans
from gongchou.draws.queries.verdicts import taken_of
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

    Raises Refused ``draws.cosigned_already`` where nothing of it is new, so that sending it again leaves no line;
    ``draws.cosigned_late``.
    """
    row, new = ledger.cosign(data)
    if not new:
        raise Refused("draws.cosigned_already", size=row.size)
    _check_changes_nothing(row, new)
    return Done(row, {"log_size": row.size, "witnesses": sorted(one.witness for one in new)})


def _check_changes_nothing(row: LogCheckpoint, new: Iterable[LogCosignature]) -> None:
    """When an entry was seen decides what counts, so what comes late must not move that moment: neither to a smaller
    checkpoint where enough have cosigned a larger one, nor to before the round of a request that was found void.

    Raises Refused ``draws.cosigned_late``.
    """
    larger = LogCheckpoint.objects.filter(size__gt=row.size).annotate(n=Count("cosignatures"))
    if larger.filter(n__gte=WITNESS_K).exists():
        raise Refused("draws.cosigned_late", size=row.size)
    first = min(one.at for one in new).timestamp()
    for one in Substitution.objects.filter(is_void=True, event__lt=row.size):
        if one.round is not None and first < beacons.chain_of(one.source).time_of(one.round):
            raise Refused("draws.cosigned_late", size=row.size)


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
    old = keys.public_of(role)
    transaction.on_commit(lambda: keys.renew(role))
    return Done(Keys(old.name), {"kind": role, "was": str(old)})


# What others say in it ---------------------------------------------------------------------------


@operation("public_log.plans_entered", "计划写入公开日志")
def log_plans(*, by: Actor, at: datetime) -> Done[Keys]:
    """Write an entry for each plan that was published and has none, with the digest of what the public reads of it.

    Raises Refused ``draws.plans_logged`` where all of them have, ``draws.no_room``.
    """
    ledger.hold()
    versions = plans.to_log()
    if not versions:
        raise Refused("draws.plans_logged")
    for version in versions:
        document = plans.document_of(version)
        store.keep(document)
        body, authority = {"plan": plans.text_of(version)}, version.plan.department.code
        with plainly():
            PublicLog().append("plan", body, authority=authority, at=at, files={plans.NAME: document})
    return Done(Keys("公开日志"), {"count": len(versions), "plans": [plans.text_of(version) for version in versions]})


@operation("batch.audited", "写入复核结论")
def log_audit(*, batch: Batch, verdict: str, bundle: str, by: User, at: datetime) -> Done[Batch]:
    """An auditor says in the log, in the chain of her own office, what she found.

    verdict: in words; bundle: SHA-256 of the manifest that she looked at (``bundles.digest_of``), 64 hex digits
    Raises Refused ``draws.own_audit``, ``draws.not_drawn``, ``draws.not_a_hash``, ``draws.verdict``,
    ``draws.bundle_foreign``.
    """
    batch = held(batch, "department__region")
    permissions.check_can_judge(by, batch)
    rules.check_verdict(batch, verdict, bundle)
    rules.check_codes([by.department.code])
    _check_is_of(batch, bundle)
    body = {"bundle": bundle, "campaign": batch.code, "verdict": plain_text(verdict)}
    with plainly():
        PublicLog().append("audit", body, authority=by.department.code, at=at)
    telling.tell(telling.approvers(batch), f"复核结论已公开：{batch.code}", batch, by=by, at=at)
    return Done(batch, {"told": verdict, "digest": bundle})


def _check_is_of(batch: Batch, bundle: str) -> None:
    """What an auditor took, or what she or anybody would be given now. Raises Refused ``draws.bundle_foreign``."""
    if bundle in taken_of(batch):
        return
    with plainly():
        now = {digest_in(bundle_of(batch, for_auditors=for_auditors)) for for_auditors in (True, False)}
    if bundle not in now:
        raise Refused("draws.bundle_foreign", code=batch.code)
