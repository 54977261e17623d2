"""Input about inspectors into clean values; choices are what the person reaches.

A whole identity number goes no further than ``IdentityField``: what leaves it is masked, and it is never shown again.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from gongchou.accounts.models import Department, User
from gongchou.registry.models import Inspector, Leave, Tag, ThirdParty
from gongchou.registry.queries import inspectors as queries
from gongchou.registry.rules import identity
from gongchou.web.forms import SEARCHED

SEARCHED_MANY = forms.SelectMultiple(attrs={"data-search": ""})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnshownInput(forms.TextInput):
    """A box that never gives back what was typed into it, as one for passwords."""

    def format_value(self, value: Any) -> None:
        """Nothing."""
        return


class IdentityField(forms.CharField):
    """An identity number, checked and masked on the spot."""

    widget = UnshownInput(attrs={"autocomplete": "off", "inputmode": "text"})

    def to_python(self, value: Any) -> str:
        """Masked, or empty. The message never repeats the number."""
        number = identity.one_spelling(str(super().to_python(value) or ""))
        if not number:
            return ""
        if not identity.is_identity_number(number):
            raise ValidationError("身份证号的位数、出生日期或校验码不对，请对照证件重新填写。")
        return identity.masked_identity(number)


class InspectorForm(forms.ModelForm):  # type: ignore[type-arg]
    """An inspector's entry; number and department only when it is new."""

    masked_id = IdentityField(
        label="身份证号",
        required=False,
        help_text="只保存隐去中间位数后的号码，完整号码不留存。提交未通过时需要重新填写。",
    )

    class Meta:
        model = Inspector
        fields = (
            "number",
            "name",
            "gender",
            "masked_id",
            "phone",
            "department",
            "unit",
            "category",
            "post",
            "is_expert",
            "third_party",
            "station",
            "education",
            "title",
            "serves_since",
        )
        widgets: ClassVar = {"department": SEARCHED, "third_party": SEARCHED, "serves_since": DAY}
        help_texts: ClassVar = {
            "third_party": "仅“第三方专家”和“协助检查人员”填写。",
            "is_expert": "可作为专家参加需要专家的检查；“第三方专家”自动视为专家。",
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["third_party"].queryset = ThirdParty.objects.filter(is_active=True)  # type: ignore[attr-defined]
        if self.instance._state.adding:
            self.fields["department"].queryset = queries.departments_kept(by).filter(is_active=True)  # type: ignore[attr-defined]
            self.fields["department"].initial = by.department_id
        else:
            del self.fields["number"], self.fields["department"]
            self.fields["masked_id"].help_text += "留空表示不变。"

    def clean_masked_id(self) -> str:
        """Left empty, what is kept already stays."""
        return self.cleaned_data["masked_id"] or str(self.initial.get("masked_id") or "")

    def clean_phone(self) -> str:
        """A mobile number in one spelling."""
        number = identity.one_spelling(self.cleaned_data["phone"])
        if number and not identity.is_mobile_number(number):
            raise ValidationError("请填写 11 位手机号。")
        return number

    def validate_unique(self) -> None:
        """Left to the operation, which says it in its own words and inside the transaction."""

    def validate_constraints(self) -> None:
        """Left to the operation as well."""


class MoveForm(forms.Form):
    """Where to, and why."""

    department = forms.ModelChoiceField(label="调入单位", queryset=Department.objects.none(), widget=SEARCHED)
    unit = forms.CharField(label="内设部门", max_length=60, required=False)
    reason = forms.CharField(label="调动依据", max_length=200, help_text="如：任免文件文号")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.departments_kept(by).filter(is_active=True)  # type: ignore[attr-defined]


class TagsForm(forms.Form):
    """Qualifications and specialities that may be used here, and those she bears already."""

    tags = forms.ModelMultipleChoiceField(
        label="资质与专长", queryset=Tag.objects.none(), required=False, widget=SEARCHED_MANY
    )

    def __init__(self, *args: Any, inspector: Inspector, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = Tag.objects.filter(pk__in=queries.tags_for(inspector.department, day).values("pk"))
        borne = Tag.objects.filter(pk__in=inspector.tags.values("pk"))
        self.fields["tags"].queryset = (usable | borne).distinct()  # type: ignore[attr-defined]
        self.fields["tags"].initial = list(inspector.tags.values_list("pk", flat=True))


class _ItemChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Versions shown by code and name; what is chosen are their items."""

    def label_from_instance(self, version: Any) -> str:
        """Code and name."""
        return f"{version.item.code} {version.name}"


class ItemsForm(forms.Form):
    """All items, or those that are chosen."""

    does_all = forms.TypedChoiceField(
        label="范围",
        choices=[("1", "全部事项"), ("0", "选定事项")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    items = _ItemChoice(
        label="选定的事项",
        queryset=None,
        required=False,
        to_field_name="item_id",
        widget=SEARCHED_MANY,
        help_text="只列出所在单位可以使用的已发布事项。",
    )

    def __init__(self, *args: Any, inspector: Inspector, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = queries.items_for(inspector.department, day)  # type: ignore[attr-defined]
        self.fields["does_all"].initial = "1" if inspector.does_all_items else "0"
        self.fields["items"].initial = list(inspector.items.values_list("pk", flat=True))

    def clean(self) -> dict[str, Any]:
        """Versions into items; somebody who may do nothing has no place in the library."""
        values = super().clean() or {}
        values["items"] = [version.item for version in values.get("items") or ()]
        if values.get("does_all") is False and not values["items"]:
            self.add_error("items", "请至少选择一项，或改为“全部事项”。")
        return values


class CertificateForm(forms.Form):
    """A certificate as it is printed."""

    kind = forms.CharField(label="证件类别", max_length=40, help_text="如：行政执法证、特种设备安全监察员证")
    number = forms.CharField(label="证号", max_length=40, help_text="登记时略去空格和短横线，字母记作大写")
    issued_by = forms.CharField(label="发证机关", max_length=100, required=False)
    valid_from = forms.DateField(label="有效期自", required=False, widget=DAY)
    valid_to = forms.DateField(label="有效期至", widget=DAY)

    def clean_number(self) -> str:
        """In one spelling."""
        return identity.one_spelling(self.cleaned_data["number"])


class RenewalForm(forms.Form):
    """What the new card says."""

    number = forms.CharField(label="新证号", max_length=40, required=False, help_text="证号不变的不填")
    valid_from = forms.DateField(label="新证有效期自", widget=DAY)
    valid_to = forms.DateField(label="新证有效期至", widget=DAY)

    def clean_number(self) -> str:
        """In one spelling."""
        return identity.one_spelling(self.cleaned_data["number"])


class LeaveForm(forms.Form):
    """From when to when; only the kind of reason."""

    begins_on = forms.DateField(label="开始日期", widget=DAY)
    ends_on = forms.DateField(label="结束日期", widget=DAY, help_text="含当日")
    reason = forms.ChoiceField(label="事由", choices=Leave.Reason.choices)


class AccountForm(forms.Form):
    """An account of the same department that is nobody's yet."""

    user = forms.ModelChoiceField(
        label="登录账号",
        queryset=User.objects.none(),
        widget=SEARCHED,
        help_text="只列出本单位（含内设机构）尚未关联的启用账号；没有所需账号的，请联系系统管理员开设。",
    )

    def __init__(self, *args: Any, inspector: Inspector, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = queries.accounts_for(inspector)  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: f"{user.name}（{user.username}）"  # type: ignore[attr-defined]


class ThirdPartyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A body; its code and its keeper only when it is new."""

    class Meta:
        model = ThirdParty
        fields = ("code", "name", "speciality", "keeper")
        widgets: ClassVar = {"keeper": SEARCHED}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.fields["keeper"].queryset = queries.departments_kept(by)  # type: ignore[attr-defined]
            self.fields["keeper"].initial = by.department_id
        else:
            del self.fields["code"], self.fields["keeper"]

    def clean_code(self) -> str:
        """A good credit code (GB 32100-2015)."""
        code = identity.one_spelling(self.cleaned_data["code"])
        if not identity.is_credit_code(code):
            raise ValidationError("统一社会信用代码应为 18 位且校验码正确，请对照证照核对。")
        return code

    def validate_unique(self) -> None:
        """Left to the operation."""


class StaffCountForm(forms.Form):
    """How many there should be, and the paper that says so."""

    department = forms.ModelChoiceField(label="单位", queryset=Department.objects.none(), widget=SEARCHED)
    year = forms.IntegerField(label="年度")
    n_staff = forms.IntegerField(label="应入库人数", help_text="执法类公务员、有执法资格人员和日常监管人员的总数")
    source = forms.CharField(label="依据文件", max_length=200, help_text="如：编制文件文号、在岗人员名册")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.departments_kept(by)  # type: ignore[attr-defined]
