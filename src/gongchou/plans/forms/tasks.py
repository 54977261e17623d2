"""Input about tasks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms

from gongchou.accounts.forms.choices import DepartmentChoice, DepartmentsChoice, offer
from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.checklists.models import ChecklistVersion
from gongchou.plans.forms.lines import BasesField
from gongchou.plans.forms.pool import PoolForm, pool_initial
from gongchou.plans.models import Campaign, LineVersion, Participant, Task
from gongchou.plans.queries.tasks import CONTENT, offered_to
from gongchou.plans.states.joint import OVER
from gongchou.registry.forms.fields import ListedField, day, one_of, searched
from gongchou.registry.forms.frequency import FrequencyField
from gongchou.registry.forms.ratio import RatioField
from gongchou.registry.models import Item, ItemVersion
from gongchou.registry.queries.items import office_of, usable_items

_TEXT = forms.Textarea(attrs={"rows": 3})
Sections = tuple[tuple[str, tuple[str, ...]], ...]


class FromLineForm(forms.Form):
    """The next task of a line: its name and when."""

    name = forms.CharField(label="任务名称", max_length=100)
    begins_on = forms.DateField(label="开始日期", widget=day())
    ends_on = forms.DateField(label="结束日期", widget=day())

    def __init__(self, data: Any, *, line: LineVersion, number: int, today: date) -> None:
        suffix = f"（第{number}次）" if line.rounds > 1 else ""
        name = f"{line.name}{suffix}"[:100]
        begins = max(line.begins_on, today) if line.begins_on and (line.ends_on or today) >= today else line.begins_on
        super().__init__(data, initial={"name": name, "begins_on": begins, "ends_on": line.ends_on})


class TaskForm(PoolForm):
    """What is said of a task while it is set up."""

    sections: ClassVar[Sections] = (
        ("基本信息", ("name", "check_type", "form", "category", "begins_on", "ends_on", "is_list_public", "note")),
        ("抽查对象", (
            "pool_words", "libraries", "kinds", "scales", "regions", "tags", "grades", "keepers", "industries",
            "licences", "not_visited_since", "established_before", "bases",
        )),
        ("比例", ("is_risk_based", "ratio", "by_district", "frequency")),
    )  # fmt: skip

    name = forms.CharField(label="任务名称", max_length=100)
    check_type = forms.ChoiceField(label="抽查类型", choices=LineVersion.CheckType.choices)
    form = forms.ChoiceField(label="联查形式", choices=[("", "无"), *LineVersion.Form.choices], required=False)
    category = forms.ChoiceField(label="抽查类别", choices=ItemVersion.Kind.choices)
    begins_on = forms.DateField(label="开始日期", widget=day())
    ends_on = forms.DateField(label="结束日期", widget=day())
    is_list_public = forms.BooleanField(label="公示抽取名单", required=False)
    note = forms.CharField(label="任务说明", max_length=2000, required=False, widget=_TEXT)
    pool_words = forms.CharField(label="对象条件说明", max_length=300, required=False)
    bases = BasesField(
        label="各类户数（人工统计）", required=False, help_text="比例按类别规定时，每类一行，例如“高校：3”。"
    )
    is_risk_based = forms.BooleanField(label="信用风险分类抽查", required=False)
    ratio = RatioField(label="抽查比例或数量", required=False)
    by_district = forms.BooleanField(label="抽取数量按区县分配", required=False)
    frequency = FrequencyField(label="抽查频次", required=False)

    def __init__(self, *args: Any, by: User, planned: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_pool(by)
        for name in planned:  # its line has decided
            del self.fields[name]

    def in_sections(self) -> Iterator[tuple[str, list[Any]]]:
        """Title and fields of each section, for the page."""
        for title, names in self.sections:
            own = [self[name] for name in names if name in self.fields]
            if own:
                yield title, own

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        given = super().clean() or {}
        begins, ends = given.get("begins_on"), given.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", "结束日期早于开始日期，请核对后把两个日期对调或改正。")
        return given

    def content(self) -> dict[str, Any]:
        """The clean values as the operations take them."""
        own = {name: self.cleaned_data[name] for name in CONTENT if name in self.cleaned_data}
        texts = {name: value.replace("\r\n", "\n") for name, value in own.items() if isinstance(value, str)}
        return {**own, **texts, "pool": self.pool()}


def task_initial(task: Task) -> dict[str, Any]:
    """What stands in the form for a task."""
    own = {name: getattr(task, name) for name in CONTENT if name != "pool"}
    return {**own, **pool_initial(task.pool)}


class ApartForm(TaskForm):
    """临时任务: a task outside the plan says where it comes from."""

    sections: ClassVar[Sections] = (
        ("来源", ("department", "source", "source_note", "campaign")),
        *TaskForm.sections,
    )

    department = DepartmentChoice(label="组织部门")
    source = forms.ChoiceField(label="来源", choices=[one for one in Task.Source.choices if one[0] != Task.Source.PLAN])
    source_note = forms.CharField(
        label="来源说明", max_length=300, help_text="线索编号、专项行动名称，或上级文件名称和文号。"
    )
    campaign = one_of("集中联合抽查", none="不属于")

    def __init__(self, data: Any, *, by: User, today: date) -> None:
        super().__init__(data, by=by, initial={"department": office_of(by.department).pk, "begins_on": today})
        own = departments_within(by, Duty.KEEP_PLAN).filter(is_internal_unit=False, is_active=True)
        offer(self, "department", own)
        offer(self, "campaign", Campaign.objects.filter(ended_at=None, year__gte=today.year))


class TaskInviteForm(forms.Form):
    """Whom to ask."""

    departments = DepartmentsChoice(label="邀请部门")

    def __init__(self, data: Any, *, task: Task) -> None:
        super().__init__(data)
        asked = task.participants.exclude(state__in=OVER).values("department")
        members = Department.objects.filter(is_conference_member=True, is_active=True, is_internal_unit=False)
        offer(self, "departments", members.exclude(pk__in=asked).exclude(pk=task.department_id))


class TaskAnswerForm(forms.Form):
    """接受 or 谢绝."""

    is_accepted = forms.TypedChoiceField(
        label="答复",
        choices=[("yes", "接受"), ("no", "谢绝")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "ticks"}),
    )
    reason = forms.CharField(label="说明", max_length=500, required=False, widget=_TEXT, help_text="谢绝时写明理由。")


class ParticipantForm(forms.Form):
    """Its items and slots."""

    items = ListedField(Item.objects.none(), label="抽查事项", widget=searched(True))
    checklists = ListedField(
        ChecklistVersion.objects.none(),
        label="检查表",
        required=False,
        widget=searched(True),
        help_text="本部门和上级部门为这些事项启用的表；检查开始前，每个事项都应有表。",
    )
    n_people = forms.IntegerField(label="每户人数", min_value=1, max_value=20)
    sends = forms.ChoiceField(
        label="派出方式",
        choices=Participant.Sends.choices,
        help_text=(
            "按人员：抽取时逐人随机搭配，搭档轮换。按检查小组：整组抽中、整组上门，组内可出检的不少于“每户人数”；"
            "同组的人每次都一起去，搭档不轮换。"
        ),
    )
    qualification = forms.CharField(
        label="人员要求", max_length=100, required=False, help_text="例如“特种设备安全监察员”。"
    )

    def __init__(self, data: Any, *, participant: Participant, today: date) -> None:
        own = {
            "items": list(participant.items.all()),
            "checklists": list(participant.checklists.all()),
            "n_people": participant.n_people,
            "sends": participant.sends,
            "qualification": participant.qualification,
        }
        super().__init__(data, initial=own)
        usable = usable_items(participant.department, on=today).order_by().values("item")
        items = Item.objects.filter(pk__in=usable).prefetch_related("versions").order_by("code")
        offer(self, "items", items)
        offer(self, "checklists", offered_to(participant, items))


class SchemeForm(forms.Form):
    """工作方案 (S2-3): goals, tasks, measures, responsibilities, deadlines."""

    goals = forms.CharField(label="工作目标", widget=_TEXT)
    duties = forms.CharField(label="检查内容和部门分工", widget=_TEXT)
    measures = forms.CharField(label="实施步骤和措施", widget=_TEXT)
    deadlines = forms.CharField(label="时限要求", widget=_TEXT)


class PublishSchemeForm(forms.Form):
    """公布."""

    url = forms.URLField(label="公开地址", required=False, assume_scheme="https", help_text="网站上的网址，可以留空。")
