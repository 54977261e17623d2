"""Files for somebody to keep, and how far a long one has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from gongchou.sheets.writing import table_written, write_table

TOLD = "application/vnd.gongchou.told"
"""The number of rows written so far, time and again, each on a line; an empty line; how many bytes; the workbook.

Behind a proxy that speaks HTTP/1.0 nothing else tells a whole file from one that broke off.
"""

ROWS_BETWEEN = 500
_CHUNK = 1 << 16

Rows = Iterable[Sequence[Any]]


def taken_away(name: str, write: Callable[[BinaryIO], None]) -> FileResponse:
    """A file for somebody to keep, as ``write`` puts it down."""
    file = TemporaryFile()  # noqa: SIM115 -- on disk, so that a long list does not fill the memory; the response closes it
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


def workbook(request: HttpRequest, title: str, rows: Rows, n_rows: int) -> HttpResponseBase:
    """Rows to be taken away, the headings first and ``n_rows`` behind them; told as they are written if asked so."""
    name = f"{title}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    if request.headers.get("Accept") != TOLD:
        return taken_away(name, lambda file: write_table(file, rows, title=title))
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "X-Rows": str(n_rows),
        "X-Accel-Buffering": "no",  # a proxy would keep the numbers back
    }
    return StreamingHttpResponse(_told(title, rows), content_type=TOLD, headers=headers)


def _told(title: str, rows: Rows) -> Iterator[bytes]:
    with TemporaryFile() as file:
        for n in table_written(file, rows, title=title):
            if n % ROWS_BETWEEN == 0:
                yield b"%d\n" % n
        yield b"\n%d\n" % file.tell()
        file.seek(0)
        yield from iter(partial(file.read, _CHUNK), b"")
