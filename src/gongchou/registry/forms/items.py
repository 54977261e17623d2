"""Input about items, claims and ceilings."""

from __future__ import annotations

from typing import Any

from django import forms

from gongchou.accounts.models import Region, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.forms.fields import BasisField, LinesField, PairsField, one_of, searched, ticks
from gongchou.registry.forms.frequency import FrequencyField
from gongchou.registry.forms.ratio import RatioField
from gongchou.registry.forms.versions import VersionForm
from gongchou.registry.models import ItemVersion, Method, Subject, SubLibrary, Tag
from gongchou.registry.queries.tags import choosable_tags
from gongchou.registry.ratio import LEVEL_NAMES


class ItemForm(VersionForm):
    """抽查事项, all its fields (domain.md 2.2)."""

    sections = (
        ("基本信息", ("code", "owner", "name", "category", "kind", "tags", "valid_from", "valid_to", "reason")),
        ("依据与主体", ("basis", "inspecting_subject", "levels", "lead_unit", "responsible_unit")),
        ("对象、比例与频次", ("subject_kinds", "sub_library", "ratio", "over_reason", "frequency")),
        ("检查", ("methods", "details", "sub_items", "materials", "results")),
        ("检查人员", ("qualification", "inspector_requirement")),
        ("同源对应", ("internet_plus_code", "duty_list_code")),
        ("工作指引", ("work_guide",)),
    )

    category = forms.CharField(label="领域", max_length=60, help_text="例如“食品安全”。")
    kind = forms.ChoiceField(
        label="事项类别",
        choices=ItemVersion.Kind.choices,
        help_text="重点检查事项涉及安全、质量和公共利益，不设比例上限；一般检查事项严格控制比例。",
    )
    tags = forms.ModelMultipleChoiceField(Tag.objects.none(), label="标签", required=False, widget=searched(True))
    basis = BasisField(label="检查依据", help_text="每行一条，例如：《食品安全法》第一百一十条。")
    inspecting_subject = forms.CharField(label="抽查主体", max_length=100, required=False)
    levels = ticks([(str(level), name) for level, name in LEVEL_NAMES.items()], "实施层级", required=False)
    lead_unit = forms.CharField(label="牵头单位", max_length=60, required=False)
    responsible_unit = forms.CharField(label="责任处室", max_length=60, required=False)
    subject_kinds = ticks(Subject.Kind.choices, "检查对象类别", required=False)
    sub_library = one_of("对应对象库", none="主体综合库")
    ratio = RatioField(label="抽查比例", required=False)
    over_reason = forms.CharField(
        label="超过比例上限的理由",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="仅当一般检查事项的比例超过本地当年设定的上限时填写，随版本留存。",
    )
    frequency = FrequencyField(label="抽查频次", required=False)
    methods = ticks(Method.choices, "检查方式", required=False)
    details = forms.CharField(label="检查内容及要求", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    sub_items = LinesField(label="检查子项", help_text="每行一项。")
    materials = PairsField("name", "note", label="检查材料", help_text="每行一份，例如：进货台账：近六个月。")
    results = PairsField(
        "result", "follow_up", label="检查结果及后续处置", help_text="每行一种，例如：发现问题已责令改正：十日内复查。"
    )
    qualification = one_of("所需专业资格", none="不需要")
    inspector_requirement = forms.CharField(label="检查人员要求", max_length=200, required=False)
    internet_plus_code = forms.CharField(label="互联网+监管事项编码", max_length=60, required=False)
    duty_list_code = forms.CharField(label="权责清单编码", max_length=60, required=False)
    work_guide = forms.CharField(
        label="随机抽查工作指引",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="检查步骤、方法和判定标准；随清单版次一并保存。",
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        in_use = choosable_tags(by, on=self.on)
        self.choose("tags", in_use.filter(is_for_items=True))
        self.choose("qualification", in_use.filter(is_for_inspectors=True, dimension=Tag.Dimension.QUALIFICATION))
        self.choose("sub_library", SubLibrary.objects.filter(is_active=True))


class ClaimDepartmentForm(forms.Form):
    """For which of one's departments."""

    department = one_of("认领部门")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = departments_within(by, Duty.KEEP_LIST).filter(is_internal_unit=False).select_related("region")
        self.fields["department"].queryset = own  # type: ignore[attr-defined]


class AdaptForm(forms.Form):
    """本级细化: within the direction of the list."""

    ratio = RatioField(label="本级比例", required=False, help_text="留空即沿用上级比例。只能从严，不能改变方向。")
    frequency = FrequencyField(
        label="本级频次", required=False, help_text="留空即沿用上级频次。只能从严，不能放宽对同一对象的次数限制。"
    )
    note = forms.CharField(label="说明", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class NoteForm(forms.Form):
    """Why."""

    note = forms.CharField(label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CeilingForm(forms.Form):
    """比例上限 and the document that sets it."""

    region = one_of("适用区划")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    most = forms.DecimalField(label="比例上限（%）", min_value=0, max_value=100, max_digits=7, decimal_places=4)
    source = forms.CharField(label="依据文件", max_length=200, help_text="写明文件名称和文号。")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = departments_within(by, Duty.APPROVE_LIST).values("region")
        self.fields["region"].queryset = Region.objects.filter(pk__in=reach)  # type: ignore[attr-defined]

    def clean_most(self) -> Any:
        """A ceiling of nothing would forbid the item."""
        most = self.cleaned_data["most"]
        if most <= 0:
            raise forms.ValidationError("比例上限须大于0。")
        return most
