"""Input about conflicts of interest into clean values."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from gongchou.registry.forms.inspectors import DAY
from gongchou.registry.models import Conflict, Subject
from gongchou.registry.queries import conflicts as queries
from gongchou.web.forms import CHOOSE


class OwnConflictForm(forms.Form):
    """What somebody declares of herself. The subject is named by its whole number, so that nobody can leaf through."""

    subject = forms.CharField(label="检查对象的统一社会信用代码或编号", max_length=40, help_text="须填写完整")
    relation = forms.ChoiceField(label="关系", choices=[CHOOSE, *Conflict.Relation.choices])
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="只写判断所需的事实，不写亲属姓名、证件号等个人信息"
    )
    begins_on = forms.DateField(label="期限自", required=False, widget=DAY, help_text="长期回避的，起止都不填")
    ends_on = forms.DateField(label="期限至", required=False, widget=DAY)

    def clean_subject(self) -> Subject:
        """The subject of this number."""
        found = queries.find_subject(self.cleaned_data["subject"])
        if found is None:
            raise ValidationError("名录库中没有这个代码或编号的检查对象，请核对后重新填写。")
        return found


class ConflictForm(OwnConflictForm):
    """What a keeper registers, and who said so."""

    declared_by = forms.ChoiceField(label="申报人", choices=[CHOOSE, *Conflict.DeclaredBy.choices])
    field_order = ("subject", "declared_by", "relation", "note", "begins_on", "ends_on")


class DecisionForm(forms.Form):
    """Whether she must stay away, and why."""

    is_upheld = forms.TypedChoiceField(
        label="决定",
        choices=[("1", "应当回避"), ("0", "不需回避")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="理由", max_length=200)


class LiftForm(forms.Form):
    """Why it no longer stands."""

    reason = forms.CharField(label="解除原因", max_length=200, help_text="如：已转让股份、任职限制期满")
