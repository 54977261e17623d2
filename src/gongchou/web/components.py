"""Every component on one page, for those who build pages; it exists in debug only."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.web.access import open_to_all
from gongchou.web.lists import is_glance


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label="名称", help_text="如实填写全称")
    kind = forms.ChoiceField(label="类别", choices=[("a", "企业"), ("b", "个体工商户")])
    keeper = forms.ChoiceField(
        label="管辖单位", choices=[("1", "演示东区局"), ("2", "演示西区局")], widget=forms.Select({"data-search": ""})
    )
    day = forms.DateField(label="日期", widget=forms.DateInput({"type": "date"}))
    ways = forms.MultipleChoiceField(
        label="检查方式", choices=[("1", "实地核查"), ("2", "书面检查")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="说明", widget=forms.Textarea({"rows": 2}), required=False)
    is_active = forms.BooleanField(label="有效", required=False)


@open_to_all
def components(request: HttpRequest) -> HttpResponse:
    """The page."""
    if is_glance(request):
        return render(request, "web/components_glance.html")
    wrong = SampleForm({"name": "", "kind": "a", "keeper": "1", "ways": ["1"]})
    return render(request, "web/components.html", {"title": "组件", "form": SampleForm(), "wrong": wrong})
