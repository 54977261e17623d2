"""What is typed about inspections in an office."""

from __future__ import annotations

from django import forms

from gongchou.inspections.states import Verdict


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
