"""What phones ask and send (docs/interfaces/field.md). Everything may be sent again, any number of times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.draw.encoding import is_hash
from gongchou.inspections import files
from gongchou.inspections.badges import token_of
from gongchou.inspections.models import Attachment
from gongchou.inspections.operations.attachments import store
from gongchou.inspections.operations.packages import take
from gongchou.inspections.operations.records import Sent, submit
from gongchou.inspections.package import package_of
from gongchou.inspections.payload import Unfit, read_record
from gongchou.inspections.queries.records import receipt_for, receipts_of
from gongchou.papers.qr import qr_svg
from gongchou.refusal import Refused, sentence
from gongchou.web.access import signed_in

KEPT = timedelta(days=400)  # how long a phone may ask for its receipts
_STATUS = {
    "inspections.other_user": 401,
    "inspections.not_yours": 404,
    "inspections.too_large": 413,
    "inspections.no_room": 507,
}


def _refused(refused: Refused) -> JsonResponse:
    status = _STATUS.get(refused.code, 422 if refused.code.startswith("inspections.attachment") else 409)
    told = {"error": refused.code, "sentence": sentence(refused)}
    facts = {name: value for name, value in refused.facts.items() if name in ("have", "number")}
    return JsonResponse({**told, **facts}, status=status)


@signed_in
@require_safe
def package(request: SignedInRequest) -> HttpResponse:
    """下载检查资料."""
    now = timezone.now()
    told, sheets, doors = package_of(request.user, now)
    if doors:
        take(sheets={one.digest: one.definition for one in sheets}, doors=doors, by=request.user, at=now)
    for one in told["visits"]:
        token = token_of(UUID(one["id"]), UUID(one["department"]["id"]))
        one["badge"] = qr_svg(request.build_absolute_uri(reverse("publicity:badge", args=[token])))
    return JsonResponse({**told, "csrf": get_token(request), "key": files.key_of(request.user.pk)})


@signed_in
@require_POST
def instance(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """提交检查记录."""
    try:
        return _taken(request, pk)
    except Unfit as unfit:
        problems = [{"path": one.path, "sentence": one.told} for one in unfit.problems]
        told = {"error": "inspections.problems", "sentence": "记录还不完整，请按提示补充后再提交。"}
        return JsonResponse({**told, "problems": problems}, status=422)
    except Refused as refused:
        return _refused(refused)


def _taken(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The receipt: the one that was given when this body came before, or a new one."""
    _check_user(request)
    body = request.body
    record = read_record(body)
    sent = Sent(record, body, request.headers.get("X-Device-Now", ""))
    before = _receipt(pk, sent)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            revision = submit(instance=pk, sent=sent, by=request.user, at=timezone.now())
    except IntegrityError:  # the same record came beside us and was first
        again = _receipt(pk, sent)
        if again is None:
            raise Refused("inspections.other_body") from None
        return again
    return HttpResponse(revision.receipt, content_type="application/json", status=201)


def _check_user(request: SignedInRequest) -> None:
    """What was kept for one is not taken from another who signed in since, in another window of the same phone.

    Raises Refused ``inspections.other_user``.
    """
    if request.headers.get("X-Field-User", str(request.user.pk)) != str(request.user.pk):
        raise Refused("inspections.other_user")


def _receipt(pk: UUID, sent: Sent) -> HttpResponse | None:
    told = receipt_for(pk, sent.digest)
    return HttpResponse(told, content_type="application/json") if told is not None else None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def attachment(request: SignedInRequest, sha256: str) -> HttpResponse:
    """上传附件, piece by piece."""
    if not is_hash(sha256):
        raise Http404
    try:
        if request.method == "POST":
            _check_user(request)
            _add(request, sha256)
        return JsonResponse(_state(request, sha256))
    except Refused as refused:
        return _refused(refused)


def _state(request: SignedInRequest, sha256: str) -> dict[str, Any]:
    found = Attachment.objects.filter(sha256=sha256).first()
    if found is not None:
        return {"have": found.size, "is_complete": True}
    return {"have": files.have(sha256, request.user.pk), "is_complete": False}


def _add(request: SignedInRequest, sha256: str) -> None:
    if Attachment.objects.filter(sha256=sha256).exists():
        return
    offset, size = _number(request, "offset"), _number(request, "size")
    n = files.add(sha256, request.user.pk, offset, request.body, size)
    if n < size:
        return
    looked = files.look(sha256, request.user.pk)
    try:
        with transaction.atomic():
            store(sha256=sha256, looked=looked, by=request.user, at=timezone.now())
    except IntegrityError:  # somebody else's phone sent the same file beside us
        return


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Refused("inspections.attachment_pieces")
    return int(text)


@signed_in
@require_safe
def receipts(request: SignedInRequest) -> HttpResponse:
    """回执: of her own records, for a phone that lost its own."""
    told = receipts_of(request.user, timezone.now() - KEPT)
    return HttpResponse('{"receipts": [' + ",".join(told) + "]}", content_type="application/json")
