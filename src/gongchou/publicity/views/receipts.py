"""为什么抽中我／没抽中我: an enterprise asks about itself, and nobody learns anything about another."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gongchou.accounts import attempts, sessions
from gongchou.draw.encoding import dump_json
from gongchou.draw.errors import DrawError
from gongchou.draw.sentences import sentence as draw_sentence
from gongchou.draws.models import Batch
from gongchou.draws.queries import receipts
from gongchou.publicity import why
from gongchou.publicity.forms import ReceiptForm
from gongchou.publicity.views.draws import batch_or_404
from gongchou.refusal import Refused, sentence
from gongchou.web.access import open_to_all

PAGE = "publicity/receipt.html"
WRONG = "代码或回执码不对。请对照部门随检查文书交给本单位的代码和回执码核对；遗失或没有收到的，请向组织抽取的部门补领。"

DAMAGED = "现在不能回答：这次抽取的证据有缺失或改动，恢复以前对任何单位都不作答。"


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("number", "key")
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, and read the answer; with ``file`` take the receipt of one draw away."""
    batch, now = batch_or_404(code), timezone.now()
    form = ReceiptForm(request.POST or None)
    context = {"title": "为什么抽中我／没抽中我", "batch": batch, "form": form, "is_open": receipts.is_open(batch, now)}
    departments = context["departments"] = receipts.issuers_of(batch)
    if request.method != "POST":
        return render(request, PAGE, context)
    if not context["is_open"] or not form.is_valid() or not _may_ask(request, form, batch, now):
        return render(request, PAGE, context, status=422)
    try:
        answers = receipts.receipts_of(batch, form.cleaned_data["number"], at=now)
    except (DrawError, Refused) as error:  # a list was lost or touched: then nothing is said of anybody
        form.add_error(None, _cannot(error, departments))
        return render(request, PAGE, context, status=409)
    if "file" in request.POST:
        return _file(answers, request.POST["file"])
    return render(request, PAGE, {**context, "answers": [why.told(one) for one in answers], "is_answered": True})


def _cannot(error: DrawError | Refused, departments: list[str]) -> str:
    told = sentence(error) if isinstance(error, Refused) else draw_sentence(error.code, error.facts)
    whom = "、".join(departments)
    return f"{DAMAGED}请告诉组织抽取的部门（{whom}），并说明所见：{told}"


def _may_ask(request: HttpRequest, form: ReceiptForm, batch: Batch, now: datetime) -> bool:
    """Look at the key, as often as an entrance would (``accounts.attempts``); what is wrong is said on the form."""
    place = attempts.Place(sessions.source_of(request))
    try:
        knock = attempts.knock(f"receipt {place.name}", place, at=now)
    except Refused as refused:
        form.add_error(None, sentence(Refused(f"publicity.{refused.code.rpartition('.')[2]}", **refused.facts)))
        return False
    if not receipts.may_ask(batch, form.cleaned_data["number"], form.cleaned_data["key"]):
        form.add_error(None, WRONG)
        return False
    attempts.forgive(knock)
    return True


def _file(answers: list[receipts.Answer], draw: str) -> HttpResponse:
    """A receipt as the verifiers read it."""
    found = next((one.receipt for one in answers if one.draw.code == draw), None)
    if found is None:
        raise Http404
    name = f'attachment; filename="receipt-{draw}.json"'
    return HttpResponse(dump_json(found), content_type="application/json", headers={"Content-Disposition": name})
