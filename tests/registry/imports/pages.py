"""What officials do on the pages of imports."""

from __future__ import annotations

from io import BytesIO

from django.urls import reverse
from python_calamine import CalamineWorkbook

from gongchou.audit.guard import open_for_writing
from gongchou.registry.models import ImportBatch
from tests.factories.imports import SHOP_HEAD, newest, shop_row, work, workbook
from tests.factories.subjects import home


def at(name, *args):
    return reverse(f"registry:{name}", args=args)


def upload(desk, file, **own):
    told = {"kind": "subjects", "department": home().pk, "mode": "more", "file": file, **own}
    return desk.post(at("add-import"), told)


def brought(desk, file=None, **own):
    """An import that has been uploaded."""
    answer = upload(desk, file or workbook(SHOP_HEAD, shop_row(1), shop_row(2)), **own)
    assert answer.status_code == 303, answer.context["form"].errors
    return newest()


def choices(batch, **own):
    """The form of the columns as it is shown, with some choices otherwise."""
    told = dict(batch.columns) | own
    return {f"column_{number}": told[heading] for number, (heading, _) in enumerate(batch.columns)}


def checked(desk, file=None, **own):
    """An import after its dry run."""
    batch = brought(desk, file, **own)
    assert desk.post(at("import-columns", batch.pk), choices(batch)).status_code == 303
    work()
    return fresh(batch)


def fresh(batch):
    return ImportBatch.objects.get(pk=batch.pk)


def text_of(answer):
    return answer.content.decode()


def rows_of(answer):
    file = BytesIO(b"".join(answer.streaming_content))
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


def put(batch, **values):
    """Set a batch to a state that takes a dead worker or a large file to reach."""
    with open_for_writing():
        ImportBatch.objects.filter(pk=batch.pk).update(**values)
