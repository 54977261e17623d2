"""What the forms of all three lists have in common."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.forms.fields import day, one_of
from gongchou.registry.models import Edition, Version
from gongchou.registry.queries import versions as queries


class VersionForm(forms.Form):
    """The content of a version in sections. A new thing asks for code and owner as well.

    A draft may be saved as far as it is known; what is missing is said when it is submitted.
    """

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]]
    identity = ("code", "owner")

    code = forms.CharField(label="编码", max_length=30, help_text="公布后不再改变，例如 A01。")
    owner = one_of("制定部门")
    name = forms.CharField(label="名称", max_length=100)
    valid_from = forms.DateField(label="生效日期", widget=day())
    valid_to = forms.DateField(label="失效日期", widget=day(), required=False, help_text="长期有效的留空。")
    reason = forms.CharField(
        label="制定或调整原因", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="随版本一并公布。"
    )

    def __init__(self, *args: Any, by: User, on: date, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.on = by, on
        if is_new:
            self.choose("owner", departments_within(by, Duty.KEEP_LIST).filter(is_internal_unit=False))
        else:
            for name in self.identity:
                del self.fields[name]

    def choose(self, field: str, queryset: Any) -> None:
        """Offer these rows and no others."""
        self.fields[field].queryset = queryset  # type: ignore[attr-defined]

    def in_sections(self) -> Iterator[tuple[str, list[Any]]]:
        """Title and fields of each section, for the page."""
        for title, names in self.sections:
            yield title, [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """It ends after it begins. Browsers end lines in two letters, which must not count as a change."""
        given = super().clean() or {}
        values = {name: v.replace("\r\n", "\n") if isinstance(v, str) else v for name, v in given.items()}
        begins, ends = values.get("valid_from"), values.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", "失效日期不能早于生效日期。")
        return values


def content_of(form: type[VersionForm], version: Version, *, is_amended: bool) -> dict[str, Any]:
    """What stands in the form for a version; an amendment asks for its own reason."""
    names = [name for name in form.base_fields if name not in form.identity and hasattr(version, name)]
    found = {name: _value(version, name) for name in names}
    return {**found, "reason": "" if is_amended else version.reason}


def _value(version: Version, name: str) -> Any:
    value = getattr(version, name)
    if name == "initiators":
        return [(one.subject_type, one.department) for one in value.select_related("department")]
    if name == "duties":
        return [(one.department, one.duty) for one in value.select_related("department")]
    return list(value.all()) if hasattr(value, "all") else value


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class EditionDepartmentForm(forms.Form):
    """Whose list, of those somebody approves."""

    department = one_of("公布部门")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = departments_within(by, Duty.APPROVE_LIST).filter(is_internal_unit=False)
        self.fields["department"].queryset = own  # type: ignore[attr-defined]
        self.fields["department"].initial = by.department_id


class EditionForm(forms.Form):
    """One coming-out of a list: what is in it was approved before."""

    name = forms.CharField(label="版次名称", max_length=100, help_text="例如“2026年版”“第三版”。")
    reason = forms.CharField(label="调整原因", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    url = forms.URLField(
        label="公开地址",
        required=False,
        assume_scheme="https",
        help_text="清单在本单位门户网站上的网址，可以以后补填到下一版次。",
    )
    versions = forms.ModelMultipleChoiceField(
        Edition.objects.none(),
        label="本次公布的事项",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks long"}),
        help_text="列出的都已审核通过。不选的留待下一版次。",
    )

    def __init__(self, *args: Any, kind: str, department: Department, by: User, today: date, **kwargs: Any) -> None:
        number = queries.next_edition_number(kind, department)
        ready = queries.ready_for(kind, department, by)
        initial = {"name": f"{today.year}年第{number}版", "versions": [one.pk for one in ready]}
        super().__init__(*args, **{"initial": initial, **kwargs})
        field: Any = self.fields["versions"]
        field.queryset = ready
        field.label_from_instance = lambda one: f"{one.thing.code} {one}：{one.reason}"
