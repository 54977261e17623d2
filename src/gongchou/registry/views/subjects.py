"""Pages of subjects and sub-libraries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.forms import subjects as forms
from gongchou.registry.models import Membership, Subject, SubjectTag, SubLibrary
from gongchou.registry.operations import subjects as operations
from gongchou.registry.queries import subjects as queries
from gongchou.registry.queries.waiting import LICENCE_DAYS
from gongchou.registry.tables import subjects as tables
from gongchou.seen import values_of
from gongchou.web.access import needs
from gongchou.web.forms import ReasonForm, form_page, seen_by
from gongchou.web.lists import ListPage, is_glance, ticked

MOST_CHOSEN = 500
reads = needs(Duty.READ_LIBRARIES)
keeps = needs(Duty.KEEP_LIBRARIES)


@reads
class SubjectList(ListPage):
    """检查对象名录库."""

    title = "检查对象名录库"
    table_class = tables.SubjectTable
    filter_class = tables.SubjectFilter
    template_name = "registry/subjects.html"

    def more(self) -> dict[str, Any]:
        """The tags that can be put on ticked rows."""
        return {"tag_form": forms.TagForm(by=self.by)}

    def rows(self) -> QuerySet[Subject]:
        """What the person sees, with all the table shows.

        Thousands of rows share one object for each region or sub-library; joined, each row would make its own.
        """
        entries = Membership.objects.filter(state=Membership.State.ACTIVE).only("subject", "sub_library")
        taggings = SubjectTag.objects.filter(ended_at=None).only("subject", "tag")
        return (
            queries.visible(self.by)
            .defer("business_scope", "more")
            .prefetch_related(
                "region",
                "keeper",
                Prefetch("memberships", entries.prefetch_related("sub_library"), to_attr="entries"),
                Prefetch("taggings", taggings.prefetch_related("tag"), to_attr="borne"),
            )
        )


@reads
@require_safe
def subject(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The dossier of a subject."""
    found = get_object_or_404(
        queries.visible(request.user).select_related("region", "keeper", "batch__created_by"), pk=pk
    )
    context = {
        "title": found.name,
        "dossier": queries.dossier_of(found, is_whole="all" in request.GET),
        "is_kept": queries.kept(request.user).filter(pk=pk).exists(),
        "keeps_libraries": str(Duty.KEEP_LIBRARIES) in request.duties,
        "tag_form": forms.TagForm(by=request.user),
    }
    name = "registry/subject_glance.html" if is_glance(request) else "registry/subject.html"
    return render(request, name, {**context, "subject": found})


@keeps
def add_subject(request: SignedInRequest) -> HttpResponse:
    """登记检查对象."""
    form = forms.SubjectForm(request.POST or None, by=request.user)
    return form_page(
        request,
        form,
        lambda values: operations.register_subject(**values, by=request.user, at=timezone.now()),
        title="登记检查对象",
        done="已登记入库。",
    )


def _kept(request: SignedInRequest, pk: UUID) -> Subject:
    return get_object_or_404(queries.kept(request.user).select_related("region", "keeper"), pk=pk)


