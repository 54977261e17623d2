"""Input about supervision matters and pilots."""

from __future__ import annotations

from typing import Any

from django import forms

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.forms.fields import (
    BasisField,
    DepartmentRowsField,
    ListedField,
    OneListedField,
    one_of,
    searched,
    ticks,
)
from gongchou.registry.forms.versions import VersionForm
from gongchou.registry.models import JointItem, Method, OneThing, Pilot, SubLibrary, SupervisionMatter
from gongchou.registry.states.lists import PILOT_MOVES, PilotState, VersionState


class MatterForm(VersionForm):
    """跨部门综合监管事项 (domain.md 2.3)."""

    sections = (
        ("基本信息", ("code", "owner", "name", "field", "one_thing", "valid_from", "valid_to", "reason")),
        ("监管责任", ("lead", "duties")),
        ("监管对象、内容与方式", ("subject", "sub_libraries", "details", "methods")),
        ("依据与联合抽查", ("basis", "joint_items")),
    )

    field = forms.CharField(label="领域", max_length=60)
    one_thing = forms.ChoiceField(label="综合监管一件事", choices=[("", "不属于"), *OneThing.choices], required=False)
    lead = one_of("牵头部门")
    duties = DepartmentRowsField(
        department_first=True,
        label="各部门监管责任",
        help_text="每行一个部门，包括牵头部门，例如：民政局：养老机构备案和服务质量。",
    )
    subject = forms.CharField(label="监管对象", max_length=300, required=False)
    sub_libraries = forms.ModelMultipleChoiceField(
        SubLibrary.objects.none(), label="对象名录库", required=False, widget=searched(True)
    )
    details = forms.CharField(label="监管内容", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    methods = ticks(Method.choices, "监管方式", required=False)
    basis = BasisField(label="监管依据", help_text="每行一条，例如：《安全生产法》第六十二条。")
    joint_items = ListedField(
        JointItem.objects.none(), label="关联的联合抽查事项", required=False, widget=searched(True)
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        published = JointItem.objects.filter(versions__state=VersionState.PUBLISHED)
        self.choose("joint_items", published.prefetch_related("versions").order_by("code"))
        self.choose("lead", Department.objects.filter(is_active=True, is_internal_unit=False))
        self.choose("sub_libraries", SubLibrary.objects.filter(is_active=True))


class ReviewForm(forms.Form):
    """What the yearly look found."""

    told = forms.CharField(
        label="复核情况",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="责任、对象、内容、方式均无变化的在此说明；有变化的请起草新版本。",
    )


class PilotForm(forms.Form):
    """A pilot that a unit applied for."""

    name = forms.CharField(label="试点名称", max_length=100)
    level = forms.ChoiceField(label="试点层级", choices=Pilot._meta.get_field("level").choices or [])
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    unit = one_of("试点单位")
    matter = OneListedField(
        SupervisionMatter.objects.none(), label="监管事项", required=False, widget=searched(), empty_label="没有"
    )
    told = forms.CharField(label="试点内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = departments_within(by, Duty.KEEP_LIST).filter(is_internal_unit=False)
        self.fields["unit"].queryset = own  # type: ignore[attr-defined]
        matters = SupervisionMatter.objects.prefetch_related("versions").order_by("code")
        self.fields["matter"].queryset = matters  # type: ignore[attr-defined]


class PilotStepForm(forms.Form):
    """How it goes on."""

    state = forms.ChoiceField(label="状态")
    told = forms.CharField(
        label="进展或总结",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="总结时写明做法、成效和可推广的经验。",
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moves = PILOT_MOVES[PilotState(pilot.state)]
        self.fields["state"].choices = [(str(state), state.label) for state in moves]  # type: ignore[attr-defined]
