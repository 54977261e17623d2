"""Accounts and appointments, as an administrator fills them in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from gongchou.accounts.fields import known_fields
from gongchou.accounts.forms.choices import DepartmentChoice, DepartmentsChoice, RegionChoice, offer
from gongchou.accounts.models import Appointment, Region, User
from gongchou.accounts.queries import departments_within, regions_within
from gongchou.accounts.roles import ROLES, Duty, RoleCode
from gongchou.accounts.rules import check_scope_fits
from gongchou.refusal import Refused, sentence
from gongchou.web.forms import CHOOSE


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label="账号",
        min_length=3,
        max_length=60,
        help_text="用于登录，开设后不能更改。可用小写字母、数字、点、横线和下划线。",
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]*$", "账号只能用小写字母、数字、点、横线和下划线，并以字母或数字开头。"
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label="姓名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    department = DepartmentChoice(label="部门")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "department", departments_within(by, Duty.KEEP_ACCOUNTS).filter(is_active=True))


class PlaceForm(forms.Form):
    """Another department for somebody."""

    department = DepartmentChoice(label="调整到")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "department", departments_within(by, Duty.KEEP_ACCOUNTS).filter(is_active=True))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


_SCOPE_WORDS = {Appointment.Scope.SELF: "仅本人（执法检查人员、第三方专家）"}


class AppointmentForm(forms.Form):
    """A role and how far it reaches. The departments are those the administrator looks after, no others."""

    role = forms.ChoiceField(label="角色", choices=[CHOOSE, *((role.code, role.name) for role in ROLES.values())])
    scope = forms.ChoiceField(
        label="数据范围",
        choices=[(scope.value, _SCOPE_WORDS.get(scope, scope.label)) for scope in Appointment.Scope],
        initial=Appointment.Scope.OWN,
        widget=forms.RadioSelect,
        help_text="“本部门”含内设机构；“本部门及以下”还含下属单位；“自定”须在下面选择部门；“仅本人”只适用于执法检查人员和第三方专家。",
    )
    departments = DepartmentsChoice(
        label="自定部门", required=False, help_text="只在数据范围为“自定”时选择；可选的是您管理范围内的部门。"
    )
    region = RegionChoice(label="区划范围", required=False, help_text="不选则不按区划限制。")
    fields_of_list = forms.MultipleChoiceField(
        label="事项领域",
        required=False,
        help_text="不选则不限领域。可选的是清单和分库中正在使用的领域；选定后只能查看和办理这些领域的事项和分库。",
    )
    reason = forms.CharField(label="申请理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = departments_within(by, Duty.GRANT_ROLES)
        offer(self, "departments", mine.filter(is_active=True))
        places = regions_within(by, Duty.GRANT_ROLES) | Region.objects.filter(departments__in=mine.values("pk"))
        offer(self, "region", places.filter(valid_to=None))
        fields: Any = self.fields["fields_of_list"]
        fields.choices = [(name, name) for name in known_fields()]
        fields.widget.attrs["data-search"] = ""

    def clean(self) -> dict[str, Any]:
        """The scope is one that the role can have; said where it is chosen."""
        values = super().clean() or {}
        if "role" in values and "scope" in values:
            try:
                check_scope_fits(values["role"], values["scope"])
            except Refused as refused:
                self.add_error("scope", sentence(refused))
        return values

    def clean_role(self) -> RoleCode:
        """The code as the operations take it."""
        return RoleCode(self.cleaned_data["role"])
