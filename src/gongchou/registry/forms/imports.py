"""Input about imports into clean values; choices are what the person may import for."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings

from gongchou.accounts.models import Department, Region, User
from gongchou.refusal import Refused, sentence
from gongchou.registry.imports.columns import ASIDE, LEFT_OUT, NO_FIELD
from gongchou.registry.imports.loading import KINDS
from gongchou.registry.imports.reading import TOP, check_upload
from gongchou.registry.models import ImportBatch, SubLibrary
from gongchou.registry.queries import imports as queries
from gongchou.web.forms import SEARCHED

Kind, Blanks = ImportBatch.Kind, ImportBatch.Blanks
KIND_WORDS = {
    Kind.SUBJECTS: "检查对象（市场主体等）：按统一社会信用代码或编号识别",
    Kind.INSPECTORS: "执法检查人员：按内部编号识别，可带执法证号和有效期",
    Kind.LICENCES: "分库与许可：把已在库的检查对象列入分库，并登记许可证",
}
MODES = (
    ("more", "增量：新增和更新文件里的行，不动其他"),
    ("full", "全量更新：文件是全部名录，文件里没有的标为“未再出现”（不删除）"),
)
CAN_BE_FULL = tuple(kind for kind, library in KINDS.items() if library.can_be_full)


class UploadForm(forms.Form):
    """What is brought, for whom, and how."""

    kind = forms.ChoiceField(label="导入什么", widget=forms.RadioSelect)
    department = forms.ModelChoiceField(
        label="导入部门",
        queryset=Department.objects.none(),
        widget=SEARCHED,
        help_text="文件里没有写明单位的行，归这个部门管辖。",
    )
    region = forms.ModelChoiceField(
        label="默认区划",
        queryset=Region.objects.none(),
        required=False,
        empty_label="（不设）",
        widget=SEARCHED,
        help_text="只用于检查对象：文件里没有行政区划，或该格为空时，用这个区划。",
    )
    sub_library = forms.ModelChoiceField(
        label="默认分库",
        queryset=SubLibrary.objects.none(),
        required=False,
        empty_label="（不设）",
        widget=SEARCHED,
        help_text="只用于分库与许可：整份文件属于同一分库、没有“分库”一栏时选它。",
    )
    mode = forms.ChoiceField(label="导入方式", choices=MODES, widget=forms.RadioSelect)
    file = forms.FileField(
        label="文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要上传的文件。"},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("department", queries.departments_for(by).order_by("code"))
        self._choose("region", queries.regions_for(by).order_by("code"))
        self._choose("sub_library", queries.sub_libraries_for(by).order_by("code"))
        self.fields["kind"].choices = [(kind, KIND_WORDS[Kind(kind)]) for kind in KINDS]  # type: ignore[attr-defined]
        self.fields["file"].error_messages["empty"] = sentence(Refused("registry.file_empty"))
        self.fields["file"].help_text = f".xlsx 或 .csv（UTF-8、GB18030 均可），不超过 {settings.UPLOAD_MB} MB。"

    def _choose(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Only what can be read, told by its name, its size and how it begins."""
        file = self.cleaned_data["file"]
        try:
            self.suffix = check_upload(file, settings.UPLOAD_MB)
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused
        return file

    def clean(self) -> dict[str, Any]:
        """Choices that belong to another kind of register do not count."""
        told = super().clean() or {}
        kind = told.get("kind")
        told["is_full"] = told.pop("mode", "") == "full"
        if told["is_full"] and kind and kind not in CAN_BE_FULL:
            self.add_error("mode", "分库与许可只能按增量导入。退出分库的对象，请在对象档案中移出。")
        if kind != Kind.SUBJECTS:
            told["region"] = None
        if kind != Kind.LICENCES:
            told["sub_library"] = None
        return told


class ColumnsForm(forms.Form):
    """For each column of a file the field it fills, and what its empty cells say."""

    blanks = forms.ChoiceField(
        label="空白单元格",
        choices=[
            (Blanks.KEEP, "保留原值：格子空着，库中已有的内容不动"),
            (Blanks.CLEAR, "清空原值：格子空着，库中已有的内容也清空"),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        library = KINDS[batch.kind]
        own = [(column.field, column.label) for column in library.columns]
        has_more = getattr(library, "has_more", False)
        self.fields["blanks"].initial = batch.blanks
        rest = [choice for choice in NO_FIELD.items() if has_more or choice[0] == LEFT_OUT]
        for at, (heading, field) in enumerate(batch.columns):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=heading,
                choices=[("对应栏目", own), ("其他", rest)],
                initial=field if has_more else field or LEFT_OUT,
                required=not has_more,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean(self) -> dict[str, Any]:
        """In the order of the file."""
        told = super().clean() or {}
        fields = [told.get(name, ASIDE) for name in self.fields if name.startswith("column_")]
        return {"fields": fields, "blanks": told.get("blanks") or Blanks.KEEP}


class SourceForm(forms.Form):
    """Which sheet, and in which line the headings stand."""

    sheet = forms.ChoiceField(label="工作表", required=False)
    header = forms.IntegerField(label="表头所在行", min_value=1, max_value=TOP)

    def __init__(self, *args: Any, sheets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets] or [("", "—")]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """Whoever lets a full register mark rows has seen how many."""

    knows: ClassVar[str] = "我已核对，文件是全部名录；确认把这 {count} 个标为“未再出现”"

    def __init__(self, *args: Any, n_vanished: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if n_vanished:
            self.fields["knows_vanished"] = forms.BooleanField(
                label=self.knows.format(count=n_vanished),
                error_messages={"required": "请先核对将标为“未再出现”的数量，勾选确认后再导入。"},
            )
