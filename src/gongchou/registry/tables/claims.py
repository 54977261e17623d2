"""Columns and query form of what is offered to a department from above."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpRequest
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.queries.items import Offer
from gongchou.registry.states.lists import USABLE, ClaimState
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import Table

COLOURS = {ClaimState.CLAIMED: "text-bg-primary", ClaimState.ADAPTED: "text-bg-primary"}
STATES = [("open", "未认领"), ("claimed", "已认领"), ("suspended", "已暂停，待重新确认")]


class OfferTable(Table):
    """What the list above says, and what the department has made of it."""

    chosen = tables.TemplateColumn(
        accessor="version",  # some accessor: looking for a field of this name would put every row into words
        template_name="registry/claims_chosen.html",
        verbose_name="选择",
        exclude_from_export=True,
    )
    code = tables.Column(accessor="version__item__code", verbose_name="编码")
    name = tables.Column(
        accessor="version__name",
        linkify=lambda record: record.version.item.get_absolute_url(),
        verbose_name="事项",
    )
    state = tables.Column(accessor="version", verbose_name="认领状态")
    owner = tables.Column(accessor="version__item__owner__short_name", verbose_name="制定部门")
    above = tables.Column(accessor="version", verbose_name="上级规定")
    own = tables.Column(accessor="version", verbose_name="本级规定")
    actions = tables.TemplateColumn(
        accessor="version", template_name="registry/claims_actions.html", verbose_name="操作", exclude_from_export=True
    )

    class Meta(Table.Meta):
        orderable = False
        empty_text = "没有上级公布的、适用于本级的事项。"

    def value_state(self, record: Offer) -> str:
        """As a word."""
        return record.claim.state_word if record.claim else "未认领"

    def render_state(self, record: Offer) -> str:
        """As a mark, with why it was suspended."""
        if record.claim is None:
            return format_html('<span class="badge text-bg-light">{}</span>', "未认领")
        state = ClaimState(record.claim.state)
        note = record.claim.note if state == ClaimState.SUSPENDED else ""
        colour = COLOURS.get(state, "text-bg-warning")
        return format_html('<span class="badge {}">{}</span> {}', colour, record.claim.state_word, note)

    def render_above(self, record: Offer) -> str:
        """Ratio and frequency of the list."""
        return f"{record.version.ratio_words}；{record.version.frequency_words}"

    def render_own(self, record: Offer) -> str:
        """Its own where it adapted them; nothing where nothing is claimed, which saves a line on a phone."""
        claim = record.claim
        if claim is None:
            return ""
        if not claim.ratio and not claim.frequency:
            return "同上级"
        return f"{claim.ratio_words or '比例同上级'}；{claim.frequency_words or '频次同上级'}"


def department_of(request: HttpRequest) -> Department | None:
    """The department that is asked for, of those somebody reads; else one's own, else the first."""
    by: Any = request.user
    reach = departments_within(by, Duty.READ_LIBRARIES).filter(is_internal_unit=False).select_related("region")
    departments = list(reach.order_by("code"))
    asked = request.GET.get("department") or str(by.department_id)
    found = next((one for one in departments if str(one.pk) == asked), None)
    return found or (departments[0] if departments else None)


class OfferForm(forms.Form):
    """For which department, which items."""

    department = forms.ModelChoiceField(Department.objects.none(), label="部门", required=False, widget=SEARCHED)
    q = forms.CharField(label="名称或编码", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label="认领状态", required=False, choices=[("", "全部"), *STATES])


class OfferFilter:
    """The offers that pass the form."""

    def __init__(self, data: Any, queryset: list[Offer], *, request: HttpRequest) -> None:
        department = department_of(request)
        self.form: forms.Form = OfferForm({**data.dict(), "department": department and department.pk})
        by: Any = request.user
        reach = departments_within(by, Duty.READ_LIBRARIES).filter(is_internal_unit=False).order_by("code")
        self.form.fields["department"].queryset = reach  # type: ignore[attr-defined]
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        word, state = asked.get("q", "").casefold(), asked.get("state", "")
        self.qs: Any = [one for one in queryset if _is_named(one, word) and state in ("", _state_of(one))]


def _is_named(offer: Offer, word: str) -> bool:
    return word in offer.version.name.casefold() or word in offer.version.item.code.casefold()


def _state_of(offer: Offer) -> str:
    if offer.claim is None:
        return "open"
    return "claimed" if offer.claim.state in USABLE else "suspended"
