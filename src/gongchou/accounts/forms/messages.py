"""What somebody tells many."""

from __future__ import annotations

from typing import Any

from django import forms

from gongchou.accounts.forms.choices import DepartmentsChoice, offer
from gongchou.accounts.models import Message, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import DUTY_WORDS, Duty
from gongchou.web.forms import CHOOSE


class BroadcastForm(forms.Form):
    """A notice to whoever has a duty in some departments."""

    departments = DepartmentsChoice(label="收件部门", help_text="只能选择您数据范围内的部门。")
    duty = forms.ChoiceField(
        label="发给负责下列工作的人",
        choices=[CHOOSE, *((duty.value, words) for duty, words in DUTY_WORDS.items())],
    )
    kind = forms.ChoiceField(label="类别", choices=Message.Kind.choices)
    title = forms.CharField(label="标题", max_length=100)
    body = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "departments", departments_within(by, Duty.SEND_MESSAGES).filter(is_active=True))

    def clean_duty(self) -> Duty:
        """The duty as the operations take it."""
        return Duty(self.cleaned_data["duty"])
