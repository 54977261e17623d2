"""Regions and departments, as the system administrator fills them in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from gongchou.accounts.forms.choices import DepartmentChoice, RegionChoice, offer
from gongchou.accounts.functions import FUNCTIONS
from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import departments_within, regions_within
from gongchou.accounts.queries.organisation import visible_departments
from gongchou.accounts.roles import Duty


class DayInput(forms.DateInput):
    """A day, as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


_DIGITS = RegexValidator(r"^\d{2,12}$", "代码是 2 至 12 位数字。")


class RegionForm(forms.Form):
    """A new region."""

    code = forms.CharField(
        label="代码", max_length=12, validators=[_DIGITS], help_text="统计用区划代码，例如县级 6 位。"
    )
    name = forms.CharField(label="名称", max_length=60)
    level = forms.ChoiceField(label="层级", choices=Region.Level.choices, initial=Region.Level.COUNTY)
    kind = forms.ChoiceField(label="类别", choices=Region.Kind.choices)
    parent = RegionChoice(label="上级区划", required=False)
    valid_from = forms.DateField(label="启用日期", widget=DayInput())

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = regions_within(by, Duty.KEEP_ORGANISATION).filter(valid_to=None)
        offer(self, "parent", mine, empty="（无上级）")


class RenameForm(forms.Form):
    """The next life of a region."""

    code = forms.CharField(label="新代码", max_length=12, validators=[_DIGITS], help_text="代码不变的，保留原代码。")
    name = forms.CharField(label="新名称", max_length=60)
    on = forms.DateField(label="生效日期", widget=DayInput())


class EndForm(forms.Form):
    """The last day of something."""

    on = forms.DateField(label="停用（撤销）日期", widget=DayInput())


class DepartmentForm(forms.Form):
    """A new department, or the values of one."""

    code = forms.CharField(label="编码", max_length=30, help_text="全平台唯一，登记后不能更改。")
    name = forms.CharField(label="名称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=20, help_text="用于任务编号，例如“市监”。")
    region = RegionChoice(label="区划")
    level = forms.ChoiceField(label="层级", choices=Department.Level.choices)
    function = forms.ChoiceField(label="职能类别", choices=list(FUNCTIONS.items()))
    parent = DepartmentChoice(label="上级机构", required=False, help_text="在哪个部门之下；内设机构必须选择。")
    line_parent = DepartmentChoice(
        label="上级主管部门", required=False, help_text="业务上由哪个部门主管，与区划上的隶属是两回事。"
    )
    is_internal_unit = forms.BooleanField(label="内设机构", required=False)
    is_conference_member = forms.BooleanField(label="联席会议成员单位", required=False)
    liaison = forms.ModelChoiceField(
        label="联络员",
        queryset=User.objects.none(),
        required=False,
        empty_label="（未指定）",
        help_text="代表本部门参加联席会议的人；须是本部门或下属单位的账号。",
    )
    valid_from = forms.DateField(label="设立日期", required=False, widget=DayInput())

    def __init__(self, *args: Any, by: User, department: Department | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = departments_within(by, Duty.KEEP_ORGANISATION)
        places = regions_within(by, Duty.KEEP_ORGANISATION) | Region.objects.filter(departments__in=mine.values("pk"))
        offer(self, "region", places.filter(valid_to=None))
        offer(self, "line_parent", Department.objects.filter(is_active=True), empty="（无）")
        if department is None:
            offer(self, "parent", mine.filter(is_active=True), empty="（无）")
            del self.fields["liaison"]  # nobody is in it yet
        else:
            del self.fields["code"], self.fields["parent"]
            offer(self, "liaison", User.objects.filter(is_active=True, department__in=mine.values("pk")))

    def clean(self) -> dict[str, Any]:
        """An internal unit stands in the region of what it is inside of."""
        values = super().clean() or {}
        if values.get("is_internal_unit") and "parent" in self.fields and not values.get("parent"):
            self.add_error("parent", "内设机构必须有上级机构，请选择它所在的部门。")
        return values


class MoveForm(forms.Form):
    """Another place in the tree."""

    parent = DepartmentChoice(label="新的上级机构", required=False)

    def __init__(self, *args: Any, by: User, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self, "parent", visible_departments(by).filter(is_active=True).exclude(pk=department.pk), empty="（无上级）"
        )
