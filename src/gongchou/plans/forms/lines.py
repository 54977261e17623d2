"""Input about one line of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from gongchou.accounts.forms.choices import DepartmentChoice, DepartmentsChoice, offer
from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.plans.forms.pool import PoolForm, pool_initial
from gongchou.plans.models import Agreement, Campaign, LineVersion, Plan
from gongchou.registry.forms.fields import LinesField, ListedField, OneListedField, day, one_of, searched, ticks
from gongchou.registry.forms.frequency import FrequencyField
from gongchou.registry.forms.ratio import RatioField
from gongchou.registry.models import Item, ItemVersion, JointItem, SupervisionMatter
from gongchou.registry.ratio import LEVEL_NAMES
from gongchou.registry.states.lists import VersionState

_PUBLISHED = {"versions__state": VersionState.PUBLISHED}


class BasesField(LinesField):
    """抽查基数 counted by hand: 60, or 高校：3 on a line for each group, as {"": 60, "高校": 3}."""

    def prepare_value(self, value: Any) -> Any:
        """Lines of what is stored."""
        if isinstance(value, dict):
            return "\n".join(f"{key}：{n}" if key else str(n) for key, n in value.items())
        return value

    def clean(self, value: Any) -> Any:
        """What is stored of lines. Raises ValidationError for a group that stands there twice."""
        rows = super().clean(value)
        twice = next((key for at, (key, _) in enumerate(rows) if key in dict(rows[:at])), None)
        if twice is not None:
            raise forms.ValidationError(f"“{twice or '总数'}”写了不止一次，请合并成一行。")
        return dict(rows)

    def row(self, number: int, line: str) -> tuple[str, int]:
        """Raises ValidationError for what is no number."""
        key, _, n = line.replace(":", "：").rpartition("：")
        n = n.strip().removesuffix("户").removesuffix("家")
        if not n.isdecimal() or len(n) > 8:
            raise forms.ValidationError(f"第{number}行“{line[:30]}”不是户数，请写成“60”或“高校：3”。")
        return key.strip()[:40], int(n)


class LineForm(PoolForm):
    """A line in sections. A draft may be saved as far as it is known; what is missing is said on the page of checks."""

    sections: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("基本信息", ("name", "field", "initiator", "lead_unit", "check_type", "category", "items", "joint_item")),
        ("抽查对象", (
            "subject_words", "libraries", "kinds", "scales", "regions", "tags", "grades", "keepers", "industries",
            "licences", "not_visited_since", "established_before", "bases",
        )),
        ("比例和时间", (
            "is_risk_based", "ratio", "rounds", "by_district", "frequency", "begins_on", "ends_on", "time_note",
        )),
        ("部门和方式", ("participants", "levels", "mode", "inspecting", "form")),
        ("归属", ("campaign", "matter", "trade", "agreement", "note")),
    )  # fmt: skip

    name = forms.CharField(label="抽查计划名称", max_length=100)
    field = forms.CharField(label="抽查领域", max_length=60, required=False, help_text="例如“餐饮服务”。")
    initiator = DepartmentChoice(label="发起部门")
    lead_unit = forms.CharField(label="牵头处室", max_length=60, required=False)
    check_type = forms.ChoiceField(
        label="抽查类型", choices=LineVersion.CheckType.choices, initial=LineVersion.CheckType.NON_TARGETED
    )
    category = forms.ChoiceField(label="抽查类别", choices=ItemVersion.Kind.choices)
    items = ListedField(
        Item.objects.none(), label="抽查事项", widget=searched(True), required=False, help_text="只能选择已公布的事项。"
    )
    joint_item = OneListedField(
        JointItem.objects.none(), label="联合抽查事项", required=False, empty_label="无", widget=searched()
    )
    subject_words = forms.CharField(label="抽查对象范围", max_length=300, required=False, help_text="公布时的说法。")
    bases = BasesField(
        label="抽查基数（人工统计）",
        required=False,
        help_text="名录里数得出的不用填。名录里没有的写户数，例如“60”；比例按类别的每类一行，例如“高校：3”。",
    )
    is_risk_based = forms.BooleanField(label="信用风险分类抽查", required=False)
    ratio = RatioField(label="抽查比例或数量", required=False)
    rounds = forms.IntegerField(label="全年抽取次数", min_value=1, max_value=12, initial=1)
    by_district = forms.BooleanField(label="抽取数量按区县分配", required=False)
    frequency = FrequencyField(label="抽查频次", required=False)
    begins_on = forms.DateField(label="开始日期", widget=day(), required=False)
    ends_on = forms.DateField(label="结束日期", widget=day(), required=False)
    time_note = forms.CharField(label="时间说明", max_length=60, required=False, help_text="例如“3—6月、9—11月”。")
    participants = DepartmentsChoice(label="配合部门", required=False, help_text="只能选联席会议成员单位，不求多。")
    levels = ticks([(str(level), name) for level, name in LEVEL_NAMES.items()], "实施层级", required=False)
    mode = forms.ChoiceField(label="抽查检查模式", choices=[("", "未定"), *LineVersion.Mode.choices], required=False)
    inspecting = forms.CharField(label="检查主体", max_length=200, required=False)
    form = forms.ChoiceField(label="联查形式", choices=[("", "无"), *LineVersion.Form.choices], required=False)
    campaign = one_of("集中联合抽查", none="不属于")
    matter = OneListedField(
        SupervisionMatter.objects.none(), label="综合监管事项", required=False, empty_label="无", widget=searched()
    )
    trade = forms.CharField(label="一业一查行业", max_length=60, required=False, help_text="不是一业一查的留空。")
    agreement = one_of("跨区域协议", none="无")
    note = forms.CharField(label="备注", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, by: User, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.offer_pool(by)
        members = Department.objects.filter(is_conference_member=True, is_active=True, is_internal_unit=False)
        offer(self, "initiator", _initiators(by, plan))
        offer(self, "participants", members)
        listed = {"items": Item, "joint_item": JointItem, "matter": SupervisionMatter}
        for name, model in listed.items():
            rows = model.objects.filter(**_PUBLISHED).prefetch_related("versions").order_by("code")
            offer(self, name, rows)
        offer(self, "campaign", Campaign.objects.filter(year=plan.year, ended_at=None))
        offer(self, "agreement", Agreement.objects.filter(ended_at=None))

    def ask_reason(self) -> None:
        """Ask why the line is other than proposed."""
        self.fields["reason"] = forms.CharField(label="调整理由", max_length=500, widget=forms.Textarea({"rows": 2}))
        self.sections = (*self.sections, ("调整理由", ("reason",)))

    def in_sections(self) -> Iterator[tuple[str, list[Any]]]:
        """Title and fields of each section, for the page."""
        for title, names in self.sections:
            yield title, [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """Days in their order and in the year; what a pool comes to."""
        given = super().clean() or {}
        begins, ends = given.get("begins_on"), given.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", "结束日期早于开始日期，请核对后把两个日期对调或改正。")
        for name in ("begins_on", "ends_on"):
            if given.get(name) and given[name].year != self.plan.year:
                self.add_error(name, f"不在{self.plan.year}年度内。跨年度的工作请分别列入两个年度的计划。")
        return given

    def content(self) -> dict[str, Any]:
        """The clean values as the operations take them."""
        own = {name: self.cleaned_data[name] for name in LineVersion.content if name in self.cleaned_data}
        texts = {name: value.replace("\r\n", "\n") for name, value in own.items() if isinstance(value, str)}
        return {**own, **texts, "pool": self.pool()}


def _initiators(by: User, plan: Plan) -> Any:
    """Of a department's plan itself; of a joint plan the members somebody writes for."""
    if not plan.is_joint:
        return Department.objects.filter(pk=plan.department_id)
    rows = departments_within(by, Duty.KEEP_PLAN).filter(is_conference_member=True, is_active=True)
    return rows.filter(region=plan.department.region_id, is_internal_unit=False)


def line_initial(line: LineVersion) -> dict[str, Any]:
    """What stands in the form for a line."""
    own = {name: getattr(line, name) for name in LineVersion.content}
    many = {name: list(own[name].all()) for name in ("items", "participants")}
    return initial_of({**own, **many})


def initial_of(content: dict[str, Any]) -> dict[str, Any]:
    """What stands in the form for a content as the operations take it."""
    own = {name: value for name, value in content.items() if name != "pool"}
    return {**own, **pool_initial(content["pool"])}
