"""Input about a proposal of ratios."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from gongchou.plans.models import LineVersion
from gongchou.registry.forms.fields import ticks
from gongchou.registry.ratio import GRADES


class AskForm(forms.Form):
    """For which lines, and how many visits there are."""

    capacity = forms.IntegerField(
        label="全年检查量（户次）",
        min_value=1,
        max_value=9_999_999,
        required=False,
        help_text="不填按这些行现在的抽取量计算。",
    )
    by_district = forms.BooleanField(label="分区县列出", required=False)

    def __init__(self, *args: Any, lines: Iterable[LineVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(line.pk), f"第{line.number}行 {line.name}") for line in lines]
        self.fields["line"] = ticks(choices, "计划行", required=False)
        self.fields["line"].help_text = "不选为全部风险分类抽查的行。"

    def chosen(self) -> list[UUID]:
        """The lines that were ticked."""
        return [UUID(one) for one in self.cleaned_data.get("line") or ()]


class TakeForm(forms.Form):
    """The ratios of a proposal as its page showed them, in thousandths, and for which lines."""

    line = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, *args: Any, lines: Iterable[LineVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(str(line.pk), line.name) for line in lines]  # type: ignore[attr-defined]
        self.fields.update({grade: forms.IntegerField(min_value=1, max_value=1_000) for grade in GRADES})

    def steps(self) -> dict[str, int]:
        """Class -> thousandths; what is no number is missing."""
        return {grade: self.cleaned_data[grade] for grade in GRADES if grade in self.cleaned_data}
