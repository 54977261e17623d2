"""Whoever takes a list out of the platform stands in the log, with what was asked for and how much it was."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from gongchou.accounts import operations
from gongchou.accounts.models import User
from gongchou.web.lists import taken_out


def listen() -> None:
    """Tell the log."""
    taken_out.connect(_note, dispatch_uid="gongchou.accounts")


def _note(request: HttpRequest, title: str, n_rows: int, asked: dict[str, str], **kwargs: Any) -> None:
    by = request.user
    if isinstance(by, User):  # lists that everybody may read are nobody's secret
        operations.note_list_taken_out(title=title, n_rows=n_rows, asked=asked, by=by, at=timezone.now())
