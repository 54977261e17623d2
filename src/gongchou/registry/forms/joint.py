"""Input about joint items."""

from __future__ import annotations

from typing import Any

from django import forms

from gongchou.accounts.models import Department, User
from gongchou.registry.forms.fields import BasisField, DepartmentRowsField, ListedField, one_of, searched, ticks
from gongchou.registry.forms.frequency import FrequencyField
from gongchou.registry.forms.ratio import RatioField
from gongchou.registry.forms.versions import VersionForm
from gongchou.registry.models import Item, Subject, SubLibrary, Tag
from gongchou.registry.queries.tags import choosable_tags
from gongchou.registry.ratio import LEVEL_NAMES
from gongchou.registry.states.lists import VersionState


class JointItemForm(VersionForm):
    """部门联合抽查事项 (domain.md 2.2)."""

    sections = (
        ("基本信息", ("code", "owner", "field", "name", "tags", "valid_from", "valid_to", "reason")),
        ("事项与对象", ("items", "subject_kinds", "sub_library")),
        ("部门", ("initiators", "participants")),
        ("比例与时间", ("ratio", "frequency", "time", "levels", "level_note")),
        ("依据", ("basis",)),
    )

    field = forms.CharField(label="抽查领域", max_length=60, help_text="例如“学校办学情况”。")
    tags = forms.ModelMultipleChoiceField(Tag.objects.none(), label="标签", required=False, widget=searched(True))
    items = ListedField(
        Item.objects.none(), label="抽查事项", widget=searched(True), help_text="只能选择已公布的事项。", required=False
    )
    subject_kinds = ticks(Subject.Kind.choices, "检查对象类别", required=False)
    sub_library = one_of("对应对象库", none="主体综合库")
    initiators = DepartmentRowsField(
        department_first=False,
        label="发起部门",
        help_text="只有一个发起部门的直接写部门名称；按对象类型分别发起的每行写一个，例如：电影放映单位：宣传部。",
    )
    participants = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label="配合部门",
        widget=searched(True),
        required=False,
        help_text="按监管职责和成本选定，不求多。",
    )
    ratio = RatioField(label="抽查比例", required=False)
    frequency = FrequencyField(label="抽查频次", required=False)
    time = forms.CharField(label="实施时间", max_length=60, required=False, help_text="例如“3—11月”。")
    levels = ticks([(str(level), name) for level, name in LEVEL_NAMES.items()], "实施层级", required=False)
    level_note = forms.CharField(
        label="层级说明", max_length=200, required=False, help_text="例如“市级发起，下派区级检查”。"
    )
    basis = BasisField(label="检查依据", help_text="每行一条，例如：《食品安全法》第一百一十条。")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["name"].label = "联合抽查事项"
        published = Item.objects.filter(versions__state=VersionState.PUBLISHED)
        self.choose("items", published.prefetch_related("versions").order_by("code"))
        self.choose("tags", choosable_tags(by, on=self.on).filter(is_for_items=True))
        self.choose("sub_library", SubLibrary.objects.filter(is_active=True))
        self.choose("participants", Department.objects.filter(is_active=True, is_internal_unit=False))
