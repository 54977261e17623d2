"""Input about tags."""

from __future__ import annotations

from typing import Any

from django import forms

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.forms.fields import day, one_of, ticks
from gongchou.registry.models import Tag

USES = [("items", "抽查事项"), ("subjects", "检查对象"), ("inspectors", "检查人员")]


class TagForm(forms.Form):
    """A word that somebody asks for."""

    owner = one_of("设置部门")
    dimension = forms.ChoiceField(label="维度", choices=Tag.Dimension.choices)
    parent = one_of("上级标签", none="没有上级（省级大类）", hint="本市和本部门的标签须设在省级标签之下。")
    reach = forms.ChoiceField(label="使用范围", choices=Tag.Reach.choices, initial=Tag.Reach.CITY)
    code = forms.CharField(label="编码", max_length=40, help_text="本市和本部门的标签以本地区划代码加“-”开头。")
    name = forms.CharField(label="名称", max_length=60)
    uses = ticks(USES, "用于")
    needs_professional = forms.BooleanField(label="需专业监管", required=False)
    needs_expert = forms.BooleanField(label="需配专家", required=False)
    valid_to = forms.DateField(label="有效期至", widget=day(), required=False, help_text="长期有效的留空。")
    reason = forms.CharField(label="设置理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = departments_within(by, Duty.KEEP_LIST).filter(is_internal_unit=False)
        self.fields["owner"].queryset = own  # type: ignore[attr-defined]
        self.fields["parent"].queryset = Tag.objects.filter(state=Tag.State.IN_USE)  # type: ignore[attr-defined]
        self.fields["owner"].initial = by.department_id

    def clean_uses(self) -> frozenset[str]:
        """As the operation takes it."""
        return frozenset(self.cleaned_data["uses"])
