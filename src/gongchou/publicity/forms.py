"""What visitors type."""

from __future__ import annotations

from django import forms


class ReceiptForm(forms.Form):
    """Who asks, and the key that shows it."""

    number = forms.CharField(
        label="统一社会信用代码",
        max_length=60,
        help_text="按部门随回执码写明的代码填写；换过代码的，填写名单冻结时的代码。",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    key = forms.CharField(
        label="回执码",
        max_length=40,
        help_text="12 位字母和数字，由组织抽取的部门交给本单位，例如 ABCD-EFGH-2345。",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """As it stands in lists."""
        return str(self.cleaned_data["number"]).upper()
