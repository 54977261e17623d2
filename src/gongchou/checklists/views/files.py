"""Forms taken away: as a workbook, as XForm, as a sheet of paper."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.checklists.models import ChecklistVersion
from gongchou.checklists.printing import questions_of
from gongchou.checklists.views.library import keeps, reads, version_of
from gongchou.checklists.xform import xform
from gongchou.checklists.xlsform import write_example, write_form
from gongchou.papers.sheet import Sheet, sheet_pdf
from gongchou.web.lists import taken_out
from gongchou.web.take_away import taken_away

BLANK = (("被检查对象", ""), ("统一社会信用代码", ""), ("检查日期", ""), ("检查人员", ""))


@reads
@require_safe
def take(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """下载: a version as an XLSForm workbook; the log says who took it."""
    version = version_of(request, pk)
    if "export" not in request.GET:
        return HttpResponseRedirect(version.get_absolute_url())
    _tell(request, version)
    return taken_away(f"{version}.xlsx", lambda file: write_form(file, version.definition))


@reads
@require_safe
def take_xform(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """下载 XForm: a version for clients of the ODK family; the log says who took it."""
    version = version_of(request, pk)
    if "export" not in request.GET:
        return HttpResponseRedirect(version.get_absolute_url())
    form_id, title = f"gongchou_{version.checklist_id.hex}", version.checklist.name
    xml = xform(version.definition, form_id=form_id, version=str(version.number), title=title)
    _tell(request, version)
    return taken_away(f"{version}.xml", lambda file: file.writelines([xml.encode()]))


def _tell(request: SignedInRequest, version: ChecklistVersion) -> None:
    taken_out.send(take, request=request, title=str(version), n_rows=len(version.questions), asked={})


@reads
@require_safe
def blank(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """打印空白表: a version on paper, to be filled in by hand."""
    version = version_of(request, pk)
    pdf = sheet_pdf(
        Sheet(
            title=version.checklist.name,
            number=f"第{version.number}版（{version.state_word}）",
            department=version.checklist.department.name,
            questions=questions_of(version.definition),
            made_at=timezone.localtime(),
            facts=BLANK,
            url=request.build_absolute_uri(version.get_absolute_url()),
            is_demo=settings.IS_DEMO,
        )
    )
    named = content_disposition_header(as_attachment=False, filename=f"{version}.pdf")
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": named or "inline"})


@keeps
@require_safe
def example(request: SignedInRequest) -> HttpResponseBase:
    """下载模板."""
    return taken_away("检查表模板.xlsx", write_example)
