"""Small tables that come as a file: read whole or refused whole, with a sentence beside the field."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongchou.draw.errors import FormatError
from gongchou.draw.register import Row
from gongchou.draw.sentences import sentence as core_sentence
from gongchou.refusal import Refused, sentence
from gongchou.sheets.reading import read_rows

Taken = TypeVar("Taken")


def read_into(
    form: forms.Form, values: dict[str, Any], read: Callable[[UploadedFile], list[Any]], *, unreadable: str
) -> dict[str, Any]:
    """Put ``rows``, ``file_name`` and ``file_digest`` in the place of ``file``; say beside it what is wrong with it.

    unreadable: the code of the sentence around what the reader says
    """
    upload = values.pop("file", None)
    if upload is None:
        return values
    try:
        return {**values, "rows": read(upload), "file_name": upload.name[:200], "file_digest": _digest(upload)}
    except FormatError as error:
        why = core_sentence(error.code, error.facts)
        form.add_error("file", sentence(Refused(unreadable, told=why)))
    except Refused as refused:
        form.add_error("file", sentence(refused))
    return values


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def rows_in(upload: UploadedFile, take: Callable[[Iterator[Row]], list[Taken]]) -> list[Taken]:
    """What ``take`` makes of the rows of a workbook or .csv. Raises FormatError, and whatever ``take`` raises."""
    with TemporaryDirectory(prefix="gongchou-") as folder:
        path = Path(folder) / f"table{Path(upload.name or '').suffix.lower()}"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return take(read_rows(path))
