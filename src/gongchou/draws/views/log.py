"""What witnesses and auditors' programs fetch of the public log; it is public and names nobody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gongchou.audit.answers import answer, key_file, taken
from gongchou.audit.apps import keys_folder
from gongchou.draws import keys
from gongchou.draws.operations.log import Witnesses, take_cosignature
from gongchou.draws.queries import log
from gongchou.refusal import Refused
from gongchou.web.access import open_to_all


@open_to_all
@require_safe
def checkpoint(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """The latest checkpoint, or the one of a size, with its cosignatures (C2SP tlog-checkpoint)."""
    return answer(lambda: log.checkpoint_note(size), 404)


@open_to_all
@require_safe
def consistency(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Proof that the log of ``second`` entries begins with that of ``first``; only between sizes that were signed."""
    return answer(lambda: log.signed_consistency(first, second), 404)


@open_to_all
@require_safe
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """An entry as it was hashed, byte for byte."""
    return answer(lambda: log.entry_data(index), 404)


@open_to_all
@require_safe
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """Proof that the entry is in the log (C2SP tlog-proof)."""
    return answer(lambda: log.entry_proof(index), 404)


@open_to_all
@require_safe
def plan(request: HttpRequest, index: int) -> HttpResponse:
    """What the public read of a plan when it was logged, whose digest the entry holds."""
    return answer(lambda: log.plan_document(index), 404)


@open_to_all
@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    """The key under which the log signs, and behind it those it signed under before."""
    return key_file(keys_folder() / f"{keys.LOG}.vkey")


@open_to_all
@require_safe
def witnesses(request: HttpRequest) -> HttpResponse:
    """Whose cosignatures count."""
    return key_file(keys_folder() / keys.WITNESSES)


@csrf_exempt
@open_to_all
@require_POST
def cosignature(request: HttpRequest) -> HttpResponse:
    """Take a witness's cosignature."""
    return taken(request, _keep)


def _keep(data: bytes) -> None:
    try:
        take_cosignature(data=data, by=Witnesses(), at=timezone.now())
    except Refused as refused:
        if refused.code != "draws.cosigned_already":
            raise
