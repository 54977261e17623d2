"""Input about subjects into clean values; choices are what the person reaches."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import and_below, departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Subject, SubLibrary, Tag
from gongchou.registry.queries import subjects as queries
from gongchou.registry.queries.imports import regions_for
from gongchou.registry.queries.tags import choosable_tags, qualifications_for
from gongchou.web.forms import CHOOSE, SEARCHED

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _OfPerson(forms.Form):
    """A form whose choices depend on who fills it in."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def choose(self, field: str, queryset: Any) -> None:
        """Offer these rows and no others."""
        self.fields[field].queryset = queryset  # type: ignore[attr-defined]


class SubjectForm(forms.ModelForm):  # type: ignore[type-arg]
    """The entry of a subject; number and keeper only when it is new."""

    class Meta:
        model = Subject
        fields = (
            "number",
            "name",
            "kind",
            "region",
            "keeper",
            "address",
            "station",
            "legal_representative",
            "contact",
            "phone",
            "registration_no",
            "entity_type",
            "industry",
            "established_on",
            "capital",
            "scale",
            "authority",
            "business_scope",
            "longitude",
            "latitude",
        )
        widgets: ClassVar = {
            "region": SEARCHED,
            "keeper": SEARCHED,
            "established_on": DAY,
            "business_scope": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = self._regions(by)  # type: ignore[attr-defined]
        if self.instance._state.adding:
            reach = departments_within(by, Duty.KEEP_LIBRARIES)
            self.fields["keeper"].queryset = reach  # type: ignore[attr-defined]
            self.fields["keeper"].initial = by.department_id
            self.fields["region"].initial = by.department.region_id
        else:
            del self.fields["number"], self.fields["keeper"]

    def _regions(self, by: User) -> QuerySet[Region]:
        """Where keepers of hers work; of a subject that is there, where its keeper does, and where it stands."""
        if self.instance._state.adding:
            return regions_for(by)
        own = and_below(Region, self.instance.keeper.region_id)
        return Region.objects.filter(Q(pk__in=own, valid_to=None) | Q(pk=self.instance.region_id))

    def clean_established_on(self) -> date | None:
        """Not to come."""
        return _passed(self.cleaned_data["established_on"])

    def clean_longitude(self) -> Decimal | None:
        """In degrees."""
        return _within(180, self.cleaned_data["longitude"])

    def clean_latitude(self) -> Decimal | None:
        """In degrees."""
        return _within(90, self.cleaned_data["latitude"])

    def validate_constraints(self) -> None:
        """Left to the operation, which says it in its own words and inside the transaction."""


def _passed(day: date | None) -> date | None:
    if day and day > timezone.localdate():
        raise ValidationError("不能晚于今天，请核对。")
    return day


def _within(most: int, degrees: Decimal | None) -> Decimal | None:
    if degrees is not None and abs(degrees) > most:
        raise ValidationError(f"须在 -{most} 到 {most} 度之间。")
    return degrees


class StatusForm(forms.Form):
    """A registration status and where it was learnt."""

    status = forms.ChoiceField(label="登记状态", choices=[CHOOSE, *Subject.Status.choices])
    source = forms.CharField(label="依据", max_length=200, help_text="如登记通知书文号、数据来源")


class StateForm(forms.Form):
    """A place in the library and why."""

    state = forms.ChoiceField(label="库内状态", choices=[CHOOSE, *Subject.State.choices])
    reason = forms.CharField(label="原因", max_length=200)


class GradeForm(forms.Form):
    """A grade from elsewhere."""

    grade = forms.ChoiceField(label="信用风险等级", choices=[CHOOSE, *Subject.Grade.choices])
    graded_on = forms.DateField(label="评定日期", widget=DAY)
    source = forms.CharField(label="评定来源", max_length=60, help_text="如：省企业信用风险分类系统")

    def clean_graded_on(self) -> date | None:
        """Not to come."""
        return _passed(self.cleaned_data["graded_on"])


class HandOverForm(_OfPerson):
    """The next keeper."""

    keeper = forms.ModelChoiceField(label="新管辖单位", queryset=Department.objects.none(), widget=SEARCHED)
    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.choose("keeper", departments_within(by, Duty.KEEP_LIBRARIES))


class EntryForm(_OfPerson):
    """An entry in a sub-library, with its licence."""

    library = forms.ModelChoiceField(label="分库", queryset=SubLibrary.objects.none(), widget=SEARCHED)
    licence_name = forms.CharField(label="许可证名称", max_length=60, required=False)
    licence_no = forms.CharField(label="许可证编号", max_length=60, required=False)
    licensed_on = forms.DateField(label="批准日期", required=False, widget=DAY)
    valid_to = forms.DateField(label="有效期至", required=False, widget=DAY, help_text="长期有效的不填")
    licensed_by = forms.CharField(label="发证机关", max_length=100, required=False)
    needs_professional = forms.BooleanField(label="需专业监管", required=False)
    qualification = forms.ModelChoiceField(label="所需资格", queryset=Tag.objects.none(), required=False)
    needs_expert = forms.BooleanField(label="需配专家", required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.choose("library", queries.sub_libraries(by, Duty.KEEP_LIBRARIES).filter(is_active=True))
        self.choose("qualification", qualifications_for(by, on=timezone.localdate()))


class RenewForm(forms.Form):
    """A licence extended."""

    licensed_on = forms.DateField(label="批准日期", required=False, widget=DAY)
    valid_to = forms.DateField(label="有效期至", required=False, widget=DAY, help_text="长期有效的不填")


class TagForm(_OfPerson):
    """A tag for one subject or many."""

    tag = forms.ModelChoiceField(label="标签", empty_label="选择标签", queryset=Tag.objects.none(), widget=SEARCHED)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        usable = choosable_tags(by, on=timezone.localdate(), duty=Duty.KEEP_LIBRARIES)
        self.choose("tag", usable.filter(is_for_subjects=True))


class SubLibraryForm(_OfPerson):
    """A new sub-library."""

    code = forms.CharField(label="编码", max_length=30)
    name = forms.CharField(label="名称", max_length=60)
    department = forms.ModelChoiceField(label="主管部门", queryset=Department.objects.none(), widget=SEARCHED)
    field = forms.CharField(label="领域", max_length=30, required=False)
    is_licensed = forms.BooleanField(label="凭许可入库", required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.choose("department", departments_within(by, Duty.KEEP_LIBRARIES))
        self.fields["department"].initial = by.department_id


class SubLibraryChangeForm(forms.Form):
    """What may change in a sub-library."""

    name = forms.CharField(label="名称", max_length=60)
    field = forms.CharField(label="领域", max_length=30, required=False)
    is_active = forms.BooleanField(label="有效", required=False)
