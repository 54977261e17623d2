"""What is typed about inspections in an office."""

from __future__ import annotations

from django import forms

from gongchou.inspections.states import Verdict


class NoticeForm(forms.Form):
    """节假日安排 of a year."""

    year = forms.IntegerField(label="年度", min_value=2020, max_value=2100)
    source = forms.CharField(
        label="依据",
        max_length=200,
        help_text="例如“国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕号）”。",
    )
    text = forms.CharField(
        label="放假和上班安排",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="每行一项：2027-01-01 至 2027-01-03 放假 元旦；调休上班的写 2027-02-20 上班。周末不用写。",
    )


class ReviewForm(forms.Form):
    """审核."""

    verdict = forms.ChoiceField(label="审核结果", choices=Verdict.choices, widget=forms.RadioSelect)
    opinion = forms.CharField(
        label="审核意见",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回或不通过的，请写明要改什么。",
    )