@keeps
def change_subject(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """修改登记信息."""
    found = _kept(request, pk)
    form = forms.SubjectForm(request.POST or None, instance=found, by=request.user)
    return form_page(
        request,
        form,
        lambda values: operations.change_subject(
            subject=found, **values, seen=seen_by(request), by=request.user, at=timezone.now()
        ),
        title=f"修改：{Subject.objects.get(pk=pk).name}",
        done="已保存，修改前后的内容记入档案。",
        shown=values_of(found, operations.CHANGEABLE),
        back=found.get_absolute_url(),
    )


def _act(form_class: Any, act: Any, title: str, done: str, *, for_person: bool = False) -> Any:
    """A page with one short form that does one thing to one kept subject."""

    @keeps
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        found = _kept(request, pk)
        form = form_class(request.POST or None, **({"by": request.user} if for_person else {}))
        return form_page(
            request,
            form,
            lambda values: act(subject=found, **values, by=request.user, at=timezone.now()),
            title=f"{title}：{found.name}",
            done=done,
            back=found.get_absolute_url(),
        )

    return page


set_status = _act(forms.StatusForm, operations.set_status, "变更登记状态", "登记状态已更新。")
set_state = _act(forms.StateForm, operations.set_state, "变更库内状态", "库内状态已更新。")
grade = _act(forms.GradeForm, operations.grade_subject, "登记信用风险等级", "等级已登记，仅供内部使用。")
hand_over = _act(forms.HandOverForm, operations.hand_over, "移交管辖单位", "已移交。", for_person=True)


@keeps
def enter_library(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """列入分库."""
    found = get_object_or_404(queries.visible(request.user), pk=pk)
    form = forms.EntryForm(request.POST or None, by=request.user)

    def act(values: dict[str, Any]) -> Subject:
        operations.enter_library(subject=found, **values, by=request.user, at=timezone.now())
        return found

    back = found.get_absolute_url()
    return form_page(request, form, act, title=f"列入分库：{found.name}", done="已列入分库。", back=back)


def _entry(request: SignedInRequest, pk: UUID) -> Membership:
    reach = queries.sub_libraries(request.user, Duty.KEEP_LIBRARIES)
    return get_object_or_404(Membership.objects.filter(sub_library__in=reach).select_related("subject"), pk=pk)


@keeps
def leave_library(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """移出分库."""
    found = _entry(request, pk)

    def act(values: dict[str, Any]) -> Subject:
        operations.leave_library(membership=found, **values, by=request.user, at=timezone.now())
        return found.subject

    form = ReasonForm(request.POST or None)
    back = found.subject.get_absolute_url()
    return form_page(request, form, act, title=f"移出分库：{found}", done="已移出分库。", back=back)


@keeps
def renew_licence(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """许可延续."""
    found = _entry(request, pk)

    def act(values: dict[str, Any]) -> Subject:
        operations.renew_licence(membership=found, **values, by=request.user, at=timezone.now())
        return found.subject

    form = forms.RenewForm(request.POST or None)
    back = found.subject.get_absolute_url()
    return form_page(request, form, act, title=f"许可延续：{found}", done="已延续。", back=back)


@keeps
@require_POST
def tag_chosen(request: SignedInRequest) -> HttpResponse:
    """Put one tag on the ticked rows of the list, or on the subject whose page this is."""
    form = forms.TagForm(request.POST, by=request.user)
    chosen = list(queries.chosen(request.user, ticked(request, MOST_CHOSEN)))
    if form.is_valid() and chosen:
        operations.tag_subjects(tag=form.cleaned_data["tag"], subjects=chosen, by=request.user, at=timezone.now())
        messages.success(request, f"已为 {len(chosen)} 个对象标注“{form.cleaned_data['tag']}”。")
    else:
        messages.error(request, "请先勾选范围内的对象（一次最多 500 个），再选择标签。")
    return redirect(chosen[0].get_absolute_url() if "one" in request.POST and chosen else "registry:subjects")


@keeps
@require_POST
def untag(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a tag off."""
    mine = queries.visible(request.user, Duty.KEEP_LIBRARIES)
    found = get_object_or_404(SubjectTag.objects.filter(subject__in=mine).select_related("subject"), pk=pk)
    operations.untag_subject(tagging=found, by=request.user, at=timezone.now())
    messages.success(request, "已取消标注。")
    return redirect(found.subject)


@reads
class SubLibraryList(ListPage):
    """分库."""

    title = "分库"
    table_class = tables.SubLibraryTable
    filter_class = tables.SubLibraryFilter
    template_name = "registry/sub_libraries.html"

    def rows(self) -> QuerySet[SubLibrary]:
        """With their sizes."""
        return queries.with_sizes(queries.sub_libraries(self.by))


@keeps
def add_sub_library(request: SignedInRequest) -> HttpResponse:
    """设立分库."""

    def act(values: dict[str, Any]) -> str:
        operations.add_sub_library(**values, by=request.user, at=timezone.now())
        return reverse("registry:sub-libraries")

    form = forms.SubLibraryForm(request.POST or None, by=request.user)
    return form_page(request, form, act, title="设立分库", done="分库已设立。")


@keeps
def change_sub_library(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """修改分库."""
    found = get_object_or_404(queries.sub_libraries(request.user, Duty.KEEP_LIBRARIES), pk=pk)

    def act(values: dict[str, Any]) -> str:
        seen = seen_by(request)
        operations.change_sub_library(library=found, **values, seen=seen, by=request.user, at=timezone.now())
        return reverse("registry:sub-libraries")

    own = {"name": found.name, "field": found.field, "is_active": found.is_active}
    form = forms.SubLibraryChangeForm(request.POST or None, initial=own)
    shown = values_of(found, operations.CHANGEABLE_OF_LIBRARY)
    return form_page(request, form, act, title=f"修改分库：{found.name}", done="已保存。", shown=shown)


@reads
class ExpiringList(ListPage):
    """许可到期提醒."""

    title = f"{LICENCE_DAYS} 天内到期的许可"
    table_class = tables.ExpiringTable

    def rows(self) -> QuerySet[Membership]:
        """Of the sub-libraries within reach."""
        reach = queries.sub_libraries(self.by)
        own = Membership.objects.filter(sub_library__in=reach).select_related("subject", "sub_library")
        return queries.expiring(own, timezone.localdate(), LICENCE_DAYS)
