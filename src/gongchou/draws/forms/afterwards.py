"""Input about what happens after a draw: objects replaced, seats dealt again, supplements, lower levels joining."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from gongchou.accounts.forms.choices import offer
from gongchou.draws.forms import BatchForm
from gongchou.draws.models import Seat, Visit
from gongchou.draws.proofs import kind_of
from gongchou.draws.rules import LARGEST_PROOF
from gongchou.refusal import Refused, sentence
from gongchou.registry.forms.fields import ListedField
from gongchou.registry.models import Conflict, Item
from gongchou.registry.ratio import read_amount
from gongchou.web.forms import CHOOSE

_NOTE = forms.Textarea(attrs={"rows": 3})


class ReplaceForm(forms.Form):
    """Why an object is void, and what proves it."""

    reason = forms.ChoiceField(label="理由", help_text="承诺时公布的清单，清单以外的理由不能替换。")
    note = forms.CharField(label="说明", max_length=500, required=False, widget=_NOTE)
    proof = forms.FileField(
        label="证明材料",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=f"PDF 或图片（PNG、JPEG），不超过 {LARGEST_PROOF >> 20} MB。"
        "原件只供经办人、复核人和审计员查看，公开日志里只有它的摘要。",
    )

    def __init__(self, *args: Any, reasons: Mapping[str, str]) -> None:
        super().__init__(*args)
        self.fields["reason"].choices = [CHOOSE, *reasons.items()]  # type: ignore[attr-defined]

    def clean_proof(self) -> bytes:
        """The bytes of a file that others can open."""
        file: UploadedFile = self.cleaned_data["proof"]
        if (file.size or 0) > LARGEST_PROOF:
            raise forms.ValidationError(sentence(Refused("draws.proof_large", most=LARGEST_PROOF >> 20)))
        data = bytes(file.read())
        if not kind_of(data):
            raise forms.ValidationError(
                "这个文件不是 PDF 或图片（PNG、JPEG）。请把材料扫描或另存为这几种格式后重新上传。"
            )
        return data


def _issue() -> forms.RegexField:
    return forms.RegexField(
        r"^[0-9]{1,20}$",
        label="决定重抽的期号",
        help_text="须是还没有开奖的一期。",
        error_messages={"invalid": "期号只能是数字。"},
    )


class ReseatForm(forms.Form):
    """Why a seat is dealt again."""

    reason = forms.ChoiceField(label="理由")
    note = forms.CharField(
        label="说明",
        max_length=500,
        required=False,
        widget=_NOTE,
        help_text="只写办理所需的事实，不写病情、亲属姓名等。",
    )
    issue = _issue()

    def __init__(self, *args: Any, seat: Seat, reasons: Mapping[str, str], by_lottery: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = {
            code: words for code, words in reasons.items() if (code == "unfilled") == (seat.inspector_id is None)
        }
        self.fields["reason"].choices = [CHOOSE, *fitting.items()]  # type: ignore[attr-defined]
        if not by_lottery:
            del self.fields["issue"]


class FillForm(forms.Form):
    """Why all empty seats are asked for; that they are empty is the reason that goes into the log."""

    note = forms.CharField(
        label="说明",
        max_length=500,
        widget=_NOTE,
        initial="空缺补配",
        help_text="对所有这些申请都一样。只写办理所需的事实，不写病情、亲属姓名等。",
    )
    issue = _issue()

    def __init__(self, *args: Any, by_lottery: bool) -> None:
        super().__init__(*args)
        if not by_lottery:
            del self.fields["issue"]


class RecuseForm(forms.Form):
    """What an inspector declares of a door she was dealt to."""

    relation = forms.ChoiceField(label="关系", choices=[CHOOSE, *Conflict.Relation.choices])
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="只写判断所需的事实，不写亲属姓名、证件号等个人信息。"
    )


class SupplementForm(BatchForm):
    """A batch that draws more for a task, as many as the task says or as the keeper gives reasons for."""

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("本次数量", ("amount", "amount_reason")),
        *BatchForm.sections,
    )
    amount = forms.CharField(
        label="抽取数量或比例",
        max_length=30,
        required=False,
        help_text="如“20户”或“5%”（占尚未抽中的）。不填则按任务的比例，从尚未抽中的对象里抽。",
    )
    amount_reason = forms.CharField(
        label="自定数量的理由", max_length=200, required=False, help_text="填了数量的必填，随数量依据一起公开。"
    )

    def clean(self) -> dict[str, Any]:
        """An amount that can be read, with its reason."""
        given = super().clean()
        amount = given.get("amount", "")
        if not amount:
            return given
        if not given.get("amount_reason"):
            self.add_error("amount_reason", sentence(Refused("draws.supplement_reason")))
        if not _is_exact(amount):
            self.add_error("amount", sentence(Refused("draws.supplement_amount", amount=amount)))
        return given


def _is_exact(amount: str) -> bool:
    try:
        found = read_amount(amount)
    except Refused:
        return False
    return found.least == found.most


ALL, CHOSEN = "all", "chosen"


class _Door(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Visit) -> str:
        """Name and number of the object."""
        return f"{obj.subject.name}（{obj.subject.number}）"


class JoinDoorsForm(forms.Form):
    """Which items of her own, with how many people, at which doors."""

    items = ListedField(
        queryset=Item.objects.none(),
        label="本部门的检查事项",
        help_text="列出本部门可用的抽查事项（自有的和已认领的）。",
    )
    n_people = forms.IntegerField(label="每户参加的人数", min_value=1, max_value=99)
    which = forms.ChoiceField(label="加入哪些户次", widget=forms.RadioSelect)
    visits = _Door(Visit.objects.none(), label="选中的户次", required=False, help_text="仅在选择“只加入选中的”时填写。")

    def __init__(self, *args: Any, items: QuerySet[Item], doors: QuerySet[Visit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("items", "visits"):
            self.fields[name].widget.attrs["data-search"] = ""
        offer(self, "items", items)
        offer(self, "visits", doors)
        choices = [(ALL, f"辖区内尚未加入的全部 {doors.count()} 户"), (CHOSEN, "只加入选中的")]
        self.fields["which"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Chosen doors are named."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("which") == CHOSEN and not given.get("visits"):
            self.add_error("visits", "没有选择户次。请至少选择一户，或改为加入全部。")
        return given


class KeyForm(forms.Form):
    """Who asks for its 回执码."""

    number = forms.CharField(
        label="统一社会信用代码或编号",
        max_length=100,
        help_text="抽中没抽中都可以补发。名单冻结以后换过代码的，填写冻结时的代码，查询时也填写那一个。",
    )

    def clean_number(self) -> str:
        """As codes are written."""
        return str(self.cleaned_data["number"]).strip().upper()
