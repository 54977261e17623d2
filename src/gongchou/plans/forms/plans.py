"""Input about plans as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongchou.accounts.forms.choices import DepartmentChoice, offer
from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within, has_duty
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Plan
from gongchou.registry.queries.items import office_of

_REASON = forms.Textarea(attrs={"rows": 2})


class OpenForm(forms.Form):
    """A plan is begun."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label="计划类型", choices=Plan.Kind.choices)
    department = DepartmentChoice(label="制定部门", help_text="联合计划由联席会议办公室所在部门制定。")
    name = forms.CharField(label="计划名称", max_length=100, help_text="例如“2026年度双随机、一公开抽查工作计划”。")
    reason = forms.CharField(label="制定依据", max_length=500, widget=_REASON)

    def __init__(self, data: Any, *, by: User, today: date) -> None:
        year = today.year + (today.month > 10)  # next year's plans are begun in autumn
        own = {
            "year": year,
            "department": office_of(by.department).pk,
            "name": f"{year}年度“双随机、一公开”抽查工作计划",
        }
        super().__init__(data, initial=own)
        offer(self, "department", departments_within(by, Duty.KEEP_PLAN).filter(is_internal_unit=False, is_active=True))
        if not has_duty(by, Duty.COORDINATE):
            self.fields["kind"].choices = [Plan.Kind.choices[0]]  # type: ignore[attr-defined]


class HeadForm(forms.Form):
    """What is said of a plan as a whole."""

    name = forms.CharField(label="计划名称", max_length=100)
    document_no = forms.CharField(label="文号", max_length=60, required=False)
    goals = forms.CharField(label="工作要求", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    reason = forms.CharField(label="制定或调整原因", max_length=500, widget=_REASON)


class FileForm(forms.Form):
    """备案."""

    filed_with = forms.CharField(label="备案机关", max_length=100)


class ReceiveForm(forms.Form):
    """登记备案."""

    receipt = forms.CharField(label="备案号", max_length=60)


class PublishForm(forms.Form):
    """公布: where everybody can read it."""

    channel = forms.CharField(label="公开渠道", max_length=100, initial="本部门门户网站、国家企业信用信息公示系统")
    url = forms.URLField(label="公开地址", required=False, assume_scheme="https", help_text="网站上的网址，可以留空。")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CloseForm(forms.Form):
    """办结."""

    note = forms.CharField(label="办结说明", max_length=500, widget=_REASON)


class SuggestForm(forms.Form):
    """按清单补齐: with which ratios."""

    by_risk = forms.TypedChoiceField(
        label="一般检查事项的比例",
        choices=[("no", "按清单规定的比例"), ("yes", "按信用风险等级，取文件规定区间的中间值")],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect(attrs={"class": "ticks long"}),
    )
