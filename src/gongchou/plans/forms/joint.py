"""Input about joint work, campaigns, agreements and norms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongchou.accounts.forms.choices import DepartmentChoice, DepartmentsChoice, RegionChoice, offer
from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import departments_within, departments_within_any
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Invitation, LineVersion
from gongchou.plans.norms import KINDS, NormCode
from gongchou.plans.queries.norms import settable_regions
from gongchou.plans.queries.survey import day_of
from gongchou.plans.rules.norms import DEFAULT
from gongchou.plans.states.joint import OVER
from gongchou.registry.forms.fields import ListedField, day, searched
from gongchou.registry.models import Item
from gongchou.registry.queries.items import office_of, usable_items

_TEXT = forms.Textarea(attrs={"rows": 3})


class InviteForm(forms.Form):
    """Whom to ask: those the line names first."""

    departments = DepartmentsChoice(label="邀请部门")
    message = forms.CharField(label="邀请说明", max_length=500, required=False, widget=_TEXT)

    def __init__(self, data: Any, *, line: LineVersion) -> None:
        asked = line.line.invitations.exclude(state__in=OVER).values("department")
        named = line.participants.exclude(pk__in=asked)
        super().__init__(data, initial={"departments": [one.pk for one in named]})
        members = Department.objects.filter(is_conference_member=True, is_active=True, is_internal_unit=False)
        offer(self, "departments", members.exclude(pk__in=asked).exclude(pk=line.initiator_id))


class InviteAllForm(forms.Form):
    """What all of them are told."""

    message = forms.CharField(label="邀请说明", max_length=500, required=False, widget=_TEXT)


class AnswerForm(forms.Form):
    """接受 or 谢绝."""

    is_accepted = forms.TypedChoiceField(
        label="答复",
        choices=[("yes", "接受"), ("no", "谢绝")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "ticks"}),
    )
    items = ListedField(
        Item.objects.none(), label="参加的抽查事项", required=False, widget=searched(True), help_text="接受时必选。"
    )
    n_people = forms.IntegerField(label="每户派出人数", min_value=1, max_value=20, initial=2)
    reason = forms.CharField(label="说明", max_length=500, required=False, widget=_TEXT, help_text="谢绝时写明理由。")

    def __init__(self, data: Any, *, invitation: Invitation, today: date) -> None:
        super().__init__(data)
        on = day_of(invitation.line.plan.year, today)
        usable = usable_items(invitation.department, on=on).order_by().values("item")
        offer(self, "items", Item.objects.filter(pk__in=usable).prefetch_related("versions").order_by("code"))


class QuestionForm(forms.Form):
    """提请协调."""

    text = forms.CharField(label="提请协调的事由", max_length=500, widget=_TEXT)


class ScheduleForm(forms.Form):
    """上会."""

    meeting_on = forms.DateField(label="上会日期", widget=day())


class DecisionForm(forms.Form):
    """协调决定."""

    takes_part = forms.TypedChoiceField(
        label="协调结果",
        choices=[("yes", "参加"), ("no", "不参加")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "ticks"}),
    )
    decision = forms.CharField(label="决定内容", max_length=500, widget=_TEXT)


class SettleForm(forms.Form):
    """双方商定."""

    decision = forms.CharField(label="商定结果", max_length=500, widget=_TEXT)


class CampaignForm(forms.Form):
    """集中联合抽查."""

    name = forms.CharField(label="名称", max_length=100, help_text="例如“2026年第一次部门联合集中抽查”。")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    region = RegionChoice(label="区划")
    organiser = DepartmentChoice(label="组织部门")
    begins_on = forms.DateField(label="开始日期", widget=day())
    ends_on = forms.DateField(label="结束日期", widget=day())
    n_tasks = forms.IntegerField(label="目标任务数", min_value=1, max_value=9999, initial=1)
    source = forms.CharField(label="依据文件", max_length=200)
    note = forms.CharField(label="说明", max_length=500, required=False, widget=_TEXT)

    def __init__(self, data: Any, *, by: User, today: date) -> None:
        regions = settable_regions(by).filter(valid_to=None)
        first = regions.order_by("code").first()
        own = {"year": today.year, "organiser": office_of(by.department).pk, "region": first and first.pk}
        super().__init__(data, initial=own)
        offer(self, "region", regions)
        offer(self, "organiser", Department.objects.filter(is_active=True))


class AgreementForm(forms.Form):
    """跨区域协议."""

    department = DepartmentChoice(label="签署部门")
    name = forms.CharField(label="协议名称", max_length=100)
    partner = forms.CharField(label="对方地区和部门", max_length=200)
    fields_agreed = forms.CharField(label="合作领域", max_length=200, required=False)
    document_no = forms.CharField(label="文号或存档号", max_length=60, required=False)
    signed_on = forms.DateField(label="签署日期", widget=day())
    valid_to = forms.DateField(label="有效期至", widget=day(), required=False, help_text="长期有效的留空。")

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data, initial={"department": office_of(by.department).pk})
        own = departments_within(by, Duty.KEEP_PLAN).filter(is_internal_unit=False, is_active=True)
        offer(self, "department", own)


class NormForm(forms.Form):
    """工作指标: one demand of one document."""

    region = RegionChoice(label="区划")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    code = forms.ChoiceField(label="指标", choices=[(str(code), kind.name) for code, kind in KINDS.items()])
    value = forms.CharField(label="要求", max_length=300, help_text="照文件写，例如“不低于50%”“1月31日”“10月1次”。")
    source = forms.CharField(label="依据文件", max_length=200, help_text="写明文号和条款。")

    def __init__(self, data: Any, *, by: User, year: int, code: str = "") -> None:
        regions = settable_regions(by).filter(valid_to=None)
        first = regions.order_by("code").first()
        super().__init__(data, initial={"year": year, "region": first and first.pk, "code": code})
        offer(self, "region", regions)
        if code in list(NormCode):
            self.fields["value"].help_text = f"照文件写，例如：{KINDS[NormCode(code)].example}"


class NumberingForm(forms.Form):
    """任务编号规则."""

    department = DepartmentChoice(label="部门")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    pattern = forms.CharField(label="编号格式", max_length=60, initial=DEFAULT)

    def __init__(self, data: Any, *, by: User, today: date) -> None:
        super().__init__(data, initial={"department": office_of(by.department).pk, "year": today.year})
        own = departments_within(by, Duty.KEEP_PLAN).filter(is_internal_unit=False, is_active=True)
        offer(self, "department", own)


class SearchForm(forms.Form):
    """Where and for which year to look for joint inspections."""

    region = RegionChoice(label="区划")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)

    def __init__(self, data: Any, *, by: User, today: date) -> None:
        own = departments_within_any(by, Duty.KEEP_PLAN, Duty.COORDINATE).order_by().values("region")
        super().__init__(data, initial={"region": by.department.region_id, "year": today.year})
        offer(self, "region", Region.objects.filter(pk__in=own))
