"""A file of plan lines as it is brought."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from gongchou.refusal import Refused, sentence
from gongchou.registry.imports.reading import check_upload

MOST_MB = 20


class UploadForm(forms.Form):
    """Only what can be read, told by its name, its size and how it begins. suffix: under which it is kept."""

    suffix: str
    file = forms.FileField(
        label="文件",
        help_text=f".xlsx 或 .csv，不超过 {MOST_MB} MB。栏目次序不限，表头上面可以有标题。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要上传的文件。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["empty"] = sentence(Refused("registry.file_empty"))

    def clean_file(self) -> Any:
        """What is wrong is said beside the file."""
        file = self.cleaned_data["file"]
        try:
            self.suffix = check_upload(file, min(MOST_MB, settings.UPLOAD_MB))
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused
        return file
